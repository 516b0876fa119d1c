"""Seats and posts change hands. Rights follow the holder that stands in the store, so a change counts from this moment on.

Whoever gives up a place is signed out of every browser and their unused personal links end, even if they keep another place: a page
left open, or a link left in a shared mailbox, must show nothing more. A new link lets them in again to what is still theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, exists, insert, select, union_all, update

from konwent_bot.domain.contacts import email_address, person_name
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import sessions
from konwent_bot.office.meetings import calls
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    BODY,
    DIALOGUE,
    DIALOGUE_EVENT,
    INSTITUTION,
    INVITATION,
    MEETING_CALL,
    MEMBERSHIP,
    NAMES_A_PERSON,
    PERSON,
    POST,
    SEAT,
)
from konwent_bot.store.tables.people import LANGUAGES, POST_KINDS


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat, by what people call it."""

    id: int
    institution: str
    short_name: str
    #: One of ``SEAT_ROLES``.
    role: str
    #: Counts substitutes; 1 for head and delegate.
    number: int
    #: Whom the roster names for it.
    name: str
    email: str
    #: Whether its holder has accepted an invitation.
    accepted: bool


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post, by what people call it."""

    id: int
    #: One of ``POST_KINDS``.
    kind: str
    #: Counts posts of one kind.
    number: int
    name: str
    email: str
    #: Whether its holder has accepted an invitation.
    accepted: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A place that changed hands. ``place`` is a seat's or a post's number; people are numbers too, ``None`` for nobody."""

    place: int
    former: int | None
    holder: int | None
    #: Whether the new holder is somebody who has accepted an invitation in this body already, and so needs none.
    known: bool = False


def seats_of(uow: UnitOfWork, actor: Actor, body: int) -> list[SeatFacts]:
    """Give all seats of the institutions that belong to a body, in the order of the roster.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "seat.hand_over", body=body)
    return [SeatFacts(**row) for row in uow.execute(_SEATS, body=body).mappings()]


def posts_of(uow: UnitOfWork, actor: Actor, body: int) -> list[PostFacts]:
    """Give all posts of a body.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "post.give", body=body)
    return [PostFacts(**row) for row in uow.execute(_POSTS, body=body).mappings()]


def hand_over(uow: UnitOfWork, actor: Actor, seat: int, *, name: str = "", email: str = "") -> Changed:
    """Give a seat to somebody else. The former holder has no access from this moment; the new one needs an invitation.

    Links still open to the seat are revoked, and the former holder's sessions end. Drafts they wrote for this institution go, unless
    they hold another seat of it. Without name and address the seat waits for whoever accepts the next invitation.

    Raises:
        NotFound: no such seat for this actor.
        Invalid: the address is no e-mail address, or a name or address is too long.
    """
    name, email = person_name(name), email_address(email)
    membership, body = _open_seat(uow, actor, "seat.hand_over", seat)
    former = _clear_seat(uow, seat, membership, name, email)
    holder = newcomer(uow, name, email) if name or email else None
    uow.execute(_SEAT.values(person_id=holder), seat=seat)
    _forget_if_nobody(uow, former)
    calls.recheck(uow, body)
    uow.audit("seat.hand_over", body=body, person=actor.person, seat=seat, **_people(former, holder))
    return Changed(seat, former, holder)


def vacate(uow: UnitOfWork, actor: Actor, seat: int) -> Changed:
    """Leave a seat empty: as ``hand_over``, to nobody.

    Raises:
        NotFound: no such seat for this actor.
    """
    membership, body = _open_seat(uow, actor, "seat.vacate", seat)
    former = _clear_seat(uow, seat, membership, "", "")
    _forget_if_nobody(uow, former)
    calls.recheck(uow, body)
    uow.audit("seat.vacate", body=body, person=actor.person, seat=seat, **_people(former, None))
    return Changed(seat, former, None)


def expire(uow: UnitOfWork, seat: int) -> bool:
    """Empty a place that was for one meeting only, for the clock; tell whether it could be (somebody may be changing the body now).

    As ``vacate``, but whoever keeps another place stays signed in: nothing was taken from them.
    """
    at = uow.execute(_WHOSE, seat=seat).one()
    if uow.execute(_UNLESS_BUSY, body=at.body_id).one_or_none() is None:
        return False
    former = _clear_seat(uow, seat, at.membership_id, "", "", signed_in=True)
    uow.execute(_SEAT.values(title=""), seat=seat)
    if former is not None and uow.execute(_PLACES, person=former).first() is None:
        sessions.end_all(uow, former)
    _forget_if_nobody(uow, former)
    uow.audit("seat.expire", body=at.body_id, person=None, seat=seat, **_people(former, None))
    return True


