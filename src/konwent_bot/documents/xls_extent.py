"""How far the cells of an old binary workbook (XLS) reach, before anything lays the sheets out.

A file of a few kilobytes may name cells at both corners of 65,536 x 256 in every sheet. This walks the container
([MS-CFB] §2) to the stream ``Workbook`` or ``Book`` and its records ([MS-XLS] §2.3), reading cell addresses only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from konwent_bot.errors import N_, Invalid

_LAST_SECTOR = 0xFFFFFFFA  # numbers from here on are marks: end of chain, free, table sectors
_MINI_STREAM_BELOW = 4096
_BOF = {0x0809, 0x0409, 0x0209, 0x0009}
_FILEPASS = 0x002F
#: Records that begin with the row and column of a cell: blank, number, label, boolean or error, formula, RK and their kin.
_CELLS = {0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x0206, 0x0406, 0x027E, 0x00D6, 0x00FD}
#: Records of several cells in a row: their last two bytes are the last column.
_RUNS = {0x00BD, 0x00BE}


def cells(data: bytes, *, stop_at: int) -> int:
    """Count the cells of the rectangles up to the farthest cell, all sheets together; stops counting above ``stop_at``.

    Raises ``Invalid`` when the file is no workbook, is broken, or is protected by a password.
    """
    try:
        stream = _workbook_stream(data)
    except (struct.error, IndexError, ValueError) as error:
        raise _no_workbook() from error
    total = rows = columns = 0
    for kind, body in _records(stream):
        if kind in _BOF:
            total, rows, columns = total + rows * columns, 0, 0
        elif kind == _FILEPASS:
            raise Invalid(N_("The file is protected by a password. Please save it without a password and send it again."))
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind in _RUNS and len(body) >= 6:
            row, column = struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, len(body) - 2)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if total + rows * columns > stop_at:
            break
    return total + rows * columns


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook_stream(data: bytes) -> bytes:
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in (512, 4096):
        raise ValueError("sector size")
    table_count, directory_start = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
    mini_table_start, difat = struct.unpack_from("<I", data, 60)[0], struct.unpack_from("<I", data, 68)[0]
    table_sectors = list(struct.unpack_from("<109I", data, 76))
    seen = 0
    while difat < _LAST_SECTOR and seen * sector < len(data):
        more = struct.unpack_from(f"<{sector // 4}I", data, (difat + 1) * sector)
        table_sectors += more[:-1]
        difat, seen = more[-1], seen + 1
    table: list[int] = []
    for number in table_sectors[: min(table_count, len(data) // sector)]:
        table += struct.unpack_from(f"<{sector // 4}I", data, (number + 1) * sector)
    directory = _chain(data, table, directory_start, sector, offset=1)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for entry in entries:
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, size = struct.unpack_from("<II", entry, 116)
            if size >= _MINI_STREAM_BELOW:
                return _chain(data, table, start, sector, offset=1)[:size]
            mini_start = struct.unpack_from("<I", entries[0], 116)[0]
            mini = _chain(data, table, mini_start, sector, offset=1)
            raw = _chain(data, table, mini_table_start, sector, offset=1)
            return _chain(mini, list(struct.unpack(f"<{len(raw) // 4}I", raw)), start, 64, offset=0)[:size]
    raise ValueError("no workbook stream")


def _chain(data: bytes, table: list[int], start: int, sector: int, *, offset: int) -> bytes:
    """Join the sectors of a chain. A chain longer than the file goes in circles."""
    parts: list[bytes] = []
    while start < _LAST_SECTOR:
        if len(parts) * sector > len(data):
            raise ValueError("circular chain")
        parts.append(data[(start + offset) * sector : (start + offset + 1) * sector])
        start = table[start]
    return b"".join(parts)


def _no_workbook() -> Invalid:
    return Invalid(
        N_(
            "This is an old binary document, not a spreadsheet we can read. Please open it, save it as XLSX or CSV, and send that file."
        )
    )
