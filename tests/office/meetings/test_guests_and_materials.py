"""Guests and materials of a meeting: who is invited from outside, which files go along, and whose they are."""

from __future__ import annotations

import asyncio
import io
import zipfile

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.office.meetings.gathering import BEGINS, at, called, kinga, notices_of, planned
from tests.screens.personas import ANNA, CELINA, FORMER, IDA, IGOR, Stage, stage

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import convening, guests, materials
from konwent_bot.office.meetings.guests import Invited
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.store.tables import MATERIAL, SEAT

PDF = b"%PDF-1.7\nporz\xc4\x85dek\n%%EOF\n"
STRANGE = "🙂 שלום \u202egnp.exe <b>"


async def invite(
    door: Door, made: Stage, meeting: int, email: str, *, actor: Actor | None = None, name: str = "Jan Nowak"
) -> int:
    """Invite a guest; give the number."""
    who, about = actor or kinga(made), Subject("guest.invite", made.janow.body, meeting=meeting)
    said = Invited(name=name, function="burmistrz", email=email, language="uk")

    def work(uow) -> Outcome:  # type: ignore[no-untyped-def]  # a unit of work
        guests.may_invite(uow, who, about)
        return guests.invite(uow, who, about, said)

    done = await door.act(work)
    assert done.made is not None
    return done.made


async def test_a_guest_is_called_with_the_meeting_and_told_when_taken_off(door: Door) -> None:
    """Invited before calling, a guest is called with everybody; invited after it, at once; taken off, nobody writes any more."""
    made = await stage(door, meets=False)
    meeting = await planned(door, made.janow.body)
    early = await invite(door, made, meeting, "Burmistrz@urzad.example")
    assert await notices_of(door, "meeting.invitation") == []
    await door.act(lambda uow: convening.convene(uow, kinga(made), meeting))
    late = await invite(door, made, meeting, "rops@lublin.example")
    told = [recipient for recipient, _, _ in await notices_of(door, "meeting.invitation")]
    assert {f"guest:{early}", f"guest:{late}"} <= set(told)
    await door.act(lambda uow: guests.remove(uow, kinga(made), late))
    assert f"guest:{late}" not in [recipient for recipient, _, _ in await notices_of(door, "meeting.invitation")]
    _, found = await door.look(lambda uow: guests.of(uow, kinga(made), meeting))
    assert [(one.id, one.email, one.language, one.answer) for one in found] == [(early, "burmistrz@urzad.example", "uk", "")]
    again = await invite(door, made, meeting, "rops@lublin.example", name="ROPS")
    assert again == late, "who was taken off comes back as the same guest"
    await door.act(lambda uow: guests.note_answer(uow, kinga(made), early, "yes"))
    _, one = await door.look(lambda uow: guests.find(uow, kinga(made), early))
    assert one.answer == "yes"


async def test_nobody_is_invited_twice_or_as_a_guest_of_their_own_meeting(door: Door) -> None:
    """The same address twice (at the same moment too), a member's address, none, and one that is no address are told in words."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    await door.act(
        lambda uow: uow.execute(
            SEAT.update().where(SEAT.c.id == made.seats["OPS Janów Lubelski", "delegate"]).values(email="ops@janow.example")
        )
    )
    results = await asyncio.gather(*(invite(door, made, meeting, "b@urzad.example") for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in results) == 1
    assert all("on the list" in str(one) for one in results if not isinstance(one, int))
    with pytest.raises(Refused, match="OPS Janów Lubelski"):
        await invite(door, made, meeting, "OPS@janow.example")
    for wrong in ("burmistrz", "a@b@c", "", "b@urzad.example, c@urzad.example", STRANGE):
        with pytest.raises(Invalid):
            await invite(door, made, meeting, wrong)


async def test_guests_are_the_coordinators_alone(door: Door, clock: FixedClock) -> None:
    """Members, a former head and other networks neither invite nor see guests; after the meeting nobody invites."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    guest = await invite(door, made, meeting, "b@urzad.example")
    before = await dump(door.store)
    for who in (ANNA, CELINA, FORMER, IDA, IGOR):
        actor = Actor(made.persons[who])
        with pytest.raises(NotFound):
            await invite(door, made, meeting, "c@urzad.example", actor=actor)
        for act in (
            lambda uow, a=actor: guests.of(uow, a, meeting),
            lambda uow, a=actor: guests.find(uow, a, guest),
            lambda uow, a=actor: guests.remove(uow, a, guest),
            lambda uow, a=actor: guests.note_answer(uow, a, guest, "no"),
        ):
            with pytest.raises(NotFound):
                await door.act(act)
    assert await dump(door.store) == before
    at(clock, BEGINS)
    with pytest.raises(Refused, match="over or called off"):
        await invite(door, made, meeting, "c@urzad.example")


