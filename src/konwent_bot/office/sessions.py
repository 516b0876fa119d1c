"""Sessions: a browser in which a person has been let in. The cookie holds 32 random bytes, the table only their SHA-256.

A session ends by itself after two idle hours and a day after it began, however busy it was; a hand-over, leaving and erasure end it
at once. It gives nobody a right: those follow seats and posts, which every act looks at (``office.rights``).

Before anybody is let in, a browser has an anonymous cookie of the same shape. Only that browser knows it, and it is what tells a form
sent twice (a double tap, a lost answer) from a link in a stranger's hands. Whoever would get in by a used link needs both: the link
and the cookie, which no page and no script can read; and if they do, the session of whoever came first is gone, which is noticed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, insert, or_, select, update

from konwent_bot.domain import roster_words
from konwent_bot.errors import N_, Invalid, NotFound
from konwent_bot.office import links, notices, throttle
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import PERSON, WEB_SESSION

#: A session nobody has used for this long is over.
IDLE: Final = timedelta(hours=2)
#: A session is over this long after it began.
ABSOLUTE: Final = timedelta(hours=24)
#: A session's last use is written again when it is this old: reading pages need not write each time.
TOUCH_AFTER: Final = timedelta(minutes=5)
#: How long the browser that used a link may send the same form again.
AGAIN_WITHIN: Final = timedelta(minutes=10)
#: How long a session is kept after its last possible moment: an answer that came too late is kept for its writer, who is known by it.
KEPT: Final = timedelta(days=30)

#: Requests for a link that pass within ``WINDOW``: to one address of e-mail, and from one address of browsers (an office shares one).
MOST_TO_ADDRESS: Final = 5
MOST_FROM_BROWSER: Final = 20
WINDOW: Final = timedelta(hours=1)

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is alive."""

    #: Its number.
    id: int
    #: Whose it is.
    person: Known
    #: When it will be over if nothing more is done: idle or absolute, whichever comes first.
    ends_at: datetime
    #: When it will be over in any case.
    absolute_at: datetime
    #: When the last use was written down.
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """A browser was let in."""

    #: The cookie's token from now on.
    token: str
    #: The intent the link leads on to, as ``screens.intents`` writes it; empty: home.
    place: str


def new_cookie() -> str:
    """Make a token for a cookie; a browser nobody has been let in by yet gets one too."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def find(uow: UnitOfWork, token: str) -> Session | None:
    """Give the live session of a cookie, or ``None``. Changes nothing; runs in a read-only snapshot too."""
    row = _by_token(uow, _LIVE_BY_TOKEN, token)
    if row is None:
        return None
    return Session(row.id, _known(row), min(row.seen_at + IDLE, row.expires_at), row.expires_at, row.seen_at)


def former(uow: UnitOfWork, token: str) -> Known | None:
    """Give whose session an expired one was, so that what came too late can be kept for its writer; it opens nothing.

    A session somebody ended (signing out, a hand-over, leaving) gives ``None``, and so does a live one.
    """
    row = _by_token(uow, _FORMER_BY_TOKEN, token)
    return None if row is None else _known(row)


def begin(uow: UnitOfWork, person: int, *, browser: str, came_by: str) -> str:
    """Let a person in by this browser and give the token of the cookie. Whoever calls has seen the proof of who it is.

    A session the browser had before is ended: its cookie is about to be replaced, and nobody could end it later.

    Args:
        uow: the unit of work.
        person: who is let in; has accepted an invitation.
        browser: the cookie the browser had so far, anonymous or of a session; empty or anything else: none.
        came_by: the link or invitation that is used now (``link:12``, ``invitation:7``).

    Raises:
        NotFound: nobody of that number has accepted anything.
    """
    if uow.execute(_ACCEPTED, person=person).first() is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    end(uow, browser)
    token = new_cookie()
    uow.execute(
        _NEW, token_hash=_hash(token), person_id=person, grown_from=_hash(browser), came_by=came_by,
        begun_at=uow.now, seen_at=uow.now, expires_at=uow.now + ABSOLUTE,
    )  # fmt: skip
    return token


def again(uow: UnitOfWork, *, browser: str, came_by: str) -> str | None:
    """Answer the same form sent twice: give the session it began another token, and the one given first opens nothing more.

    Only to the very browser that used that very link or invitation within ``AGAIN_WITHIN``: it shows the cookie it had when it was
    let in, or the one it got then. ``None`` for everybody else. The session lasts no longer for it.
    """
    known_as = _hash(browser)
    if not known_as:
        return None
    ids = uow.execute(
        _MINE, browser=known_as, came_by=came_by, since=uow.now - AGAIN_WITHIN, now=uow.now, idle=uow.now - IDLE
    ).first()
    if ids is None:
        return None
    token = new_cookie()
    uow.execute(_GIVE_TOKEN, session=ids.id, new_hash=_hash(token), browser=known_as, now=uow.now)
    return token


def needs_touch(uow: UnitOfWork, session: Session) -> bool:
    """Tell whether the session's last use was written so long ago that it should be written again."""
    return session.seen_at <= uow.now - TOUCH_AFTER


