"""What the secretariat holds about one person, for that person (GDPR art. 15 and 20), and what of it would outlive an erasure.

Reading only. What may never be in it: a token or the hash of one, and anything about somebody else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, exists, func, literal, null, or_, select, union_all

from konwent_bot.errors import N_, NotFound
from konwent_bot.office import own_decisions, own_meetings, own_minutes
from konwent_bot.office.own_decisions import HeldDecision
from konwent_bot.office.own_meetings import HeldMeeting
from konwent_bot.office.own_minutes import HeldMinutes
from konwent_bot.office.people import NOTICE_VERSION
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    AUDIT_ENTRY,
    BODY,
    CARD,
    CARD_ROUND,
    CARD_VERSION,
    DELIVERY,
    DIALOGUE,
    DIALOGUE_EVENT,
    ENCLOSURE,
    INSTITUTION,
    INVITATION,
    MEETING,
    MEMBERSHIP,
    NOTICE,
    PERSON,
    PERSONAL_LINK,
    POST,
    SEAT,
    UPLOAD,
    WEB_SESSION,
)

#: What stays after an erasure, and why: for the screen or command that asks before one.
REMAINS_CARDS: Final = N_(
    "Cards that were sent, with the texts in them, stay: they are the institution's answers, and name the institution and the role but no person."
)
REMAINS_MEETINGS: Final = N_(
    "What was answered, proposed, attached or noted for meetings stays, without reasons for not coming: it is the institution's or the network's, and names no person."
)
REMAINS_DECISIONS: Final = N_(
    "What was proposed, said about a proposal, objected to or voted stays: decisions rest on it, and it names institutions and no person."
)
REMAINS_MINUTES: Final = N_(
    "What was written into minutes, answered about them, attached or given to somebody to do stays: it is the network's record, and names institutions and no person."
)
REMAINS_NUMBERS: Final = N_(
    "The record of what was done keeps a number and the times. After the erasure nothing says whose number it was."
)
REMAINS_DOCUMENTS: Final = N_(
    "Minutes that were circulated and declarations in force stay too, once there are any: others rely on them, and they name institutions and roles."
)
REMAINS_BACKUPS: Final = N_(
    "Backups made earlier hold the data until they are deleted in their turn. Should one be restored, the erasure is done again."
)


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A seat or post, as the roster gives it."""

    body: str
    institution: str
    #: A seat's role or a post's kind.
    kind: str
    title: str
    name: str
    email: str
    #: The day of the one meeting a substitute was named for; ``None`` for a place that is for good.
    only_on: date | None


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A browser the person was let in by."""

    begun_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A personal link or an invitation that was used (``purpose`` is then ``invitation``)."""

    purpose: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    #: The address it confirms; empty for other purposes.
    email: str


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A step of a conversation; ``value`` is gone once the card was sent."""

    at: datetime
    kind: str
    question: str
    value: object


@dataclass(frozen=True, slots=True)
class HeldTalk:
    """A conversation, with the answers while they have not been sent."""

    body: str
    #: The institution and the half-year a card is about; empty for a conversation about something else.
    institution: str
    period: str
    open: bool
    begun_at: datetime
    answers: Mapping[str, object]
    #: A form that came after its session was over, as it was filled in.
    kept: object
    steps: tuple[HeldStep, ...]


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A version of a card the person submitted for an institution."""

    body: str
    institution: str
    period: str
    role: str
    version: int
    submitted_at: datetime
    answers: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A letter to the person: what about, when it was due, and how each try ended."""

    occasion: str
    created_at: datetime
    settled_at: datetime | None
    outcome: str | None
    tries: tuple[HeldTry, ...]
    #: Names of the files that went with it, as long as they are kept.
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldTry:
    """One try to deliver a letter."""

    channel: str
    state: str
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldAct:
    """An entry of the record: something the person did, or that was done with a place of theirs."""

    at: datetime
    act: str


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file the person is looking over."""

    at: datetime
    body: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Held:
    """Everything held about one person."""

    number: int
    name: str
    email: str
    email_confirmed_at: datetime | None
    language: str
    telegram_id: int | None
    #: Whether Telegram takes our messages to them: ``unknown``, ``reachable``, ``blocked``.
    reach: str
    created_at: datetime
    accepted_at: datetime | None
    #: Version of the privacy notice they accepted; 0: none.
    notice_version: int
    #: What notices reach them by, whether those that can wait come once a day, and between which local hours none come.
    channel: str
    #: Whether reminders may come by e-mail.
    mail_reminders: bool
    digest: bool
    quiet_from: int
    quiet_to: int
    #: When a mail server refused their address for good.
    mail_refused_at: datetime | None
    places: tuple[HeldPlace, ...]
    sessions: tuple[HeldSession, ...]
    links: tuple[HeldLink, ...]
    talks: tuple[HeldTalk, ...]
    cards: tuple[HeldCard, ...]
    letters: tuple[HeldLetter, ...]
    acts: tuple[HeldAct, ...]
    files: tuple[HeldFile, ...]
    meetings: tuple[HeldMeeting, ...]
    decisions: tuple[HeldDecision, ...]
    minutes: tuple[HeldMinutes, ...]
    #: When the secret address of their calendar was made; ``None`` when there is none.
    calendar_since: datetime | None


