"""CSV as people's programs write it: whatever the letters, the signs between cells and the lines, the same rows are read."""

from __future__ import annotations

import csv
import io
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from konwent_bot.documents import tables
from konwent_bot.documents.tables import read_table
from konwent_bot.errors import Invalid

ROWS = (
    ("Nazwa instytucji", "Rola", "Stanowisko"),
    ("Gminny Ośrodek Pomocy Społecznej w Godziszowie", "osoba wskazana", "pielęgniarka środowiskowa"),
    ('Koło „Łąka”; świetlica, dom "Żar"', "zwierzchnik", "dyrektor\nszkoły"),
    ("Ćma i Źdźbło", "zastępca", ""),
)
#: One byte a letter: „ and ” exist in windows-1250 alone.
PLAIN_ROWS = tuple(tuple(cell.replace("„", "").replace("”", "") for cell in row) for row in ROWS)


def written(rows: tuple[tuple[str, ...], ...], delimiter: str = ";", line: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line, quoting=quoting).writerows(rows)  # type: ignore[arg-type]  # a constant of csv
    return text.getvalue()


SHAPES = {
    "Excel, CSV (MS-DOS and Windows): windows-1250": (written(ROWS).encode("cp1250"), "cp1250", ROWS),
    "Excel, CSV UTF-8": (written(ROWS).encode("utf-8-sig"), "utf-8", ROWS),
    "Google, UTF-8 with commas": (written(ROWS, ",").encode(), "utf-8", ROWS),
    "Excel, Unicode text": (written(ROWS, "\t").encode("utf-16"), "utf-16-le", ROWS),
    "UTF-16, the other way round": (b"\xfe\xff" + written(ROWS, "\t").encode("utf-16-be"), "utf-16-be", ROWS),
    "UTF-16 without a mark": (written(ROWS).encode("utf-16-le"), "utf-16-le", ROWS),
    "UTF-16 without a mark, the other way round": (written(ROWS).encode("utf-16-be"), "utf-16-be", ROWS),
    "with a line that names the sign": (b"sep=,\r\n" + written(ROWS, ",").encode("cp1250"), "cp1250", ROWS),
    "with such a line after the mark of UTF-8": (("\ufeffsep=;\n" + written(ROWS)).encode(), "utf-8", ROWS),
    "LibreOffice, ISO-8859-2": (written(PLAIN_ROWS, quoting=csv.QUOTE_ALL).encode("iso-8859-2"), "iso-8859-2", PLAIN_ROWS),
    "DOS, cp852": (written(PLAIN_ROWS).encode("cp852"), "cp852", PLAIN_ROWS),
    "lines of an old Mac": (written(ROWS, line="\r", quoting=csv.QUOTE_ALL).encode(), "utf-8", ROWS),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read_as_the_same_rows(shape: str) -> None:
    """Whatever program saved the file, the coordinator sees the same table."""
    data, encoding, rows = SHAPES[shape]
    table = read_table(data)
    assert table.rows == rows
    assert table.encoding == encoding
    assert table.line_numbers == (1, 2, 3, 4)
    assert table.kind == "csv"


def test_rows_are_numbered_as_the_sheet_shows_them() -> None:
    """A cell of two lines is one row, and an empty row keeps its number though it is left out."""
    table = read_table(b'A;B\r\n\r\n"1\r\n2";x\r\n;\r\n3;y\r\n')
    assert table.rows == (("A", "B"), ("1\r\n2", "x"), ("3", "y"))
    assert table.line_numbers == (1, 3, 5)


def test_empty_columns_and_rows_at_the_end_are_left_out() -> None:
    """Excel saves what was once formatted: columns and rows of nothing."""
    table = read_table(b"A;B;;;\r\n1;2;;;\r\n3;;;;\r\n;;;;\r\n;;;;\r\n")
    assert table.rows == (("A", "B"), ("1", "2"), ("3", ""))


def test_rows_of_unequal_length_are_made_equal() -> None:
    """A shorter row has empty cells at its end."""
    assert read_table(b"A;B;C\n1\n1;2;3\n").rows == (("A", "B", "C"), ("1", "", ""), ("1", "2", "3"))


def test_commas_inside_cells_do_not_part_a_table_of_semicolons() -> None:
    """The sign is chosen by rows of equal width, and what is quoted does not count."""
    table = read_table(b'Nazwa;Adres\n"A, B, C";"x, y"\nD, E;F, G\nH, I;J\n')
    assert (table.delimiter, len(table.rows[0])) == (";", 2)
    table = read_table(b'Nazwa,Adres\n"A; B; C",x\n"D;",y\n')
    assert (table.delimiter, len(table.rows[0])) == (",", 2)


def test_a_table_of_one_column_is_read() -> None:
    """No sign between cells at all is a table too."""
    assert read_table("Nazwa\nŁąka\n".encode("cp1250")).rows == (("Nazwa",), ("Łąka",))


def test_quotation_marks_inside_a_cell_are_read_as_spreadsheets_do() -> None:
    """Somebody typed quotation marks by hand, without doubling them."""
    assert read_table('A;B\n"Dom" Kultury;x\nKoło "Łąka";y\n'.encode()).rows[1:] == (("Dom Kultury", "x"), ('Koło "Łąka"', "y"))


BAD = {
    "nothing": (b"", "The file is empty."),
    "spaces and signs": (b" \r\n;;;\r\n,,\t", "The file is empty."),
    "a mark alone": (b"\xef\xbb\xbf", "The file is empty."),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "This is a file of type PNG, not a table."),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "This is a file of type PDF, not a table."),
    "a bitmap": (b"BM\x00\x01\x00\x00", "This is a file of type BMP, not a table."),
    "bytes of a program": (bytes(range(1, 32)) * 40, "This file is not a text table."),
    "half a letter of UTF-16": (b"\xff\xfeA\x00;\x00B", "This file is not a text table."),
    "an open quotation mark": (b'A;B\n1;"2\n3;4\n', "Row 2: a quotation mark is opened and never closed."),
    "too big": (b"a;b\n" * 500_001, "The file is too big: 2.0 MB, and 2 MB is allowed."),
    "too many rows": (b"a;b\n" * (tables.MAX_ROWS + 2), "The table has more than 5000 rows."),
    "too many columns": (b"a;" * tables.MAX_COLUMNS + b"b", "Row 1 has more than 50 columns."),
    "too long a cell": (b"A;B\nx;" + b"y" * 2_001, "Row 2, column 2: the text is too long (2001 characters, 2000 allowed)."),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_table_is_refused_with_a_sentence(case: str) -> None:
    """The sentence names the thing and what to do instead."""
    data, sentence = BAD[case]
    with pytest.raises(Invalid) as refused:
        read_table(data)
    assert str(refused.value).startswith(sentence)
    assert "lease" in str(refused.value) or "never closed" in str(refused.value)


