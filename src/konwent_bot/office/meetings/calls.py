"""Who is called to a meeting, and telling them: once, and whenever something they were told is not true any more.

``settle`` compares who should be called now with who was, and tells the difference. Whatever changes who that is (a hand-over, a new
institution, a substitute, a guest) ends in it, so there is one way of calling anybody. The meeting's row is locked by whoever calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from sqlalchemy import Row, bindparam, exists, func, insert, or_, select, update

from konwent_bot.domain.meetings.representation import whom_to_call
from konwent_bot.office import notices
from konwent_bot.office.meetings import calendar_files, facts
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    DELIVERY,
    MEETING,
    MEETING_ANSWER,
    MEETING_CALL,
    MEETING_GUEST,
    MEMBERSHIP,
    NOTICE,
    PERSON,
    SEAT,
)

INVITATION: Final = "meeting.invitation"
CHANGED: Final = "meeting.changed"
CANCELLED: Final = "meeting.cancelled"
WITHDRAWN: Final = "meeting.withdrawn"

#: Key of somebody who is called: a place, or a guest.
Key = tuple[Literal["seat", "guest"], int]


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is to be called, as they stand now."""

    key: Key
    person: int | None
    name: str
    email: str
    language: str

    @property
    def recipient(self) -> str:
        """What notices name them by."""
        return f"{self.key[0]}:{self.key[1]}"


def settle(uow: UnitOfWork, meeting_id: int) -> None:
    """Call whoever should be called and was not, and tell those who are not called any more. Does nothing unless it is convened.

    Run again it changes nothing.
    """
    meeting = facts.get(uow, meeting_id, lock=True)
    if meeting.status != "convened" or meeting.starts_at <= uow.now:
        return
    wanted = {one.key: one for one in _wanted(uow, meeting)}
    rows = {_key(row): row for row in uow.execute(_CALLS, meeting=meeting.id)}
    living = {key: row for key, row in rows.items() if row.withdrawn_at is None}
    gone = [row for key, row in living.items() if key not in wanted or _another(row, wanted[key])]
    stay = living.keys() - {_key(row) for row in gone}
    new = [one for key, one in wanted.items() if key not in stay]
    if gone:
        meeting = _next_file(uow, meeting)
        told = told_of(uow, meeting)
        for row in gone:
            _withdraw(uow, meeting, row, told, wanted.values())
    if new and (gone or len(living) < len(rows)):
        # Somebody was told to forget the meeting, perhaps by another place than this one, and their calendar remembers with which number.
        meeting = _next_file(uow, meeting)
    for one in new:
        _call(uow, meeting, one)
    for key in stay:
        if rows[key].person_id != wanted[key].person or rows[key].email != wanted[key].email:  # accepted meanwhile, a new address
            uow.execute(_KNOW, call=rows[key].id, person=wanted[key].person, address=wanted[key].email)


def tell_change(uow: UnitOfWork, meeting: Meeting) -> None:
    """Tell everybody who was told of a meeting that it changed, and nobody else; who had not been told yet is called anew.

    Run ``settle`` after it: of places that others hold by now it makes an invitation and a word to whoever held them.
    """
    told = told_of(uow, meeting)
    for row in uow.execute(_CALLS, meeting=meeting.id).all():
        if row.withdrawn_at is None:
            one = _as_called(uow, row)
            _silence(uow, meeting, one)
            _tell(uow, meeting, one, CHANGED if one.recipient in told else INVITATION, "request")
            uow.execute(_TOLD, call=row.id, revision_=meeting.revision)


def tell_cancelled(uow: UnitOfWork, meeting: Meeting) -> None:
    """Tell everybody who was told of a meeting that it is called off, and nobody else; what was not sent yet is not sent any more.

    Run ``settle`` before it is called off, so that what is told goes to the people of now.
    """
    told = told_of(uow, meeting)
    notices.withdraw(uow, subject=meeting.subject, but=(WITHDRAWN,))
    for row in uow.execute(_CALLS, meeting=meeting.id).all():
        one = _as_called(uow, row)
        if row.withdrawn_at is None and one.recipient in told:
            _tell(uow, meeting, one, CANCELLED, "cancel")
            uow.execute(_TOLD, call=row.id, revision_=meeting.revision)


def told_of(uow: UnitOfWork, meeting: Meeting) -> Collection[str]:
    """Give the recipients who were told of a meeting, or may have been: a letter on its way cannot be called back.

    What was told before somebody was last called anew does not count: the place had another holder then.
    """
    return frozenset(uow.execute(_WERE_TOLD, subject=meeting.subject).scalars())


def guests_of(uow: UnitOfWork, meeting: int) -> int:
    """Count the guests of a meeting."""
    return len(uow.execute(_GUESTS, meeting=meeting).all())