def touch(uow: UnitOfWork, session: Session) -> Session:
    """Note that the session was used just now, if that was not noted lately; give it with its new end.

    A session that is over stays over.
    """
    if not needs_touch(uow, session):
        return session
    if not uow.execute(_SEEN, session=session.id, now=uow.now, idle=uow.now - IDLE).rowcount:
        return session
    return replace(session, seen_at=uow.now, ends_at=min(uow.now + IDLE, session.absolute_at))


def end(uow: UnitOfWork, token: str) -> None:
    """End a session. One that has ended already, or never was, changes nothing."""
    if hashed := _hash(token):
        uow.execute(_END, hash=hashed, now=uow.now)


def end_all(uow: UnitOfWork, person: int) -> None:
    """End everything by which a person could be let in without an invitation: unused links, then every session, expired ones too.

    In this order: somebody who is using a link at this moment comes first, and then their session is seen and ended here.
    """
    links.revoke_all(uow, person)
    uow.execute(_END_ALL, person=person, now=uow.now)


def end_everybodys(uow: UnitOfWork) -> None:
    """End every session and every unused link: what a restored copy holds may have been ended after it was made."""
    uow.execute(_END_EVERY, now=uow.now)
    links.revoke_everybodys(uow)


def enter(uow: UnitOfWork, token: str, *, browser: str) -> Entered:
    """Use a personal link to let this browser in. The browser that used it a moment ago gets in again, no other one does.

    Raises:
        NotFound: the link is not one of ours, or is for another purpose.
        Refused: it was used, has expired, or was ended.
    """
    row = links.find(uow, token, "enter", lock=True)
    came_by = f"link:{row.id}"
    if row.used_at is not None and (same := again(uow, browser=browser, came_by=came_by)) is not None:
        return Entered(same, row.place)
    links.usable(uow, row)
    links.spend(uow, row)
    return Entered(begin(uow, row.person_id, browser=browser, came_by=came_by), row.place)


def ask_link(uow: UnitOfWork, email: str, *, address: str) -> None:
    """Take a request for a link to the address somebody typed. Whether anybody has that address is not even looked at here.

    The courier finds out when it sends. So the answer, and the work done for it, are the same whoever asks for whom. An address for
    which too many links were asked for gets no more for a while, and that is not told either: whoever annoys somebody learns nothing.

    Args:
        uow: the unit of work.
        email: what was typed.
        address: address of the browser that asks.

    Raises:
        Invalid: that is no e-mail address.
        throttle.TooOften: too many requests from this browser's address.
    """
    read = roster_words.address(email.strip())
    if read is None:
        raise Invalid(
            N_("“{email}” is not a correct e-mail address. Write one address, for example name@institution.pl."),
            email=email.strip()[:_SHOWN],
        )
    throttle.limit(uow, "link-from", address, most=MOST_FROM_BROWSER, within=WINDOW)
    if throttle.count(uow, "link-to", read, most=MOST_TO_ADDRESS, within=WINDOW):
        request = notices.REQUEST + secrets.token_hex(16)
        notices.announce(uow, recipient=request, occasion="sign_in", address=read.lower())


