"""Dispatch: handing due notices to the courier, one try at a time, and recording how each try ended.

Claim, prepare, record. A try is a row of ``delivery`` with a lease: while it runs nobody else takes the notice, whichever process
asks; when it has run out the courier died in the middle, and whether the letter went is not known. The same lease, set on a try that
failed, is how long the notice rests before the next one.

**Two times.** When a notice is due is civil time, which a demo moves. Leases and rests are real time: a claim must not run out because
somebody moved the clock by a day. Whoever calls gives the real instant (``real``), from the machine's clock, because a claim has to
outlive its process and be understood by another one, which a monotonic clock cannot; five minutes leave room for clocks that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, bindparam, case, delete, exists, func, insert, select, union_all, update

from konwent_bot.errors import Refused
from konwent_bot.office import invitations, links
from konwent_bot.office.invitations import Issued
from konwent_bot.office.notices import REQUEST_WAITS
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import DELIVERY, INVITATION, MEMBERSHIP, NOTICE, PERSON, POST, SEAT

#: How long a claim holds: a batch waits its turn, then each letter gets as much again for itself.
LEASE: Final = timedelta(minutes=5)
#: Rests after the first, second, third try; after every later one the last.
RESTS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
#: So many tries take a day (1 + 5 + 30 minutes, then every two hours); a mail server that is away for longer is somebody's task.
TRIES: Final = 16
#: Persons one address is believed to be shared by; an office has one address, not a town.
SHARED_BY: Final = 12
#: Letters of which a second one does less harm than none: each holds a link, and without it somebody stays outside. A second
#: invitation ends the link of the first and says so; a second way in is one more link that works once. Repeated once, not for ever.
REPEATED: Final = frozenset({"invitation", "sign_in", "confirm_email"})

#: Reasons of ours for not sending: neither the roster nor a coordinator gives an address; links would lead nowhere yet.
NO_ADDRESS: Final = "no_address"
NO_LINKS: Final = "no_links"

#: Stands as the reason of a try whose letter has been made; until then nothing can have been sent.
BEGUN: Final = "begun"

#: How a try ended. ``refused``: the address takes nothing, for good. ``failed``: not taken now. ``uncertain``: it may have arrived.
Ending: TypeAlias = Literal["sent", "refused", "failed", "uncertain"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A try that is ours to make until its lease runs out."""

    delivery: int
    notice: int
    attempt: int

    @property
    def name(self) -> str:
        """What this try is called outside, the same whoever asks: the left side of a Message-ID."""
        return f"notice.{self.notice}.{self.attempt}"


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """An invitation to a place."""

    to: str
    issued: Issued
    #: The roster gives no address for the place, so it goes to whoever coordinates, to be handed over.
    by_hand: bool
    #: Nobody has chosen a language yet; the installation's is used.
    language: str = ""


@dataclass(frozen=True, slots=True)
class WayIn:
    """A sign-in link of one person."""

    name: str
    #: The places that person holds, as "institution, body".
    places: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class SignInLetter:
    """Links into the pages, one for each person who has this address."""

    to: str
    ways: tuple[WayIn, ...]
    expires_at: datetime
    #: Empty when those who share the address have chosen different ones.
    language: str


@dataclass(frozen=True, slots=True)
class ConfirmLetter:
    """A link that proves that mail to a new address is read by the person who gave it."""

    to: str
    name: str
    url: str
    expires_at: datetime
    language: str


#: What is to be written, in plain values; ``screens.letters`` finds the words.
Letter: TypeAlias = InvitationLetter | SignInLetter | ConfirmLetter


def anything(uow: UnitOfWork, *, real: datetime) -> bool:
    """Tell whether a claim made now would give anything. Cheap: asked every few seconds."""
    return bool(uow.execute(_ANYTHING, now=uow.now, real=real).scalar_one())


def claim(uow: UnitOfWork, *, real: datetime, most: int) -> list[Claim]:
    """Take up to ``most`` notices that are due, the oldest first. Two that claim at once never get the same one.

    A claim whose lease has run out is found here: its courier died, so a try whose letter had been made counts as uncertain.
    """
    free = list(uow.execute(_FREE, now=uow.now, real=real, most=most).scalars())
    if not free:
        return []
    # Asked again now that the rows are locked, with what was committed since: on PostgreSQL a row whose claim was committed a
    # moment ago may be in ``free`` all the same, because a claim writes beside the notice and not into it.
    tries: dict[int, list[Row[Any]]] = {notice: [] for notice in free}
    for row in uow.execute(select(DELIVERY).where(_D.notice_id.in_(free)).order_by(_D.attempt)):
        tries[row.notice_id].append(row)
    return [made for notice in free if (made := _take(uow, notice, tries[notice], real)) is not None]


