"""Minutes as a document: readable by everybody, whole on paper, the same each time, and never obeying what people wrote."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise

import page
import pikepdf
import pytest
from tests.documents.minutes import examples
from tests.documents.minutes.examples import BODY, LINK, drafted, meeting, second, sheet, version
from tests.documents.minutes.pages import marked, opened, page_of, pages, words
from tests.documents.test_invitation_sheet import HOSTILE

from konwent_bot.documents.minutes import sheet as sheets
from konwent_bot.documents.minutes.content import Content, Kind, code, content, sha256
from konwent_bot.documents.minutes.drafting import annex
from konwent_bot.documents.minutes.facts import AnnexFacts, Ballot, MeetingFacts, Note, Round, Stance
from konwent_bot.documents.minutes.sheet import Sheet
from konwent_bot.domain.meetings.words import MEETING_KINDS, MEETING_MODES, MeetingKind, MeetingMode


def _of_kind(kind: MeetingKind) -> Content:
    return version(meeting(kind))


def _in_mode(mode: MeetingMode) -> Content:
    return version(replace(meeting(decisions=0), mode=mode, place=""))


#: Every kind of minutes and of document, and the sizes a network may have.
CASES: dict[str, Callable[[], Content]] = {
    **{kind: partial(_of_kind, kind) for kind in MEETING_KINDS if kind != "operational"},
    **{mode: partial(_in_mode, mode) for mode in MEETING_MODES},
    "operational": lambda: version(replace(meeting("operational"), group="")),
    "of a working group": lambda: version(meeting("operational")),
    "not sent yet": lambda: version(meeting(), "draft"),
    "second version": lambda: second(meeting(), replace(meeting(), place="Klub Integracji Społecznej", notes=())),
    "final": lambda: version(meeting(), "final"),
    "annex": lambda: version(meeting(), "annex"),
    "nobody came": lambda: version(replace(meeting(decisions=0), attended=(), report=None, next_meeting=None, tasks=(), reviewed=())),
    "3 institutions, nothing decided": lambda: version(meeting(institutions=3, decisions=0)),
    "3 institutions, 25 decisions": lambda: version(meeting(institutions=3, decisions=25)),
    "80 institutions, nothing decided": lambda: version(meeting(institutions=80, decisions=0), "final"),
    "80 institutions, 25 decisions": lambda: version(meeting(institutions=80, decisions=25)),
    "80 institutions, 25 decisions, final": lambda: version(meeting(institutions=80, decisions=25), "final"),
}  # fmt: skip


@cache
def made(case: str) -> tuple[Content, Sheet]:
    content = CASES[case]()
    return content, sheet(content)


every = pytest.mark.parametrize("case", CASES)


# --- for a screen reader ----------------------------------------------------------------------------------------------


@every
def test_minutes_are_an_accessible_document(case: str) -> None:
    """Every rule of PDF/UA-1 holds; nothing had to be replaced."""
    verdict = page.validate_pdf_bytes(made(case)[1].pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures
    assert made(case)[1].replaced == ()


@pytest.mark.parametrize("decisions", [0, 25])
@pytest.mark.parametrize("institutions", [3, 80])
@pytest.mark.parametrize("kind", [*MEETING_KINDS, "of a working group"])
def test_minutes_of_any_kind_and_size_are_accessible(kind: str, institutions: int, decisions: int) -> None:
    """Three institutions that decide nothing, eighty that decide 25 times, in each kind of meeting."""
    facts = meeting("operational" if kind == "of a working group" else kind, institutions, decisions)  # type: ignore[arg-type]  # one of these
    done = sheet(version(facts if kind == "of a working group" else replace(facts, group="")))
    verdict = page.validate_pdf_bytes(done.pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures


@every
def test_a_screen_reader_finds_its_way(case: str) -> None:
    """One title, headings without gaps, a heading for each point and each decision, language and title of the file."""
    content, done = made(case)
    pdf = opened(done.pdf)
    kinds = [str(node["/S"]) for node in marked(pdf)]
    levels = [int(kind[2:]) for kind in kinds if kind in ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    looks = Counter(one.kind for point in content.points for one in point.paragraphs)
    assert (levels.count(2), levels.count(3)) == (len(content.points), looks["decision"])
    assert kinds.count("/Table") == looks["table"]
    assert str(pdf.Root.Lang) == "pl"
    assert str(pdf.open_metadata()["dc:title"]).startswith(f"{content.draft.title}, {BODY}")
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


@every
def test_tables_have_header_cells(case: str) -> None:
    """Each column is named once, for each row there are as many cells."""
    pdf = opened(made(case)[1].pdf)
    for table in (node for node in marked(pdf) if node["/S"] == "/Table"):
        head, *rows = [[str(cell["/S"]) for cell in row["/K"]] for row in marked_under(table) if row["/S"] == "/TR"]
        assert set(head) == {"/TH"}
        assert rows
        assert all(row == ["/TD"] * len(head) for row in rows)
        assert all(_scope(cell) == "/Column" for cell in marked_under(table) if cell["/S"] == "/TH")


@every
def test_pictures_have_words_and_fonts_travel_along(case: str) -> None:
    """The only picture is the code of the verification page; no alternative text is empty; every font is in the file."""
    content, done = made(case)
    pdf = opened(done.pdf)
    figures = [str(node["/Alt"]) for node in marked(pdf) if node["/S"] == "/Figure"]
    assert figures == ([] if content.kind == "draft" else ["Kod QR, który otwiera stronę sprawdzającą ten protokół"])
    assert all(str(node["/Alt"]).strip() for node in marked(pdf) if "/Alt" in node)
    fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


# --- for the eye ------------------------------------------------------------------------------------------------------


@every
def test_every_page_says_what_it_belongs_to(case: str) -> None:
    """Minutes, version, day, code and its address, page x of y: loose pages can be put together again."""
    content, done = made(case)
    leaves = pages(done.pdf)
    for number, leaf in enumerate(leaves, 1):
        assert words(f"strona {number} z {len(leaves)}") in leaf
        assert words(content.draft.title) in leaf
        assert words(content.edition) in leaf
        if content.kind != "draft":
            named = code(7, content.version, sha256(content))
            assert words(f"Kod weryfikacyjny: {named}") in leaf
            assert LINK + named in leaf
            assert words({"annex": "2 czerwca 2026", "second version": "10 kwietnia 2026"}.get(case, "1 kwietnia 2026")) in leaf


@every
def test_everything_written_stands_on_the_pages(case: str) -> None:
    """No sentence, cell or heading is lost between the content and the paper, and they keep their order."""
    content, done = made(case)
    footer = words(", ".join(one for one in (content.draft.title, content.edition) if one))
    told = "".join(leaf[: leaf.rindex(footer)] for leaf in pages(done.pdf))
    at = 0
    for point in content.points:
        at = told.index(words(point.named), at)
        for one in point.paragraphs:
            cells = (cell for row in one.rows for cell in row.cells)
            for text in (one.title, one.text, *one.columns, *cells, *one.items):
                at = told.index(words(text), at)


@every
def test_no_heading_and_no_row_is_parted(case: str) -> None:
    """A heading stands on the page of what follows it, a row on one page, and a table that goes on names its columns again."""
    assert_whole(*made(case))


def test_wherever_a_page_ends_nothing_is_parted() -> None:
    """The same with everything moved down line by line over half a page, and with rows of several lines."""
    facts = meeting(institutions=4, decisions=1)
    what = "Sprawdzić ubezpieczenie busa, terminy przeglądów i uprawnienia kierowców we wszystkich instytucjach"
    reviewed = tuple(replace(facts.reviewed[number % 2], id=number, what=what) for number in range(9))
    for lines in range(1, 31):
        lower = Note(9, "item:2", "\n".join(["Wiersz."] * lines))
        moved = version(replace(facts, reviewed=reviewed, notes=(lower,)), "draft")
        assert_whole(moved, sheet(moved))


@every
def test_the_end_of_the_chain_and_the_signatures_stand_at_the_end(case: str) -> None:
    """The last page has the end of the chain of records; whoever signs does so right under the last sentence of the minutes."""
    content, done = made(case)
    leaves = pages(done.pdf)
    if content.chain is not None:
        assert [content.chain.head in leaf for leaf in leaves] == [False] * (len(leaves) - 1) + [True]
    signed = [leaf for leaf in leaves if words("podpis osoby prowadzącej spotkanie podpis osoby protokołującej") in leaf]
    assert len(signed) == 1
    last = content.draft.points[-1].paragraphs[-1]
    assert words(last.text.split("\n")[-1]) in signed[0]


def test_a_final_version_says_so_and_who_accepted_it() -> None:
    """Institutions by name, silence as what it was taken for, remarks that were not accepted."""
    told = "".join(pages(made("final")[1].pdf))
    for sentence in ("Wersja ostateczna z 1 kwietnia 2026.", "Protokół przyjęły (4):",
                     "Nie odpowiedziały do 8 kwietnia 2026, co uznaje się za przyjęcie (2):", "Parafia pw. św. Jana Chrzciciela"):  # fmt: skip
        assert words(sentence) in told


def test_a_second_version_begins_with_what_changed() -> None:
    """Remarks that were accepted, and every passage that is otherwise than before, on the first page."""
    first = pages(made("second version")[1].pdf)[0]
    assert words("Zmiany w porównaniu z wersją 1") in first
    assert words("Miejsce: było „Urząd Gminy w Modliborzycach, sala nr 7”, jest „Klub Integracji Społecznej”") in first
    assert words("Uwzględnione uwagi") in first


# --- the same, and nothing else ---------------------------------------------------------------------------------------


def test_the_same_version_gives_the_same_bytes() -> None:
    """Also in another process, with another order of everything that has none; another word gives other bytes."""
    facts = meeting()
    done = sheet(version(facts)).pdf
    assert done == sheet(version(facts)).pdf
    assert done != sheet(version(replace(facts, topic="Dyżury i transport."))).pdf
    script = (
        "import hashlib; from tests.documents.minutes.examples import meeting, sheet, version;"
        "print(hashlib.sha256(sheet(version(meeting())).pdf).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path), "TZ": "Asia/Tokyo"}
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert other.stdout.strip() == hashlib.sha256(done).hexdigest()


def test_an_altered_file_still_tells_which_one_it_was() -> None:
    """One letter changed, something added at the end, or saved anew by another program: the code is found; a stranger's file has none."""
    content, done = made("strategic")
    named = code(7, 1, sha256(content))
    assert sheets.code_in(done.pdf) == named
    assert sheets.code_in(done.pdf.replace(b"strona", b"Strona") + b"\n% dopisek") == named
    pdf = opened(done.pdf)
    del pdf.pages[-1]
    assert sheets.code_in(_saved(pdf)) == named
    assert sheets.code_in(b"%PDF-1.7 " + named.encode()) is None
    assert sheets.code_in(made("not sent yet")[1].pdf) is None
    two = done.pdf + b"<pdf:Keywords>konwent-bot-minutes:8-1-0123456789AB</pdf:Keywords>"
    assert sheets.code_in(two) is None, "nobody can say which of two it was"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("draft", "protokol-nr-3-2026-projekt.pdf"), ("circulated", "protokol-nr-3-2026-wersja-1.pdf"),
        ("final", "protokol-nr-3-2026-wersja-ostateczna.pdf"), ("annex", "aneks-nr-1-do-protokolu-nr-3-2026.pdf"),
    ],
)  # fmt: skip
def test_a_file_has_a_name_that_says_what_it_is(kind: Kind, name: str) -> None:
    """Without letters that other systems spoil."""
    assert sheets.file_name(version(meeting(), kind)) == name


