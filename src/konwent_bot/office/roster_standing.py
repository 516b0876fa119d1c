"""What stands in a body, in the form a roster is held against: by folded names and roles, with the rows' numbers beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, select

from konwent_bot.domain.roster import Roster
from konwent_bot.domain.roster_preview import CurrentRoster, PostKey, SeatKey, StoredHolder, StoredInstitution
from konwent_bot.domain.roster_words import fold
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import INSTITUTION, MEMBERSHIP, PERSON, POST, SEAT


class Place(NamedTuple):
    """A stored seat or post and who holds it."""

    id: int
    title: str
    name: str
    email: str
    #: Who holds it, if anybody.
    person: int | None
    #: Whether that person has accepted an invitation.
    accepted: bool
    #: What the person is called and written to, which may come from elsewhere than this place.
    person_name: str
    person_email: str


class Belonging(NamedTuple):
    """A stored institution: what it is, and the numbers of its two rows."""

    membership: int
    institution: int
    entry: StoredInstitution


@dataclass(frozen=True, slots=True)
class Standing:
    """A body's roster as stored."""

    #: By folded name.
    institutions: dict[str, Belonging]
    #: Seats and posts together: no role of a seat is a kind of post, so their keys never meet.
    places: dict[SeatKey | PostKey, Place]
    #: Highest number given out: (membership, role) for seats, (0, kind) for posts.
    highest: dict[tuple[int, str], int]

    @property
    def current(self) -> CurrentRoster:
        """The same without numbers of rows, for the rules."""
        holders = [(key, StoredHolder(place.title, place.name, place.email)) for key, place in self.places.items()]
        return CurrentRoster(
            institutions={key: belonging.entry for key, belonging in self.institutions.items()},
            seats={key: holder for key, holder in holders if isinstance(key, SeatKey)},
            posts={key: holder for key, holder in holders if isinstance(key, PostKey)},
        )

    @property
    def accepted(self) -> bool:
        """Whether anybody has accepted an invitation here."""
        return any(place.accepted for place in self.places.values())


def standing(uow: UnitOfWork, body: int, roster: Roster | None = None, *, lock: bool = False) -> Standing:
    """Read what stands in a body.

    A post given on the command line stands under no institution; one that ``roster`` gives to the same person is taken as that
    person's. ``lock`` keeps seats and posts as they are until the unit of work ends (not in a read-only snapshot).
    """
    seats, posts = (_SEATS.with_for_update(of=SEAT), _POSTS.with_for_update(of=POST)) if lock else (_SEATS, _POSTS)
    institutions = {
        row.folded_name: Belonging(
            row.membership,
            row.institution,
            StoredInstitution(row.name, row.short_name, row.stakeholder_type, row.sector, row.place),
        )
        for row in uow.execute(_MEMBERS, body=body)
    }
    places: dict[SeatKey | PostKey, Place] = {}
    highest: dict[tuple[int, str], int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for row in uow.execute(seats, body=body):
        highest[row.membership_id, row.role] = row.number
        if row.meeting_id is not None:  # named by the institution for one meeting: no roster gives it or takes it away
            continue
        places[SeatKey(row.folded_name, row.role, counts[row.folded_name, row.role])] = _place(row)
        counts[row.folded_name, row.role] += 1
    loose: defaultdict[str, list[Place]] = defaultdict(list)
    for row in uow.execute(posts, body=body):
        highest[0, row.kind] = row.number
        if row.folded_name is None:
            loose[row.kind].append(_place(row))
        else:
            places[PostKey(row.folded_name, row.kind, counts[row.folded_name, row.kind])] = _place(row)
            counts[row.folded_name, row.kind] += 1
    for post in roster.posts if roster is not None and loose else ():
        if post.person is None or counts[post.institution, post.kind] > post.index:
            continue
        for place in loose[post.kind]:
            if _same(place, post.person.name, post.person.email.lower()):
                places[PostKey(post.institution, post.kind, counts[post.institution, post.kind])] = place
                counts[post.institution, post.kind] += 1
                loose[post.kind].remove(place)
                break
    return Standing(institutions, places, highest)


# --- inside -----------------------------------------------------------------------------------------------------------

_LIVING = and_(MEMBERSHIP.c.body_id == bindparam("body"), MEMBERSHIP.c.left_on.is_(None))
_MEMBERS: Final[Select[Any]] = (
    select(
        MEMBERSHIP.c.id.label("membership"), INSTITUTION.c.id.label("institution"), MEMBERSHIP.c.folded_name, INSTITUTION.c.name,
        INSTITUTION.c.short_name, MEMBERSHIP.c.stakeholder_type, MEMBERSHIP.c.sector, INSTITUTION.c.place,
    )
    .join_from(MEMBERSHIP, INSTITUTION)
    .where(_LIVING)
    .order_by(MEMBERSHIP.c.id)
)  # fmt: skip
_SEATS: Final[Select[Any]] = (
    select(
        SEAT.c.id, SEAT.c.title, SEAT.c.name, SEAT.c.email, SEAT.c.person_id, PERSON.c.accepted_at,
        PERSON.c.name.label("person_name"), PERSON.c.email.label("person_email"),
        MEMBERSHIP.c.folded_name, SEAT.c.membership_id, SEAT.c.role, SEAT.c.number, SEAT.c.meeting_id,
    )
    .select_from(SEAT.join(MEMBERSHIP).outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id))
    .where(_LIVING)
    .order_by(SEAT.c.membership_id, SEAT.c.role, SEAT.c.number)
)  # fmt: skip
_POSTS: Final[Select[Any]] = (
    select(
        POST.c.id, POST.c.title, POST.c.name, POST.c.email, POST.c.person_id, PERSON.c.accepted_at,
        PERSON.c.name.label("person_name"), PERSON.c.email.label("person_email"), MEMBERSHIP.c.folded_name, POST.c.kind, POST.c.number,
    )
    .select_from(
        POST.outerjoin(MEMBERSHIP, and_(MEMBERSHIP.c.id == POST.c.membership_id, _LIVING)).outerjoin(
            PERSON, PERSON.c.id == POST.c.person_id
        )
    )
    .where(POST.c.body_id == bindparam("body"))
    .order_by(POST.c.kind, POST.c.number)
)  # fmt: skip


def _place(row: Row[Any]) -> Place:
    return Place(
        row.id, row.title, row.name, row.email, row.person_id, row.accepted_at is not None, row.person_name or "", row.person_email or ""
    )  # fmt: skip


def _same(place: Place, name: str, email: str) -> bool:
    """Tell whether a post and a row of the file mean one person: by address, and by name where both say one."""
    if place.name and name and fold(place.name) != fold(name):
        return False
    return place.email == email if place.email and email else bool(name) and fold(place.name) == fold(name)