def recheck(uow: UnitOfWork, body: int) -> None:
    """Have the clock look anew at who is called to the meetings of a body: its people have changed."""
    uow.execute(_RECHECK, body=body, now=uow.now)


def recheck_person(uow: UnitOfWork, person: int) -> None:
    """Do the same for the bodies a person has a place in: it has changed whether they can be told anything."""
    for body in uow.execute(_BODIES, person=person).scalars().all():
        recheck(uow, body)


def living(uow: UnitOfWork, meeting: int) -> Mapping[Key, Row[Any]]:
    """Give who is called to a meeting now, by place or guest, with what they were last told."""
    return {_key(row): row for row in uow.execute(_CALLS, meeting=meeting) if row.withdrawn_at is None}


# --- inside -----------------------------------------------------------------------------------------------------------


def _wanted(uow: UnitOfWork, meeting: Meeting) -> list[Called]:
    named = {row.membership_id: row.seat_id for row in uow.execute(_NAMED, meeting=meeting.id)}
    composition = facts.composition(uow, meeting)
    seats: dict[int, tuple[int | None, str]] = {}
    for member in facts.members(uow, meeting):
        place = whom_to_call(meeting.kind, member.places, composition=composition).place
        chosen = [] if place is None else [place.id]
        # Who named a substitute stays informed; the substitute is called beside them.
        chosen += [one.id for one in member.places if one.id == named.get(member.membership) and one.answers]
        seats |= {seat: member.holders[seat] for seat in chosen}
    people = _people(uow, seats)
    called = []
    for seat, (person, email) in seats.items():
        name, language = people[seat]
        called.append(Called(("seat", seat), person, name, email, language))
    guests = uow.execute(_GUESTS, meeting=meeting.id)
    return called + [Called(("guest", row.id), None, row.name, row.email, row.language) for row in guests]


def _people(uow: UnitOfWork, seats: Collection[int]) -> dict[int, tuple[str, str]]:
    """Give name and language of whoever holds these places."""
    rows = uow.execute(_HOLDERS, seats=list(seats)) if seats else ()
    return {row.id: (row.person_name or row.name or "", row.language or "") for row in rows}


def _as_called(uow: UnitOfWork, row: Row[Any]) -> Called:
    """Give who was called as the call's row knows them."""
    if row.guest_id is not None:
        return Called(("guest", row.guest_id), None, row.guest_name, row.guest_email, row.guest_language)
    name, language = _people(uow, (row.seat_id,)).get(row.seat_id, ("", ""))
    return Called(("seat", row.seat_id), row.person_id, name, row.email, language)


def _key(row: Row[Any]) -> Key:
    return ("seat", row.seat_id) if row.seat_id is not None else ("guest", row.guest_id)


def _another(row: Row[Any], now: Called) -> bool:
    """Tell whether somebody else holds the place than was called. Who accepted since, or has a new address, is the same."""
    if row.guest_id is not None:
        return False
    if row.person_id is None:
        return now.person is None and bool(row.email) and row.email != now.email
    return bool(row.person_id != now.person)


def _call(uow: UnitOfWork, meeting: Meeting, one: Called) -> None:
    values = {"meeting": meeting.id, "person": one.person, "address": one.email, "revision_": meeting.revision}
    kind, number = one.key
    found = uow.execute(_AGAIN[kind], number=number, **values)
    if not found.rowcount:
        fields = {"meeting_id": meeting.id, "seat_id": None, "guest_id": None, f"{kind}_id": number}
        uow.execute(_NEW, **fields, person_id=one.person, email=one.email, revision=meeting.revision, told=1, withdrawn_at=None)
    _tell(uow, meeting, one, INVITATION, "request")


def _withdraw(uow: UnitOfWork, meeting: Meeting, row: Row[Any], told: Collection[str], wanted: Iterable[Called]) -> None:
    """Tell whoever was called that they are not any more. The place may be somebody else's by now: it goes to who was told.

    Whoever is called all the same, by another place, is not told the contrary.
    """
    one = _as_called(uow, row)
    _silence(uow, meeting, one)
    uow.execute(_END, call=row.id, now=uow.now)
    stays = any(other.person == row.person_id if row.person_id is not None else other.email == row.email for other in wanted)
    if one.recipient not in told or stays:
        return
    person = None if row.person_id is None else uow.execute(_PERSON, person=row.person_id).one_or_none()
    if person is not None:
        one = replace(one, name=person.name, language=person.language)
    elif row.guest_id is None:
        one = replace(one, name="")  # whoever is named for the place now is somebody else
    recipient = one.recipient if row.person_id is None else f"person:{row.person_id}"
    number = notices.announce(
        uow, recipient=recipient, occasion=WITHDRAWN, subject=meeting.subject, body=meeting.body,
        address=one.email if row.person_id is None else "",
    )  # fmt: skip
    calendar_files.enclose(
        uow, number, meeting, "withdraw", name=one.name, email=one.email, language=one.language, guest=row.guest_id is not None
    )


