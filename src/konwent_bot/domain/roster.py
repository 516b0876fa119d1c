"""A roster: who belongs to a body and who speaks for whom, read from the rows of a table.

Pure: rows in, values and problems out. An error keeps the whole file from being imported (all or nothing); a warning does not.
What is already stored comes in only in ``roster_preview.compare``, which both the preview and the import are made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from konwent_bot.domain.roster_words import (
    POST_KINDS,
    Field,
    PostKind,
    Role,
    SeatRole,
    StakeholderType,
    address,
    field_of,
    fold,
    plain,
    role_like,
    role_of,
    type_of,
)
from konwent_bot.errors import N_, Invalid

Severity = Literal["error", "warning"]

#: Rows from the top in which the headings are looked for: above them people put a title or a date.
HEADING_ROWS = 10
#: Characters of a cell repeated in a sentence.
QUOTED_CHARACTERS = 60

_MANDATORY: tuple[tuple[Field, str], ...] = (
    ("institution", N_("“Institution name”")),
    ("type", N_("“Type”")),
    ("role", N_("“Role”")),
)


class Sheet(Protocol):
    """What is read: rows of equal width and the number a person sees beside each (``documents.tables.Table`` is one)."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The rows, headings among the first of them."""

    @property
    def line_numbers(self) -> Sequence[int]:
        """The sheet row of each, from 1."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: an English msgid and its facts."""

    msgid: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Problem(Message):
    """What is wrong with a row (its sheet number); the heading row stands for the file as a whole."""

    row: int = 0
    severity: Severity = "error"


class RosterRow(NamedTuple):
    """One row, cleaned and understood. Empty texts mean "not said": they never erase what is stored."""

    row: int
    institution: str
    short_name: str
    stakeholder_type: StakeholderType
    sector: str
    place: str
    role: Role
    title: str
    name: str
    email: str


class Person(NamedTuple):
    """Somebody named in the file. Rows of equal ``key`` speak of one person, who may hold several seats and posts."""

    key: str
    name: str
    email: str


class Institution(NamedTuple):
    """A member institution as all its rows together describe it; ``key`` is the folded name."""

    key: str
    name: str
    short_name: str
    stakeholder_type: StakeholderType
    sector: str
    place: str
    row: int


class Seat(NamedTuple):
    """A place for an institution. ``index`` counts the substitutes of an institution from 0; it is 0 for head and delegate."""

    row: int
    institution: str
    role: SeatRole
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    title: str
    person: Person | None


class Post(NamedTuple):
    """A function in the body, held by a person of an institution. ``index`` counts equal posts of one institution from 0."""

    row: int
    institution: str
    kind: PostKind
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    title: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class Roster:
    """What the file says. ``rows`` are those without an error, repeated ones left out; ``problems`` are in order of rows.

    ``doubtful`` are the folded names of institutions with a wrong row: what they lack may be in that row.
    """

    institutions: Mapping[str, Institution]
    seats: tuple[Seat, ...]
    posts: tuple[Post, ...]
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    heading_row: int
    doubtful: frozenset[str] = frozenset()


def read_roster(table: Sheet) -> Roster:
    """Read a roster.

    Raises ``Invalid`` when a mandatory column is missing, a column is there twice, or there is no row under the headings.
    Everything that concerns single rows is in ``problems``.
    """
    top, columns, notes = _headings(table)
    if len(table.rows) <= top + 1:
        raise Invalid(N_("Under the headings there is no row. Please fill in the table, one person per row."))
    reader = _Reader()
    for number, cells in zip(table.line_numbers[top + 1 :], _cells(table.rows[top + 1 :], columns), strict=True):
        reader.take(number, cells)
    return reader.roster(notes, table.line_numbers[top])


