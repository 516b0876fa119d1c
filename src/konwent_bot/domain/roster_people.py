"""Who is one person among the rows of a roster: the same name and e-mail; with one of the two missing, whoever it can only be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from konwent_bot.domain.roster_values import Person, Problem, RosterRow, quoted
from konwent_bot.domain.roster_words import fold
from konwent_bot.errors import N_

#: People by e-mail in small letters, then by folded name.
_OfAddress = dict[str, dict[str, Person]]
#: People by folded institution and name, then by e-mail in small letters.
_OfName = dict[tuple[str, str], dict[str, Person]]


def named(rows: Sequence[RosterRow], keys: Mapping[str, str]) -> tuple[list[Person | None], list[Problem]]:
    """Give whom each row names (None: nobody) and what is doubtful about it; ``keys`` fold the names of institutions.

    Two rows with one name and no e-mail are one person only within an institution; an e-mail beside two names is two persons.
    """
    folded = {row.name: fold(row.name) for row in rows if row.name}
    of_address, of_name, doubts = _known(rows, keys, folded)
    people: list[Person | None] = []
    for row in rows:
        person = _person(row, folded.get(row.name, ""), keys[row.institution], of_address, of_name)
        if person is None or not person.email:
            doubts.append(_doubt(row, N_("Row {row}: there is no e-mail. This person can be invited by a printed link only.")))
        people.append(person)
    return people, doubts


def _known(
    rows: Sequence[RosterRow], keys: Mapping[str, str], folded: Mapping[str, str]
) -> tuple[_OfAddress, _OfName, list[Problem]]:
    """Collect the people of rows that say both name and e-mail."""
    of_address: _OfAddress = {}
    of_name: _OfName = {}
    doubts: list[Problem] = []
    for row in rows:
        if not (row.email and row.name):
            continue
        low, name = row.email.lower(), folded[row.name]
        holders = of_address.setdefault(low, {})
        if name not in holders:
            if holders:
                doubts.append(
                    _doubt(
                        row,
                        N_(
                            "Row {row}: the e-mail {email} stands beside two names, {first} and {second}. They count as two persons."
                        ),
                        email=row.email,
                        first=quoted(next(iter(holders.values())).name),
                        second=quoted(row.name),
                    )
                )
            holders[name] = Person(f"{name}|{low}", row.name, row.email)
        of_name.setdefault((keys[row.institution], name), {})[low] = holders[name]
    return of_address, of_name, doubts


def _person(row: RosterRow, name: str, key: str, of_address: _OfAddress, of_name: _OfName) -> Person | None:
    if row.email:
        low = row.email.lower()
        holders = of_address.setdefault(low, {})
        if row.name:
            return holders[name]
        if len(holders) == 1:
            return next(iter(holders.values()))
        return holders.setdefault("", Person(f"|{low}", "", row.email))
    if row.name:
        namesakes = of_name.get((key, name), {})
        return next(iter(namesakes.values())) if len(namesakes) == 1 else Person(f"{name}||{key}", row.name, "")
    return None


def _doubt(row: RosterRow, msgid: str, **facts: object) -> Problem:
    return Problem(msgid, {"row": row.row, **facts}, row.row, "warning")