def test_a_file_at_the_limits_is_read() -> None:
    """5,000 rows under the headings, 50 columns, 2,000 characters: these are allowed."""
    assert len(read_table(b"a;b\n" * (tables.MAX_ROWS + 1)).rows) == 5_001
    table = read_table(b";".join([b"y" * 2_000] * 3 + [b"x"] * 47) + b"\n")
    assert len(table.rows[0]) == 50


def test_a_text_that_begins_like_a_bitmap_is_a_table() -> None:
    """An institution may be called BM Konsulting."""
    assert read_table(b"BM Konsulting;zwierzchnik\n").rows == (("BM Konsulting", "zwierzchnik"),)


LETTERS = "aąbcćdeęfłmnńoósśwyzźżAĄĆĘŁŃÓŚŹŻ 019.-"
cells = st.text(st.sampled_from(LETTERS + ',"'), max_size=12)
word = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=8)


@st.composite
def grids(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Tables of two columns and more, whose first and last cells are plain words: no row or column is empty."""
    width = draw(st.integers(2, 6))
    middle = [cells] * (width - 2)
    rows = draw(st.lists(st.tuples(word, *middle, word), min_size=2, max_size=8))
    return tuple(tuple(row) for row in rows)


@settings(max_examples=300, deadline=None)
@given(
    grids(),
    st.sampled_from([*product(";\t,", ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"), ("\r\n", "\n", "\r"))]),
)
def test_any_table_in_any_dialect_comes_back(rows: tuple[tuple[str, ...], ...], dialect: tuple[str, str, str]) -> None:
    """Whatever is in the cells, what was written is what is read."""
    delimiter, encoding, line = dialect
    table = read_table(written(rows, delimiter, line, csv.QUOTE_ALL).encode(encoding))
    assert table.rows == rows
    assert table.delimiter == delimiter


#: In one byte a letter nothing but the sense of the text tells the encoding: names that rosters have.
NAMES = (
    "Ośrodek Pomocy Społecznej", "Spółdzielnia Źródło", "pielęgniarka środowiskowa", "Koło Gospodyń Wiejskich w Łążku", "WIĘŹ",
    "Straż Pożarna", "żłobek", "kierownik", "Powiatowy Urząd Pracy", "ŚWIETLICA", "Dom Dziecka", "przewodnicząca", "Ćmielów",
)  # fmt: skip
name = st.sampled_from(NAMES)
named_grids = st.lists(st.tuples(name, st.sampled_from([*NAMES, "", "12"]), name), min_size=4, max_size=12).filter(
    lambda rows: sum(1 for row in rows if not "".join(row).isascii()) >= 3
)


@settings(max_examples=300, deadline=None)
@given(named_grids, st.sampled_from([*product(";\t,", ("cp1250", "iso-8859-2", "cp852"), ("\r\n", "\n"))]))
def test_names_in_one_byte_encodings_come_back(rows: list[tuple[str, str, str]], dialect: tuple[str, str, str]) -> None:
    """Windows, ISO and DOS letters are told apart by the names they give."""
    delimiter, encoding, line = dialect
    table = read_table(written(tuple(rows), delimiter, line).encode(encoding))
    assert table.rows == tuple(rows)
    assert table.delimiter == delimiter


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No file at all makes the reader fall over."""
    try:
        table = read_table(data)
    except Invalid:
        return
    assert table.rows
    assert len({len(row) for row in table.rows}) == 1