# --- hostile texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*HOSTILE, "długi zapis bez końca " * 910, "a\n\n\nb\r\nc\u2028d"], ids=range(len(HOSTILE) + 2))
def test_texts_of_people_are_shown_and_never_obeyed(text: str) -> None:
    """Markup, emoji, other scripts, directions, 20,000 characters, names as long as a line, in every field there is: still accessible."""
    done = sheet(content(drafted(everywhere(text)), examples.POLISH, kind="circulated", version=1))
    verdict = page.validate_pdf_bytes(done.pdf, profile="ua1")
    assert verdict.is_compliant, verdict.failures
    assert b"root:" not in done.pdf
    leaves = pages(done.pdf)
    assert not any("root:" in leaf for leaf in leaves)
    if "#read" in text:
        assert "".join(leaves).count(words('#read("/etc/passwd") *x* _y_ $z$')) > 20, "it stands there as it was written"
    if len(text) > 15_000:
        assert "".join(leaves).count("długizapisbezkońca") >= 910, "nothing of a long text is cut"


@pytest.mark.parametrize("text", HOSTILE)
def test_an_annex_takes_any_text(text: str) -> None:
    """The same for a correction."""
    facts = AnnexFacts(text or "Sieć", "central", "1/2026", 1, meeting().day, text or "–", text, text)
    done = sheet(content(annex(facts, examples.POLISH), examples.POLISH, kind="annex", version=2))
    assert page.validate_pdf_bytes(done.pdf, profile="ua1").is_compliant


