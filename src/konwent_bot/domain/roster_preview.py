"""What an import would do: a roster from a file held against what is stored.

The preview and the import use this one comparison; the import does exactly what the preview says. An import adds and
corrects and never removes: an empty cell erases nothing, and who is not in the file stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypedDict

from konwent_bot.domain.roster_composition import lacking, left_out
from konwent_bot.domain.roster_stored import CurrentRoster, PostKey, SeatKey, StoredHolder, StoredInstitution
from konwent_bot.domain.roster_values import Institution, Message, Person, Post, Roster, RosterRow, Seat
from konwent_bot.errors import N_, Invalid

__all__ = [
    "Change",
    "Changed",
    "CurrentRoster",
    "JsonPreview",
    "JsonRow",
    "PostKey",
    "Preview",
    "PreviewRow",
    "SeatKey",
    "Status",
    "StoredHolder",
    "StoredInstitution",
    "compare",
]

Status = Literal["new", "unchanged", "changed", "warning", "error"]
Change = Literal["new", "unchanged", "changed"]
#: What of a stored institution, seat or person a row changes.
Changed = Literal["name", "short_name", "stakeholder_type", "sector", "place", "title", "person_name", "person_email"]

STATUSES: tuple[Status, ...] = ("new", "unchanged", "changed", "warning", "error")


class Say(Protocol):
    """Says a sentence in a person's language (``i18n.Translator`` does)."""

    def __call__(self, msgid: str, /, **facts: object) -> str:
        """Say it."""


class PreviewRow(NamedTuple):
    """One row: what would happen and why.

    ``status`` is what a person is shown: an error before everything, then a warning, then the change. ``change`` is what the
    import does (None: nothing, the row is wrong, repeated, or stands for the whole file). ``stored`` is the stored seat or post
    the row speaks of (None: a new one), ``changes`` what differs from it and, in an institution's first row, from the institution.
    """

    row: int
    status: Status
    change: Change | None
    messages: tuple[Message, ...]
    entry: RosterRow | None = None
    stored: SeatKey | PostKey | None = None
    changes: frozenset[Changed] = frozenset()


class JsonRow(TypedDict):
    """A row of the preview for programs."""

    row: int
    status: Status
    change: Change | None
    messages: list[str]


class JsonPreview(TypedDict):
    """The preview for programs."""

    summary: dict[Status, int]
    rows: list[JsonRow]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, row by row in the order of the sheet; ``notes`` are for reading and change nothing."""

    rows: tuple[PreviewRow, ...]
    notes: tuple[Message, ...]
    institutions: Mapping[str, Change]

    @property
    def summary(self) -> dict[Status, int]:
        """How many rows are of each status."""
        counts = Counter([row.status for row in self.rows])
        return {status: counts[status] for status in STATUSES}

    @property
    def importable(self) -> bool:
        """Whether no row has an error."""
        return all(row.status != "error" for row in self.rows)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is stored already."""
        return all(row.change in (None, "unchanged") for row in self.rows)

    def require_importable(self) -> None:
        """Raise ``Invalid`` with the first error when there is one."""
        wrong = [row for row in self.rows if row.status == "error"]
        if wrong:
            raise Invalid(
                N_("Nothing was imported. Rows with errors: {count}. The first: {first}"),
                count=len(wrong),
                first=wrong[0].messages[0],
            )

    def to_json(self, t: Say) -> JsonPreview:
        """Give the shape ``konwent-bot roster preview --json`` prints, sentences said."""
        return {
            "summary": self.summary,
            "rows": [
                {
                    "row": row.row,
                    "status": row.status,
                    "change": row.change,
                    "messages": [t(m.msgid, **m.facts) for m in row.messages],
                }
                for row in self.rows
            ],
            "notes": [t(note.msgid, **note.facts) for note in self.notes],
        }