def _headings(table: Sheet) -> tuple[int, dict[Field, int], tuple[Message, ...]]:
    """Find the row of headings (the one among the first that has most of them) and the place of each column."""
    known = [[field_of(cell) if cell.strip() else None for cell in row] for row in table.rows[:HEADING_ROWS]]
    top = max(range(len(known)), key=lambda index: (len({*known[index]} - {None}), -index))
    row, fields = table.rows[top], known[top]
    columns: dict[Field, int] = {}
    for index, name in enumerate(fields):
        if name is None:
            continue
        if name in columns:
            raise Invalid(
                N_("Two columns mean the same: “{first}” and “{second}”. Please leave one of them."),
                first=_quoted(row[columns[name]]),
                second=_quoted(row[index]),
            )
        columns[name] = index
    found = [_quoted(cell) for cell in row if cell.strip()]
    for mandatory, word in _MANDATORY:
        if mandatory not in columns:
            raise Invalid(
                N_(
                    "The column {column} is missing. Headings found in row {row}: {found}. Please add it, or correct its heading."
                ),
                column=Message(word),
                row=table.line_numbers[top],
                found="; ".join(found[:12]),
            )
    ignored = tuple(_quoted(cell) for cell, name in zip(row, fields, strict=True) if cell.strip() and name is None)
    notes = (Message(N_("Columns that are not read: {columns}."), {"columns": ignored}),) if ignored else ()
    return top, columns, notes


class _Cells(NamedTuple):
    """The cells of one row by field, cleaned; ``bad`` names the heading of the first that looks like a formula."""

    institution: str
    short_name: str
    type: str
    sector: str
    place: str
    role: str
    title: str
    email: str
    name: str
    first_name: str
    last_name: str


_FORMULA = "\x00"  # stands for a cell that looks like a formula; ``plain`` never lets this sign through


def _cells(rows: Sequence[Sequence[str]], columns: Mapping[Field, int]) -> list[_Cells]:
    """Clean column by column: most columns repeat few texts, and each is cleaned once."""
    cleaned: list[Sequence[str]] = []
    for name in _Cells._fields:
        place = columns.get(name)  # type: ignore[call-overload]  # the fields of _Cells are those of Field, checked by a test
        if place is None:
            cleaned.append([""] * len(rows))
            continue
        raw = [row[place] for row in rows]
        known = {text: _FORMULA if (said := plain(text)) is None else said for text in set(raw)}
        cleaned.append([known[text] for text in raw])
    return list(map(_Cells._make, zip(*cleaned, strict=True)))


