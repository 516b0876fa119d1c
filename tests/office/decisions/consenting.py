"""The network on its way from a proposal to a round of consensus and what that comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import select, update
from tests.office.decisions import network
from tests.office.decisions.network import NAMES, OBJECTION, TITLE, Network

from konwent_bot.clock import FixedClock
from konwent_bot.office.decisions import changing, consensus, discussion, facts, proposal_news, register, rounds, settings
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Round
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.occasion import Due
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import NOTICE


class Consenting(Network):
    """The network, and what it does with a proposal until nobody objects or somebody does."""

    async def say(self, proposal: int, name: str, text: str, *, by: Actor | None = None) -> None:
        """Let an institution say something in the discussion."""
        subject = Subject("proposal.comment", self.body, proposal=proposal, membership=self.memberships[name])
        actor = by or self.heads[name]
        await self.act(lambda uow: discussion.comment(uow, actor, subject, discussion.Comment(text=text)) and None)

    async def amend(self, proposal: int, text: str, *, by: Actor | None = None) -> None:
        """Give a proposal another text."""
        subject = Subject("proposal.amend", self.body, proposal=proposal)
        said = changing.Amended(title=TITLE, text=text, reason="Po dyskusji")
        await self.act(lambda uow: changing.amend(uow, by or self.ewa, subject, said) and None)

    async def open(self, proposal: int, *, by: Actor | None = None, until: date | None = None) -> Round:
        """Open a round."""
        return await self.act(lambda uow: consensus.open_round(uow, by or self.ewa, proposal, until))

    async def asked(self, name: str = "GOPS", **said: object) -> Round:
        """Let a proposal be entered, discussed and asked about; give the round."""
        return await self.open(await self.discussed(name, **said))

    async def take(self, round_: Round, name: str, stance: str = "agree", *, by: Actor | None = None) -> Round:
        """Let an institution take a stance; one that needs words has some."""
        actor, whose = by or self.heads[name], self.memberships[name]
        subject = Subject(f"stance.{stance}", self.body, proposal=round_.proposal, consensus=round_.id, membership=whose)

        def work(uow: UnitOfWork) -> Round:
            match stance:
                case "object":
                    consensus.object_(uow, actor, subject, OBJECTION)
                case "reserve":
                    consensus.reserve(uow, actor, subject, consensus.Reservation(reason="W wakacje trudno"))
                case "agree" | "stand_aside":
                    consensus.take(uow, actor, round_.id, whose, stance)
            return rounds.get(uow, round_.id)

        return await self.act(work)

    async def take_all(self, round_: Round, stances: Iterable[str]) -> None:
        """Let the institutions take stances: the first takes the first, and so on."""
        for name, stance in zip(NAMES, stances, strict=False):
            await self.take(round_, name, stance)

    async def call(self, round_: Round) -> Round:
        """Make the final call."""
        return await self.act(lambda uow: consensus.call(uow, self.ewa, round_.id))

    async def close(self, round_: Round) -> Round:
        """Close a round."""
        return await self.act(lambda uow: consensus.close(uow, self.ewa, round_.id))

    async def ended(self, round_: Round) -> Round:
        """Make the final call and close a round."""
        await self.call(round_)
        return await self.close(round_)

    async def choose(self, **given: str) -> None:
        """Choose settings of the body."""
        await self.act(lambda uow: settings.change(uow, self.ewa, self.body, given) and None)

    # --- what stands ---

    async def proposal(self, number: int) -> Proposal:
        """Give a proposal as it stands."""
        return await self.look(lambda uow: facts.get(uow, number))

    async def round(self, number: int) -> Round:
        """Give a round as it stands."""
        return await self.look(lambda uow: rounds.get(uow, number))

    async def decisions(self, proposal: int) -> list[tuple[str, str]]:
        """Give what a proposal came to: how, and what."""
        return [(one.method, one.verdict) for one in await self.entries(proposal)]

    async def entries(self, proposal: int) -> tuple[register.Entry, ...]:
        """Give what a proposal came to, as it stands in the register."""
        return await self.look(lambda uow: register.of_proposal(uow, proposal))

    def before_deadline(self, round_: Round, **step: float) -> None:
        """Let it be so long before a round's deadline."""
        assert round_.closes_at is not None
        self.at(round_.closes_at - timedelta(**step))

    async def until_deadline(self, round_: Round) -> Round:
        """Let a round's deadline come, and the clock with it."""
        self.before_deadline(round_)
        await self.tick()
        return await self.round(round_.id)

    async def notices(self, occasion: str) -> list[str]:
        """Give whom a notice was written for that was not withdrawn, sorted: "GOPS head", or "post"."""
        found = select(NOTICE.c.recipient).where(NOTICE.c.occasion == occasion, NOTICE.c.outcome.is_distinct_from("unwanted"))
        recipients = await self.look(lambda uow: list(uow.execute(found).scalars()))
        names = await self.look(lambda uow: seats(uow, self))
        return sorted(names.get(one, one.partition(":")[0]) for one in recipients)

    async def delivered(self, *, but: Collection[str] = ()) -> None:
        """Let every waiting notice have been sent, but those to the people of some institutions, which were refused."""

        def work(uow: UnitOfWork) -> None:
            names = seats(uow, self)
            for row in uow.execute(select(NOTICE).where(NOTICE.c.settled_at.is_(None))).all():
                lost = names.get(row.recipient, "").rpartition(" ")[0] in but
                settled = {"settled_at": uow.now, "outcome": "refused" if lost else "sent"}
                uow.execute(update(NOTICE).where(NOTICE.c.id == row.id).values(settled))

        await self.act(work)


def seats(uow: UnitOfWork, net: Network) -> dict[str, str]:
    """Give every place of the body by what notices name it by: "GOPS head"."""
    members = meetings.members_of_body(uow, net.body)
    return {f"seat:{place.id}": f"{one.name} {place.role}" for one in members for place in one.places}


def due(uow: UnitOfWork, occasion: str, recipient: str) -> Due:
    """Give a notice as its occasion is asked about it."""
    row = uow.execute(select(NOTICE).where(NOTICE.c.occasion == occasion, NOTICE.c.recipient == recipient)).one()
    return Due(
        row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, row.address, row.created_at, row.due_at
    )  # fmt: skip


def wanted(uow: UnitOfWork, occasion: str, recipient: str) -> bool:
    """Tell whether a notice is still wanted."""
    found = next(one for one in proposal_news.OCCASIONS if one.name == occasion)
    return found.wanted(uow, due(uow, occasion, recipient))


async def gather(door: Door, clock: FixedClock, *, meets: bool = True, present: Collection[str] = NAMES) -> Consenting:
    """Give the network, at a meeting under way or not."""
    return await network.gather(Consenting, door, clock, meets=meets, present=present)