def give_post(
    uow: UnitOfWork,
    actor: Actor,
    body: int,
    kind: str,
    *,
    seat: int | None = None,
    name: str = "",
    email: str = "",
    number: int = 1,
) -> Changed:
    """Give a post to the holder of a seat in the same body, or to somebody new by name and address.

    Whoever had it loses its rights and sessions at once and links open to it are revoked. A post nobody had yet is made. The holder
    of a seat who has accepted an invitation has the post's rights at once; anybody else needs an invitation to the post.

    Raises:
        NotFound: no such body or seat for this actor.
        Invalid: there is no such kind of post, nobody is named, the address is no e-mail address.
        Refused: nobody holds the seat.
    """
    require(uow, actor, "post.give", body=body)
    if kind not in POST_KINDS:
        raise Invalid(N_("There is no post {kind}. There are: {kinds}."), kind=kind, kinds=POST_KINDS)
    if number < 1:
        raise Invalid(N_("Posts of one kind are counted from 1."))
    name, email = person_name(name), email_address(email)
    if seat is None and not (name or email):
        raise Invalid(N_("Say who is to have the post: a seat, or a name and an e-mail address."))
    _lock(uow, body)
    membership, title, holder, known = None, "", None, False
    if seat is not None:
        found = uow.execute(_HOLDER, seat=seat, body=body).one_or_none()
        if found is None:
            raise NotFound(N_("There is no such matter here, or it is not open to you."))
        if found.person_id is None:
            raise Refused(N_("Nobody holds this seat. Give the post by name and e-mail address."))
        membership, title, name, email = found.membership_id, found.title, found.name, found.email
        holder, known = found.person_id, found.accepted_at is not None
    former_post = uow.execute(_POST, body=body, kind=kind, number=number).one_or_none()
    if former_post is not None:
        uow.execute(_REVOKE_POST, post=former_post.id, now=uow.now)
    holder = holder or newcomer(uow, name, email)
    values = {"membership_id": membership, "title": title, "name": name, "email": email, "person_id": holder}
    if former_post is None:
        new = insert(POST).values(body_id=body, kind=kind, number=number, **values).returning(POST.c.id)
        post, former = int(uow.execute(new).scalar_one()), None
    else:
        # Read again: whoever accepted the link before we revoked it holds the post now.
        post = int(former_post.id)
        former = uow.execute(select(POST.c.person_id).where(POST.c.id == post).with_for_update()).scalar_one()
        uow.execute(update(POST).where(POST.c.id == post).values(values))
        if former is not None and former != holder:
            sessions.end_all(uow, former)
            _forget_if_nobody(uow, former)
    uow.audit("post.give", body=body, person=actor.person, post=post, **_people(former, holder))
    return Changed(post, former, holder, known)


def revoke(uow: UnitOfWork, *, seats: Collection[int] = (), posts: Collection[int] = ()) -> None:
    """End every link still open to these seats and posts."""
    for column, places in ((INVITATION.c.seat_id, seats), (INVITATION.c.post_id, posts)):
        if places:
            uow.execute(update(INVITATION).where(column.in_(sorted(places)), *_LIVE).values(revoked_at=uow.now))


def forget(uow: UnitOfWork, people: Collection[int]) -> None:
    """Delete those of these people who hold no place, never accepted anything and left no trace: a name of the roster, no more."""
    if people:
        uow.execute(delete(PERSON).where(PERSON.c.id.in_(sorted(people)), *_NOBODY))


# --- inside -----------------------------------------------------------------------------------------------------------