class _Reader:
    """Takes row after row and remembers what they say together."""

    def __init__(self) -> None:
        self.rows: list[RosterRow] = []
        self.problems: list[Problem] = []
        self._keys: dict[str, str] = {}
        self._types: dict[str, tuple[StakeholderType, int]] = {}
        self._untyped: list[tuple[int, str]] = []
        self._details: dict[tuple[str, str], tuple[str, int]] = {}
        self._first: dict[str, tuple[int, str]] = {}
        self._single: dict[tuple[str, Role], int] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._of_row: dict[int, str] = {}

    def take(self, number: int, cells: _Cells) -> None:
        """Read one row; the first error of a row ends it, so that one mistake gives one sentence."""
        key = self._keys.get(cells.institution) or self._keys.setdefault(cells.institution, fold(cells.institution))
        self._of_row[number] = key
        if _FORMULA in cells:
            column = next(place for place, cell in enumerate(cells) if cell == _FORMULA)
            return self._error(
                number,
                N_(
                    "Row {row}: the cell in the column {column} begins like a formula (=, +, - or @). Please write it as plain text."
                ),
                column=Message(_COLUMN_WORDS[column]),
            )
        if not key:
            return self._error(number, N_("Row {row}: the name of the institution is missing."))
        self._first.setdefault(key, (number, cells.institution))
        if not (role := self._role(number, cells.role)):
            return None
        stakeholder = self._type(number, key, cells.type)
        if cells.type and not stakeholder:
            return None
        email = address(cells.email) if cells.email else ""
        if email is None:
            return self._bad_address(number, cells.email)
        return self._keep(number, key, cells, role, stakeholder, email)

    def _keep(self, number: int, key: str, cells: _Cells, role: Role, stakeholder: StakeholderType | None, email: str) -> None:
        """Take a row that is right in itself, unless it repeats or contradicts an earlier one."""
        name = cells.name or f"{cells.first_name} {cells.last_name}".strip()
        said = (key, role, fold(cells.title), fold(name), email.lower())
        if earlier := self._seen.get(said):
            return self._warn(number, N_("Row {row}: it repeats row {earlier} and is left out."), earlier=earlier)
        self._seen[said] = number
        if role in ("head", "delegate"):
            only = self._single.setdefault((key, role), number)
            if only != number:
                return self._second(number, only, role)
        if not cells.type:
            self._untyped.append((number, key))
        for detail, value in (("short_name", cells.short_name), ("sector", cells.sector), ("place", cells.place)):
            if value:
                self._detail(number, key, detail, value)
        entry = RosterRow(
            number,
            cells.institution,
            cells.short_name,
            stakeholder or "A",  # rows without a type get it in ``_typed``
            cells.sector,
            cells.place,
            role,
            cells.title,
            name,
            email,
        )
        self.rows.append(entry)
        return None

    def _role(self, number: int, word: str) -> Role | None:
        role = role_of(word) if word else None
        if role is None:
            if not word:
                self._error(number, N_("Row {row}: the role is missing. {allowed}"), allowed=Message(_ALLOWED_ROLES))
            elif like := role_like(word):
                self._error(
                    number,
                    N_("Row {row}: there is no role “{role}”. Is it “{like}”? {allowed}"),
                    role=_quoted(word),
                    like=like,
                    allowed=Message(_ALLOWED_ROLES),
                )
            else:
                self._error(
                    number,
                    N_("Row {row}: there is no role “{role}”. {allowed}"),
                    role=_quoted(word),
                    allowed=Message(_ALLOWED_ROLES),
                )
        return role

    def _type(self, number: int, key: str, word: str) -> StakeholderType | None:
        """Give the type of the row; None (with the error noted) when it is unknown or contradicts an earlier row."""
        if not word:
            return None
        stakeholder = type_of(word)
        if stakeholder is None:
            self._error(
                number,
                N_(
                    "Row {row}: there is no type “{type}”. Allowed: A (reintegration is the main goal), B (one of the goals), C (not a goal)."
                ),
                type=_quoted(word),
            )
            return None
        earlier, row = self._types.setdefault(key, (stakeholder, number))
        if earlier != stakeholder:
            self._error(
                number,
                N_(
                    "Row {row}: the institution is of type {type} here, and of type {earlier} in row {other}. Please correct one of them."
                ),
                type=stakeholder,
                earlier=earlier,
                other=row,
            )
            return None
        return stakeholder

    def _bad_address(self, number: int, text: str) -> None:
        if "@" not in text:
            self._error(
                number,
                N_("Row {row}: “{email}” is not an e-mail address, it has no @. Please correct it or leave the cell empty."),
                email=_quoted(text),
            )
        elif text.count("@") > 1:
            self._error(
                number, N_("Row {row}: “{email}” is more than one e-mail address. Please leave one."), email=_quoted(text)
            )
        else:
            self._error(
                number,
                N_("Row {row}: “{email}” is not a correct e-mail address. Please correct it or leave the cell empty."),
                email=_quoted(text),
            )

    def _second(self, number: int, earlier: int, role: Role) -> None:
        if role == "head":
            self._error(
                number,
                N_("Row {row}: the institution already has its head in row {other}. Please leave one head."),
                other=earlier,
            )
        else:
            self._error(
                number,
                N_(
                    "Row {row}: the institution already has its designated person in row {other}. "
                    "Please leave one, and enter further persons as substitutes."
                ),
                other=earlier,
            )

    def _detail(self, number: int, key: str, detail: str, value: str) -> None:
        kept, row = self._details.setdefault((key, detail), (value, number))
        if kept != value and fold(kept) != fold(value):
            self._warn(
                number,
                N_("Row {row}: “{value}” differs from “{kept}” given for the same institution in row {other}; “{kept}” stays."),
                value=_quoted(value),
                kept=_quoted(kept),
                other=row,
            )

    def _error(self, number: int, msgid: str, **facts: object) -> None:
        self.problems.append(Problem(msgid, {"row": number, **facts}, number, "error"))

    def _warn(self, number: int, msgid: str, **facts: object) -> None:
        self.problems.append(Problem(msgid, {"row": number, **facts}, number, "warning"))

    def roster(self, notes: tuple[Message, ...], heading_row: int) -> Roster:
        """Put the rows together: institutions, people, seats and posts."""
        rows = self._typed()
        people = self._people(rows)
        institutions: dict[str, Institution] = {}
        seats: list[Seat] = []
        posts: list[Post] = []
        counts: dict[tuple[str, Role], int] = {}
        details = self._details
        for row, person in zip(rows, people, strict=True):
            key = self._keys[row.institution]
            if key not in institutions:
                short, sector, place = (details.get((key, name), ("", 0))[0] for name in ("short_name", "sector", "place"))
                first, name = self._first[key]
                institutions[key] = Institution(key, name, short, row.stakeholder_type, sector, place, first)
            index = counts.get((key, row.role), 0)
            counts[key, row.role] = index + 1
            role = row.role
            if role == "head" or role == "delegate" or role == "substitute":
                seats.append(Seat(row.row, key, role, index, row.title, person))
            else:
                posts.append(Post(row.row, key, role, index, row.title, person))
        problems = tuple(sorted(self.problems, key=lambda problem: problem.row))
        doubtful = frozenset(self._of_row[problem.row] for problem in problems if problem.severity == "error")
        return Roster(institutions, tuple(seats), tuple(posts), tuple(rows), problems, notes, heading_row, doubtful)

    def _typed(self) -> list[RosterRow]:
        """Give rows without a type that of the institution's other rows (merged cells leave it out), or an error."""
        if not self._untyped:
            return self.rows
        types: dict[int, StakeholderType] = {}
        for number, key in self._untyped:
            if known := self._types.get(key):
                types[number] = known[0]
            else:
                self._error(number, N_("Row {row}: the type of the institution is missing. Please write A, B or C."))
        without = {number for number, _ in self._untyped} - types.keys()
        return [
            row._replace(stakeholder_type=types.get(row.row, row.stakeholder_type)) for row in self.rows if row.row not in without
        ]

    def _people(self, rows: Sequence[RosterRow]) -> list[Person | None]:
        """Tell who is one person: the same name and e-mail; with one of the two missing, whoever it can only be."""
        folded = {row.name: fold(row.name) for row in rows if row.name}
        of_address: dict[str, dict[str, Person]] = {}
        of_name: dict[tuple[str, str], dict[str, Person]] = {}
        for row in rows:
            if row.email and row.name:
                low, name = row.email.lower(), folded[row.name]
                holders = of_address.setdefault(low, {})
                if name not in holders:
                    if holders:
                        self._two_names(row, next(iter(holders.values())))
                    holders[name] = Person(f"{name}|{low}", row.name, row.email)
                of_name.setdefault((self._keys[row.institution], name), {})[low] = holders[name]
        people: list[Person | None] = []
        for row in rows:
            name, key = folded.get(row.name, ""), self._keys[row.institution]
            person = _person(row, name, key, of_address, of_name)
            if person is None or not person.email:
                self._warn(row.row, N_("Row {row}: there is no e-mail. This person can be invited by a printed link only."))
            people.append(person)
        return people

    def _two_names(self, row: RosterRow, other: Person) -> None:
        self._warn(
            row.row,
            N_("Row {row}: the e-mail {email} stands beside two names, {first} and {second}. They count as two persons."),
            email=row.email,
            first=_quoted(other.name),
            second=_quoted(row.name),
        )


