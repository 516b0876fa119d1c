"""Reading the rows of a roster: each by itself, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from konwent_bot.domain.roster_people import named
from konwent_bot.domain.roster_values import Institution, Message, Post, Problem, Roster, RosterRow, Seat, quoted
from konwent_bot.domain.roster_words import Field, Role, StakeholderType, address, fold, plain, role_like, role_of, type_of
from konwent_bot.errors import N_


class Cells(NamedTuple):
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


def cells(rows: Sequence[Sequence[str]], columns: Mapping[Field, int]) -> list[Cells]:
    """Clean column by column: most columns repeat few texts, and each is cleaned once."""
    cleaned: list[Sequence[str]] = []
    for name in Cells._fields:
        place = columns.get(name)  # type: ignore[call-overload]  # the fields of Cells are those of Field, checked by a test
        if place is None:
            cleaned.append([""] * len(rows))
            continue
        raw = [row[place] for row in rows]
        known = {text: _FORMULA if (said := plain(text)) is None else said for text in set(raw)}
        cleaned.append([known[text] for text in raw])
    return list(map(Cells._make, zip(*cleaned, strict=True)))


class Reader:
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
        self._titles: dict[str, str] = {}
        self._told: set[tuple[str, str, str, str]] = set()

    def take(self, number: int, cells: Cells) -> None:
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

    def _keep(self, number: int, key: str, cells: Cells, role: Role, stakeholder: StakeholderType | None, email: str) -> None:
        """Take a row that is right in itself, unless it repeats or contradicts an earlier one."""
        name = cells.name or f"{cells.first_name} {cells.last_name}".strip()
        title = self._titles.get(cells.title)
        if title is None:
            title = self._titles[cells.title] = fold(cells.title)
        said = (key, role, title, fold(name), email.lower())
        if earlier := self._seen.get(said):
            return self._warn(number, N_("Row {row}: it repeats row {earlier} and is left out."), earlier=earlier)
        self._seen[said] = number
        if role in ("head", "delegate"):
            only = self._single.setdefault((key, role), number)
            if only != number:
                return self._second(number, only, role)
        if not cells.type:
            self._untyped.append((number, key))
        details = (key, cells.short_name, cells.sector, cells.place)
        if details not in self._told:
            self._told.add(details)
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
                    role=quoted(word),
                    like=like,
                    allowed=Message(_ALLOWED_ROLES),
                )
            else:
                self._error(
                    number,
                    N_("Row {row}: there is no role “{role}”. {allowed}"),
                    role=quoted(word),
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
                type=quoted(word),
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
                email=quoted(text),
            )
        elif text.count("@") > 1:
            self._error(number, N_("Row {row}: “{email}” is more than one e-mail address. Please leave one."), email=quoted(text))
        else:
            self._error(
                number,
                N_("Row {row}: “{email}” is not a correct e-mail address. Please correct it or leave the cell empty."),
                email=quoted(text),
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
                value=quoted(value),
                kept=quoted(kept),
                other=row,
            )

    def _error(self, number: int, msgid: str, **facts: object) -> None:
        self.problems.append(Problem(msgid, {"row": number, **facts}, number, "error"))

    def _warn(self, number: int, msgid: str, **facts: object) -> None:
        self.problems.append(Problem(msgid, {"row": number, **facts}, number, "warning"))

    def roster(self, notes: tuple[Message, ...], heading_row: int) -> Roster:
        """Put the rows together: institutions, people, seats and posts."""
        rows = self._typed()
        people, doubts = named(rows, self._keys)
        self.problems += doubts
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


_ALLOWED_ROLES = N_(
    "Allowed: head, designated person (delegate, ambassador), substitute, coordinator, chair, vice-chair, case manager, minute-taker."
)
#: What the columns are called in sentences, in the order of ``Cells``.
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