def test_signs_that_cannot_be_shown_are_told_to_whoever_writes() -> None:
    """Before anything is sent, from the draft; and the document has [?] in their place."""
    facts = replace(meeting(), notes=(Note(1, "end", "Dziękujemy 🙂 za salę ☑"), Note(2, "end", "שלום")))
    assert sheets.replaced(drafted(facts)) == ("🙂", "ש", "ל", "ו", "ם")
    done = sheet(version(facts))
    assert done.replaced == sheets.replaced(drafted(facts))
    assert words("Dziękujemy [?] za salę [x]") in "".join(pages(done.pdf))


def everywhere(text: str) -> MeetingFacts:
    """Give a meeting with this text in every field people write."""
    facts = meeting(institutions=4, decisions=3)
    short = text[:2_000]
    said = text or "–"

    def act(one: Round | Ballot) -> Round | Ballot:
        entry = one.decision and replace(one.decision, title=short, text=said)
        if isinstance(one, Ballot):
            return replace(one, decision=entry)
        stances = (Stance(1, short, "reserve", text), Stance(2, short, "object", said, text))
        return replace(one, stances=stances, decision=entry)

    points = tuple(
        replace(
            point,
            title=point.title if point.kind == "card_conclusions" else short,
            detail=text,
            proposer=short,
            proposals=tuple(
                replace(one, title=short, text=said, proposer=short, acts=tuple(act(each) for each in one.acts))
                for one in point.proposals
            ),
        )
        if point.kind in ("own", "carried", "card_conclusions")
        else point
        for point in facts.points
    )
    assert facts.report is not None
    assert facts.next_meeting is not None
    return replace(
        facts, body=short or "Sieć", place=short, topic=short, group=short, guests=(short, short), points=points,
        attended=tuple(replace(one, institution=short) for one in facts.attended),
        absent=tuple(replace(one, institution=short) for one in facts.absent),
        report=replace(facts.report, problems_other=short, requests=text),
        tasks=tuple(replace(one, what=text, institution=short) for one in facts.tasks),
        reviewed=tuple(replace(one, what=short, institution=short, done_note=text) for one in facts.reviewed),
        next_meeting=replace(facts.next_meeting, place=short, group=short),
        notes=tuple(replace(one, text=said) for one in facts.notes), files=tuple(replace(one, name=short) for one in facts.files),
        proposals=tuple(replace(one, title=short, text=said) for one in facts.proposals),
    )  # fmt: skip