@dataclass(frozen=True, slots=True)
class Remains:
    """What stays after an erasure. ``why`` are msgids of whole sentences, in the order to say them."""

    cards: tuple[HeldCard, ...]
    #: Entries of the record that name the person by number.
    entries: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody an address led to."""

    number: int
    name: str
    #: Bodies in which they hold a place.
    places: tuple[str, ...]


def by_email(uow: UnitOfWork, email: str) -> list[Named]:
    """Give the people with an address, on record or in a place they hold. For the operator; asks no rights."""
    rows = uow.execute(_BY_EMAIL, email=email.strip().lower()).all()
    return [
        Named(row.id, row.name, tuple(dict.fromkeys(one.body for one in uow.execute(_PLACES, person=row.id)))) for row in rows
    ]


def held(uow: UnitOfWork, person: int) -> Held:
    """Give everything held about a person, oldest first in each list.

    Raises:
        NotFound: there is no such person, or they were erased.
    """
    row = uow.execute(_PERSON, person=person).one_or_none()
    if row is None or row.erased_at is not None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    return Held(
        number=row.id,
        **{
            name: getattr(row, name)
            for name in (
                "name", "email", "email_confirmed_at", "language", "telegram_id", "reach", "created_at", "accepted_at", "notice_version",
                "channel", "mail_reminders", "digest", "quiet_from", "quiet_to", "mail_refused_at",
            )
        },
        places=tuple(HeldPlace(**one) for one in uow.execute(_PLACES, person=person).mappings()),
        sessions=tuple(
            HeldSession(one.begun_at, one.seen_at, one.ended_at or one.expires_at) for one in uow.execute(_SESSIONS, person=person)
        ),
        links=tuple(HeldLink(**one) for one in uow.execute(_LINKS, person=person).mappings()),
        talks=_talks(uow, person),
        cards=_cards(uow, person),
        letters=_letters(uow, person, row.created_at),
        acts=tuple(HeldAct(one.at, one.act) for one in uow.execute(_about(person))),
        files=tuple(HeldFile(one.at, one.body, one.bytes) for one in uow.execute(_FILES, person=person)),
        meetings=own_meetings.of(uow, person),
        decisions=own_decisions.of(uow, person),
        minutes=own_minutes.of(uow, person),
        calendar_since=own_meetings.calendar_since(uow, person),
    )  # fmt: skip


def export(uow: UnitOfWork, person: int) -> dict[str, object]:
    """Give the same as one document for ``json.dumps``: plain keys, times as ISO 8601 in UTC. For the download.

    Raises:
        NotFound: as ``held``.
    """
    return {
        "document": "konwent-bot: what is held about one person",
        "made_at": uow.now.isoformat(),
        "controller": uow.house.controller,
        "controller_contact": uow.house.controller_contact,
        "privacy_notice": NOTICE_VERSION,
        "person": _plain(held(uow, person)),
    }


def remains(uow: UnitOfWork, person: int) -> Remains:
    """Say what would stay after an erasure."""
    cards, meetings = _cards(uow, person), own_meetings.of(uow, person)
    entries = int(uow.execute(select(func.count()).select_from(_about(person).order_by(None).subquery())).scalar_one())
    why = (
        *((REMAINS_CARDS,) if cards else ()),
        *((REMAINS_MEETINGS,) if any(one.kind != "called" for one in meetings) else ()),
        *((REMAINS_DECISIONS,) if own_decisions.of(uow, person) else ()),
        *((REMAINS_MINUTES,) if any(one.kind != "unsaved" for one in own_minutes.of(uow, person)) else ()),
    )
    return Remains(cards, entries, (*why, *((REMAINS_NUMBERS,) if entries else ()), REMAINS_DOCUMENTS, REMAINS_BACKUPS))


# --- inside -----------------------------------------------------------------------------------------------------------

_ME: Final[BindParameter[int]] = bindparam("person")
_BY_EMAIL = (
    select(PERSON.c.id, PERSON.c.name)
    .where(
        bindparam("email") != "",
        or_(
            func.lower(PERSON.c.email) == bindparam("email"),
            *(
                exists().where(table.c.person_id == PERSON.c.id, func.lower(table.c.email) == bindparam("email"))
                for table in (SEAT, POST)
            ),
        ),
    )
    .order_by(PERSON.c.id)
)
_PERSON = select(PERSON).where(PERSON.c.id == _ME)
_PLACES = union_all(
    select(
        BODY.c.name.label("body"), INSTITUTION.c.name.label("institution"), SEAT.c.role.label("kind"), SEAT.c.title, SEAT.c.name,
        SEAT.c.email, MEETING.c.day.label("only_on"),
    )
    .select_from(
        SEAT.join(MEMBERSHIP)
        .join(INSTITUTION)
        .join(BODY, BODY.c.id == MEMBERSHIP.c.body_id)
        .outerjoin(MEETING, MEETING.c.id == SEAT.c.meeting_id)
    )
    .where(SEAT.c.person_id == _ME),
    select(
        BODY.c.name, func.coalesce(INSTITUTION.c.name, ""), POST.c.kind, POST.c.title, POST.c.name, POST.c.email, null()
    )
    .select_from(
        POST.join(BODY, BODY.c.id == POST.c.body_id)
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == POST.c.membership_id)
        .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    .where(POST.c.person_id == _ME),
)  # fmt: skip
_SESSIONS = select(WEB_SESSION).where(WEB_SESSION.c.person_id == _ME).order_by(WEB_SESSION.c.id)
_TIMES = ("issued_at", "expires_at", "used_at", "revoked_at")
_LINKS = union_all(
    select(PERSONAL_LINK.c.purpose, *(PERSONAL_LINK.c[name] for name in _TIMES), PERSONAL_LINK.c.email).where(
        PERSONAL_LINK.c.person_id == _ME
    ),
    select(literal("invitation"), *(INVITATION.c[name] for name in _TIMES), literal("")).where(INVITATION.c.used_by == _ME),
).order_by("issued_at")
_WHERE: Final = (BODY.c.name.label("body"), INSTITUTION.c.name.label("institution"), CARD_ROUND.c.period)
_TALKS = (
    select(DIALOGUE, *_WHERE)
    .select_from(
        DIALOGUE.join(BODY, BODY.c.id == DIALOGUE.c.body_id)
        .outerjoin(CARD_ROUND, CARD_ROUND.c.id == DIALOGUE.c.round_id)
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == DIALOGUE.c.membership_id)
        .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    .where(DIALOGUE.c.person_id == _ME)
    .order_by(DIALOGUE.c.id)
)
_STEPS = (
    select(DIALOGUE_EVENT)
    .join_from(DIALOGUE_EVENT, DIALOGUE)
    .where(DIALOGUE.c.person_id == _ME)
    .order_by(DIALOGUE_EVENT.c.dialogue_id, DIALOGUE_EVENT.c.turn)
)
_VERSIONS = (
    select(CARD_VERSION, *_WHERE)
    .select_from(
        CARD_VERSION.join(CARD, CARD.c.id == CARD_VERSION.c.card_id)
        .join(CARD_ROUND, CARD_ROUND.c.id == CARD.c.round_id)
        .join(BODY, BODY.c.id == CARD_ROUND.c.body_id)
        .join(MEMBERSHIP, MEMBERSHIP.c.id == CARD.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    .where(CARD_VERSION.c.card_id.in_(bindparam("cards", expanding=True)))
    .order_by(CARD_VERSION.c.submitted_at, CARD_VERSION.c.card_id, CARD_VERSION.c.version)
)
_SUBMITTED = select(AUDIT_ENTRY.c.subject).where(AUDIT_ENTRY.c.person_id == _ME, AUDIT_ENTRY.c.act == "card.submit")
#: What ``cards.submit`` writes of a card in the record.
_CARD = re.compile(r"card:(\d+) version:(\d+)\Z")
_FILES = (
    select(UPLOAD.c.at, BODY.c.name.label("body"), func.length(UPLOAD.c.content).label("bytes"))
    .join_from(UPLOAD, BODY)
    .where(UPLOAD.c.person_id == _ME)
    .order_by(UPLOAD.c.id)
)
_MY_PLACES = union_all(
    select(literal("seat").label("kind"), SEAT.c.id).where(SEAT.c.person_id == _ME),
    select(literal("post"), POST.c.id).where(POST.c.person_id == _ME),
)


def _about(person: int) -> Select[Any]:
    """Select the entries that name a person: as whoever acted, or as whom a place was taken from or given to."""
    subject = literal(" ") + AUDIT_ENTRY.c.subject + literal(" ")
    named = (subject.like(f"% {word}:{person} %") for word in ("former", "holder"))
    return (
        select(AUDIT_ENTRY.c.id, AUDIT_ENTRY.c.at, AUDIT_ENTRY.c.act)
        .where(or_(AUDIT_ENTRY.c.person_id == person, *named))
        .order_by(AUDIT_ENTRY.c.id)
    )


def _talks(uow: UnitOfWork, person: int) -> tuple[HeldTalk, ...]:
    steps: dict[int, list[HeldStep]] = {}
    for one in uow.execute(_STEPS, person=person):
        value = None if one.value is None else json.loads(one.value)
        steps.setdefault(one.dialogue_id, []).append(HeldStep(one.at, one.kind, one.question, value))
    return tuple(
        HeldTalk(
            row.body, row.institution or "", row.period or "", row.status == "open", row.created_at,
            json.loads(row.state).get("answers", {}), None if row.kept is None else json.loads(row.kept), tuple(steps.get(row.id, ())),
        )
        for row in uow.execute(_TALKS, person=person)
    )  # fmt: skip


def _cards(uow: UnitOfWork, person: int) -> tuple[HeldCard, ...]:
    """Give the versions a person submitted. The record knows them; a version itself names the role only."""
    mine = {
        (int(found[1]), int(found[2]))
        for subject in uow.execute(_SUBMITTED, person=person).scalars()
        if (found := _CARD.match(subject))
    }
    if not mine:
        return ()
    rows = uow.execute(_VERSIONS, cards=sorted({card for card, _ in mine}))
    return tuple(
        HeldCard(row.body, row.institution, row.period, row.role, row.version, row.submitted_at, json.loads(row.answers))
        for row in rows
        if (row.card_id, row.version) in mine
    )


def _letters(uow: UnitOfWork, person: int, since: datetime) -> tuple[HeldLetter, ...]:
    """Give the letters to a person. Of letters to a place they hold, those made before the person was here were somebody else's."""
    places = [f"{row.kind}:{row.id}" for row in uow.execute(_MY_PLACES, person=person)]
    tries: dict[int, list[HeldTry]] = {}
    wanted = or_(NOTICE.c.recipient == f"person:{person}", NOTICE.c.recipient.in_(places) & (NOTICE.c.created_at >= since))
    for one in uow.execute(select(DELIVERY).join_from(DELIVERY, NOTICE).where(wanted).order_by(DELIVERY.c.id)):
        tries.setdefault(one.notice_id, []).append(HeldTry(one.channel, one.state, one.begun_at, one.ended_at))
    files: dict[int, list[str]] = {}
    named = select(ENCLOSURE.c.notice_id, ENCLOSURE.c.name).join_from(ENCLOSURE, NOTICE).where(wanted).order_by(ENCLOSURE.c.id)
    for one in uow.execute(named):
        files.setdefault(one.notice_id, []).append(one.name)
    return tuple(
        HeldLetter(
            row.occasion, row.created_at, row.settled_at, row.outcome, tuple(tries.get(row.id, ())), tuple(files.get(row.id, ()))
        )
        for row in uow.execute(select(NOTICE).where(wanted).order_by(NOTICE.c.id))
    )


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    match value:
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case str() | None:
            return value
        case Iterable():
            return [_plain(item) for item in value]
        case _:
            return value