def prepare(uow: UnitOfWork, claimed: Claim, *, real: datetime) -> Letter | None:
    """Give what the letter must say, immediately before it is sent; ``None`` when it must not be sent.

    Only now is it asked whether the notice is still wanted, and only now are its links made. The lease begins anew.
    """
    notice = uow.execute(_LOCK, notice=claimed.notice).one_or_none()
    renewed = uow.execute(_RENEW, delivery=claimed.delivery, real=real, until=real + LEASE, now=uow.now).rowcount
    if notice is None or not renewed:
        return None  # we were away for longer than our lease, and somebody else has drawn conclusions
    letter = None if notice.settled_at is not None else _letter(uow, notice)
    match letter:
        case None:
            uow.execute(_UNDO, delivery=claimed.delivery)
            _settle(uow, notice.id, "unwanted")
            return None
        case str() as reason:  # an address may be missing for good; links will have somewhere to lead once it is set
            record(uow, claimed, "refused" if reason == NO_ADDRESS else "failed", real=real, reason=reason)
            return None
        case _:
            return letter


def record(
    uow: UnitOfWork,
    claimed: Claim,
    ending: Ending,
    *,
    real: datetime,
    message: str = "",
    content_hash: str = "",
    reason: str = "",
    rest: bool = True,
) -> None:
    """Record how a try ended, and with it what becomes of the notice.

    Args:
        uow: the unit of work.
        claimed: the try.
        ending: how it ended.
        real: the real instant.
        message: the channel's name for what was sent.
        content_hash: SHA-256 of the bytes that went out, in hexadecimal.
        reason: a code or a class of what the other side said; never an address or a text.
        rest: leave some time before the next try, if there is to be one.
    """
    if uow.execute(_LOCK, notice=claimed.notice).one_or_none() is None:
        return
    resting = RESTS[min(claimed.attempt, len(RESTS)) - 1] if rest and ending in ("failed", "uncertain") else timedelta()
    told = uow.execute(
        _END, delivery=claimed.delivery, how=ending, until=real + resting, now=uow.now, message_=message, hash_=content_hash, reason_=reason
    )  # fmt: skip
    if not told.rowcount:
        return
    match ending:
        case "sent" | "refused":
            _settle(uow, claimed.notice, ending)
        case "failed" if claimed.attempt >= TRIES:
            _settle(uow, claimed.notice, "failed")
        case "uncertain" if not _may_repeat(uow, claimed.notice):
            _settle(uow, claimed.notice, "uncertain")


def give_back(uow: UnitOfWork, claims: Sequence[Claim]) -> None:
    """Put back what was claimed and not tried: somebody else may take it at once."""
    for one in claims:
        uow.execute(_UNDO, delivery=one.delivery)


def in_flight(uow: UnitOfWork) -> list[Claim]:
    """Give every try that is under way, or was when its courier died."""
    found = uow.execute(select(_D.id, _D.notice_id, _D.attempt).where(_D.state == "sending").order_by(_D.id))
    return [Claim(row.id, row.notice_id, row.attempt) for row in found]


# --- claiming ---------------------------------------------------------------------------------------------------------

_N = NOTICE.c
_D = DELIVERY.c
_REAL = bindparam("real", type_=UtcInstant)
_NOW = bindparam("now", type_=UtcInstant)
_UNTIL = bindparam("until", type_=UtcInstant)