async def attach(door: Door, made: Stage, meeting: int, name: str, content: bytes, *, actor: Actor | None = None) -> int:
    return await door.act(lambda uow: materials.attach(uow, actor or kinga(made), meeting, name, content))


async def test_files_are_for_whoever_sees_the_meeting(door: Door) -> None:
    """A member takes the file; whoever only knows its number, in another network or no longer here, does not."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    file = await attach(door, made, meeting, f"C:\\tmp\\Porządek {STRANGE}.PDF", PDF)
    _, taken = await door.look(lambda uow: materials.take(uow, Actor(made.persons[ANNA]), file))
    assert (taken.content, taken.media_type) == (PDF, "application/pdf")
    assert taken.name.lower().endswith(".pdf")
    assert "\u202e" not in taken.name
    for who in (FORMER, IDA, IGOR):
        with pytest.raises(NotFound):
            await door.look(lambda uow, who=who: materials.take(uow, Actor(made.persons[who]), file))  # type: ignore[misc]  # mypy sees no default
    for who in (ANNA, CELINA, FORMER, IDA, IGOR):
        actor = Actor(made.persons[who])
        with pytest.raises(NotFound):
            await attach(door, made, meeting, "x.pdf", PDF, actor=actor)
        with pytest.raises(NotFound):
            await door.act(lambda uow, a=actor: materials.remove(uow, a, file))  # type: ignore[misc]  # mypy sees no default
    await door.act(lambda uow: materials.remove(uow, kinga(made), file))
    with pytest.raises(NotFound):
        await door.look(lambda uow: materials.take(uow, Actor(made.persons[ANNA]), file))


async def test_a_meeting_takes_ten_files_and_25_mb(door: Door) -> None:
    """The eleventh file and what is too much together are refused; the same file again is the one that is there."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    first = await attach(door, made, meeting, "plan.pdf", PDF)
    assert await attach(door, made, meeting, "inna nazwa.pdf", PDF) == first
    second = await attach(door, made, meeting, "plan.pdf", PDF + b"2")
    names = {row.id: row.name for row in await door.look(lambda uow: uow.execute(select(MATERIAL.c.id, MATERIAL.c.name)).all())}
    assert (names[first], names[second]) == ("plan.pdf", "plan (2).pdf")
    for size in (9, 9):
        await attach(door, made, meeting, "duży.pdf", PDF + bytes([size]) * (size * 1024**2) + bytes([len(names)]))
        names[-size - len(names)] = ""
    with pytest.raises(Refused, match="25 MB"):
        await attach(door, made, meeting, "za dużo.pdf", PDF + b"x" * (9 * 1024**2))
    for number in range(6):
        await attach(door, made, meeting, "mały.pdf", PDF + b"%d" % number + b"!")
    with pytest.raises(Refused, match="10 files"):
        await attach(door, made, meeting, "jedenasty.pdf", PDF + b"jedenasty")


def _macros() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("[Content_Types].xml", '<x ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>')
    return made.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"<html><script>", b"MZ\x90\x00", _macros(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04\x00"]
)
async def test_what_may_not_go_to_everybody_is_not_attached(door: Door, content: bytes) -> None:
    """Empty files, pages, programs, macros, old and broken documents are refused in words, whatever they are called."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    with pytest.raises(Invalid):
        await attach(door, made, meeting, "plan.pdf", content)
    assert await door.look(lambda uow: uow.execute(select(MATERIAL.c.id)).all()) == []
