"""Importing a roster: what a file says of a body's institutions, seats and posts becomes what stands in the store.

``domain.roster_preview.compare`` says row by row what would happen; the import does exactly that, all of it or nothing. People
are looked for among those who hold a place in the same body and nowhere else: whatever a file says, it cannot reach a person
through another body. Statements are of a fixed number, however long the roster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Table, bindparam, case, insert, null, select, union, update

from konwent_bot.domain.roster import Message, Person, Post, Roster, Seat
from konwent_bot.domain.roster_preview import CurrentRoster, Preview, PreviewRow, SeatKey, compare
from konwent_bot.domain.roster_words import fold
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import calls
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.roster_standing import Place, Standing, standing
from konwent_bot.office.seats import forget, revoke
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.numbers import reserve
from konwent_bot.store.tables import BODY, INSTITUTION, MEMBERSHIP, PERSON, POST, SEAT
from konwent_bot.store.tables.people import LANGUAGES


def current(uow: UnitOfWork, body: int) -> CurrentRoster:
    """Give what stands in a body, in the form a file is held against. Asks no rights: for acts and the operator."""
    return standing(uow, body).current


def preview(uow: UnitOfWork, actor: Actor, body: int, roster: Roster) -> Preview:
    """Say what ``import_roster`` would do. Changes nothing; runs in a read-only snapshot too.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "roster.import", body=body)
    return _compare(roster, standing(uow, body, roster))


def import_roster(uow: UnitOfWork, actor: Actor, body: int, roster: Roster, *, expected_digest: str | None = None) -> Preview:
    """Do what the preview says, and give it. A file that says what stands already changes nothing and leaves no audit entry.

    Nothing is ever removed: an institution, seat or post that is not in the file stays. A seat whose holder has accepted an
    invitation keeps its holder: their address and the spelling of their name may be corrected, another name is an error of the
    row. A seat nobody has accepted goes to whom the file names, and links still open to it are revoked.

    Args:
        uow: the unit of work.
        actor: who imports.
        body: number of the body; its row is locked, so that two imports at once make one roster.
        roster: what the file says.
        expected_digest: ``digest`` of the preview somebody agreed to.

    Raises:
        NotFound: no such body for this actor.
        Invalid: rows have errors; the sentence says how many and the first. Nothing is stored.
        Refused: the preview agreed to is no longer what would happen.
    """
    require(uow, actor, "roster.import", body=body)
    if uow.execute(select(BODY.c.id).where(BODY.c.id == body).with_for_update()).scalar_one_or_none() is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    before = standing(uow, body, roster, lock=True)
    found = _compare(roster, before)
    if expected_digest is not None and digest(found) != expected_digest:
        raise Refused(
            N_("The roster has changed since this preview was made. Nothing was imported; please look at a new preview.")
        )
    found.require_importable()
    if not found.changes_nothing:
        _Import(uow, body, roster, found, before).write()
        changes = [row.change for row in found.rows]
        calls.recheck(uow, body)
        uow.audit("roster.import", body=body, person=actor.person, new=changes.count("new"), changed=changes.count("changed"))
    return found


def digest(found: Preview) -> str:
    """Give a fingerprint of what a preview would do: the same file against the same store gives the same."""
    said = [(row.row, row.change, row.entry, row.stored, sorted(row.changes)) for row in found.rows]
    return hashlib.sha256(repr(said).encode()).hexdigest()


# --- comparing --------------------------------------------------------------------------------------------------------

_OTHER_PERSON: Final[Mapping[type, str]] = {
    Seat: N_(
        "Row {row}: {before} has accepted this seat, and the file names {after}. That is a change of person: konwent-bot seat hand-over."
    ),
    Post: N_(
        "Row {row}: {before} has accepted this post, and the file names {after}. That is a change of person: konwent-bot post give."
    ),
}


def _compare(roster: Roster, before: Standing) -> Preview:
    """Compare, and refuse rows that would put somebody else in the place of a person who has accepted it."""
    found = compare(roster, before.current)
    if not before.accepted:
        return found
    places = {place.row: place for place in _places(roster)}
    rows = tuple(_checked(row, places, before) for row in found.rows)
    return found if rows == found.rows else replace(found, rows=rows)


