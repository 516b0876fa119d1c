"""The child process that lets calamine read one spreadsheet: bytes on standard input, JSON on standard output.

calamine believes what a file says of its own size and asks the system for that much memory; when it does not get it, the whole
process is aborted, which no ``except`` can catch. So it works in a process of its own, with limits on memory and time, and
whatever happens to it is one sentence to a person. Run as a script: it imports nothing of the house and needs nothing from it.

Answer: ``{"state": "rows", "left": first column from 0, "rows": [[text, ...], ...]}`` with rows from the top of the sheet, or
``{"state": ...}`` alone with ``empty``, ``protected``, ``damaged`` or ``spread``. No answer at all means it was killed.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

Value = int | float | str | bool | time | date | datetime | timedelta


def text_of(value: Value) -> str:
    """Write a cell as a person would type it: 1.0 -> "1", a day -> "2026-01-13", yes and no as the sheet shows them."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case _:
            return str(value)


def rows_of(data: bytes, cells: int, characters: int) -> dict[str, object]:
    """Read the first sheet that has something in it, up to so many cells and characters."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for index in range(len(book.sheet_names)):
                sheet = book.get_sheet_by_index(index)
                if sheet.end is None:
                    continue
                if (sheet.end[0] + 1) * (sheet.width + 1) > cells:
                    return {"state": "spread"}
                rows: list[list[str]] = []
                for row in _texts(sheet.iter_rows()):
                    characters -= sum(map(len, row))
                    if characters < 0:
                        return {"state": "spread"}
                    rows.append(row)
                return {"state": "rows", "left": sheet.start[1] if sheet.start else 0, "rows": rows}
    except PasswordError:
        return {"state": "protected"}
    except CalamineError:
        return {"state": "damaged"}
    return {"state": "empty"}


def _texts(rows: Iterator[Sequence[Value]]) -> Iterator[list[str]]:
    for row in rows:
        yield [cell if isinstance(cell, str) else text_of(cell) for cell in row]


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's time limit and checks remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Sequence[str]) -> None:
    """Read standard input under the limits given: bytes of memory, seconds, cells, characters."""
    memory, seconds, cells, characters = map(int, arguments)
    _limit(memory, seconds)
    answer = rows_of(sys.stdin.buffer.read(), cells, characters)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode("ascii"))


if __name__ == "__main__":
    main(sys.argv[1:])
