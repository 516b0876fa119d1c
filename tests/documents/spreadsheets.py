"""Spreadsheets made by hand for tests: XLSX, ODS, and the smallest XLS there is."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

import xlsxwriter

Rows = Sequence[Sequence[object]]

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
)


def xlsx(rows: Rows, *, sheets_before: int = 0, at: tuple[int, int] = (0, 0)) -> bytes:
    """Make a workbook; ``at`` is the first row and column, ``sheets_before`` counts empty sheets before the table."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for _ in range(sheets_before):
        book.add_worksheet()
    sheet = book.add_worksheet("Skład")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows, at[0]):
        for column, cell in enumerate(row, at[1]):
            sheet.write(number, column, cell, *([day] if hasattr(cell, "isoformat") else []))
    book.close()
    return target.getvalue()


def archive(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts into an archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return target.getvalue()


def ods_of(table: str, manifest: str = "") -> bytes:
    """Make an ODS of the inside of its table."""
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}><office:body><office:spreadsheet>{table}'
    content += "</office:spreadsheet></office:body></office:document-content>"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>{manifest}</manifest:manifest>'
    )
    return archive({"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """Make an ODS as LibreOffice does, with a million empty rows repeated at the end."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for row in rows
    )
    tail = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    return ods_of(f'<table:table table:name="Skład">{lines}{tail}</table:table>')


def xls(cells: Mapping[tuple[int, int], str], *, before: bytes = b"", place: int | None = None) -> bytes:
    """Make a binary workbook ([MS-XLS], BIFF8) of texts by row and column.

    ``before`` are records before the list of sheets, ``place`` is a false place of the sheet.
    """

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    name = "Skład".encode("utf-16-le")
    sheet = start(0x0010)
    for (row, column), text in sorted(cells.items()):
        sheet += record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
    sheet += record(0x000A)
    head = start(0x0005) + before + record(0x0042, struct.pack("<H", 1200))
    listed = 4 + 8 + len(name)
    place = len(head) + listed + 4 if place is None else place
    head += record(0x0085, struct.pack("<IBBBB", place, 0, 0, 5, 1) + name) + record(0x000A)
    return compound("Workbook", head + sheet)


def compound(name: str, stream: bytes) -> bytes:
    """Put one stream into a container ([MS-CFB], sectors of 512 bytes)."""
    stream = stream.ljust(4096, b"\x00")
    count = -(-len(stream) // 512)
    tables = 1
    while tables * 128 < count + 1 + tables:
        tables += 1
    end, free, own = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    # sectors: the table, the directory, the stream
    chain = [own] * tables + [end] + [tables + 2 + at for at in range(count - 1)] + [end]
    chain += [free] * (tables * 128 - len(chain))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, end, 0, end, 0)
    )
    header += struct.pack("<109I", *range(tables), *[free] * (109 - tables))

    def entry(title: str, kind: int, child: int, at: int, size: int) -> bytes:
        raw = title.encode("utf-16-le")
        return struct.pack("<64sHBBIII36xIII", raw, len(raw) + 2, kind, 1, free, free, child, at, size, 0)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, tables + 1, len(stream)) + bytes(256)
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream.ljust(count * 512, b"\x00")