_RESTING = exists().where(_D.notice_id == _N.id, _D.lease_until > _REAL)
_DUE = (_N.settled_at.is_(None), _N.due_at <= _NOW, ~_RESTING)
_ANYTHING = select(exists().where(*_DUE))
_FREE = select(_N.id).where(*_DUE).order_by(_N.due_at, _N.id).limit(bindparam("most")).with_for_update(skip_locked=True)
_LOCK = select(NOTICE).where(_N.id == bindparam("notice")).with_for_update()
_BEGIN = insert(DELIVERY).returning(_D.id)
_ONE = _D.id == bindparam("delivery")
_RENEW = (
    update(DELIVERY)
    .where(_ONE, _D.state == "sending", _D.lease_until > _REAL)
    .values(lease_until=_UNTIL, begun_at=_NOW, reason=BEGUN)
)
_UNDO = delete(DELIVERY).where(_ONE, _D.state == "sending")
#: A try that was given up as uncertain and then answers after all has answered.
_END = (
    update(DELIVERY)
    .where(_ONE, _D.state.in_(("sending", "uncertain")))
    .values(
        state=bindparam("how"), lease_until=_UNTIL, ended_at=_NOW, message=bindparam("message_"), content_hash=bindparam("hash_"),
        reason=bindparam("reason_"),
    )
)  # fmt: skip
_UNCERTAIN = select(func.count()).where(_D.notice_id == bindparam("notice"), _D.state == "uncertain")
#: What was sent stays sent, even where the notice was superseded while its letter was on the way.
_SETTLE = (
    update(NOTICE)
    .where(_N.id == bindparam("notice"))
    .values(
        settled_at=func.coalesce(_N.settled_at, _NOW),
        outcome=case((_N.settled_at.is_(None) | (bindparam("how") == "sent"), bindparam("how")), else_=_N.outcome),
        address="",
    )
)
_OCCASION = select(_N.occasion).where(_N.id == bindparam("notice"))


def _take(uow: UnitOfWork, notice: int, tries: list[Row[Any]], real: datetime) -> Claim | None:
    if any(one.lease_until > real for one in tries):
        return None
    last = tries[-1] if tries else None
    if last is not None and last.state == "sending":
        ending = "uncertain" if last.reason == BEGUN else "failed"
        uow.execute(_END, delivery=last.id, how=ending, until=real, now=uow.now, message_="", hash_="", reason_="interrupted")
        if ending == "uncertain" and not _may_repeat(uow, notice):
            _settle(uow, notice, "uncertain")
            return None
    attempt = 1 if last is None else last.attempt + 1
    values = {
        "notice_id": notice, "channel": "mail", "attempt": attempt, "state": "sending", "lease_until": real + LEASE, "begun_at": uow.now,
        "ended_at": None, "message": "", "content_hash": "", "reason": "",
    }  # fmt: skip
    return Claim(int(uow.execute(_BEGIN, **values).scalar_one()), notice, attempt)


def _may_repeat(uow: UnitOfWork, notice: int) -> bool:
    occasion = uow.execute(_OCCASION, notice=notice).scalar_one()
    return occasion in REPEATED and uow.execute(_UNCERTAIN, notice=notice).scalar_one() <= 1


def _settle(uow: UnitOfWork, notice: int, outcome: str) -> None:
    uow.execute(_SETTLE, notice=notice, how=outcome, now=uow.now)


# --- what a letter needs ----------------------------------------------------------------------------------------------


def _letter(uow: UnitOfWork, notice: Row[Any]) -> Letter | str | None:
    """Give the letter; a word for what is missing; or ``None`` when nobody wants it any more."""
    match notice.occasion:
        case "invitation":
            return _invitation(uow, notice)
        case "sign_in":
            return _sign_in(uow, notice)
        case "confirm_email":
            return _confirmation(uow, notice)
        case _:
            raise LookupError(f"no letter is known for the occasion {notice.occasion}")


#: A link made since the invitation was announced, and not by one of its own tries: somebody has handed it over on paper or by
#: word of mouth meanwhile, and a letter now would end it in their hands. ``begun_at`` is the instant a try made its link at.
_HANDED_OVER = select(INVITATION.c.id).where(
    (INVITATION.c.seat_id == bindparam("seat")) | (INVITATION.c.post_id == bindparam("post")),
    INVITATION.c.used_at.is_(None),
    INVITATION.c.revoked_at.is_(None),
    INVITATION.c.issued_at > bindparam("since", type_=UtcInstant),
    INVITATION.c.issued_at.not_in(select(_D.begun_at).where(_D.notice_id == bindparam("notice"), _D.state != "sending")),
)