def _places(roster: Roster) -> list[Seat | Post]:
    return [*roster.seats, *roster.posts]


def _checked(row: PreviewRow, places: Mapping[int, Seat | Post], before: Standing) -> PreviewRow:
    if row.stored is None or "person_name" not in row.changes:
        return row
    holder, place = before.places[row.stored], places[row.row]
    named = place.person.name if place.person else ""
    if not holder.accepted or not holder.name or fold(holder.name) == fold(named):
        return row
    facts = {"row": row.row, "before": holder.name, "after": named}
    # The error comes first: it is what a list of many rows shows.
    messages = (Message(_OTHER_PERSON[type(place)], facts), *row.messages)
    return row._replace(status="error", change=None, messages=messages)


# --- writing ----------------------------------------------------------------------------------------------------------

_UPDATE_INSTITUTION = (
    update(INSTITUTION)
    .where(INSTITUTION.c.id == bindparam("at"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "short_name", "place")})
)
_UPDATE_MEMBERSHIP = (
    update(MEMBERSHIP)
    .where(MEMBERSHIP.c.id == bindparam("at"))
    .values({name: bindparam(f"new_{name}") for name in ("stakeholder_type", "sector")})
)
_HELD = ("title", "name", "email", "person_id")
_UPDATE_SEAT = update(SEAT).where(SEAT.c.id == bindparam("at")).values({name: bindparam(f"new_{name}") for name in _HELD})
_UPDATE_POST = (
    update(POST)
    .where(POST.c.id == bindparam("at"))
    .values({name: bindparam(f"new_{name}") for name in (*_HELD, "membership_id")})
)
#: Another address has not been confirmed by anybody, whoever confirmed the former one; nor has a server refused it.
_UPDATE_PERSON = (
    update(PERSON)
    .where(PERSON.c.id == bindparam("at"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "email")})
    .values(
        {
            name: case((PERSON.c.email == bindparam("new_email"), PERSON.c[name]), else_=null())
            for name in ("email_confirmed_at", "mail_refused_at")
        }
    )
)


class _Wanted(NamedTuple):
    """A seat or post as it is to stand; ``stored`` is what stands now."""

    place: Seat | Post
    stored: Place | None
    title: str
    name: str
    email: str
    #: By what the file tells people apart.
    key: str

    @property
    def renames(self) -> bool:
        """Whether somebody is named otherwise than now."""
        return self.stored is None or (self.name, self.email) != (self.stored.name, self.stored.email)


def _key(name: str, email: str, institution: str) -> str:
    """Tell people apart as ``domain.roster`` does: a name without an address is one person within an institution only."""
    return f"{fold(name)}|{email}" if email else f"{fold(name)}||{institution}"


