"""Spreadsheets of three kinds are read as the same rows; damaged, protected and malicious ones are refused before they are opened."""

from __future__ import annotations

import io
import struct
import subprocess
import time
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.spreadsheets import archive, compound, ods, ods_of, xls, xlsx

from konwent_bot.documents import tables, workbooks
from konwent_bot.documents.tables import Table, read_table
from konwent_bot.errors import Invalid

ROWS = (
    ("Nazwa instytucji", "Typ", "Rola"),
    ("Gminny Ośrodek Pomocy Społecznej w Godziszowie", "B", "zwierzchnik"),
    ("Koło „Łąka” <b> & spółka", "C", "osoba wskazana"),
)


def as_xls(rows: tuple[tuple[str, ...], ...]) -> bytes:
    return xls({(row, column): cell for row, cells in enumerate(rows) for column, cell in enumerate(cells)})


@pytest.mark.parametrize(("kind", "make"), [("xlsx", xlsx), ("ods", ods), ("xls", as_xls)])
def test_every_kind_of_spreadsheet_gives_the_same_rows(kind: str, make: Callable[[object], bytes]) -> None:
    """Excel, old Excel or LibreOffice: the coordinator sees the same table, numbered as in the sheet."""
    assert read_table(make(ROWS)) == Table(ROWS, (1, 2, 3), "", "", kind)  # type: ignore[arg-type]  # one of the kinds


def test_a_table_that_begins_lower_keeps_the_numbers_of_its_rows() -> None:
    """Above the table there may be a letterhead of empty rows, in all three kinds."""
    for data in (
        xlsx(ROWS, at=(4, 2)),
        ods([[""]] * 4 + [list(row) for row in ROWS]),
        xls({(4, 2): "A", (5, 2): "b", (6, 3): "c"}),
    ):
        assert read_table(data).line_numbers == (5, 6, 7)
    with pytest.raises(Invalid) as refused:
        read_table(xlsx([["A", "B"], ["b", "x" * 2_001]], at=(4, 2)))
    assert str(refused.value).startswith("Row 6, column 4: the text is too long")


def test_the_first_sheet_with_something_in_it_is_read() -> None:
    """Empty sheets in front are passed over."""
    assert read_table(xlsx(ROWS, sheets_before=2)).rows == ROWS


def test_numbers_and_days_are_read_as_a_person_would_type_them() -> None:
    """A number of a house has no ".0", a day is a day."""
    table = read_table(xlsx([["a", "b", "c", "d", "e"], [12, 2.5, True, date(2026, 1, 13), "007"]]))
    assert table.rows[1] == ("12", "2.5", "TRUE", "2026-01-13", "007")


def test_formulas_written_as_text_are_cells_of_text() -> None:
    """What looks like a formula comes out as it is; the roster decides what to think of it."""
    assert read_table(xlsx([["a"], ["=1+1"], ["'=1+1"]])).rows[1:] == (("=1+1",), ("'=1+1",))


def test_five_thousand_rows_are_read_and_one_more_is_not() -> None:
    """The limit holds for spreadsheets as for text, and reading takes no long time."""
    rows = [["a", "b"]] + [[f"x{number}", "y"] for number in range(tables.MAX_ROWS)]
    begun = time.monotonic()
    assert len(read_table(xlsx(rows)).rows) == 5_001
    assert time.monotonic() - begun < 10
    with pytest.raises(Invalid, match="more than 5000 rows"):
        read_table(xlsx([*rows, ["z", "z"]]))


def far_xlsx(cell: str, before: str = "") -> bytes:
    """A workbook whose second cell stands at the far corner of the sheet."""
    sheet = f'{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
    return archive({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet})


