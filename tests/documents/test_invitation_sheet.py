"""The sheet of invitations: every card whole, readable, accessible, and the same each time it is made."""

from __future__ import annotations

import io
import re

import page
import pikepdf
import pytest

from konwent_bot.documents import letters, qr
from konwent_bot.documents.invitation_sheet import Invitation, Sheet, make
from konwent_bot.documents.typesetting import render
from konwent_bot.i18n import LANGUAGES, translator

BODY = "Lokalna Sieć Reintegracji w Janowie Lubelskim"
TOKEN = "aZ09_-xY" * 5 + "abc"
CHAT, PAGE = f"https://t.me/konwent_bot?start={TOKEN}", f"https://konwent.example.pl/z/{TOKEN}"
GOPS = Invitation("GOPS Modliborzyce", "osoba wskazana", "Anna Nowak", CHAT, PAGE, "wtorek, 22 grudnia 2026")
HOSTILE = (
    '#read("/etc/passwd") *x* _y_ $z$ <a> @b \\ // `c` [d] {e} %s {0}',
    "🙂👩‍👩‍👧 שלום مرحبا 漢字",
    "Іван Ґжицький, м. Київ, Їжак",
    "\u202eodwrotnie\u202c \x07\x00 ﬁ ＡＢＣ e\u0301\u0323",
    "W" * 500,
    "bardzo długa nazwa " * 100,
    "",
)


