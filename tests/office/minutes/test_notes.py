"""Writing into minutes: paragraphs, and two people who write at the same time. Nobody's words are lost, whoever was first."""

from __future__ import annotations

import contextlib
import random

import pytest
from sqlalchemy import Integer, bindparam
from tests.office.minutes.network import TEXT, Minuting, gather, said

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import facts, notes
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.notes import Note, Rival
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MINUTES_NOTE, MINUTES_RIVAL

MARIAS = "Biblioteka udostępni salę we wtorki."
EWAS = "Biblioteka udostępni salę w czwartki."


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Minuting:
    """The network at its meeting."""
    return await gather(door, clock)


@pytest.fixture
async def minutes(net: Minuting) -> Minutes:
    """The minutes of the meeting."""
    return await net.closed()


async def rivals(net: Minuting, minutes: Minutes) -> tuple[Rival, ...]:
    """Give the texts that wait for a choice."""
    return await net.look(lambda uow: notes.rivals(uow, minutes.id))


async def clashed(net: Minuting, minutes: Minutes) -> tuple[Note, Rival]:
    """Let the minute-taker change a paragraph while the coordinator writes in it; give what stands, and the coordinator's text."""
    note = await net.write(minutes)
    await net.change(note, MARIAS)
    await net.change(note, EWAS, by=net.ewa)
    [rival] = await rivals(net, minutes)
    return (await net.look(lambda uow: notes.one(uow, net.ewa, note.id)))[1], rival


async def test_a_paragraph_stands_under_its_point(net: Minuting, minutes: Minutes) -> None:
    """Under a point of the agenda, after those that stand there; or at the end. Each raises the edition."""
    item = await net.item("free_motions")
    await net.write(minutes, "Pierwszy", item=item)
    await net.write(minutes, "Drugi", item=item, by=net.ewa)
    await net.write(minutes, "Ostatni")
    found = {
        point.key: [one.text for one in point.paragraphs if one.kind == "note"] for point in (await net.draft(minutes)).points
    }
    assert found[f"item:{item}"] == ["Pierwszy", "Drugi"]
    assert found["end"] == ["Ostatni"]
    assert (await net.minutes(minutes.id)).edition == minutes.edition + 3


async def test_there_is_no_point_of_another_meeting(net: Minuting, minutes: Minutes) -> None:
    """A number that is no item of this meeting's agenda is not found."""
    with pytest.raises(NotFound):
        await net.write(minutes, item=99_999)


async def test_paragraphs_of_a_point_are_moved(net: Minuting, minutes: Minutes) -> None:
    """The last one goes up; the first cannot go further."""
    for text in ("Pierwszy", "Drugi", "Trzeci"):
        note = await net.write(minutes, text)
    for _ in range(5):
        await net.act(lambda uow: notes.move(uow, net.maria, note.id, -1))
    assert await net.notes(minutes) == ["Trzeci", "Pierwszy", "Drugi"]
    await net.act(lambda uow: notes.move(uow, net.maria, note.id, 1))
    assert await net.notes(minutes) == ["Pierwszy", "Trzeci", "Drugi"]


async def test_one_after_the_other_change_a_paragraph(net: Minuting, minutes: Minutes) -> None:
    """The coordinator reads what the minute-taker wrote, and changes that."""
    note = await net.write(minutes)
    await net.change(note, MARIAS)
    await net.change(note, EWAS, by=net.ewa, read=note.revision + 1)
    assert await net.notes(minutes) == [EWAS]
    assert await rivals(net, minutes) == ()


async def test_the_second_of_two_editors_overwrites_nothing(net: Minuting, minutes: Minutes) -> None:
    """Both begin with the same text: the first one's stands, the second one's waits beside it, and nothing is in the minutes twice."""
    note, rival = await clashed(net, minutes)
    assert (note.body, rival.body, rival.person, rival.revision) == (MARIAS, EWAS, net.ewa.person, 1)
    assert await net.look(lambda uow: notes.rival_of(uow, net.ewa.person or 0, note.id)) == rival
    assert await net.look(lambda uow: notes.standing(uow, net.ewa.person or 0, note.id)) == {"text": EWAS}
    assert await net.look(lambda uow: notes.standing(uow, net.maria.person or 0, note.id)) == {"text": MARIAS}
    text = said(await net.draft(minutes))
    assert (MARIAS in text, EWAS in text) == (True, False)


