"""How often anybody may try something. Counted in the store, so that neither a restart nor a second process forgets an attempt.

Windows are fixed: the first try opens one, and once it is older than allowed the next try opens another. Within any one window no
more than ``most`` tries pass; within any stretch of that length that lies across two windows, no more than twice as many.

Only a hash of who tries is kept, and for a day. A try that is refused by an exception is rolled back with everything else its unit
of work did; that changes nothing, because a full window stays full until it ends.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, case

from konwent_bot.domain.roster_words import fold
from konwent_bot.errors import N_, Fact, Refused
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import THROTTLE

#: How long a count is kept after its window began; no window may be longer.
KEPT: Final = timedelta(days=1)
#: A whole site of IPv6 has this many leading bits in common (RFC 6177), and every machine in it may choose the rest anew each minute.
_SITE_BITS: Final = 64


class TooOften(Refused):
    """Too many tries. ``retry_after`` says in how many seconds (whole, at least 1) the next one may pass."""

    def __init__(self, msgid: str, /, *, retry_after: int, **facts: Fact) -> None:
        super().__init__(msgid, **facts)
        self.retry_after = retry_after


def count(uow: UnitOfWork, what: str, who: str, *, most: int, within: timedelta) -> bool:
    """Count a try and say whether it may pass; ``False``: too often.

    Args:
        uow: the unit of work.
        what: what is tried, in one word of at most 25 signs.
        who: who tries: an address of e-mail or of a browser. Case never matters; of IPv6 the site counts.
        most: how many tries pass in one window.
        within: how long a window lasts, at most ``KEPT``.
    """
    return _try(uow, what, who, within).tries <= most


def limit(uow: UnitOfWork, what: str, who: str, *, most: int, within: timedelta) -> None:
    """Count a try as ``count`` does, and refuse the one that is too many.

    Raises:
        TooOften: with the hour at which the next try may pass.
    """
    counted = _try(uow, what, who, within)
    if counted.tries > most:
        again = counted.since + within
        raise TooOften(
            N_("There were too many tries in a short time. You can try again at {time}."),
            retry_after=max(1, math.ceil((again - uow.now).total_seconds())),
            # Rounded up to a whole minute: whoever comes at the hour we name is let through.
            time=(again + timedelta(seconds=59, microseconds=999_999)).astimezone(uow.house.zone).time().replace(second=0, microsecond=0),
        )  # fmt: skip


# --- inside -----------------------------------------------------------------------------------------------------------


class _Counted(NamedTuple):
    """A window: when it began, and the tries in it with this one."""

    since: datetime
    tries: int


_NOW = bindparam("now", type_=UtcInstant)
#: A window that lies further ahead than it lasts was opened before the clock was set back, and must not lock anybody out for days.
_SAME_WINDOW = and_(
    THROTTLE.c.since > bindparam("begin", type_=UtcInstant), THROTTLE.c.since <= bindparam("latest", type_=UtcInstant)
)
_COUNT = upsert(
    THROTTLE,
    lambda new: (
        new.values(key=bindparam("key"), since=_NOW, tries=1)
        .on_conflict_do_update(
            index_elements=[THROTTLE.c.key],
            set_={
                "since": case((_SAME_WINDOW, THROTTLE.c.since), else_=_NOW),
                "tries": case((_SAME_WINDOW, THROTTLE.c.tries + 1), else_=1),
            },
        )
        .returning(THROTTLE.c.since, THROTTLE.c.tries)
    ),
)


def _try(uow: UnitOfWork, what: str, who: str, within: timedelta) -> _Counted:
    if within > KEPT:  # a slip of ours: the count would be forgotten before its window ends
        raise ValueError("a window of tries may last a day at most")
    row = uow.execute(
        _COUNT[uow.dialect], key=_key(what, who), now=uow.now, begin=uow.now - within, latest=uow.now + within
    ).one()
    return _Counted(row.since, row.tries)


def _key(what: str, who: str) -> str:
    return f"{what}:{hashlib.sha256(_site(fold(who)).encode('utf-8', 'surrogatepass')).hexdigest()}"


def _site(who: str) -> str:
    """Give what an address of a browser is counted by: IPv4 whole (also inside IPv6), IPv6 by its site; anything else as it is."""
    try:
        address = ipaddress.ip_address(who)
    except ValueError:
        return who
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(address) >> _SITE_BITS << _SITE_BITS, 128 - _SITE_BITS)))
    return str(address)
