"""A roster: who belongs to a body and who speaks for whom, read from the rows of a table.

Pure: rows in, values and problems out. An error keeps the whole file from being imported (all or nothing); a warning does not.
What is already stored comes in only in ``roster_preview.compare``, which both the preview and the import are made of.
"""

from __future__ import annotations

from konwent_bot.domain.roster_rows import Reader, cells
from konwent_bot.domain.roster_values import (
    Institution,
    Message,
    Person,
    Post,
    Problem,
    Roster,
    RosterRow,
    Seat,
    Severity,
    Sheet,
    quoted,
)
from konwent_bot.domain.roster_words import Field, field_of
from konwent_bot.errors import N_, Invalid

__all__ = [
    "Institution",
    "Message",
    "Person",
    "Post",
    "Problem",
    "Roster",
    "RosterRow",
    "Seat",
    "Severity",
    "Sheet",
    "read_roster",
]

#: Rows from the top in which the headings are looked for: above them people put a title or a date.
HEADING_ROWS = 10
_MANDATORY: tuple[tuple[Field, str], ...] = (
    ("institution", N_("“Institution name”")),
    ("type", N_("“Type”")),
    ("role", N_("“Role”")),
)


def read_roster(table: Sheet) -> Roster:
    """Read a roster.

    Raises ``Invalid`` when a mandatory column is missing, a column is there twice, or there is no row under the headings.
    Everything that concerns single rows is in ``problems``.
    """
    top, columns, notes = _headings(table)
    if len(table.rows) <= top + 1:
        raise Invalid(N_("Under the headings there is no row. Please fill in the table, one person per row."))
    reader = Reader()
    below = slice(top + 1, None)
    for number, row in zip(table.line_numbers[below], cells(table.rows[below], columns), strict=True):
        reader.take(number, row)
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
                first=quoted(row[columns[name]]),
                second=quoted(row[index]),
            )
        columns[name] = index
    found = [quoted(cell) for cell in row if cell.strip()]
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
    ignored = tuple(quoted(cell) for cell, name in zip(row, fields, strict=True) if cell.strip() and name is None)
    notes = (Message(N_("Columns that are not read: {columns}."), {"columns": ignored}),) if ignored else ()
    return top, columns, notes