# --- inside -----------------------------------------------------------------------------------------------------------

#: How much of what was typed is said back.
_SHOWN = 100

_WHO = (PERSON.c.id.label("person"), PERSON.c.language, PERSON.c.dialogue_id)
_NOW, _IDLE_SINCE, _SINCE = (bindparam(name, type_=UtcInstant) for name in ("now", "idle", "since"))
_OPEN = WEB_SESSION.c.ended_at.is_(None)
_LIVE = and_(_OPEN, WEB_SESSION.c.seen_at > _IDLE_SINCE, WEB_SESSION.c.expires_at > _NOW)
_OVER = and_(_OPEN, or_(WEB_SESSION.c.seen_at <= _IDLE_SINCE, WEB_SESSION.c.expires_at <= _NOW))
_BY_TOKEN = (
    select(WEB_SESSION.c.id, WEB_SESSION.c.seen_at, WEB_SESSION.c.expires_at, *_WHO)
    .join_from(WEB_SESSION, PERSON)
    .where(WEB_SESSION.c.token_hash == bindparam("hash"), PERSON.c.accepted_at.is_not(None))
)
_LIVE_BY_TOKEN = _BY_TOKEN.where(_LIVE)
_FORMER_BY_TOKEN = _BY_TOKEN.where(_OVER)
_ACCEPTED = select(PERSON.c.id).where(PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_not(None))
_NEW = insert(WEB_SESSION)
_MINE = (
    select(WEB_SESSION.c.id)
    .join_from(WEB_SESSION, PERSON)
    .where(
        or_(WEB_SESSION.c.grown_from == bindparam("browser"), WEB_SESSION.c.token_hash == bindparam("browser")),
        WEB_SESSION.c.came_by == bindparam("came_by"),
        WEB_SESSION.c.begun_at > _SINCE,
        PERSON.c.accepted_at.is_not(None),
        _LIVE,
    )
    .order_by(WEB_SESSION.c.id.desc())
    .limit(1)
    .with_for_update(of=WEB_SESSION)
)
#: The browser is known from now on by what it showed now: the next repetition shows the same, or the new token.
_GIVE_TOKEN = (
    update(WEB_SESSION)
    .where(WEB_SESSION.c.id == bindparam("session"))
    .values(token_hash=bindparam("new_hash"), grown_from=bindparam("browser"), seen_at=_NOW)
)
_SEEN = (
    update(WEB_SESSION).where(WEB_SESSION.c.id == bindparam("session"), WEB_SESSION.c.seen_at < _NOW, _LIVE).values(seen_at=_NOW)
)
_END = update(WEB_SESSION).where(WEB_SESSION.c.token_hash == bindparam("hash"), _OPEN).values(ended_at=_NOW)
_END_ALL = update(WEB_SESSION).where(WEB_SESSION.c.person_id == bindparam("person"), _OPEN).values(ended_at=_NOW)


_END_EVERY = update(WEB_SESSION).where(WEB_SESSION.c.ended_at.is_(None)).values(ended_at=bindparam("now"))


def _by_token(uow: UnitOfWork, statement: Any, token: str) -> Row[Any] | None:
    hashed = _hash(token)
    return uow.execute(statement, hash=hashed, now=uow.now, idle=uow.now - IDLE).one_or_none() if hashed else None


def _known(row: Row[Any]) -> Known:
    return Known(row.person, row.language, row.dialogue_id)


def _hash(token: str) -> str:
    """Give the hash of a cookie's token; empty for anything that is none of ours."""
    return hashlib.sha256(token.encode("ascii")).hexdigest() if _TOKEN.match(token) else ""
