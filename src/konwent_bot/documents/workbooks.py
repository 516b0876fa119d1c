"""XLSX, XLS and ODS -> rows of text, through calamine.

calamine trusts what it is given: it unpacks archives without a limit and lays every sheet out as a full rectangle up to its
farthest cell. So the archive is unpacked here first, with a limit on the bytes that really come out, and packed again from
exactly those bytes; and the farthest cell of every sheet is looked for before calamine may see the file. That look is ours and
calamine's may differ (a file may lie in ways we do not know), so calamine itself works in a process of its own, with limits.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from typing import IO
from xml.parsers import expat

from konwent_bot.documents import calamine_child, xls_extent
from konwent_bot.documents.tables import Kind, Table, table_of
from konwent_bot.errors import N_, Invalid

#: Bytes all parts of an archive may have together when unpacked.
MAX_UNPACKED_BYTES = 20_000_000
#: Parts an archive may have: a workbook has about ten, and one more a sheet and picture.
MAX_PARTS = 500
#: Cells of the rectangle up to the farthest cell, all sheets together: what calamine may be made to lay out.
MAX_LAID_OUT_CELLS = 4_000_000

#: Memory and processor time of the process calamine works in: many times what 5,000 rows of 50 columns take.
CHILD_MEMORY_BYTES = 1_000_000_000
CHILD_SECONDS = 20
#: What that process is told of ours: where Python and its libraries are, and nothing secret.
_CHILD_ENVIRONMENT = ("HOME", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")

_CHUNK = 65_536
#: Endings of the parts that are read; only these were looked at, and only these go on.
_XML = (".xml", ".rels")
_XLSX_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,9})["']""")
_XLSX_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_ODS_PART = re.compile(rb"""<table:(table-row|table-cell|covered-table-cell|table)\b((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ODS_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]{1,9})["']""")
_ODS_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]{1,9})["']""")


def read(data: bytes) -> Table:
    """Read the first sheet that has something in it. Raises ``Invalid`` (damaged, protected, no spreadsheet, too big)."""
    kind: Kind
    if data.startswith(b"PK"):
        data, kind = _checked_archive(data)
    else:
        kind = "xls"
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _protected()
        if xls_extent.cells(data, stop_at=MAX_LAID_OUT_CELLS) > MAX_LAID_OUT_CELLS:
            raise _spread_out()
    match _contained(data):
        case {"state": "rows", "left": int(left), "rows": list(rows)}:
            # Rows come from the top of the sheet, columns from the first that has something in it.
            return table_of(rows, first=1, left=1 + left, kind=kind)
        case {"state": "protected"}:
            raise _protected()
        case {"state": "spread"}:
            raise _spread_out()
        case {"state": "empty"}:
            raise Invalid(N_("The file is empty. Please save the table again and send the new file."))
        case _:
            raise _damaged()