@pytest.mark.parametrize(
    ("how", "stands"), [("mine", [EWAS]), ("theirs", [MARIAS]), ("both", [MARIAS, EWAS])]
)  # fmt: skip
async def test_the_second_editor_chooses(net: Minuting, minutes: Minutes, how: notes.How, stands: list[str]) -> None:
    """Theirs takes the place, or goes, or stands after the other; once, also where both press it."""
    note, rival = await clashed(net, minutes)
    await net.write(minutes, "Dalej")
    await net.act(lambda uow: notes.choose(uow, net.ewa, rival.id, how, note.revision))
    assert await net.notes(minutes) == [*stands, "Dalej"]
    assert await net.count(MINUTES_RIVAL) == 0
    with pytest.raises(NotFound):
        await net.act(lambda uow: notes.choose(uow, net.maria, rival.id, how, note.revision))


async def test_nobody_chooses_between_texts_they_have_not_seen(net: Minuting, minutes: Minutes) -> None:
    """The minute-taker changes the paragraph once more while the coordinator chooses, or the coordinator's own text is another one."""
    note, rival = await clashed(net, minutes)
    await net.change(note, TEXT)
    with pytest.raises(Refused):
        await net.act(lambda uow: notes.choose(uow, net.ewa, rival.id, "mine", note.revision))
    await net.change(note, "Zupełnie inaczej", by=net.ewa)
    with pytest.raises(NotFound):
        await net.act(lambda uow: notes.choose(uow, net.maria, rival.id, "theirs", note.revision + 1))
    assert (await net.notes(minutes), [one.body for one in await rivals(net, minutes)]) == ([TEXT], ["Zupełnie inaczej"])


async def test_what_is_taken_away_takes_nobody_elses_words(net: Minuting, minutes: Minutes) -> None:
    """The minute-taker removes the paragraph while the coordinator's text waits beside it: that text stands by itself."""
    note, _ = await clashed(net, minutes)
    await net.act(lambda uow: notes.remove(uow, net.maria, note.id, note.revision))
    assert await net.notes(minutes) == [EWAS]


async def test_who_changes_what_was_taken_away_writes_it_anew(net: Minuting, minutes: Minutes) -> None:
    """The coordinator is still writing when the paragraph goes: the text stands under the same point."""
    item = await net.item("free_motions")
    note = await net.write(minutes, item=item)
    await net.act(lambda uow: notes.remove(uow, net.maria, note.id, note.revision))
    made = await net.change(note, EWAS, by=net.ewa)
    [found] = await net.look(lambda uow: notes.of(uow, minutes.id))
    assert (found.id, found.point, found.body) == (made, f"item:{item}", EWAS)


async def test_nothing_is_taken_away_unseen(net: Minuting, minutes: Minutes) -> None:
    """Who removes what was changed since they looked is told; after another look it goes."""
    note = await net.write(minutes)
    await net.change(note, MARIAS)
    with pytest.raises(Refused):
        await net.act(lambda uow: notes.remove(uow, net.ewa, note.id, note.revision))
    await net.act(lambda uow: notes.remove(uow, net.ewa, note.id, note.revision + 1))
    assert await net.count(MINUTES_NOTE) == 0


async def test_the_same_words_are_no_clash(net: Minuting, minutes: Minutes) -> None:
    """Both write the same, or somebody sends their text a second time: nothing changes, nothing waits."""
    note = await net.write(minutes)
    await net.change(note, MARIAS)
    edition = (await net.minutes(minutes.id)).edition
    await net.change(note, MARIAS, by=net.ewa)
    await net.change(note, MARIAS)
    assert (await rivals(net, minutes), (await net.minutes(minutes.id)).edition) == ((), edition)


async def test_who_writes_once_more_has_chosen(net: Minuting, minutes: Minutes) -> None:
    """The coordinator, whose text waits, changes the paragraph as it stands now: that is what counts."""
    note, _ = await clashed(net, minutes)
    await net.change(note, "We wtorki i czwartki.", by=net.ewa, read=note.revision)
    assert (await net.notes(minutes), await rivals(net, minutes)) == (["We wtorki i czwartki."], ())


async def test_only_those_who_write_minutes_write(net: Minuting, minutes: Minutes) -> None:
    """A head of the network may not, by no route; and a paragraph of other minutes is not one of these."""
    note, rival = await clashed(net, minutes)
    anna = net.heads["GOPS"]
    for act in (
        lambda uow: notes.remove(uow, anna, note.id, note.revision),
        lambda uow: notes.move(uow, anna, note.id, 1),
        lambda uow: notes.choose(uow, anna, rival.id, "mine", note.revision),
        lambda uow: notes.one(uow, anna, note.id),
    ):
        with pytest.raises(NotFound):
            await net.act(act)
    for subject in (Subject("minutes.write", net.body, minutes=minutes.id, item=0), Subject("minutes.write", net.body, item=0)):
        with pytest.raises(NotFound):
            await net.act(lambda uow, s=subject: notes.write(uow, anna, s, notes.Written(text=TEXT)))  # type: ignore[misc]  # mypy sees no default
    with pytest.raises(NotFound):
        await net.change(note, EWAS, by=anna)
    assert await net.notes(minutes) == [MARIAS]
    foreign = Subject("minutes.change", net.body, minutes=minutes.id, item=0, note=None, revision=1)
    with pytest.raises(NotFound):
        await net.act(lambda uow: notes.change(uow, net.ewa, foreign, notes.Written(text=TEXT)))


