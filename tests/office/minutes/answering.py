"""The network once its minutes have gone out: who accepts them, who has remarks, and what becomes of those."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from tests.office.decisions.consenting import seats
from tests.office.decisions.network import NAMES
from tests.office.minutes import network
from tests.office.minutes.network import PRESENT, Minuting

from konwent_bot.clock import FixedClock
from konwent_bot.errors import KonwentError
from konwent_bot.office import deliveries
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import answers, facts, news, remarks, roll, settings, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.roll import Roll
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.occasion import Due, Message, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import NOTICE

BY_NAME: Final = {one.name: one for one in news.OCCASIONS}
#: Through what a message would go.
READER: Final = Reader(None, "", "pl", "mail", "x@example.org", False)
WORDS: Final = "Spotkanie zaczęło się o 10:15."
REASON: Final = "Lista obecności mówi co innego."


class Answering(Minuting):
    """The network, and what it says of minutes that went out."""

    async def sent(self, *, days: int = 7) -> Minutes:
        """Let the meeting be closed and its minutes go out, to be answered within so many days; give them."""
        await self.act(lambda uow: settings.change(uow, self.ewa, self.body, {"days": str(days)}) and None)
        minutes = await self.closed()
        await self.circulate(minutes)
        return await self.minutes(minutes.id)

    async def accept(self, minutes: Minutes, name: str, *, by: Actor | None = None, version: int | None = None) -> None:
        """Let an institution accept the version it looked at (the newest, unless said otherwise)."""
        await self.act(lambda uow: accepted(uow, self, minutes.id, name, by=by, version=version))

    async def accept_all(self, minutes: Minutes, *, but: Collection[str] = ()) -> None:
        """Let all institutions accept the newest version, but some."""
        for name in NAMES:
            if name not in but:
                await self.accept(minutes, name)

    async def remark(self, minutes: Minutes, name: str, text: str = WORDS, *, by: Actor | None = None, point: str = "") -> int:
        """Let an institution have a remark; give its number."""
        return await self.act(lambda uow: remarked(uow, self, minutes.id, name, text, by=by, point=point))

    async def take_up(self, remark: int, *, by: Actor | None = None) -> None:
        """Let the coordinator accept a remark."""
        await self.act(lambda uow: remarks.accept(uow, by or self.ewa, remark) and None)

    async def decline(self, remark: int, *, by: Actor | None = None) -> None:
        """Let the coordinator decline a remark."""
        await self.act(lambda uow: declined(uow, self, remark, by=by))

    # --- time ---

    def till_deadline(self, sent: Minutes, /, **left: float) -> None:
        """Let it be so long before the deadline of minutes."""
        assert sent.answer_until is not None
        self.at(sent.answer_until - timedelta(**left))

    async def over(self, minutes: Minutes) -> Minutes:
        """Let the deadline come, and the clock with it."""
        self.till_deadline(minutes)
        await self.tick()
        return await self.minutes(minutes.id)

    # --- what stands ---

    async def roll(self, minutes: Minutes, version: int) -> Roll:
        """Give what the roll of a version says."""
        return await self.look(lambda uow: roll.of(uow, minutes.id, version))

    async def said(self, minutes: Minutes, version: int) -> dict[str, str]:
        """Give what institutions answered to a version, of those that have."""
        return {one.name: one.answer for one in (await self.roll(minutes, version)).places if one.answer}

    async def versions(self, minutes: Minutes) -> list[Version]:
        """Give everything that went out of minutes."""
        return list(await self.look(lambda uow: versions.of(uow, minutes.id)))

    async def told(self, occasion: str, revision: int | None = None) -> list[str]:
        """Give whom the notices of an occasion are for, whatever became of them, sorted: "GOPS head", or "post"."""
        found = select(NOTICE.c.recipient).where(NOTICE.c.occasion == occasion)
        if revision is not None:
            found = found.where(NOTICE.c.revision == revision)
        recipients = await self.look(lambda uow: list(uow.execute(found).scalars()))
        names = await self.look(lambda uow: seats(uow, self))
        return sorted(names.get(one, one.partition(":")[0]) for one in recipients)

    async def messages(self, occasion: str) -> dict[str, Any]:
        """Give what the notices of an occasion say that wait and are still wanted, by whom they are for."""

        def work(uow: UnitOfWork) -> dict[str, Message | str | None]:
            names, found = seats(uow, self), BY_NAME[occasion]
            return {
                names.get(one.recipient, one.kind): found.make(uow, one, READER)
                for one in waiting(uow, occasion)
                if found.wanted(uow, one)
            }

        return await self.look(work)

    async def tried(self, work: Callable[[UnitOfWork], object]) -> str:
        """Try something and take it back; give the class of what refused it, or "done"."""

        def tried(uow: UnitOfWork) -> None:
            work(uow)
            raise _Undone

        try:
            await self.door.act(tried)
        except _Undone:
            return "done"
        except KonwentError as refused:
            return type(refused).__name__
        raise AssertionError("it neither ended nor was refused")


class _Undone(Exception):
    """Takes back what was tried."""


def waiting(uow: UnitOfWork, occasion: str) -> list[Due]:
    """Give the notices of an occasion that were neither sent nor withdrawn, as it is asked about them."""
    rows = uow.execute(select(NOTICE).where(NOTICE.c.occasion == occasion, NOTICE.c.settled_at.is_(None)).order_by(NOTICE.c.id))
    return [deliveries.due_of(row) for row in rows.all()]


def accepted(
    uow: UnitOfWork, net: Minuting, minutes: int, name: str, *, by: Actor | None = None, version: int | None = None
) -> None:
    """Accept a version for an institution."""
    newest = facts.get(uow, minutes).version if version is None else version
    answers.accept(uow, by or net.heads[name], minutes, newest, net.memberships[name])


def remarked(
    uow: UnitOfWork, net: Minuting, minutes: int, name: str, text: str = WORDS, *, by: Actor | None = None, point: str = ""
) -> int:
    """Have a remark for an institution; give its number."""
    found = facts.get(uow, minutes)
    key = point or (versions.points(versions.get(uow, minutes, found.version))[0][0] if found.version else "end")
    subject = Subject(remarks.REMARK, net.body, minutes=minutes, membership=net.memberships[name])
    given = remarks.RemarkGiven(point=(key.replace(":", "-"),), text=text)
    made = remarks.remark(uow, by or net.heads[name], subject, given).made
    assert made is not None
    return made


def declined(uow: UnitOfWork, net: Minuting, remark: int, *, by: Actor | None = None) -> None:
    """Decline a remark."""
    subject = Subject(remarks.DECLINE, net.body, remark=remark)
    remarks.decline(uow, by or net.ewa, subject, remarks.Declined(reason=REASON))


async def gather(door: Door, clock: FixedClock, *, present: Collection[str] = PRESENT) -> Answering:
    """Give the network at its meeting."""
    return await network.gather_as(Answering, door, clock, present=present)
