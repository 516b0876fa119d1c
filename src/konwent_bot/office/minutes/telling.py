"""Telling people of minutes: that a version went out, once to each institution and each post; that there is something to do; what became of it.

Asks no rights: the acts that call do.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, select

from konwent_bot.domain.meetings.representation import reminder_order
from konwent_bot.office import notices
from konwent_bot.office.decisions.recipients import Recipients, each_once
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.minutes.roll import Remark
from konwent_bot.office.rights import RIGHTS, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import POST

CIRCULATED: Final = "minutes.circulated"
FINAL: Final = "minutes.final"
ANNEX: Final = "minutes.annex"
REMARK: Final = "minutes.remark"
SETTLED: Final = "minutes.remark_settled"
OVER: Final = "minutes.settle"
#: Posts that are told of minutes like institutions are.
_TOLD: Final = ("coordinator", "chair", "minute_taker")
#: Posts that have something to do when remarks come.
_CIRCULATING: Final = tuple(sorted(RIGHTS[CIRCULATE] - {"operator"}))


def circulated(uow: UnitOfWork, minutes: Minutes, *, but: Actor | None = None) -> None:
    """Tell every institution through its proper person that a version went out, and the posts, each person once; not who sent it."""
    seats = recipients(uow, minutes)
    rest = each_once({**seats, **_posts(uow, minutes.body, _TOLD)}, but=but)
    for recipient in (*seats, *(one for one in rest if one not in seats)):
        _announce(uow, minutes, recipient, CIRCULATED, minutes.version)


def final(uow: UnitOfWork, minutes: Minutes) -> None:
    """Tell everybody that minutes are final."""
    _tell_all(uow, minutes, FINAL, minutes.version)


def annex(uow: UnitOfWork, minutes: Minutes, version: int) -> None:
    """Tell everybody that there is an annex."""
    _tell_all(uow, minutes, ANNEX, version)


def remark_came(uow: UnitOfWork, minutes: Minutes) -> None:
    """Tell whoever circulates the minutes that there are remarks: one message, with all that are open when it is sent."""
    for recipient in _posts(uow, minutes.body, _CIRCULATING):
        _announce(uow, minutes, recipient, REMARK)


def remark_settled(uow: UnitOfWork, minutes: Minutes, remark: Remark) -> None:
    """Tell an institution what became of its remark: its proper person, and who had it."""
    found = dict(recipients(uow, minutes, {remark.membership}))
    for member in meetings.members_of_body(uow, minutes.body):
        if member.membership == remark.membership and remark.person is not None:
            found |= {f"seat:{seat}": person for seat, (person, _) in member.holders.items() if person == remark.person}
    for recipient in each_once(found):
        notices.announce(
            uow, recipient=recipient, occasion=SETTLED, subject=remark.subject, body=minutes.body, revision=1
        )  # fmt: skip


def over(uow: UnitOfWork, minutes: Minutes, *, but: Actor | None = None) -> None:
    """Tell whoever circulates the minutes, once a version, that nobody is waited for and something is to be done."""
    for recipient in each_once(_posts(uow, minutes.body, _CIRCULATING), but=but):
        _announce(uow, minutes, recipient, OVER, minutes.version)


def recipients(uow: UnitOfWork, minutes: Minutes, whose: Collection[int] | None = None, *, most: int = 1) -> Recipients:
    """Give the places institutions (``None``: all of the body) are told through, the nearest ``most`` of each.

    Who is proper is who is for the kind of the meeting; of an institution nobody can be told there is none.
    """
    kind = meetings.get(uow, minutes.meeting).kind
    return {
        f"seat:{place.id}": one.holders[place.id][0]
        for one in meetings.members_of_body(uow, minutes.body)
        if whose is None or one.membership in whose
        for place in reminder_order(kind, one.places)[:most]
    }


# --- inside -----------------------------------------------------------------------------------------------------------


def _announce(uow: UnitOfWork, minutes: Minutes, recipient: str, occasion: str, revision: int | None = None) -> None:
    notices.announce(
        uow, recipient=recipient, occasion=occasion, subject=minutes.subject, body=minutes.body, revision=revision
    )  # fmt: skip


def _tell_all(uow: UnitOfWork, minutes: Minutes, occasion: str, version: int) -> None:
    for recipient in each_once({**recipients(uow, minutes), **_posts(uow, minutes.body, _TOLD)}):
        _announce(uow, minutes, recipient, occasion, version)


def _posts(uow: UnitOfWork, body: int, kinds: tuple[str, ...]) -> Recipients:
    return {f"post:{row.id}": row.person_id for row in uow.execute(_POSTS, body=body, kinds=kinds)}


_POSTS = (
    select(POST.c.id, POST.c.person_id)
    .where(POST.c.body_id == bindparam("body"), POST.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(POST.c.kind.desc(), POST.c.number)
)