def compare(roster: Roster, current: CurrentRoster) -> Preview:
    """Hold a roster against what is stored (``CurrentRoster()`` for a new body). Takes time in proportion to both."""
    messages: dict[int, list[Message]] = defaultdict(list)
    wrong = {problem.row for problem in roster.problems if problem.severity == "error"}
    warned = {problem.row for problem in roster.problems}
    for problem in roster.problems:
        messages[problem.row].append(problem)
    institutions = {key: _institution(entry, current.institutions.get(key)) for key, entry in roster.institutions.items()}
    seats = _seats_matched(roster.seats, current.seats)
    posts = _posts_matched(roster.posts, current.posts)
    for problem in lacking(roster, current):
        warned.add(problem.row)
        messages[problem.row].append(problem)

    rows: list[PreviewRow] = []
    held: dict[int, Seat | Post] = {seat.row: seat for seat in roster.seats}
    held |= {post.row: post for post in roster.posts}
    first_rows = _first_rows(held.values())
    for entry in roster.rows:
        place = held[entry.row]
        if isinstance(place, Seat):
            stored: SeatKey | PostKey | None = seats.get(entry.row)
            before = current.seats[seats[entry.row]] if stored else None
        else:
            stored = posts.get(entry.row)
            before = current.posts[posts[entry.row]] if stored else None
        changes, change = _NOTHING, _NEW
        if before is not None:
            changes, said = _holder(place, before)
            if first_rows[place.institution] == entry.row:
                more, also = institutions[place.institution]
                changes, said = changes | more, also + said
            change = "changed" if changes else "unchanged"
            for msgid, facts in said:
                messages[entry.row].append(Message(msgid, {"row": entry.row, **facts}))
        elif place.institution in current.institutions and first_rows[place.institution] == entry.row:
            changes, said = institutions[place.institution]
            for msgid, facts in said:
                messages[entry.row].append(Message(msgid, {"row": entry.row, **facts}))
        status: Status = "error" if entry.row in wrong else "warning" if entry.row in warned else change
        row_change = None if entry.row in wrong else change
        rows.append(PreviewRow(entry.row, status, row_change, tuple(messages.pop(entry.row, ())), entry, stored, changes))
    rows += [PreviewRow(row, "error" if row in wrong else "warning", None, tuple(said)) for row, said in messages.items()]
    rows.sort(key=lambda row: row.row)
    states: dict[str, Change] = {
        key: "new" if key not in current.institutions else "changed" if changes else "unchanged"
        for key, (changes, _) in institutions.items()
    }
    return Preview(tuple(rows), roster.notes + left_out(roster, current, {*seats.values()}, {*posts.values()}), states)


_NOTHING: frozenset[Changed] = frozenset()
_NEW: Change = "new"
_Said = list[tuple[str, dict[str, object]]]


def _first_rows(places: Iterable[Seat | Post]) -> dict[str, int]:
    first: dict[str, int] = {}
    for place in places:
        first[place.institution] = min(place.row, first.get(place.institution, place.row))
    return first


def _institution(entry: Institution, stored: StoredInstitution | None) -> tuple[frozenset[Changed], _Said]:
    if stored is None:
        return _NOTHING, []
    names: tuple[tuple[Changed, str, str, str], ...] = (
        ("name", stored.name, entry.name, N_("Row {row}: the name of the institution changes from “{before}” to “{after}”.")),
        (
            "short_name",
            stored.short_name,
            entry.short_name,
            N_("Row {row}: the short name changes from “{before}” to “{after}”."),
        ),
        (
            "stakeholder_type",
            stored.stakeholder_type,
            entry.stakeholder_type,
            N_("Row {row}: the type changes from {before} to {after}."),
        ),
        ("sector", stored.sector, entry.sector, N_("Row {row}: the sector changes from “{before}” to “{after}”.")),
        ("place", stored.place, entry.place, N_("Row {row}: the place changes from “{before}” to “{after}”.")),
    )
    return _differences(names)


def _holder(place: Seat | Post, stored: StoredHolder) -> tuple[frozenset[Changed], _Said]:
    person = place.person or Person("", "", "")
    same_address = person.email.lower() == stored.email.lower()
    email = stored.email if same_address else person.email
    names: tuple[tuple[Changed, str, str, str], ...] = (
        ("title", stored.title, place.title, N_("Row {row}: the position changes from “{before}” to “{after}”.")),
        ("person_name", stored.name, person.name, N_("Row {row}: the person changes from “{before}” to “{after}”.")),
        ("person_email", stored.email, email, N_("Row {row}: the e-mail changes from “{before}” to “{after}”.")),
    )
    return _differences(names)


def _differences(names: Iterable[tuple[Changed, str, str, str]]) -> tuple[frozenset[Changed], _Said]:
    changes: set[Changed] = set()
    said: _Said = []
    for name, before, after, msgid in names:
        if after and after != before:
            changes.add(name)
            said.append((msgid, {"before": before or "-", "after": after}))
    return frozenset(changes) if changes else _NOTHING, said


def _seats_matched(seats: Iterable[Seat], stored: Mapping[SeatKey, StoredHolder]) -> dict[int, SeatKey]:
    """Give the stored seat of each row that has one."""
    keys = ((seat.row, SeatKey(seat.institution, seat.role, seat.index)) for seat in seats)
    return {row: key for row, key in keys if key in stored}


def _posts_matched(posts: Iterable[Post], stored: Mapping[PostKey, StoredHolder]) -> dict[int, PostKey]:
    """Give the stored post of each row that has one."""
    keys = ((post.row, PostKey(post.institution, post.kind, post.index)) for post in posts)
    return {row: key for row, key in keys if key in stored}