async def test_accepted_minutes_are_closed(net: Minuting, minutes: Minutes) -> None:
    """Once they are final nothing can be written, changed, moved or taken away."""
    note = await net.write(minutes)
    await net.circulate(minutes)
    await net.accepted(minutes)
    assert (await net.minutes(minutes.id)).state == "final"
    for act in (
        lambda uow: notes.remove(uow, net.ewa, note.id, note.revision),
        lambda uow: notes.move(uow, net.ewa, note.id, 1),
        lambda uow: facts.require_open(facts.get(uow, minutes.id)),
    ):
        with pytest.raises(Refused):
            await net.act(act)
    with pytest.raises(Refused):
        await net.write(minutes)
    with pytest.raises(Refused):
        await net.change(note, EWAS)


async def in_any_order(net: Minuting, minutes: Minutes, seed: int) -> None:
    """Let two editors write, change what they read some time ago, take away, move and choose, in an order of chance.

    Fails unless what somebody sent is there afterwards, and what was there goes only by the hand of somebody who had seen it.
    """
    chance = random.Random(seed)

    def alive(uow: UnitOfWork) -> list[str]:
        waiting = [one.body for one in notes.rivals(uow, minutes.id)]
        return sorted([*waiting, *(one.body for one in notes.of(uow, minutes.id))])

    def work(uow: UnitOfWork) -> None:
        read: dict[Actor, dict[int, Note]] = {net.ewa: {}, net.maria: {}}
        for turn in range(120):
            who, before, text = chance.choice((net.ewa, net.maria)), alive(uow), f"Treść {turn}"
            stand = {one.id: one for one in notes.of(uow, minutes.id)}
            waiting = notes.rivals(uow, minutes.id)
            known = read[who]
            may_go: set[str] = set()
            match chance.choice(("write", "read", "change", "change", "change", "remove", "move", "choose", "choose")):
                case "read":
                    known.clear()
                    known.update(stand)
                    continue
                case "change" if known:
                    seen = chance.choice(list(known.values()))
                    own = notes.rival_of(uow, who.person or 0, seen.id) if seen.id in stand else None
                    may_go = {seen.body} | ({own.body} if own else set())
                    about = Subject("minutes.change", net.body, minutes=minutes.id, item=0, note=seen.id, revision=seen.revision)
                    notes.change(uow, who, about, notes.Written(text=text))
                case "remove" if known:
                    seen, text = chance.choice(list(known.values())), ""
                    may_go = {seen.body}
                    with contextlib.suppress(Refused), uow.whole():
                        notes.remove(uow, who, seen.id, seen.revision)
                case "move" if stand:
                    text = ""
                    notes.move(uow, who, chance.choice(list(stand)), chance.choice((-1, 1)))
                case "choose" if waiting:
                    one, text = chance.choice(waiting), ""
                    how: notes.How = chance.choice(("mine", "theirs", "both"))
                    may_go = {"mine": {stand[one.note].body}, "theirs": {one.body}, "both": set[str]()}[how]
                    notes.choose(uow, who, one.id, how, stand[one.note].revision)
                case _:
                    about = Subject("minutes.write", net.body, minutes=minutes.id, item=0)
                    notes.write(uow, who, about, notes.Written(text=text))
            after = alive(uow)
            assert not text or text in after
            assert {one for one in before if one not in after} <= may_go

    await net.act(work)


@pytest.mark.parametrize("seed", range(4))
async def test_no_words_are_lost_in_any_order(net: Minuting, minutes: Minutes, seed: int) -> None:
    """Two editors at a time, a hundred and twenty things done: nobody's words go unseen."""
    await in_any_order(net, minutes, seed)


async def test_without_revisions_words_would_be_lost(net: Minuting, minutes: Minutes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above would see it: where a change asks for no revision, the second editor overwrites the first."""
    blind = (
        MINUTES_NOTE.update()
        .where(MINUTES_NOTE.c.id == bindparam("note"), bindparam("read", type_=Integer) >= 0)
        .values(body=bindparam("text"), revision=MINUTES_NOTE.c.revision + 1, person_id=bindparam("who"))
    )
    monkeypatch.setattr(notes, "_CHANGE", blind)
    with pytest.raises(AssertionError):
        await in_any_order(net, minutes, 0)