def _person(
    row: RosterRow,
    name: str,
    key: str,
    of_address: dict[str, dict[str, Person]],
    of_name: Mapping[tuple[str, str], Mapping[str, Person]],
) -> Person | None:
    """Give whom a row names (``name`` folded, ``key`` of its institution); None when it names nobody."""
    if row.email:
        low = row.email.lower()
        holders = of_address.setdefault(low, {})
        if name:
            return holders[name]
        if len(holders) == 1:
            return next(iter(holders.values()))
        return holders.setdefault("", Person(f"|{low}", "", row.email))
    if name:
        namesakes = of_name.get((key, name), {})
        return next(iter(namesakes.values())) if len(namesakes) == 1 else Person(f"{name}||{key}", row.name, "")
    return None


def is_post(role: Role) -> bool:
    """Tell a post in the body (coordinator, chair...) from a seat for an institution."""
    return role in POST_KINDS


def _quoted(text: str) -> str:
    """Repeat at most so much of a cell in a sentence, without signs that cannot be seen."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * QUOTED_CHARACTERS]).split())
    return line if len(line) <= QUOTED_CHARACTERS else line[: QUOTED_CHARACTERS - 1] + "…"


_ALLOWED_ROLES = N_(
    "Allowed: head, designated person (delegate, ambassador), substitute, coordinator, chair, vice-chair, case manager, minute-taker."
)
#: What the columns are called in sentences, in the order of ``_Cells``.
_COLUMN_WORDS = (
    N_("“Institution name”"),
    N_("“Short name”"),
    N_("“Type”"),
    N_("“Sector”"),
    N_("“Place”"),
    N_("“Role”"),
    N_("“Position”"),
    N_("“E-mail”"),
    N_("“First and last name”"),
    N_("“First name”"),
    N_("“Last name”"),
)