_LIVE = (INVITATION.c.used_at.is_(None), INVITATION.c.revoked_at.is_(None))
_NOBODY: Final = (
    PERSON.c.accepted_at.is_(None),
    *(
        ~exists().where(column == PERSON.c.id)
        # Whoever was called to a meeting is still to be told if it is called off; the clock forgets them later (``retention``).
        for column in (SEAT.c.person_id, POST.c.person_id, DIALOGUE.c.person_id, MEETING_CALL.c.person_id, *NAMES_A_PERSON)
    ),
)
_SEAT = update(SEAT).where(SEAT.c.id == bindparam("seat"))
_WHERE = (
    select(SEAT.c.membership_id, MEMBERSHIP.c.body_id)
    .select_from(SEAT.join(MEMBERSHIP))
    .where(SEAT.c.id == bindparam("seat"), MEMBERSHIP.c.left_on.is_(None))
)
#: As ``_WHERE``, also of an institution that has left.
_WHOSE = (
    select(SEAT.c.membership_id, MEMBERSHIP.c.body_id).select_from(SEAT.join(MEMBERSHIP)).where(SEAT.c.id == bindparam("seat"))
)
_UNLESS_BUSY = select(BODY.c.id).where(BODY.c.id == bindparam("body")).with_for_update(skip_locked=True)
_PLACES = union_all(*(select(table.c.id).where(table.c.person_id == bindparam("person")) for table in (SEAT, POST))).limit(1)
_HOLDER = (
    select(SEAT.c.membership_id, SEAT.c.title, SEAT.c.name, SEAT.c.email, SEAT.c.person_id, PERSON.c.accepted_at)
    .select_from(SEAT.join(MEMBERSHIP).outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id))
    .where(
        SEAT.c.id == bindparam("seat"),
        SEAT.c.meeting_id.is_(None),
        MEMBERSHIP.c.body_id == bindparam("body"),
        MEMBERSHIP.c.left_on.is_(None),
    )
)
_POST = select(POST.c.id).where(
    POST.c.body_id == bindparam("body"), POST.c.kind == bindparam("kind"), POST.c.number == bindparam("number")
)
_REVOKE_SEAT = update(INVITATION).where(INVITATION.c.seat_id == bindparam("seat"), *_LIVE).values(revoked_at=bindparam("now"))
_REVOKE_POST = update(INVITATION).where(INVITATION.c.post_id == bindparam("post"), *_LIVE).values(revoked_at=bindparam("now"))
_SEATS = (
    select(
        SEAT.c.id, INSTITUTION.c.name.label("institution"), INSTITUTION.c.short_name, SEAT.c.role, SEAT.c.number, SEAT.c.name,
        SEAT.c.email, PERSON.c.accepted_at.is_not(None).label("accepted"),
    )
    .select_from(SEAT.join(MEMBERSHIP).join(INSTITUTION).outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id))
    .where(MEMBERSHIP.c.body_id == bindparam("body"), MEMBERSHIP.c.left_on.is_(None), SEAT.c.meeting_id.is_(None))
    .order_by(SEAT.c.id)
)  # fmt: skip
_POSTS = (
    select(POST.c.id, POST.c.kind, POST.c.number, POST.c.name, POST.c.email, PERSON.c.accepted_at.is_not(None).label("accepted"))
    .select_from(POST.outerjoin(PERSON, PERSON.c.id == POST.c.person_id))
    .where(POST.c.body_id == bindparam("body"))
    .order_by(POST.c.id)
)


def _lock(uow: UnitOfWork, body: int) -> None:
    """Let changes of one body's roster happen one after another (imports lock the same row)."""
    if uow.execute(select(BODY.c.id).where(BODY.c.id == body).with_for_update()).one_or_none() is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))


def _open_seat(uow: UnitOfWork, actor: Actor, act: str, seat: int) -> tuple[int, int]:
    """Check the right to change a seat and lock its body; give its membership and body."""
    found = uow.execute(_WHERE, seat=seat).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    require(uow, actor, act, body=found.body_id, membership=found.membership_id)
    _lock(uow, found.body_id)
    return found.membership_id, found.body_id


def _clear_seat(uow: UnitOfWork, seat: int, membership: int, name: str, email: str, *, signed_in: bool = False) -> int | None:
    """Take a seat from its holder, with links to it and drafts; sign them out unless they stay ``signed_in``; give who it was."""
    # First the links: whoever is accepting one right now either comes first and is the former holder, or comes too late.
    uow.execute(_REVOKE_SEAT, seat=seat, now=uow.now)
    former = uow.execute(select(SEAT.c.person_id).where(SEAT.c.id == seat).with_for_update()).scalar_one()
    uow.execute(_SEAT.values(person_id=None, name=name, email=email), seat=seat)
    if former is not None:
        if not signed_in:
            sessions.end_all(uow, former)
        _drop_drafts(uow, former, membership)
    return None if former is None else int(former)


def _drop_drafts(uow: UnitOfWork, person: int, membership: int) -> None:
    for_good = (SEAT.c.membership_id == membership, SEAT.c.person_id == person, SEAT.c.meeting_id.is_(None))
    held = select(SEAT.c.id).where(*for_good).limit(1)
    if uow.execute(held).first() is not None:
        return
    drafts = select(DIALOGUE.c.id).where(
        DIALOGUE.c.person_id == person, DIALOGUE.c.membership_id == membership, DIALOGUE.c.status == "open"
    )
    uow.execute(update(PERSON).where(PERSON.c.id == person, PERSON.c.dialogue_id.in_(drafts)).values(dialogue_id=None))
    uow.execute(delete(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id.in_(drafts)))
    uow.execute(delete(DIALOGUE).where(DIALOGUE.c.id.in_(drafts)))


def _forget_if_nobody(uow: UnitOfWork, person: int | None) -> None:
    if person is not None:
        forget(uow, (person,))


def newcomer(uow: UnitOfWork, name: str, email: str) -> int:
    """Make a person. Even if somebody of that name is known here: who they are shows when they accept the invitation."""
    values = {"name": name, "email": email, "language": LANGUAGES[0], "reach": "unknown", "created_at": uow.now}
    return int(uow.execute(insert(PERSON).values(values).returning(PERSON.c.id)).scalar_one())


def _people(former: int | None, holder: int | None) -> dict[str, int]:
    return {key: person for key, person in (("former", former), ("holder", holder)) if person is not None}
