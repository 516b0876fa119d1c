"""Conversations that write into minutes: what stands is changed word by word in them, and what others write meanwhile is never lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.office.decisions.test_conversations import answer, confirm, polish
from tests.office.minutes.network import TEXT, Minuting, gather, said

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import dialogues, opening
from konwent_bot.office.dialogues import Fill, Talk, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import facts, notes, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.notes import Note
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import DIALOGUE, DIALOGUE_EVENT, MINUTES_NOTE


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Minuting:
    """The network at its meeting."""
    return await gather(door, clock)


@pytest.fixture
async def minutes(net: Minuting) -> Minutes:
    """The minutes of the meeting."""
    return await net.closed()


async def begin(net: Minuting, who: Actor, subject: Subject, answers: dict[str, str] | None = None) -> Talk:
    """Begin a conversation, or go on with it."""
    known: dict[str, Any] = {"body": "Lokalna Sieć", "minutes": "Protokół nr 1/2026"}
    if subject.act != "minutes.annex":
        known["point"] = "4. Wolne wnioski"
    person = Known(who.person or 0, "pl", None)
    return await net.act(lambda uow: opening.begin(uow, person, subject, known, answers=answers, page=True))


async def changing(net: Minuting, who: Actor, number: int) -> Talk:
    """Begin to change a paragraph as it stands, as the screen does; or go on."""

    def find(uow: UnitOfWork) -> tuple[Note, dict[str, str]]:
        note = notes.one(uow, who, number)[1]
        return note, dict(notes.standing(uow, who.person or 0, number))

    note, stands = await net.look(find)
    subject = Subject(
        "minutes.change", net.body, minutes=note.minutes, item=facts.item_of(note.point), note=note.id, revision=note.revision
    )
    return await begin(net, who, subject, stands)


async def edited(net: Minuting, talk: Talk, text: str) -> Talk:
    """Open the text in the review and write another one."""
    caller = Reader(talk.person.id)
    opened = await net.act(lambda uow: dialogues.touch(uow, caller, Touch(talk.id, talk.state.turn, "edit", "text")))
    return await answer(net, opened, text)


async def test_a_paragraph_is_written_in_words(net: Minuting, minutes: Minutes) -> None:
    """The minute-taker answers one question; the text stands under its point, and the conversation keeps none of it."""
    item = await net.item("free_motions")
    talk = await begin(net, net.maria, Subject("minutes.write", net.body, minutes=minutes.id, item=item))
    done = await confirm(net, await answer(net, talk, TEXT))
    assert done.outcome is not None
    assert done.outcome.minutes == minutes.id
    [note] = await net.look(lambda uow: notes.of(uow, minutes.id))
    assert (note.id, note.point, note.body) == (done.outcome.made, f"item:{item}", TEXT)
    rows = await net.look(lambda uow: [*uow.execute(select(DIALOGUE)), *uow.execute(select(DIALOGUE_EVENT))])
    assert [row for row in rows if "udostępni" in str(row)] == []


@pytest.mark.parametrize("text", ["Pani 44051401359 nie przyszła.", "Zapisy: 601 234 567.", "Pisać na jan.kowalski@example.org."])
async def test_personal_data_does_not_get_into_minutes(net: Minuting, minutes: Minutes, text: str) -> None:
    """A PESEL, a telephone number or an address is refused as it is typed, and stored nowhere."""
    talk = await begin(net, net.maria, Subject("minutes.write", net.body, minutes=minutes.id, item=0))
    told = await net.act(
        lambda uow: dialogues.fill(uow, Reader(talk.person.id), Fill(talk.id, talk.state.turn), Written(text=text), polish)
    )
    assert told.problem is not None
    rows = await net.look(lambda uow: [*uow.execute(select(DIALOGUE)), *uow.execute(select(DIALOGUE_EVENT))])
    assert [row for row in rows if text in str(row)] == []
    assert await net.count(MINUTES_NOTE) == 0


async def test_a_change_begins_with_what_stands(net: Minuting, minutes: Minutes) -> None:
    """The coordinator changes what the minute-taker wrote, twice: each time from the text as it is by then."""
    note = await net.write(minutes)
    for before, after in ((TEXT, "Druga treść"), ("Druga treść", "Trzecia treść")):
        talk = await changing(net, net.ewa, note.id)
        assert talk.state.answers["text"] == before
        await confirm(net, await edited(net, talk, after))
    assert await net.notes(minutes) == ["Trzecia treść"]
    assert await net.look(lambda uow: notes.rivals(uow, minutes.id)) == ()


async def test_two_conversations_about_one_paragraph(net: Minuting, minutes: Minutes) -> None:
    """Both begin with the same text. The first one's is saved; the second one goes on writing, comes back to it, sends it: it waits."""
    note = await net.write(minutes)
    ewas, marias = await changing(net, net.ewa, note.id), await changing(net, net.maria, note.id)
    ewas = await edited(net, ewas, "Treść Ewy")
    await confirm(net, await edited(net, marias, "Treść Marii"))
    again = await changing(net, net.ewa, note.id)
    assert (again.id, again.state.answers["text"]) == (ewas.id, "Treść Ewy")
    done = await confirm(net, again)
    assert done.outcome is not None
    assert done.outcome.made == note.id
    assert await net.notes(minutes) == ["Treść Marii"]
    [rival] = await net.look(lambda uow: notes.rivals(uow, minutes.id))
    assert (rival.body, rival.person) == ("Treść Ewy", net.ewa.person)


async def test_a_text_outlives_the_paragraph_it_was_for(net: Minuting, minutes: Minutes) -> None:
    """The minute-taker takes the paragraph away while the coordinator writes: the conversation goes on, and its text stands."""
    note = await net.write(minutes)
    talk = await edited(net, await changing(net, net.ewa, note.id), "Treść Ewy")
    await net.act(lambda uow: notes.remove(uow, net.maria, note.id, note.revision))
    await confirm(net, talk)
    assert await net.notes(minutes) == ["Treść Ewy"]


async def test_a_conversation_ends_when_minutes_are_final(net: Minuting, minutes: Minutes) -> None:
    """What the minute-taker had begun to write is not written into minutes that were accepted meanwhile."""
    talk = await begin(net, net.maria, Subject("minutes.write", net.body, minutes=minutes.id, item=0))
    ready = await answer(net, talk, TEXT)
    await net.circulate(minutes)
    await net.accepted(minutes)
    with pytest.raises(Refused):
        await confirm(net, ready)
    assert await net.count(MINUTES_NOTE) == 0


async def test_an_annex_is_made_in_words(net: Minuting, minutes: Minutes) -> None:
    """Once the minutes are final the coordinator says what should be otherwise; a member is offered no such conversation."""
    await net.circulate(minutes)
    await net.accepted(minutes)
    subject = Subject("minutes.annex", net.body, minutes=minutes.id)
    with pytest.raises(NotFound):
        await begin(net, net.heads["GOPS"], subject)
    done = await confirm(net, await answer(net, await begin(net, net.ewa, subject), "Zamiast sali nr 7 powinna być sala nr 17."))
    assert done.outcome is not None
    [annex] = await net.look(lambda uow: versions.annexes(uow, minutes.id))
    assert annex.version == done.outcome.made
    assert "sala nr 17" in said(annex.content.draft)
