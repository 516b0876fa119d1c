"""The register and its tasks on screens: found by words and years, replaced by later decisions, taken along, done."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.screens.balloted import objected, under_way
from tests.screens.decisions.test_ballots import offered, sent, shown
from tests.screens.personas import ANNA, BOGDAN, CELINA, GOPS, IDA, KINGA, Stage, stage
from tests.screens.test_refusals import is_refusal, visit, words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions import recount
from konwent_bot.office.decisions import by_hand, consensus, discussion, proposals, register
from konwent_bot.office.decisions.ballot_news import DecisionNews
from konwent_bot.office.decisions.by_hand import ByTotals
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import ballot_intents as b
from konwent_bot.screens.intents import Home
from konwent_bot.screens.messages import SCREENS
from konwent_bot.screens.proposal_intents import SeeMotion

PL = i18n.translator("pl")


async def decided(door: Door, made: Stage, *titles: str, votes: ByTotals | None = None) -> list[int]:
    """Let the network decide by shows of hands at a meeting of its own; give the decisions."""

    def work(uow: UnitOfWork) -> list[int]:
        kinga = Actor(made.persons[KINGA])
        meeting = under_way(uow, kinga, made.janow)
        found = []
        for title in titles:
            proposal = objected(uow, kinga, made.janow, title, meeting=meeting)
            by_hand.note(uow, kinga, proposal, votes or ByTotals(2, 0, 1))
            found.append(register.of_proposal(uow, proposal)[-1].id)
        return found

    return await door.act(work)


async def test_the_newest_stand_first_and_pages_turn(door: Door) -> None:
    """Ten decisions: eight on the first page, each with its number and what became of it, the rest on the next."""
    made = await stage(door)
    body = made.balloted.body
    await decided(door, made, *(f"Sprawa {n}" for n in range(8)))
    screen, _ = await shown(door, ANNA, b.SeeRegister(body))
    assert [row.label.partition(" ")[0] for row in screen.rows] == [f"{n}/2026" for n in range(10, 2, -1)]
    assert screen.rows[0].value == "przyjęto, niedziela, 22 listopada 2026"
    assert b.SeeRegister(body, 0, 1) in offered(screen)
    screen, t = await shown(door, ANNA, b.SeeRegister(body, 0, 1))
    assert [row.label for row in screen.rows] == ["2/2026 Targi pracy", "1/2026 Zmiana zasad głosowania"]
    assert "strona 2 z 2" in words(screen, t)


async def test_a_year_is_chosen_once_there_are_two(door: Door, clock: FixedClock) -> None:
    """In January the numbers begin anew, and the register can be seen by year."""
    made = await stage(door)
    body = made.balloted.body
    screen, _ = await shown(door, ANNA, b.SeeRegister(body))
    assert b.SeeRegister(body, 2026) not in offered(screen)
    clock.move(timedelta(days=50))
    await decided(door, made, "Plan na rok")
    screen, _ = await shown(door, CELINA, b.SeeRegister(body))
    assert screen.rows[0].label == "1/2027 Plan na rok"
    assert {b.SeeRegister(body, 2027), b.SeeRegister(body, 2026), b.SeeRegister(body)} <= set(offered(screen))
    screen, _ = await shown(door, CELINA, b.SeeRegister(body, 2026))
    assert [row.label for row in screen.rows] == ["2/2026 Targi pracy", "1/2026 Zmiana zasad głosowania"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("TARGI", ["2/2026 Targi pracy"]),
        ("głosowania ZASAD", ["1/2026 Zmiana zasad głosowania"]),
        ("2/2026", ["2/2026 Targi pracy"]),
        ("żyrafa", []),
    ],
)
async def test_words_find_decisions_however_they_are_written(door: Door, said: str, found: list[str]) -> None:
    """Every word must stand in it, in any case and order; a number finds its decision; what is not there is said in a sentence."""
    made = await stage(door)
    reply, t = await sent(door, made, ANNA, b.SearchRegister(made.balloted.body), words=f"  {said} ")
    assert [row.label for row in reply.screen.rows] == found
    assert said in words(reply.screen, t)
    assert reply.screen.form is not None
    assert reply.screen.form.fields[0].value == said


async def test_both_files_are_handed_over_and_the_decision_s_own_counts_again(door: Door) -> None:
    """XLSX and JSON of the register, and the file of a decision: its stated result follows from what stands in it."""
    made = await stage(door)
    v = made.balloted
    for file, begins in (("xlsx", b"PK"), ("json", b"{")):
        reply, _ = await visit(door, ANNA, b.TakeRegister(v.body, file))
        assert reply.document is not None
        assert reply.document.content.startswith(begins)
        assert reply.document.name == f"rejestr-decyzji.{file}"
    for decision in (v.decision, v.former):
        reply, t = await visit(door, CELINA, b.TakeDecision(decision))
        assert reply.document is not None
        assert json.loads(reply.document.content)["stated"] == "passed"
        assert recount.recount(reply.document.content).follows
        assert "konwent-bot recount" in words(reply.screen, t)


async def test_a_decision_that_was_replaced_leads_to_the_one_that_stands(door: Door) -> None:
    """A later decision takes the place of "Targi pracy": each names the other, no task can be added to the former, the register says so."""
    made = await stage(door)
    v = made.balloted

    def work(uow: UnitOfWork) -> int:
        kinga = Actor(made.persons[KINGA])
        said = proposals.Entered(title="Targi pracy i staży", text="Targi są w maju.", supersedes=(str(v.decision),))
        number = proposals.enter(uow, kinga, Subject("proposal.enter", v.body), said).proposal
        assert number is not None
        discussion.close(uow, kinga, number)
        held = consensus.open_round(uow, kinga, number)
        for place in held.places:
            consensus.note(uow, kinga, held.id, place.membership, "agree")
        consensus.close(uow, kinga, held.id)
        return register.of_proposal(uow, number)[-1].id

    later = await door.act(work)
    screen, _ = await shown(door, KINGA, b.SeeDecision(v.decision))
    assert ("Zastąpiona decyzją", "3/2026") in screen.facts
    assert b.SeeDecision(later) in offered(screen)
    assert b.AttachTask(v.decision) not in offered(screen)
    assert is_refusal(*await shown(door, KINGA, b.AttachTask(v.decision)))
    screen, _ = await shown(door, KINGA, b.SeeDecision(later))
    assert ("Zastępuje decyzję", "2/2026") in screen.facts
    screen, _ = await shown(door, KINGA, b.SeeRegister(v.body))
    assert screen.rows[1].value.startswith("zastąpiona późniejszą decyzją")


async def test_what_was_not_adopted_says_how_much_was_missing(door: Door) -> None:
    """Two against one: the decision says that it was not adopted, by which rule, and leads back to its proposal; a tie leads on too."""
    made = await stage(door)
    (lost,) = await decided(door, made, "Nowa siedziba", votes=ByTotals(1, 2, 0))
    screen, t = await shown(door, ANNA, b.SeeDecision(lost))
    said = words(screen, t)
    for told in ("nie przyjęto", "Za 1, przeciw 2, wstrzymało się 0.", "Nie przyjęto."):
        assert told in said
    entry = await door.look(lambda uow: register.get(uow, lost))
    assert SeeMotion(entry.proposal) in offered(screen)
    assert b.AttachTask(lost) not in offered(screen)
    news = SCREENS[DecisionNews](DecisionNews(entry, None), PL)
    assert news.title == "Nie przyjęto: Nowa siedziba"


async def test_a_task_is_done_by_its_institution_and_taken_back_by_whoever_leads(door: Door, clock: FixedClock) -> None:
    """Bogdan of GOPS presses "Gotowe", Celina of another institution cannot; Kinga opens it again; once its day has passed it is overdue."""
    made = await stage(door)
    v = made.balloted
    screen, _ = await shown(door, CELINA, b.SeeTasks(v.body))
    assert [row.action for row in screen.rows] == [None, None], "one of a decision, one of minutes"
    for task in (v.task, made.archived.task):
        screen, _ = await shown(door, BOGDAN, b.FinishTask(task))
        assert ("Gotowe", "niedziela, 22 listopada 2026") in screen.facts
        assert b.ReopenTask(task) not in offered(screen)
    screen, t = await shown(door, ANNA, b.SeeTasks(v.body))
    assert "Nie ma zadań" in words(screen, t)
    await visit(door, KINGA, b.ReopenTask(v.task))
    clock.move(timedelta(days=10))
    screen, _ = await shown(door, ANNA, b.SeeTasks(v.body))
    assert screen.rows[0].label == f"{GOPS}: Rezerwacja hali na targi (decyzja 2/2026)"
    assert screen.rows[0].value.startswith("po terminie: wtorek, 1 grudnia 2026")
    screen, _ = await shown(door, ANNA, Home())
    assert sum("po terminie" in item for item in screen.items) == 1


async def test_another_network_s_register_is_not_there(door: Door) -> None:
    """Ida, who heads an institution elsewhere, gets the answer for what does not exist, with words of a decision or without."""
    made = await stage(door)
    v = made.balloted
    for intent in (
        b.SeeRegister(v.body),
        b.SeeTasks(v.body),
        b.SeeDecision(v.decision),
        b.TakeRegister(v.body, "json"),
        b.FinishTask(v.task),
    ):
        assert is_refusal(*await shown(door, IDA, intent))
    reply, t = await sent(door, made, IDA, b.SearchRegister(v.body), words="targi")
    assert is_refusal(reply.screen, t)
