"""Conversations about decisions, from the first question to what comes of them: each is about its proposal, its round or its decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from tests.office.decisions.consenting import Consenting, gather
from tests.office.decisions.network import TITLE

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import acts, dialogues, opening, tasks
from konwent_bot.office.decisions import acts as decisions
from konwent_bot.office.decisions import changing, discussion
from konwent_bot.office.dialogues import Fill, Talk, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import DIALOGUE, DIALOGUE_EVENT

BODY = {"body": "Lokalna Sieć"}
ABOUT = BODY | {"proposal": TITLE}
DATES = {"first_day": "2026-12-16", "last_day": "2027-02-13", "usual_day": "2026-12-22"}
NOTHING = [{"id": "0", "label": "–"}]


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the acts of decisions be begun, whether or not a screen begins them yet."""
    for module in (dialogues, opening):
        monkeypatch.setattr(module, "ACTS", {**acts.ACTS, **decisions.ACTS})


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Consenting:
    """Ten institutions at a meeting."""
    return await gather(door, clock)


def polish(_: str, text: str) -> str:
    """Say a text of a flow as it stands."""
    return text


async def begin(net: Consenting, actor: Actor, subject: Subject, facts: dict[str, Any]) -> Talk:
    """Begin a conversation, or go on with it."""
    who = Known(actor.person or 0, "pl", None)
    return await net.act(lambda uow: opening.begin(uow, who, subject, facts, page=True))


async def answer(net: Consenting, talk: Talk, *said: str | Iterable[str] | date) -> Talk:
    """Answer one question after another: by words, by marks (a list), or by the button of a day."""
    caller = Reader(talk.person.id)
    for one in said:

        def work(uow: UnitOfWork, talk: Talk = talk, one: str | Iterable[str] | date = one) -> Talk:
            if isinstance(one, date):
                return dialogues.touch(uow, caller, Touch(talk.id, talk.state.turn, "answer", one.isoformat()))
            written = Written(text=one) if isinstance(one, str) else Written(choices=tuple(one))
            return dialogues.fill(uow, caller, Fill(talk.id, talk.state.turn), written, polish)

        talk = await net.act(work)
        assert talk.problem is None, talk.problem
        assert not talk.stale
    return talk


async def confirm(net: Consenting, talk: Talk) -> Talk:
    """Send it."""
    return await net.act(lambda uow: dialogues.touch(uow, Reader(talk.person.id), Touch(talk.id, talk.state.turn, "confirm")))


async def test_a_proposal_is_entered_in_words(net: Consenting) -> None:
    """The head of GOPS answers two questions; the proposal stands, and neither the conversation nor its log keeps the words."""
    subject = Subject("proposal.enter", net.body, meeting=net.meeting, membership=net.memberships["GOPS"])
    facts = {
        "where": "Spotkanie", "proposer": "GOPS", "at_meeting": True, "has_items": False, "items": NOTHING, "has_decisions": False,
        "decisions": NOTHING,
    }  # fmt: skip
    talk = await begin(net, net.heads["GOPS"], subject, BODY | DATES | facts)
    done = await confirm(net, await answer(net, talk, "Dyżur", "Ktoś z nas dyżuruje."))
    assert done.outcome is not None
    found = await net.proposal(done.outcome.proposal or 0)
    assert (found.title, found.text, found.proposer) == ("Dyżur", "Ktoś z nas dyżuruje.", "GOPS")
    rows = await net.look(lambda uow: [*uow.execute(select(DIALOGUE)), *uow.execute(select(DIALOGUE_EVENT))])
    assert [row for row in rows if "dyżuruje" in str(row)] == []


async def test_an_objection_in_words_is_the_institutions_stance(net: Consenting) -> None:
    """The head of the library says why it objects and what would help."""
    round_ = await net.asked()
    whose = net.memberships["Biblioteka"]
    subject = Subject("stance.object", net.body, proposal=round_.proposal, consensus=round_.id, membership=whose)
    talk = await begin(net, net.heads["Biblioteka"], subject, ABOUT | {"institution": "Biblioteka"})
    assert talk.subject == subject
    ready = await answer(net, talk, "We wtorki mamy zamknięte.", "W czwartki.")
    assert (await net.round(round_.id)).objections == ()
    await confirm(net, ready)
    place = (await net.round(round_.id)).place(whose)
    assert (place.stance, place.reason, place.remedy) == ("object", "We wtorki mamy zamknięte.", "W czwartki.")