def quoted_xlsx() -> bytes:
    """The same written as XML also may be, with single quotation marks and blanks."""
    with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as packed:
        parts: dict[str, bytes | str] = {name: packed.read(name) for name in packed.namelist()}
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = "<row r = '1'><c r = 'A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>"
    return archive(parts)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def boundless_xls() -> bytes:
    """An old workbook that says it is a million rows by sixteen thousand columns, and holds nothing."""
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, 0x100000, 0, 0x4000, 0)) + record(0x000A, b"")
    place = len(head) + 13 + 4
    return compound(
        "Workbook", head + record(0x0085, struct.pack("<IBBBBc", place, 0, 0, 1, 0, b"S")) + record(0x000A, b"") + sheet
    )


def hidden_xls() -> bytes:
    """An old workbook whose sheet begins inside another record, where a reader from the beginning sees no cell."""
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row, column in ((0, 0), (65_535, 60_000)):
        sheet += record(0x0204, struct.pack("<HHHHBc", row, column, 0, 1, 0, b"x"))
    sheet += record(0x000A, b"")
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    place = len(head) + 13 + 4 + 4
    listed = record(0x0085, struct.pack("<IBBBBc", place, 0, 0, 1, 0, b"S"))
    return compound("Workbook", head + listed + record(0x000A, b"") + record(0x1234, sheet))