def sheet(*invitations: Invitation, language: str = "pl", body: str = BODY) -> Sheet:
    return make(translator(language), body, invitations)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def marked(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Every element of the structure tree, in reading order."""
    found: list[pikepdf.Dictionary] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.Root.StructTreeRoot["/K"])
    return found


def links(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Give the page number and address of every link, each once."""
    found = [
        (number, str(note["/A"]["/URI"]))
        for number, leaf in enumerate(pdf.pages)
        for note in leaf.get("/Annots", [])
        if note["/Subtype"] == "/Link"
    ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_is_an_accessible_document(language: str) -> None:
    """A reader for the blind gets language, title, headings and a text for every code (PDF/UA-1)."""
    made = sheet(GOPS, GOPS, language=language)
    assert made.replaced == ()
    verdict = page.validate_pdf_bytes(made.pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures
    pdf = opened(made.pdf)
    assert str(pdf.Root.Lang) == language
    assert BODY in str(pdf.open_metadata()["dc:title"])
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    kinds = [str(node["/S"]) for node in marked(pdf)]
    assert (kinds.count("/H1"), kinds.count("/H2"), kinds.count("/Figure")) == (1, 2, 2)
    assert all("QR" in str(node["/Alt"]) for node in marked(pdf) if node["/S"] == "/Figure")


def test_a_card_leads_where_the_invitation_leads() -> None:
    """The chat and the page, each as a text that can be typed and touched."""
    assert links(opened(sheet(GOPS).pdf)) == [(0, CHAT), (0, PAGE)]
    assert links(opened(sheet(Invitation("A", "b", "", CHAT, "", "jutro")).pdf)) == [(0, CHAT)]
    assert links(opened(sheet(Invitation("A", "b", "", "", PAGE, "jutro")).pdf)) == [(0, PAGE)]


def test_a_card_that_leads_nowhere_is_not_printed() -> None:
    """Without any link, or without any card, there is no sheet."""
    with pytest.raises(ValueError, match="without a link"):
        sheet(Invitation("A", "b", "", "", "", "jutro"))
    with pytest.raises(ValueError, match="needs an invitation"):
        sheet()


def test_a_card_never_falls_on_two_pages() -> None:
    """Cards of any height: the code, the heading and both links of each stand on one page, several cards to a page."""
    cards = [
        Invitation("Nazwa " * (1 + n * 7 % 33), "rola", "Imię " * (n * 5 % 40), f"{CHAT}{n}", f"{PAGE}{n}", "jutro")
        for n in range(30)
    ]
    pdf = opened(sheet(*cards).pdf)
    found = links(pdf)
    assert [address for _, address in found] == [link for n in range(30) for link in (f"{CHAT}{n}", f"{PAGE}{n}")]
    chats, pages = found[::2], found[1::2]
    assert [number for number, _ in chats] == [number for number, _ in pages]
    leaves: list[pikepdf.Object] = [leaf.obj for leaf in pdf.pages]
    headings = [leaves.index(node["/Pg"]) for node in marked(pdf) if node["/S"] == "/H2"]
    assert headings == [number for number, _ in chats]
    assert len(pdf.pages) <= 10


def test_the_same_invitations_give_the_same_bytes() -> None:
    """Nothing in the file tells when or where it was made."""
    first, second = sheet(GOPS).pdf, sheet(GOPS).pdf
    assert first == second
    assert b"/CreationDate" not in first


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_people_are_shown_and_never_obeyed(text: str) -> None:
    """Markup, emoji, letters of other scripts, directions, very long names: a card comes out, accessible, and nothing is read."""
    made = sheet(Invitation(text, text or "rola", text, CHAT, PAGE, text or "jutro"), body=text or BODY)
    verdict = page.validate_pdf_bytes(made.pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures
    assert links(opened(made.pdf)) == [(0, CHAT), (0, PAGE)]
    assert b"root:" not in made.pdf


def test_signs_that_cannot_be_shown_are_told() -> None:
    """Whoever prints learns which signs of a name became [?]; Ukrainian and Polish letters are all there."""
    assert sheet(Invitation("Szkoła 🙂 漢字", "b", "Іван Ґжицький", CHAT, "", "jutro")).replaced == ("🙂", "漢", "字")
    assert sheet(Invitation("„Żółw” – ćma", "b", "Їжак Ґанок Єва", CHAT, "", "jutro")).replaced == ()


def test_codes_have_their_quiet_zone_and_differ() -> None:
    """Each card has the code of its own link, with white around it."""
    one, other = qr.svg(CHAT), qr.svg(CHAT + "x")
    assert one != other
    found = re.search(r'width="(\d+)"', one)
    assert found is not None
    assert (int(found[1]) - 2 * qr.QUIET_ZONE - 17) % 4 == 0


def test_only_the_fonts_of_the_house_are_used() -> None:
    """A machine without fonts prints the same sheet."""
    fonts = {str(font["/BaseFont"]) for leaf in opened(sheet(GOPS).pdf).pages for font in leaf["/Resources"]["/Font"].values()}
    assert fonts
    assert all("NotoSans" in font for font in fonts)


def test_a_sign_outside_the_fonts_stops_the_typesetting() -> None:
    """What was not cleaned is never printed as an empty box."""
    data = {"language": "pl", "title": "🙂", "heading": "🙂", "for_whoever_prints": [], "page_of": "#", "cards": []}
    with pytest.raises(RuntimeError):
        render("invitation_sheet", data)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Z\u0301", "Ź"), ("a\u00adb\u200b", "ab"), ("a\tb\r\nc", "a b c"), ("ﬁ", "fi"), ("☑ tak", "[x] tak"), ("漢字 漢", "[?]"), ("x 漢 y", "x [?] y"),
        ("漢 x", "[?] x"), ("a\xa0b", "a\xa0b"),
    ],
)  # fmt: skip
def test_a_text_is_cleaned_as_little_as_can_be(text: str, clean: str) -> None:
    """Composed letters, no invisible signs, a mark for what is missing."""
    assert letters.Cleaner().line(text) == clean


def test_one_letter_words_do_not_end_a_line() -> None:
    """A rule of Polish and Ukrainian printing; English has none."""
    assert letters.tied("i w Janowie", "pl") == "i\xa0w\xa0Janowie"
    assert letters.tied("з Києва", "uk") == "з\xa0Києва"
    assert letters.tied("a b", "en") == "a b"