async def test_personal_data_in_a_reason_is_stored_nowhere(net: Consenting) -> None:
    """A PESEL and a telephone number in an objection are refused as they are typed."""
    round_ = await net.asked()
    whose = net.memberships["Biblioteka"]
    subject = Subject("stance.object", net.body, proposal=round_.proposal, consensus=round_.id, membership=whose)
    talk = await begin(net, net.heads["Biblioteka"], subject, ABOUT | {"institution": "Biblioteka"})
    for text in ("Pani 44051401359 nie może", "Proszę dzwonić 601 234 567"):
        told = await net.act(
            lambda uow, text=text: dialogues.fill(  # type: ignore[misc]  # mypy sees no default
                uow, Reader(talk.person.id), Fill(talk.id, talk.state.turn), Written(text=text), polish
            )
        )
        assert told.problem is not None
    rows = await net.look(lambda uow: [*uow.execute(select(DIALOGUE)), *uow.execute(select(DIALOGUE_EVENT))])
    assert [row for row in rows if "44051401359" in str(row) or "601 234" in str(row)] == []


async def test_a_reason_begun_in_one_round_counts_in_no_other(net: Consenting) -> None:
    """The library's objection to the first text is ready to be sent when the text is amended: it objects to nothing it has not read."""
    round_ = await net.asked()
    whose = net.memberships["Biblioteka"]
    subject = Subject("stance.object", net.body, proposal=round_.proposal, consensus=round_.id, membership=whose)
    talk = await begin(net, net.heads["Biblioteka"], subject, ABOUT | {"institution": "Biblioteka"})
    ready = await answer(net, talk, "Za drogo.", "Taniej.")
    await net.amend(round_.proposal, "Za darmo.")
    await net.act(lambda uow: discussion.close(uow, net.ewa, round_.proposal))
    second = await net.open(round_.proposal)
    with pytest.raises(Refused):
        await confirm(net, ready)
    assert second.stances.taken == 0
    assert (await net.round(second.id)).stances.taken == 0


async def test_a_conversation_ends_with_the_place(net: Consenting) -> None:
    """The head of GOPS hands the place over while writing: what they had begun is theirs no more to send."""
    proposal = await net.enter()
    subject = Subject("proposal.comment", net.body, proposal=proposal, membership=net.memberships["GOPS"])
    talk = await begin(net, net.heads["GOPS"], subject, ABOUT | {"speaker": "GOPS"})
    ready = await answer(net, talk, "Zgoda.")
    await net.hand_over("GOPS", "head")
    with pytest.raises(NotFound):
        await confirm(net, ready)


async def test_what_stands_in_the_way_is_said_before_it_is_lost(net: Consenting) -> None:
    """An amendment that changes nothing is refused in the review, and what was written stays to be corrected."""
    proposal = await net.enter()
    found = await net.proposal(proposal)
    subject = Subject("proposal.amend", net.body, proposal=proposal)
    talk = await begin(net, net.heads["GOPS"], subject, ABOUT)
    told = await confirm(net, await answer(net, talk, found.title, found.text, "Bez powodu"))
    assert told.problem is not None
    assert told.outcome is None
    assert (await net.proposal(proposal)).version == 1


async def test_a_rule_and_a_task_come_of_their_conversations(net: Consenting) -> None:
    """A rule is chosen by buttons and becomes a proposal; a task is attached to the decision that adopts it."""
    facts = {"where": "Spotkanie", "way": "meeting", "has_items": False, "items": NOTHING}
    subject = Subject("rule.propose", net.body, meeting=net.meeting)
    talk = await begin(net, net.ewa, subject, BODY | DATES | facts)
    done = await confirm(net, await answer(net, talk, ["third"], ["entitled"], ["absolute"], ["entitled"], ["none"]))
    assert done.outcome is not None
    proposal = done.outcome.proposal or 0
    await net.act(lambda uow: discussion.close(uow, net.ewa, proposal))
    await net.ended(await net.open(proposal))
    entry = (await net.entries(proposal))[0]
    whose = str(net.memberships["Parafia"])
    facts = {
        "decision": f"{entry.name} {entry.title}",
        "institutions": [{"id": whose, "label": "Parafia"}],
        "today": "2026-12-15",
    }
    talk = await begin(net, net.ewa, Subject("decision.task", net.body, decision=entry.id), BODY | facts)
    assert talk.subject.decision == entry.id
    await confirm(net, await answer(net, talk, "Powiesić zasady w biurze.", [whose], date(2026, 12, 22)))
    made = await net.look(lambda uow: tasks.of(uow, entry.id))
    assert [(one.what, one.institution) for one in made] == [("Powiesić zasady w biurze.", "Parafia")]


async def test_there_is_no_conversation_about_what_is_over(net: Consenting) -> None:
    """A withdrawn proposal is not amended, and nothing is said about it."""
    proposal = await net.enter()
    await net.act(lambda uow: changing.withdraw(uow, net.ewa, proposal))
    for act in ("proposal.amend", "proposal.comment"):
        with pytest.raises(Refused):
            await begin(net, net.ewa, Subject(act, net.body, proposal=proposal), ABOUT | {"speaker": "x"})
