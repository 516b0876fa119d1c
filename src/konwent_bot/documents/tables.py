"""Bytes of a spreadsheet or CSV file -> rows of text.

One entrance, ``read_table``. It tells the kind of file by its first bytes, never by its name: people rename files. The CSV
side is ``csv_text``, the spreadsheet side ``workbooks``; both hand their rows to ``table_of``, where the limits are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from konwent_bot.errors import N_, Invalid

Kind = Literal["csv", "xlsx", "xls", "ods"]

#: Bytes of a file as it comes: a roster of 5,000 rows takes well under one megabyte.
MAX_FILE_BYTES = 2_000_000
#: Rows with something in them, the row of headings not counted.
MAX_ROWS = 5_000
#: Sheet rows looked at, empty ones included (a formatted column of a spreadsheet may run to the end of the sheet).
MAX_SHEET_ROWS = 1_048_576
#: Columns with something in them.
MAX_COLUMNS = 50
#: Characters in one cell.
MAX_CELL_CHARACTERS = 2_000

#: What files are that people take for tables, by their first bytes.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"MZ\x90", "EXE"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal width, all text, without empty rows and without empty columns at the end.

    ``line_numbers[i]`` is the number a person sees beside ``rows[i]`` in a spreadsheet program, from 1, headings included.
    ``encoding`` and ``delimiter`` are empty for spreadsheets.
    """

    rows: tuple[tuple[str, ...], ...]
    line_numbers: tuple[int, ...]
    encoding: str
    delimiter: str
    kind: Kind


def read_table(data: bytes) -> Table:
    """Read the rows of a CSV, XLSX, XLS or ODS file.

    Raises ``Invalid`` for everything that is not such a file, is damaged, protected by a password, empty or over a limit.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Invalid(
            N_("The file is too big: {size} MB, and {limit} MB is allowed. Please leave only the table in it, without pictures."),
            size=round(len(data) / 1_000_000, 1),
            limit=MAX_FILE_BYTES // 1_000_000,
        )
    if not data.strip(b"\x00 \t\r\n;,"):
        raise Invalid(N_("The file is empty. Please save the table again and send the new file."))
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        from konwent_bot.documents import workbooks  # only who reads a spreadsheet pays for its reader

        return workbooks.read(data)
    for magic, name in _FOREIGN:
        if data.startswith(magic) and not (name == "BMP" and b"\x00" not in data):
            raise Invalid(
                N_("This is a file of type {kind}, not a table. Please send the table as CSV, XLSX, XLS or ODS."),
                kind=name,
            )
    from konwent_bot.documents import csv_text

    return csv_text.read(data)


def table_of(
    records: Iterable[Sequence[str]], *, first: int, kind: Kind, left: int = 1, encoding: str = "", delimiter: str = ""
) -> Table:
    """Make a table of raw records: drop empty rows and trailing empty columns, keep the limits.

    ``first`` is the sheet row of the first record, ``left`` the sheet column of the first cell. Raises ``Invalid`` when a limit is passed or nothing is left.
    """
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for number, record in enumerate(records, first):
        if not "".join(record).strip():
            if number > MAX_SHEET_ROWS:
                raise _too_many_rows()
            continue
        if len(record) > MAX_COLUMNS:
            record = _narrowed(record, number)
        rows.append(tuple(record))
        numbers.append(number)
        if len(rows) > MAX_ROWS + 1:
            raise _too_many_rows()
    if not rows:
        raise Invalid(N_("The file is empty. Please save the table again and send the new file."))
    _check_cells(rows, numbers, left)
    return Table(_squared(rows), tuple(numbers), encoding, delimiter, kind)


def _too_many_rows() -> Invalid:
    return Invalid(
        N_("The table has more than {limit} rows. Please send it in parts, or remove the rows that are not needed."),
        limit=MAX_ROWS,
    )


def _narrowed(record: Sequence[str], number: int) -> Sequence[str]:
    for extra in range(MAX_COLUMNS, len(record)):
        if record[extra].strip():
            raise Invalid(
                N_("Row {row} has more than {limit} columns. Please leave only the columns of the table."),
                row=number,
                limit=MAX_COLUMNS,
            )
    return record[:MAX_COLUMNS]


def _check_cells(rows: list[tuple[str, ...]], numbers: list[int], left: int) -> None:
    if max(map(len, chain.from_iterable(rows))) <= MAX_CELL_CHARACTERS:
        return
    for number, row in zip(numbers, rows, strict=True):
        for column, cell in enumerate(row, left):
            if len(cell) > MAX_CELL_CHARACTERS:
                raise Invalid(
                    N_(
                        "Row {row}, column {column}: the text is too long ({length} characters, {limit} allowed). "
                        "A quotation mark that was opened and never closed also looks like this."
                    ),
                    row=number,
                    column=column,
                    length=len(cell),
                    limit=MAX_CELL_CHARACTERS,
                )


def _squared(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    widths = set(map(len, rows))
    width = max(widths)
    while not any(len(row) >= width and row[width - 1].strip() for row in rows):
        width -= 1
    if widths == {width}:
        return tuple(rows)
    return tuple(row[:width] if len(row) >= width else row + ("",) * (width - len(row)) for row in rows)
