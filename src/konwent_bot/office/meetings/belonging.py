"""Who belongs to a body: whoever holds a place for good or a post in it. They see its plan; what they may do is for ``rights`` to say."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select, union_all

from konwent_bot.errors import NotFound
from konwent_bot.office.meetings import facts
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, MEMBERSHIP, POST, SEAT


def require(uow: UnitOfWork, actor: Actor, body: int) -> None:
    """Refuse unless the actor belongs to a body, or is the operator and there is one.

    Raises:
        NotFound: it does not; worded like a thing that does not exist.
    """
    found = uow.execute(_THERE, body=body) if actor.person is None else uow.execute(_BELONGS, body=body, person=actor.person)
    if found.first() is None:
        raise NotFound(facts.NOT_HERE)


def belongs(uow: UnitOfWork, person: int, body: int) -> bool:
    """Tell whether a person belongs to a body."""
    return uow.execute(_BELONGS, body=body, person=person).first() is not None


def bodies(uow: UnitOfWork, person: int) -> list[tuple[int, str]]:
    """Give number and name of every body a person belongs to, by name."""
    return [(row.id, row.name) for row in uow.execute(_BODIES, person=person)]


_BODIES = (
    select(BODY.c.id, BODY.c.name)
    .where(
        or_(
            BODY.c.id.in_(
                select(MEMBERSHIP.c.body_id)
                .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
                .where(SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None), MEMBERSHIP.c.left_on.is_(None))
            ),
            BODY.c.id.in_(select(POST.c.body_id).where(POST.c.person_id == bindparam("person"))),
        )
    )
    .order_by(BODY.c.name, BODY.c.id)
)
_THERE = select(BODY.c.id).where(BODY.c.id == bindparam("body"))
_BELONGS = union_all(
    select(SEAT.c.id)
    .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(
        SEAT.c.person_id == bindparam("person"),
        SEAT.c.meeting_id.is_(None),
        MEMBERSHIP.c.body_id == bindparam("body"),
        MEMBERSHIP.c.left_on.is_(None),
    ),
    select(POST.c.id).where(POST.c.person_id == bindparam("person"), POST.c.body_id == bindparam("body")),
)