def _contained(data: bytes) -> object:
    """Let calamine read the file in a process of its own (``calamine_child``) and give its answer; None when it was killed."""
    limits = (CHILD_MEMORY_BYTES, CHILD_SECONDS, MAX_LAID_OUT_CELLS, MAX_UNPACKED_BYTES)
    try:
        child = subprocess.run(  # noqa: S603 - our own script, run by our own interpreter, with numbers for arguments
            [sys.executable, "-E", "-P", calamine_child.__file__, *map(str, limits)],
            input=data,
            capture_output=True,
            timeout=2 * CHILD_SECONDS,
            check=False,
            env={name: os.environ[name] for name in _CHILD_ENVIRONMENT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        return None
    return json.loads(child.stdout) if child.returncode == 0 else None


def _checked_archive(data: bytes) -> tuple[bytes, Kind]:
    """Unpack with limits, look at what is inside, and pack what came out again (uncompressed)."""
    parts = _unpacked(data)
    kind: Kind
    if "xl/workbook.xml" in parts:
        kind, area = "xlsx", sum(_xlsx_area(part) for name, part in parts.items() if name.startswith("xl/worksheets/"))
    elif parts.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise _protected()
        kind, area = "ods", _ods_area(parts.get("content.xml", b""))
    else:
        raise Invalid(
            N_("This file is an archive or a text document, not a table. Please send the table as CSV, XLSX, XLS or ODS.")
        )
    if area > MAX_LAID_OUT_CELLS:
        raise _spread_out()
    for name, part in parts.items():
        if name.endswith(_XML):
            _check_xml(part)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            if name == "mimetype" or name.endswith(_XML):  # pictures and programs are of no use to us
                archive.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue(), kind


def _check_xml(part: bytes) -> None:
    """Refuse XML that is not well-formed (calamine waits for ever for an end that never comes) or declares entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: encodings nobody knows
        raise _damaged() from error


def _refuse_doctype(*_: object) -> None:
    raise _damaged()


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Unpack every part that is XML or the type; sizes written in the archive may be forged, so real bytes are counted."""
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise _too_big_unpacked()
            for entry in entries:
                if entry.flag_bits & 1:
                    raise _protected()
                if entry.is_dir():
                    continue
                with archive.open(entry) as part:
                    got = _bounded(part, room)
                room -= len(got)
                parts[entry.filename] = got
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError) as error:
        raise _damaged() from error
    return parts


def _bounded(part: IO[bytes], room: int) -> bytes:
    chunks: list[bytes] = []
    while chunk := part.read(_CHUNK):
        room -= len(chunk)
        if room < 0:
            raise _too_big_unpacked()
        chunks.append(chunk)
    return b"".join(chunks)


def _xlsx_area(sheet: bytes) -> int:
    """Rows x columns up to the farthest cell; cells without an address stand one after another, so all are counted too."""
    far_row = far_column = 0
    for letters, digits in _XLSX_CELL.findall(sheet):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        far_row, far_column = max(far_row, int(digits)), max(far_column, column)
    far_row = max([far_row, *map(int, _XLSX_ROW.findall(sheet))])
    unaddressed = sheet.count(b"<c>") + sheet.count(b"<c ") + sheet.count(b":c ") + sheet.count(b":c>")
    return far_row * max(far_column, 1) if far_column else far_row + unaddressed**2


def _ods_area(content: bytes) -> int:
    """Rows x columns when repeated cells and rows that hold something are written out; empty repeats at an end do not count."""
    area = rows = columns = widest = 0
    pending = 1
    filled_row = False
    for name, attributes in _ODS_PART.findall(content):
        match name:
            case b"table":
                area, rows, widest = area + rows * widest, 0, 0
            case b"table-row":
                rows += pending if filled_row else 0
                repeated = _ODS_ROWS.search(attributes)
                pending, columns, filled_row = int(repeated[1]) if repeated else 1, 0, False
            case _:
                repeated = _ODS_COLUMNS.search(attributes)
                columns += int(repeated[1]) if repeated else 1
                if not attributes.rstrip().endswith(b"/") or b"office:value" in attributes:
                    filled_row, widest = True, max(widest, columns)
    return area + (rows + (pending if filled_row else 0)) * widest


def _protected() -> Invalid:
    return Invalid(N_("The file is protected by a password. Please save it without a password and send it again."))


def _damaged() -> Invalid:
    return Invalid(
        N_("The spreadsheet is damaged or is not a spreadsheet. Please open it, save it as XLSX or CSV, and send that file.")
    )


def _too_big_unpacked() -> Invalid:
    return Invalid(
        N_("The spreadsheet is too big: unpacked it takes more than {limit} MB. Please leave only the table in it."),
        limit=MAX_UNPACKED_BYTES // 1_000_000,
    )


def _spread_out() -> Invalid:
    return Invalid(
        N_("The cells of the spreadsheet lie too far apart. Please copy the table alone into a new sheet and send that file.")
    )
