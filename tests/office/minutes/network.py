"""The network of the tests of minutes: ten institutions at a meeting that something was decided at, and its minutes.

The coordinator closes the meeting; the minute-taker is the designated person of the parish. Everything comes of office acts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeVar

from sqlalchemy import select
from tests.office.decisions import network
from tests.office.decisions.consenting import Consenting
from tests.office.decisions.network import NAMES

from konwent_bot.clock import FixedClock
from konwent_bot.documents.minutes.content import Content
from konwent_bot.documents.minutes.draft import Draft
from konwent_bot.office import seats
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import convening
from konwent_bot.office.minutes import answers, circulating, drafts, facts, notes, versions
from konwent_bot.office.minutes.drafts import Current
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.notes import Note, Written
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import AGENDA_ITEM, SEAT

M = TypeVar("M", bound="Minuting")
#: Who is at the meeting; the school is not.
PRESENT: Final = NAMES[:-1]
TEXT: Final = "Biblioteka udostępni salę."


class Minuting(Consenting):
    """The network, and what it does with the minutes of a meeting."""

    #: Who takes the minutes.
    maria: Actor

    async def closed(self) -> Minutes:
        """Let the meeting end an hour and three quarters after it began to be talked at, and be closed; give its minutes."""
        self.wait(minutes=105)
        return await self.act(self._close)

    def _close(self, uow: UnitOfWork) -> Minutes:
        convening.close(uow, self.ewa, self.meeting or 0, held=True)
        found = facts.of_meeting(uow, self.meeting or 0)
        assert found is not None
        return found

    async def minutes(self, number: int) -> Minutes:
        """Give minutes as they stand."""
        return await self.look(lambda uow: facts.get(uow, number))

    async def current(self, minutes: Minutes) -> Current:
        """Give minutes as whoever writes them sees them."""
        return await self.look(lambda uow: drafts.current(uow, self.maria, minutes.id))

    async def draft(self, minutes: Minutes) -> Draft:
        """Give the draft of minutes."""
        return (await self.current(minutes)).draft

    async def item(self, kind: str) -> int:
        """Give the number of the first item of a kind on the meeting's agenda."""
        found = (
            select(AGENDA_ITEM.c.id)
            .where(AGENDA_ITEM.c.meeting_id == self.meeting, AGENDA_ITEM.c.kind == kind, AGENDA_ITEM.c.state == "accepted")
            .order_by(AGENDA_ITEM.c.position)
        )
        return int(await self.look(lambda uow: uow.execute(found.limit(1)).scalar_one()))

    async def write(self, minutes: Minutes, text: str = TEXT, *, item: int = 0, by: Actor | None = None) -> Note:
        """Write a paragraph (under an item of the agenda, or at the end)."""
        actor, subject = by or self.maria, Subject("minutes.write", self.body, minutes=minutes.id, item=item)

        def work(uow: UnitOfWork) -> Note:
            made = notes.write(uow, actor, subject, Written(text=text)).made
            return notes.one(uow, actor, made or 0)[1]

        return await self.act(work)

    async def change(self, note: Note, text: str, *, by: Actor | None = None, read: int | None = None) -> int:
        """Change a paragraph as it was read (or at another revision); give what the text is in now."""
        subject = Subject(
            "minutes.change", self.body, minutes=note.minutes, item=facts.item_of(note.point), note=note.id,
            revision=note.revision if read is None else read,
        )  # fmt: skip
        done = await self.act(lambda uow: notes.change(uow, by or self.maria, subject, Written(text=text)))
        assert done.made is not None
        return done.made

    async def notes(self, minutes: Minutes) -> list[str]:
        """Give the texts of all paragraphs."""
        return [one.body for one in await self.look(lambda uow: notes.of(uow, minutes.id))]

    async def circulate(self, minutes: Minutes, *, edition: int | None = None, by: Actor | None = None) -> Version:
        """Send minutes out as they stand (or an edition of them)."""
        wanted = edition if edition is not None else (await self.minutes(minutes.id)).edition
        return await self.act(lambda uow: circulating.circulate(uow, by or self.ewa, minutes.id, wanted))

    async def accepted(self, minutes: Minutes, names: Collection[str] = NAMES) -> None:
        """Let institutions accept the newest version, each by its head."""
        version = (await self.minutes(minutes.id)).version

        def work(uow: UnitOfWork) -> None:
            for name in names:
                answers.accept(uow, self.heads[name], minutes.id, version, self.memberships[name])

        await self.act(work)

    async def pdf(self, version: Version) -> bytes:
        """Give the bytes of a document."""
        return (await self.look(lambda uow: versions.pdf(uow, version))).content


async def gather(door: Door, clock: FixedClock, *, present: Collection[str] = PRESENT) -> Minuting:
    """Give the network at its meeting."""
    return await gather_as(Minuting, door, clock, present=present)


async def gather_as(kind: type[M], door: Door, clock: FixedClock, *, present: Collection[str] = PRESENT) -> M:
    """Give the network at its meeting, as somebody who does more with its minutes."""
    made = await network.gather(kind, door, clock, meets=True, present=present)
    whose = select(SEAT.c.id).where(SEAT.c.membership_id == made.memberships["Parafia"], SEAT.c.role == "delegate")
    seat = await made.look(lambda uow: uow.execute(whose).scalar_one())
    await made.act(lambda uow: seats.give_post(uow, OPERATOR, made.body, "minute_taker", seat=seat) and None)
    made.maria = made.delegates["Parafia"]
    return made


def said(draft: Draft | Content) -> str:
    """Give everything a draft says as text."""
    return "\n".join(line for point in draft.points for paragraph in point.paragraphs for line in (point.named, *paragraph.lines))


def sources(draft: Draft) -> dict[str, str]:
    """Give what each source of a draft says."""
    found: dict[str, str] = {}
    for point in draft.points:
        for one in point.paragraphs:
            found[f"{point.key} {one.source}"] = "\n".join((one.title, one.text, *one.items))
            found |= {f"{point.key} {row.source}": "; ".join(row.cells) for row in one.rows}
    return found
