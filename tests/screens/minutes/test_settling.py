"""What comes back after minutes went out: remarks are settled, another version goes out, the final one takes an annex."""

from __future__ import annotations

from datetime import timedelta

from tests.screens.decisions.test_ballots import offered
from tests.screens.minuted import LIBRARY, NOTE, REMARK, changed
from tests.screens.minutes.test_writing import noted, said_and_confirmed, touch, typed
from tests.screens.personas import ANNA, GOPS, KINGA, Stage, stage
from tests.screens.test_refusals import visit, words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.office import notices
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import facts, roll, steps, versions
from konwent_bot.office.rights import Actor
from konwent_bot.screens import minutes_intents as n
from konwent_bot.screens.archive_intents import SeeMinutes
from konwent_bot.screens.intents import Home

PL = i18n.translator("pl")


async def deadline_passes(door: Door, clock: FixedClock) -> None:
    """Let the days for an answer pass, and the program look at what is due until nothing is."""
    clock.move(timedelta(days=8))
    while await door.act(steps.STEPS.tick):
        pass


async def settled(door: Door, made: Stage) -> None:
    """Let Kinga accept one remark of the library and decline the other."""
    m = made.minuted
    await visit(door, KINGA, n.AcceptRemark(m.remark))
    await visit(door, KINGA, n.DeclineRemark(m.other_remark))
    await said_and_confirmed(door, KINGA, "Lista obecności mówi o 10:15.")


async def test_a_remark_is_read_beside_what_the_minutes_say(door: Door) -> None:
    """A remark names its institution and point, and stands above the words it is about; the list has those that wait first."""
    made = await stage(door)
    m = made.minuted
    reply, t = await visit(door, KINGA, n.SeeRemark(m.remark))
    said = words(reply.screen, t)
    for part in (LIBRARY, "Zakończenie", REMARK, NOTE):
        assert part in said
    assert said.index(REMARK) < said.index(NOTE)
    assert {n.AcceptRemark(m.remark), n.DeclineRemark(m.remark)} <= set(offered(reply.screen))
    await visit(door, KINGA, n.AcceptRemark(m.remark))
    reply, _ = await visit(door, KINGA, n.SeeRemarks(m.circulated))
    assert [row.action.intent for row in reply.screen.rows if row.action] == [n.SeeRemark(m.other_remark), n.SeeRemark(m.remark)]


async def test_a_remark_is_declined_with_a_reason(door: Door) -> None:
    """Declining asks for a reason, without which nothing is declined; a settled remark offers nothing more."""
    made = await stage(door)
    m = made.minuted
    reply, t = await visit(door, KINGA, n.DeclineRemark(m.other_remark))
    assert LIBRARY in words(reply.screen, t)
    assert (await typed(door, KINGA, " ")).screen.question is not None
    assert (await door.look(lambda uow: roll.remark(uow, m.other_remark))).state == "open"
    reply = await said_and_confirmed(door, KINGA, "Lista obecności mówi o 10:15.")
    assert reply.screen.title == "Uwaga jest odrzucona"
    assert n.SeeRemarks(m.circulated) in offered(reply.screen)
    reply, t = await visit(door, KINGA, n.SeeRemark(m.other_remark))
    assert "Lista obecności mówi o 10:15." in words(reply.screen, t)
    assert n.AcceptRemark(m.other_remark) not in offered(reply.screen)
    reply, _ = await visit(door, KINGA, n.AcceptRemark(m.other_remark))
    assert reply.refusal is not None


async def test_what_was_accepted_goes_out_as_another_version(door: Door, clock: FixedClock) -> None:
    """After the deadline home asks for version 2; the last look lists what has changed since version 1, and it goes out like the first."""
    made = await stage(door)
    m = made.minuted
    await settled(door, made)
    reply, _ = await visit(door, KINGA, n.SeeDraft(m.circulated))
    assert n.LookOver(m.circulated) not in offered(reply.screen), "GOPS may still answer"
    await deadline_passes(door, clock)
    home, t = await visit(door, KINGA, Home())
    assert f"protokół nr {m.circulated_name}" in words(home.screen, t)
    assert n.SeeDraft(m.circulated) in offered(home.screen)
    reply, _ = await visit(door, KINGA, n.SeeDraft(m.circulated))
    assert "Są przyjęte uwagi." in reply.screen.paragraphs[0]
    assert n.LookOver(m.circulated) in offered(reply.screen)
    (note,) = await noted(door, m.circulated)
    actor = Actor(made.persons[KINGA])
    later = NOTE.replace("marca", "kwietnia")
    await door.act(lambda uow: changed(uow, actor, m.body, m.circulated, note.id, note.revision, later))
    reply, _ = await visit(door, KINGA, n.LookOver(m.circulated))
    assert reply.screen.title == "Przed rozesłaniem wersji 2"
    changes = next(one for one in reply.screen.sections if one.title == "Co się zmieniło od wersji 1")
    assert changes.paragraphs == (f"Zakończenie – zmieniono na: {later}",)
    send = next(one for one in offered(reply.screen) if isinstance(one, n.Circulate))
    reply, _ = await visit(door, KINGA, send)
    assert reply.screen.notice == "Wersja 2 jest w drodze do wszystkich instytucji."
    ledger, _ = await visit(door, KINGA, n.SeeAnswers(m.circulated))
    assert ("Bez odpowiedzi", "3") in ledger.screen.facts