def _silence(uow: UnitOfWork, meeting: Meeting, one: Called) -> None:
    """Let what a place was to be told not be sent any more; who had it before is told all the same that they are not called."""
    notices.withdraw(uow, subject=meeting.subject, recipients=(one.recipient,), but=(WITHDRAWN,))


def _tell(uow: UnitOfWork, meeting: Meeting, one: Called, occasion: str, purpose: calendar_files.Purpose) -> None:
    number = notices.announce(uow, recipient=one.recipient, occasion=occasion, subject=meeting.subject, body=meeting.body)
    calendar_files.enclose(
        uow, number, meeting, purpose, name=one.name, email=one.email, language=one.language, guest=one.key[0] == "guest"
    )


def _next_file(uow: UnitOfWork, meeting: Meeting) -> Meeting:
    uow.execute(_SEQUENCE, meeting=meeting.id, number=meeting.sequence + 1)
    return replace(meeting, sequence=meeting.sequence + 1)


_CALLS = (
    select(
        MEETING_CALL, MEETING_GUEST.c.name.label("guest_name"), MEETING_GUEST.c.email.label("guest_email"),
        MEETING_GUEST.c.language.label("guest_language"),
    )
    .select_from(MEETING_CALL.outerjoin(MEETING_GUEST, MEETING_GUEST.c.id == MEETING_CALL.c.guest_id))
    .where(MEETING_CALL.c.meeting_id == bindparam("meeting"))
    .order_by(MEETING_CALL.c.id)
)  # fmt: skip
_NAMED = select(MEETING_ANSWER.c.membership_id, MEETING_ANSWER.c.seat_id).where(
    MEETING_ANSWER.c.meeting_id == bindparam("meeting"), MEETING_ANSWER.c.seat_id.is_not(None)
)
_GUESTS = (
    select(MEETING_GUEST)
    .where(MEETING_GUEST.c.meeting_id == bindparam("meeting"), MEETING_GUEST.c.removed_at.is_(None))
    .order_by(MEETING_GUEST.c.id)
)
_HOLDERS = (
    select(SEAT.c.id, SEAT.c.name, PERSON.c.name.label("person_name"), PERSON.c.language)
    .select_from(SEAT.outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id))
    .where(SEAT.c.id.in_(bindparam("seats", expanding=True)))
)
_PERSON = select(PERSON.c.name, PERSON.c.language).where(PERSON.c.id == bindparam("person"))
_NEW = insert(MEETING_CALL)
_AGAIN = {
    kind: update(MEETING_CALL)
    .where(MEETING_CALL.c.meeting_id == bindparam("meeting"), MEETING_CALL.c[f"{kind}_id"] == bindparam("number"))
    .values(
        person_id=bindparam("person"), email=bindparam("address"), revision=bindparam("revision_"), told=MEETING_CALL.c.told + 1,
        withdrawn_at=None,
    )
    for kind in ("seat", "guest")
}  # fmt: skip
_CALL = update(MEETING_CALL).where(MEETING_CALL.c.id == bindparam("call"))
_KNOW = _CALL.values(person_id=bindparam("person"), email=bindparam("address"))
_TOLD = _CALL.values(revision=bindparam("revision_"), told=MEETING_CALL.c.told + 1)
_END = _CALL.values(withdrawn_at=bindparam("now", type_=UtcInstant))
_SEQUENCE = update(MEETING).where(MEETING.c.id == bindparam("meeting")).values(sequence=bindparam("number"))
_RECHECK = (
    update(MEETING)
    .where(
        MEETING.c.body_id == bindparam("body"),
        MEETING.c.status == "convened",
        MEETING.c.starts_at > bindparam("now", type_=UtcInstant),
    )
    .values(next_step_at=bindparam("now", type_=UtcInstant))
)
_BODIES = (
    select(MEMBERSHIP.c.body_id)
    .distinct()
    .join(SEAT, SEAT.c.membership_id == MEMBERSHIP.c.id)
    .where(SEAT.c.person_id == bindparam("person"))
)
_CALLED = NOTICE.alias()
_LAST_CALLED = (
    select(func.max(_CALLED.c.id))
    .where(_CALLED.c.recipient == NOTICE.c.recipient, _CALLED.c.occasion == INVITATION, _CALLED.c.subject == bindparam("subject"))
    .scalar_subquery()
)
_WERE_TOLD = select(NOTICE.c.recipient).where(
    NOTICE.c.subject == bindparam("subject"),
    NOTICE.c.occasion.in_((INVITATION, CHANGED)),
    NOTICE.c.id >= _LAST_CALLED,
    or_(
        NOTICE.c.outcome.in_(("sent", "uncertain")),
        exists().where(DELIVERY.c.notice_id == NOTICE.c.id, DELIVERY.c.state.in_(("sending", "sent", "uncertain"))),
    ),
)
