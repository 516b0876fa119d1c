"""Whom is told of decisions: institutions, each through its proper person, and the posts of whoever coordinates or chairs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from sqlalchemy import bindparam, select

from konwent_bot.office.decisions import facts
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import POST

#: What notices go to ("seat:7", "post:1"), in order, with who holds it now; ``None``: nobody has accepted it yet.
Recipients: TypeAlias = Mapping[str, int | None]


def everybody(uow: UnitOfWork, proposal: Proposal) -> Recipients:
    """Give the proper place of each entitled institution, and the posts."""
    return {**of_institutions(uow, proposal, None), **posts(uow, proposal.body)}


def of_institutions(uow: UnitOfWork, proposal: Proposal, whose: Collection[int] | None, *, most: int = 1) -> Recipients:
    """Give the places these of the entitled institutions (``None``: all) are told through, the nearest ``most`` of each.

    Of an institution nobody can be told there is none.
    """
    members = tuple(one for one in facts.entitled(uow, proposal) if whose is None or one.membership in whose)
    orders = facts.orders(uow, proposal, members)
    return {f"seat:{place.id}": one.holders[place.id][0] for one in members for place in orders[one.membership][:most]}


def posts(uow: UnitOfWork, body: int) -> Recipients:
    """Give the posts of whoever coordinates or chairs a body."""
    return {f"post:{row.id}": row.person_id for row in uow.execute(_POSTS, body=body)}


def each_once(recipients: Recipients, *, but: Actor | None = None) -> tuple[str, ...]:
    """Give them so that nobody reads the same twice, whatever places they hold; leave out who brought it about."""
    found: dict[str, int | None] = {}
    for recipient, person in recipients.items():
        if person is None or ((but is None or person != but.person) and person not in found.values()):
            found[recipient] = person
    return tuple(found)


_POSTS = (
    select(POST.c.id, POST.c.person_id)
    .where(POST.c.body_id == bindparam("body"), POST.c.kind.in_(("coordinator", "chair")))
    .order_by(POST.c.kind.desc(), POST.c.number)
)