def lying_archive() -> bytes:
    """An archive whose directory says 10 bytes where 30 million come out."""
    data = bytearray(archive({"xl/workbook.xml": b" " * 30_000_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(mark)
        data[at + offset : at + offset + 4] = struct.pack("<I", 10)
    return bytes(data)


def encrypted_archive() -> bytes:
    data = bytearray(archive({"xl/workbook.xml": "x"}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


WIDE_ROW = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
WIDE_CELL = '<table:table-row><table:table-cell table:number-columns-repeated="9000000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'

WIDE_ROWS_QUOTED = f"<table:table table:name='a>b'>{WIDE_ROW * 5}</table:table>".replace(
    'repeated="1000000"', "repeated = '1000000'"
)

PROTECTED, DAMAGED, BIG, FAR = (
    "The file is protected by a password.",
    "The spreadsheet is damaged",
    "The spreadsheet is too big: unpacked it takes more than 20 MB.",
    "The cells of the spreadsheet lie too far apart.",
)
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb that says how big it is": (lambda: archive({"xl/workbook.xml": bytes(60_000_000)}), BIG),
    "a bomb of many parts": (lambda: archive({f"xl/{number}.xml": bytes(1_000_000) for number in range(25)}), BIG),
    "a bomb that lies": (lying_archive, DAMAGED),
    "a thousand parts": (lambda: archive({f"xl/{number}.xml": "x" for number in range(1_000)}), BIG),
    "cut in half": (lambda: xlsx(ROWS)[:2_000], DAMAGED),
    "the beginning alone": (lambda: b"PK\x03\x04 broken", DAMAGED),
    "no sheets": (lambda: archive({"xl/workbook.xml": "<workbook/>"}), DAMAGED),
    "no XML": (lambda: archive({"xl/workbook.xml": "<<<", "xl/worksheets/sheet1.xml": "<"}), DAMAGED),
    "an ODS that breaks off": (lambda: ods_of('<table:table table:name="a"><table:table-row'), DAMAGED),
    "an alphabet nobody knows": (lambda: far_xlsx("A2", '<?xml version="1.0" encoding="UTF-5"?>'), DAMAGED),
    "entities inside entities": (lambda: far_xlsx("A2", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'), DAMAGED),
    "a sheet beyond the end of an old workbook": (lambda: xls({(0, 0): "x"}, place=90_000), DAMAGED),
    "an archive of photographs": (lambda: archive({"1.jpg": "x"}), "This file is an archive or a text document, not a table."),
    "a text document": (lambda: archive({"word/document.xml": "x"}), "This file is an archive or a text document, not a table."),
    "an archive with a password": (encrypted_archive, PROTECTED),
    "an ODS with a password": (lambda: ods_of("", "<manifest:encryption-data/>"), PROTECTED),
    "an XLSX with a password": (lambda: compound("EncryptedPackage", b"x"), PROTECTED),
    "an XLS with a password": (lambda: xls({(0, 0): "x"}, before=struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)), PROTECTED),
    "an old text document": (lambda: compound("WordDocument", b"x"), "This is an old binary document"),
    "the mark of a container alone": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 700, "This is an old binary document"),
    "cells a million rows apart": (lambda: far_xlsx("XFD1048576"), FAR),
    "cells a million rows apart in other quotation marks": (quoted_xlsx, FAR),
    "an ODS row a million times in other quotation marks": (lambda: ods_of(WIDE_ROWS_QUOTED), FAR),
    "an old workbook that says it is boundless": (boundless_xls, DAMAGED),
    "an old workbook with a sheet inside a record": (hidden_xls, DAMAGED),
    "cells of an old workbook at both corners": (lambda: xls({(0, 0): "x", (65_535, 255): "y"}), FAR),
    "an ODS row a million times": (lambda: ods_of(f'<table:table table:name="a">{WIDE_ROW * 5}</table:table>'), FAR),
    "an ODS cell nine million times": (lambda: ods_of(f'<table:table table:name="a">{WIDE_CELL}</table:table>'), FAR),
    "an empty sheet": (lambda: xlsx([]), "The file is empty."),
    "an empty ODS": (lambda: ods_of('<table:table table:name="a"/>'), "The file is empty."),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(case: str) -> None:
    """Each is answered quickly, in one sentence that says what to do; nothing large is ever laid out."""
    make, sentence = BAD[case]
    data = make()
    assert len(data) < tables.MAX_FILE_BYTES
    begun = time.monotonic()
    with pytest.raises(Invalid) as refused:
        read_table(data)
    assert time.monotonic() - begun < 10
    assert str(refused.value).startswith(sentence)
    assert "lease" in str(refused.value)


def test_a_bomb_is_refused_before_calamine_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of what comes out is ours and comes first."""

    def never(_: bytes) -> object:
        raise AssertionError("opened")

    monkeypatch.setattr(workbooks, "_contained", never)
    for case in ("a bomb that says how big it is", "a bomb of many parts", "a bomb that lies", "cells a million rows apart"):
        with pytest.raises(Invalid):
            read_table(BAD[case][0]())


def test_an_archive_may_be_stored_uncompressed() -> None:
    """How parts are packed does not matter."""
    with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert read_table(archive(parts, zipfile.ZIP_STORED)).rows == ROWS


def test_whatever_happens_to_the_reading_process_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spreadsheet that makes the reader run out of memory or time is called damaged; the program itself goes on."""
    data = xlsx([[f"{row} {column}" * 20 for column in range(10)] for row in range(4_000)])
    for name, limit in (("CHILD_MEMORY_BYTES", 1_000_000), ("CHILD_SECONDS", 0)):
        with monkeypatch.context() as patched:
            patched.setattr(workbooks, name, limit)
            with pytest.raises(Invalid) as refused:
                read_table(data)
        assert str(refused.value).startswith(DAMAGED)
    assert len(read_table(data).rows) == 4_000


def test_the_reading_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens files of strangers is not told the token of the bot."""
    told: dict[str, str] = {}
    run = subprocess.run

    def noted(*arguments: object, env: dict[str, str], **rest: object) -> object:
        told.update(env)
        return run(*arguments, env=env, **rest)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setenv("KONWENT_TOKEN", "secret")
    monkeypatch.setattr(subprocess, "run", noted)
    assert read_table(xlsx(ROWS)).rows == ROWS
    assert told
    assert "secret" not in told.values()


#: Made once: a workbook holds the second it was made in, so that two of them may differ in length.
WHOLE = {"xlsx": xlsx(ROWS), "ods": ods(ROWS), "xls": as_xls(ROWS)}


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_spreadsheet_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    """Bytes changed or cut off anywhere never make the reader fall over."""
    whole = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(whole)))
    try:
        assert read_table(bytes(whole[:cut])).rows
    except Invalid:
        return
