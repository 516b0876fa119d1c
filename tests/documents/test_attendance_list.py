"""The attendance list: every row whole and with room for a signature, readable by everybody, without a name of anybody."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import page
import pikepdf
import pytest
from tests.documents.test_invitation_sheet import HOSTILE, marked, opened

from konwent_bot.documents.attendance_list import MAX_GUESTS, Attending, Meeting, Sheet, make
from konwent_bot.i18n import LANGUAGES, translator

MEETING = Meeting(
    "Lokalna Sieć Reintegracji w Janowie Lubelskim", "Spotkanie strategiczne", "poniedziałek, 30 marca 2026, godz. 10:00",
    "Urząd Gminy w Modliborzycach, sala 7", f"https://konwent.example.pl/o/{'aZ09_-xY' * 5}", "4821",
)  # fmt: skip
GOPS = Attending("GOPS Modliborzyce", "osoba kierująca")


def listed(*rows: Attending, meeting: Meeting = MEETING, language: str = "pl", guests: int = 6) -> Sheet:
    return make(translator(language), meeting, rows or (GOPS,), guests=guests)


def count(pdf: pikepdf.Pdf) -> Counter[str]:
    """How many elements of each kind the structure has."""
    return Counter(str(node["/S"]) for node in marked(pdf))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("meeting", [MEETING, replace(MEETING, link="", code="", place="")])
def test_a_list_is_an_accessible_document(language: str, meeting: Meeting) -> None:
    """A reader for the blind gets language, title, headings, tables with named columns, and a text for the code (PDF/UA-1)."""
    made = listed(GOPS, GOPS, meeting=meeting, language=language)
    assert made.replaced == ()
    verdict = page.validate_pdf_bytes(made.pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures
    pdf = opened(made.pdf)
    assert str(pdf.Root.Lang) == language
    title = str(pdf.open_metadata()["dc:title"])
    assert MEETING.body in title
    assert MEETING.when in title
    kinds = count(pdf)
    assert (kinds["/H1"], kinds["/H2"], kinds["/Table"], kinds["/TH"]) == (1, 1, 2, 7)
    assert kinds["/Figure"] == (1 if meeting.link else 0)
    assert all("QR" in str(node["/Alt"]) for node in marked(pdf) if node["/S"] == "/Figure")


def test_a_row_for_each_institution_and_as_many_for_guests_as_asked() -> None:
    """Four columns for those who are invited, three for guests; without guests no empty table."""
    rows = [replace(GOPS, institution=f"Instytucja {number}") for number in range(1, 6)]
    kinds = count(opened(listed(*rows, guests=3).pdf))
    assert (kinds["/TR"], kinds["/TD"]) == (1 + 5 + 1 + 3, 5 * 4 + 3 * 3)
    kinds = count(opened(listed(*rows, guests=0).pdf))
    assert (kinds["/Table"], kinds["/H2"], kinds["/TR"]) == (1, 0, 6)


def test_a_long_list_names_its_columns_and_its_meeting_on_every_page() -> None:
    """Seventy institutions: four pages, each of which can be signed and filed by itself."""
    made = listed(
        *(Attending(f"Gminny Ośrodek Pomocy Społecznej w Modliborzycach nr {n}", "osoba wyznaczona") for n in range(70))
    )
    pdf = opened(made.pdf)
    assert 4 <= len(pdf.pages) <= 5
    assert page.validate_pdf_bytes(made.pdf, profile="ua1").is_compliant
    assert count(pdf)["/TH"] == 7  # repeated for the eye, told once to the ear
    for leaf in pdf.pages:
        drawn = [(str(one.operator), list(one.operands)) for one in pikepdf.parse_content_stream(leaf)]
        shaded = [operands for operator, operands in drawn if operator == "scn" and 0.9 < float(operands[0]) < 0.95]
        footers = [operands for operator, operands in drawn if operator == "BDC" and "/Footer" in repr(operands)]
        assert len(shaded) >= 4, "the cells of a heading row are shaded"
        assert footers


def test_a_row_is_never_parted() -> None:
    """Names of any length: each row stands on one page, with its number and its place to sign."""
    rows = [Attending("Nazwa " * (1 + n * 7 % 60), "rola " * (n % 30)) for n in range(40)]
    pdf = opened(listed(*rows).pdf)
    for node in marked(pdf):
        if str(node["/S"]) == "/TR":
            leaves = {str(inner["/Pg"].objgen) for inner in _under(node) if "/Pg" in inner}
            assert len(leaves) <= 1


def _under(node: pikepdf.Object) -> list[pikepdf.Object]:
    found, kids = [node], node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += _under(kid)
    return found


def test_the_same_meeting_gives_the_same_bytes() -> None:
    """Nothing in the file tells when or where it was made."""
    assert listed().pdf == listed().pdf
    assert listed().pdf != listed(meeting=replace(MEETING, code="4822")).pdf


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_people_are_shown_and_never_obeyed(text: str) -> None:
    """Markup, emoji, letters of other scripts, directions, very long names: a list comes out, accessible, and nothing is read."""
    meeting = Meeting(text or "Sieć", text, text or "jutro", text, MEETING.link, text)
    made = listed(Attending(text or "GOPS", text), meeting=meeting)
    verdict = page.validate_pdf_bytes(made.pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures
    assert len(pikepdf.open(io.BytesIO(made.pdf)).pages) <= 2
    assert b"root:" not in made.pdf


def test_signs_that_cannot_be_shown_are_told() -> None:
    """Whoever prints learns which signs became [?]."""
    assert listed(Attending("Szkoła 🙂", "Іван Ґжицький")).replaced == ("🙂",)


@pytest.mark.parametrize("guests", [-1, MAX_GUESTS + 1])
def test_a_list_without_rows_or_with_endless_ones_is_not_printed(guests: int) -> None:
    """Nobody to sign, or more empty rows than anybody means."""
    with pytest.raises(ValueError, match="needs rows"):
        listed(guests=guests)
    with pytest.raises(ValueError, match="needs rows"):
        make(translator("pl"), MEETING, ())