async def test_silence_is_said_to_be_silence(door: Door, clock: FixedClock) -> None:
    """Once the deadline has passed the ledger says of GOPS that it did not answer, and that this counts as acceptance."""
    made = await stage(door)
    await deadline_passes(door, clock)
    reply, t = await visit(door, KINGA, n.SeeAnswers(made.minuted.circulated))
    assert ("Nie odpowiedziały w terminie, więc przyjmują", "1") in reply.screen.facts
    row = next(one for one in reply.screen.rows if one.label == GOPS)
    assert t("no answer until the deadline: counts as accepted") in row.value
    reply, _ = await visit(door, KINGA, n.SeeDraft(made.minuted.circulated))
    assert reply.screen.paragraphs == (PL("The time for answers is over. Each remark needs an answer of the coordinator."),)


async def test_final_minutes_change_by_an_annex_only(door: Door) -> None:
    """The final minutes offer no writing; an annex is asked about once more before it goes to everybody."""
    made = await stage(door)
    m = made.minuted
    reply, t = await visit(door, KINGA, n.SeeDraft(m.final))
    assert {n.WriteAnnex(m.final), SeeMinutes(m.final)} <= set(offered(reply.screen))
    assert not {n.WriteNote(m.final, "end"), n.LookOver(m.final)} & set(offered(reply.screen))
    for intent in (n.WriteNote(m.final, "end"), n.LookOver(m.final), n.MovePoint(m.final, "item-1", 1, "down")):
        reply, t = await visit(door, KINGA, intent)
        assert reply.refusal is not None or reply.screen.problem, intent
    reply, _ = await visit(door, KINGA, n.WriteAnnex(m.final))
    reply, _ = await visit(door, KINGA, next(one for one in offered(reply.screen) if type(one).__name__ == "Resume"))
    reviewed = await typed(door, KINGA, "W punkcie 5 zamiast „marca” ma być „kwietnia”.")
    assert "Roześlij aneks do wszystkich instytucji" in words(reviewed.screen, t)
    assert [one.kind for one in await door.look(lambda uow: versions.of(uow, m.final))] == ["circulated", "final"]
    reply, _ = await visit(door, KINGA, touch(reviewed.screen, "confirm"))
    assert reply.screen.title == "Aneks jest w drodze do wszystkich instytucji"
    assert [one.kind for one in await door.look(lambda uow: versions.of(uow, m.final))] == ["circulated", "final", "annex"]
    assert (await door.look(lambda uow: facts.get(uow, m.final))).state == "final"
    reply, _ = await visit(door, ANNA, SeeMinutes(m.final))
    assert reply.refusal is None


async def test_the_silent_are_reminded_by_one_press_and_nobody_else(door: Door) -> None:
    """The ledger offers to remind; Kinga sees who would be reminded and through what, and presses once. Nobody who answered is among them."""
    made = await stage(door)
    m = made.minuted
    ledger, _ = await visit(door, KINGA, n.SeeAnswers(m.circulated))
    assert n.AskRemindSilent(m.circulated) in offered(ledger.screen)
    reply, _ = await visit(door, KINGA, n.AskRemindSilent(m.circulated))
    assert reply.screen.items == (f"{GOPS}: osoba kierująca (Telegram)",)
    reply, _ = await visit(door, KINGA, n.RemindSilent(m.circulated))
    assert reply.screen.title == "Przypomnienie jest w drodze"
    told = await door.look(lambda uow: notices.of_subject(uow, f"minutes:{m.circulated}"))
    assert [one.recipient for one in told if one.occasion == "minutes.reminder"] == [f"seat:{made.seats[GOPS, 'head']}"]
    for done in (m.final, m.draft):
        reply, _ = await visit(door, KINGA, n.AskRemindSilent(done))
        assert reply.refusal is not None