def assert_whole(content: Content, done: Sheet) -> None:
    """See that no heading stands without what it heads, no row on two pages, no page of a table without names of columns."""
    pdf = opened(done.pdf)
    leaves = dict(zip((leaf.obj.objgen for leaf in pdf.pages), pages(done.pdf), strict=True))
    order = list(leaves)
    for heading, after in _headings(pdf):
        assert page_of(heading) == {min(page_of(after), key=order.index)}, "a heading at the foot of a page"
    tables = [one for point in content.points for one in point.paragraphs if one.kind == "table"]
    for node, table in zip([node for node in marked(pdf) if node["/S"] == "/Table"], tables, strict=True):
        rows = [row for row in marked_under(node) if row["/S"] == "/TR"]
        assert all(len(page_of(row)) == 1 for row in rows)
        assert page_of(rows[0]) == page_of(rows[1]), "names of columns at the foot of a page"
        assert all(words("".join((table.title, *table.columns))) in leaves[leaf] for leaf in page_of(rows[0]))
        assert all(words("".join(table.columns)) in leaves[leaf] for leaf in page_of(node))


# --- inside -----------------------------------------------------------------------------------------------------------


def marked_under(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Give an element and every one inside it, in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from marked_under(kid)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from marked_under(node["/K"])


def _scope(cell: pikepdf.Dictionary) -> str:
    owned = cell["/A"]
    each = owned if isinstance(owned, pikepdf.Array) else [owned]
    return next(str(one["/Scope"]) for one in each if "/Scope" in one)


def _headings(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Dictionary, pikepdf.Dictionary]]:
    """Give each heading with the element after it."""
    for node in marked(pdf):
        kids = node.get("/K")
        if isinstance(kids, pikepdf.Array):
            elements = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
            for one, after in pairwise(elements):
                if str(one["/S"]) in ("/H1", "/H2", "/H3"):
                    yield one, after


def _saved(pdf: pikepdf.Pdf) -> bytes:
    kept = io.BytesIO()
    pdf.save(kept)
    return kept.getvalue()