@dataclass
class _Import:
    """One import under way: what is wanted, worked out place by place, then written in a fixed number of statements."""

    uow: UnitOfWork
    body: int
    roster: Roster
    found: Preview
    before: Standing
    memberships: dict[str, int] = field(default_factory=dict)

    def write(self) -> None:
        """Write institutions, people, seats and posts, in the order they refer to one another."""
        self._institutions()
        wanted = list(self._wanted())
        people = self._people(wanted)
        self._places(wanted, people)
        self._corrections(wanted, people)
        self._leavers(wanted, people)

    def _institutions(self) -> None:
        now, today = self.uow.now, self.uow.today
        self.memberships = {key: stored.membership for key, stored in self.before.institutions.items()}
        states, entries = self.found.institutions, self.roster.institutions
        fresh = [entry for key, entry in entries.items() if states[key] == "new"]
        institutions = self._insert(
            INSTITUTION,
            [{"name": e.name, "short_name": e.short_name or e.name, "place": e.place, "created_at": now} for e in fresh],
        )
        memberships = self._insert(
            MEMBERSHIP,
            [
                {
                    "body_id": self.body, "institution_id": institution, "folded_name": e.key,
                    "stakeholder_type": e.stakeholder_type, "sector": e.sector, "joined_on": today,
                }
                for e, institution in zip(fresh, institutions, strict=True)
            ],
        )  # fmt: skip
        self.memberships |= {e.key: membership for e, membership in zip(fresh, memberships, strict=True)}
        corrected = [(entries[key], self.before.institutions[key]) for key, state in states.items() if state == "changed"]
        self._each(
            _UPDATE_INSTITUTION,
            [
                {
                    "at": stored.institution, "new_name": e.name, "new_place": e.place or stored.entry.place,
                    # Where the roster gives no short name the full one stands for it, and follows it.
                    "new_short_name": e.short_name
                    or (e.name if stored.entry.short_name == stored.entry.name else stored.entry.short_name),
                }
                for e, stored in corrected
            ],
        )  # fmt: skip
        self._each(
            _UPDATE_MEMBERSHIP,
            [
                {
                    "at": stored.membership, "new_stakeholder_type": e.stakeholder_type,
                    "new_sector": e.sector or stored.entry.sector,
                }
                for e, stored in corrected
            ],
        )  # fmt: skip

    def _wanted(self) -> Iterable[_Wanted]:
        """Give the places the file makes or changes. An empty cell says nothing, so what stands stays."""
        rows = {row.row: row for row in self.found.rows if row.entry is not None and row.change in ("new", "changed")}
        for place in _places(self.roster):
            if (row := rows.get(place.row)) is None:
                continue
            said = place.person or Person("", "", "")
            title, name, email, old = place.title, said.name, said.email.lower(), None
            key = said.key
            if row.stored is not None:
                old = self.before.places[row.stored]
                title, name, email = title or old.title, name or old.name, email or old.email
                if (name, email) != (said.name, said.email.lower()):
                    key = _key(name, email, place.institution)
            yield _Wanted(place, old, title, name, email, key)

    def _people(self, wanted: list[_Wanted]) -> dict[int, int | None]:
        """Give who is to hold each wanted place, by row of the file: whoever holds it, somebody of this body, or somebody new."""
        renamed = [want for want in wanted if want.renames]
        known = self._known(renamed) if renamed else {}
        holders: dict[int, int | None] = {}
        newcomers: dict[str, tuple[str, str]] = {}
        waiting: list[tuple[int, str]] = []
        for want in wanted:
            old = want.stored
            if old is not None and (old.accepted or not want.renames):
                holders[want.place.row] = old.person
            elif not (want.name or want.email):
                holders[want.place.row] = None
            elif (person := known.get(want.key)) is not None:
                holders[want.place.row] = person
            else:
                newcomers.setdefault(want.key, (want.name, want.email))
                waiting.append((want.place.row, want.key))
        made = self._insert(
            PERSON,
            [
                {"name": name, "email": email, "language": LANGUAGES[0], "reach": "unknown", "created_at": self.uow.now}
                for name, email in newcomers.values()
            ],
        )
        numbers = dict(zip(newcomers, made, strict=True))
        return holders | {row: numbers[key] for row, key in waiting}

    def _known(self, renamed: list[_Wanted]) -> dict[str, int]:
        """Give the people of this body by key: as they will be after the import, then those about to lose their place.

        Somebody who has accepted is known by what will stand, never by an address they have just lost: whoever gets that
        address next is somebody else.
        """
        leaving = {want.stored.id: want for want in renamed if want.stored is not None and isinstance(want.place, Seat)}
        leaving_posts = {want.stored.id: want for want in renamed if want.stored is not None and isinstance(want.place, Post)}
        staying: list[tuple[bool, int, str]] = []
        free: list[tuple[int, str]] = []
        for key, place in self.before.places.items():
            if place.person is None:
                continue
            want = (leaving if isinstance(key, SeatKey) else leaving_posts).get(place.id)
            if want is None:
                staying.append((not place.accepted, place.person, _key(place.name, place.email, key.institution)))
            elif place.accepted:
                staying.append((False, place.person, want.key))
            else:
                free.append((place.person, _key(place.name, place.email, key.institution)))
        known: dict[str, int] = {}
        for _, person, key_ in sorted(staying):
            known.setdefault(key_, person)
        for person, key_ in sorted(free):
            known.setdefault(key_, person)
        return known

    def _places(self, wanted: list[_Wanted], people: Mapping[int, int | None]) -> None:
        numbers = dict(self.before.highest)
        new_seats, new_posts, seats, posts = [], [], [], []
        for want in wanted:
            place, membership = want.place, self.memberships[want.place.institution]
            held: dict[str, Any] = {"title": want.title, "name": want.name, "email": want.email, "person_id": people[place.row]}
            if want.stored is not None:
                changed = {"at": want.stored.id} | {f"new_{name}": value for name, value in held.items()}
                if isinstance(place, Seat):
                    seats.append(changed)
                else:
                    posts.append(changed | {"new_membership_id": membership})
            elif isinstance(place, Seat):
                count = numbers[membership, place.role] = numbers.get((membership, place.role), 0) + 1
                new_seats.append(held | {"membership_id": membership, "role": place.role, "number": count})
            else:
                count = numbers[0, place.kind] = numbers.get((0, place.kind), 0) + 1
                new_posts.append(held | {"body_id": self.body, "membership_id": membership, "kind": place.kind, "number": count})
        self._insert(SEAT, new_seats)
        self._insert(POST, new_posts)
        self._each(_UPDATE_SEAT, seats)
        self._each(_UPDATE_POST, posts)

    def _corrections(self, wanted: list[_Wanted], people: Mapping[int, int | None]) -> None:
        """Correct the name and address of people who keep their place, where these came from this roster and nobody else's."""
        kept: dict[int, tuple[str, str]] = {}
        for want in wanted:
            old = want.stored
            if old is None or old.person is None or people[want.place.row] != old.person or not want.renames:
                continue
            name = want.name if fold(old.person_name) in (fold(old.name), "") else old.person_name
            email = want.email if old.person_email in (old.email, "") else old.person_email
            if (name, email) != (old.person_name, old.person_email):
                kept.setdefault(old.person, (name, email))
        if kept:
            elsewhere = set(self.uow.execute(_elsewhere(kept, self.body)).scalars())
            self._each(
                _UPDATE_PERSON,
                [
                    {"at": person, "new_name": name, "new_email": email}
                    for person, (name, email) in kept.items()
                    if person not in elsewhere
                ],
            )

    def _leavers(self, wanted: list[_Wanted], people: Mapping[int, int | None]) -> None:
        """Revoke links to places that now are somebody else's, and forget names the roster no longer holds.

        Nobody is signed out: an import takes no place from a person who has accepted, and nobody else has a session.
        """
        gone = [want for want in wanted if want.stored is not None and people[want.place.row] != want.stored.person]
        # A link given out for a place nobody was named for stays good: it was given to whoever it may be.
        named = [want for want in gone if want.stored is not None and want.stored.person is not None]
        revoke(
            self.uow,
            seats={want.stored.id for want in named if want.stored and isinstance(want.place, Seat)},
            posts={want.stored.id for want in named if want.stored and isinstance(want.place, Post)},
        )
        forget(self.uow, {want.stored.person for want in named if want.stored and want.stored.person is not None})

    # --- many rows at once ---

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> Sequence[int]:
        """Insert rows by one statement; give their numbers in the same order."""
        numbers = reserve(self.uow.connection, table, len(rows))
        statement = insert(table)
        if self.uow.dialect == "postgresql":
            # asyncpg sends row after row to a bare INSERT; asked to return something, SQLAlchemy sends a thousand in one.
            statement = statement.returning(table.c.id)
        self._each(statement, [{"id": number} | row for number, row in zip(numbers, rows, strict=True)])
        return numbers

    def _each(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.uow.connection.execute(statement, rows)


def _elsewhere(people: Iterable[int], body: int) -> Any:
    """Select those of these people who hold a place in another body too."""
    asked = sorted(people)
    return union(
        select(SEAT.c.person_id).join_from(SEAT, MEMBERSHIP).where(SEAT.c.person_id.in_(asked), MEMBERSHIP.c.body_id != body),
        select(POST.c.person_id).where(POST.c.person_id.in_(asked), POST.c.body_id != body),
    )
