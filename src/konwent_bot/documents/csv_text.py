"""CSV as Polish office programs write it: which letters the bytes mean, and which sign parts the cells.

Excel in Polish writes windows-1250 with semicolons, "CSV UTF-8" with a byte order mark, "Unicode text" as UTF-16 with tabs;
LibreOffice and older programs write ISO-8859-2, UTF-8 or cp852, with whatever sign was chosen. Nothing in the file says which.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from itertools import islice

from konwent_bot.documents.tables import Table, table_of
from konwent_bot.errors import N_, Invalid

#: One byte a letter, in order of likelihood: Windows, the Polish and ISO standard, DOS.
_SINGLE_BYTE = ("cp1250", "iso-8859-2", "cp852")
#: Signs between cells, in order of likelihood in Poland.
_DELIMITERS = (";", "\t", ",")
#: Records looked at to choose the delimiter.
_SAMPLE_RECORDS = 200
_SAMPLE_CHARACTERS = 100_000

_POLISH = re.compile("[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]")
#: Beyond ASCII, what Polish offices write besides Polish letters: quotes, dashes, section and degree signs, names of neighbours.
_IMPLAUSIBLE = re.compile("[^\\x00-\\x7fąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”“’‘‚«»–—…§°€©®™•·\xa0\xad²³½äöüßéáčřžšýíôěÄÖÜÉ]")
#: A capital inside a word: the mark of DOS letters read as Windows ones ("Ą" stands where "ą" was written).
_CAPITAL_INSIDE = re.compile("[a-ząćęłńóśźż][ĄĆĘŁŃÓŚŹŻ]")
#: Letters beyond ASCII with the plain one before them, and how many such places are weighed: more would not tell more.
_BEYOND_ASCII = re.compile(rb"[A-Za-z]?[\x80-\xff]+")
_WEIGHED_PLACES = 5_000
_SEP_LINE = re.compile(r'"?sep=([^"\r\n])"?\r?\n?', re.IGNORECASE)
_CONTROL = "".join(map(chr, (*range(1, 9), *range(14, 32))))
#: More control characters than this share of the text: a file of a program, not of a person.
_CONTROL_SHARE = 0.01


def read(data: bytes) -> Table:
    """Read CSV. Raises ``Invalid`` for bytes that are no text, no table, or break off inside quotation marks."""
    text, encoding = decode(data)
    if sum(map(text.count, _CONTROL)) > _CONTROL_SHARE * len(text):
        raise _not_a_table()
    delimiter = None
    if said := _SEP_LINE.match(text):
        # Excel obeys this line and does not show it: row 1 of the sheet is the line below.
        delimiter, text = said[1], text[said.end() :]
    delimiter = delimiter or choose_delimiter(text)
    return table_of(_records(text, delimiter), first=1, kind="csv", encoding=encoding, delimiter=delimiter)


def decode(data: bytes) -> tuple[str, str]:
    """Give the text and the name of its encoding. Raises ``Invalid`` when the bytes are text in no encoding we know."""
    for mark, name in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name), name
    if b"\x00" in data:
        name = "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
        return _strictly(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _single_byte(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_a_table() from error
    if "\x00" in text:
        raise _not_a_table()
    return text


def _single_byte(data: bytes) -> tuple[str, str]:
    weighed = b" ".join(place[0] for place in islice(_BEYOND_ASCII.finditer(data), _WEIGHED_PLACES))
    best: tuple[int, str, str] | None = None
    for name in _SINGLE_BYTE:
        try:
            text, places = data.decode(name), weighed.decode(name)
        except UnicodeDecodeError:
            continue
        strange = len(_IMPLAUSIBLE.findall(places)) + len(_CAPITAL_INSIDE.findall(places))
        score = len(_POLISH.findall(places)) - 2 * strange
        if best is None or score > best[0]:
            best = score, text, name
    if best is None:
        raise _not_a_table()
    return best[1], best[2]


def choose_delimiter(text: str) -> str:
    """Choose the sign that parts the records into rows of equal width, of more than one cell; quoted text does not count.

    A table of one column has none of them; the semicolon then changes nothing.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    best, best_score = _DELIMITERS[0], (0.0, 0)
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        widths: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if record:
                    widths[len(record)] += 1
                if widths.total() >= _SAMPLE_RECORDS:
                    break
        except csv.Error:
            continue
        score = _score(widths)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _score(widths: Counter[int]) -> tuple[float, int]:
    """Share of records of the commonest width above one cell, then that width."""
    parted = [(count, width) for width, count in widths.items() if width > 1]
    if not parted:
        return 0.0, 0
    count, width = max(parted)
    return count / widths.total(), width


def _records(text: str, delimiter: str) -> list[list[str]]:
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as error:
        if "unexpected end" in str(error) or "field larger" in str(error):
            raise Invalid(
                N_(
                    "Row {row}: a quotation mark is opened and never closed. Please close it or remove it, and save the file again."
                ),
                row=len(records) + 1,
            ) from error
        # Quotation marks in the middle of a text, not doubled: read them as spreadsheet programs do.
        source.seek(0)
        try:
            records = list(csv.reader(source, delimiter=delimiter))
        except csv.Error as worse:
            raise _not_a_table() from worse
    return records


def _not_a_table() -> Invalid:
    return Invalid(N_("This file is not a text table. Please save the table as CSV (UTF-8) or XLSX and send that file."))