def _invitation(uow: UnitOfWork, notice: Row[Any]) -> Letter | str | None:
    kind, _, number = notice.recipient.partition(":")
    place = {"seat": int(number), "post": None} if kind == "seat" else {"seat": None, "post": int(number)}
    if uow.execute(_HANDED_OVER, **place, since=notice.created_at, notice=notice.id).first() is not None:
        return None
    if not (uow.house.public_url or uow.house.bot_username):
        return NO_LINKS  # a link made now would lead nowhere, and end one that leads somewhere
    found = uow.execute(_SEAT_ADDRESS if kind == "seat" else _POST_ADDRESS, place=int(number)).one_or_none()
    if found is None:
        return None
    to = found.email or uow.execute(_COORDINATOR, body=found.body_id).scalars().first()
    if not to:
        return NO_ADDRESS
    try:
        issued = invitations.issue(uow, OPERATOR, **place)
    except Refused:  # accepted meanwhile, or the place is gone (``NotFound`` is a refusal too)
        return None
    return InvitationLetter(to, issued, by_hand=not found.email)


_SEAT_ADDRESS = (
    select(SEAT.c.email, MEMBERSHIP.c.body_id)
    .join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(SEAT.c.id == bindparam("place"))
)
_POST_ADDRESS = select(POST.c.email, POST.c.body_id).where(POST.c.id == bindparam("place"))
_ADDRESS = case((PERSON.c.accepted_at.is_not(None) & (PERSON.c.email != ""), PERSON.c.email), else_=POST.c.email)
_COORDINATOR = (
    select(_ADDRESS)
    .select_from(POST.outerjoin(PERSON, PERSON.c.id == POST.c.person_id))
    .where(POST.c.body_id == bindparam("body"), POST.c.kind == "coordinator", _ADDRESS != "")
    .order_by(POST.c.number)
)

_HELD = union_all(
    select(SEAT.c.person_id, MEMBERSHIP.c.body_id).join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id),
    select(POST.c.person_id, POST.c.body_id),
).subquery()
_BODIES = select(func.count(_HELD.c.body_id.distinct())).where(_HELD.c.person_id == PERSON.c.id).scalar_subquery()
#: Whose mail may be answered with a way in. An address comes from a roster, and a roster proves nothing about anybody outside its
#: body: whoever coordinates one body could write his own address beside the name of somebody who serves in another one, too. So an
#: address is believed when its person has proved to read it, or when everything it would open lies in a single body.
_OWNERS = (
    select(PERSON.c.id, PERSON.c.language)
    .where(
        PERSON.c.email == bindparam("typed"),
        PERSON.c.accepted_at.is_not(None),
        PERSON.c.erased_at.is_(None),
        PERSON.c.email_confirmed_at.is_not(None) | (_BODIES == 1),
    )
    .order_by(PERSON.c.id)
    .limit(SHARED_BY)
)


def _sign_in(uow: UnitOfWork, notice: Row[Any]) -> Letter | str | None:
    typed = notice.address.strip().lower()
    if not typed or notice.created_at + REQUEST_WAITS < uow.now:
        return None  # nobody waits for it any more
    owners = uow.execute(_OWNERS, typed=typed).all()
    if not owners:
        return None
    if not uow.house.public_url:
        return NO_LINKS
    ways, expires = [], uow.now
    for owner in owners:
        made = links.issue(uow, owner.id, "enter")
        whose = links.look(uow, made.token, "enter")
        ways.append(WayIn(whose.name, whose.places, made.url))
        expires = made.expires_at
    languages = {owner.language for owner in owners}
    return SignInLetter(typed, tuple(ways), expires, languages.pop() if len(languages) == 1 else "")


_ASKING = select(PERSON.c.id, PERSON.c.name, PERSON.c.language, PERSON.c.email, PERSON.c.email_confirmed_at).where(
    PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_not(None), PERSON.c.erased_at.is_(None)
)


def _confirmation(uow: UnitOfWork, notice: Row[Any]) -> Letter | str | None:
    person = uow.execute(_ASKING, person=int(notice.recipient.partition(":")[2])).one_or_none()
    if person is None or not notice.address or (person.email == notice.address and person.email_confirmed_at is not None):
        return None
    if not uow.house.public_url:
        return NO_LINKS
    made = links.issue(uow, person.id, "email", email=notice.address)
    return ConfirmLetter(notice.address, person.name, made.url, made.expires_at, person.language)
