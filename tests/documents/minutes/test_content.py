"""What a version says as canonical JSON: the same everywhere, read back whole, and bound to the code its pages print."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.minutes.examples import POLISH, drafted, meeting, second, version

from konwent_bot.documents.minutes.changes import Change, changes
from konwent_bot.documents.minutes.content import KINDS, Chain, Content, Kind, code, code_of, content, read, sha256, written
from konwent_bot.documents.minutes.draft import Digest, Draft, DraftPoint, Paragraph, Row
from konwent_bot.documents.minutes.facts import File, MeetingFacts, Note, Point
from konwent_bot.documents.minutes.going_round import Acceptance
from konwent_bot.errors import Invalid

#: A version without any sentence of ours, so that its bytes depend on nothing but how they are written.
PINNED: Final = Content(
    kind="circulated", version=2, edition="wersja 2", status="Do przyjęcia.", nothing="Bez ustaleń.",
    draft=Draft(
        "Protokół nr 3/2026", "ze spotkania", "Sieć", (Row("when", ("Termin", "30 marca")),),
        (DraftPoint("item:1", "Otwarcie", 1, (Paragraph("quorum", "text", "Kworum „było”."),)),), ("podpis",),
        Digest("strategic", "", date(2026, 3, 30), time(10), time(12), "hybrid", "", 6, 8, True, (("1/2026", "Dyżur", "passed"),), 0, None),
    ),
    before=(), after=(), files=(File("a.pdf", "ab" * 32),), chain=Chain(12, "cd" * 32), circulated_on=date(2026, 4, 1), answer_until=None,
)  # fmt: skip


def test_a_content_is_written_in_one_way_only() -> None:
    """Sorted keys, UTF-8, days as ISO 8601: whoever verifies minutes in ten years computes the same hash."""
    data = written(PINNED)
    assert data == (json.dumps(json.loads(data), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    assert "Kworum „było”." in data.decode()
    assert (
        hashlib.sha256(data).hexdigest() == sha256(PINNED) == "f55532056dc0c925a08668633861d932c86f1a371878c62df6841ebe430b2339"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_content_is_read_back_as_it_was(kind: Kind) -> None:
    """Of every kind, with all it holds, and writing it again gives the same bytes."""
    made = version(meeting(), kind)
    assert read(written(made)) == made
    assert read(written(made).decode()) == made
    assert written(read(written(made))) == written(made)


def test_a_second_version_is_read_back_too() -> None:
    """With its list of changes."""
    made = second(meeting(), replace(meeting(), place="Klub"))
    assert read(written(made)) == made
    assert [point.key for point in made.points][:2] == ["changes", "attendance"]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"kind": "final"}', "\x00", '{"kind": 7}'])
def test_what_is_no_content_is_refused(text: str) -> None:
    """With a sentence, not with an error of a library."""
    with pytest.raises(Invalid):
        read(text)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_comes_back_and_another_one_has_another_hash(one: str, other: str) -> None:
    """What people write may hold anything; what was cleaned of signs that act stays as it is."""
    contents = [version(replace(meeting(decisions=0), notes=(Note(1, "end", text),))) for text in (one, other)]
    assert [read(written(each)) for each in contents] == contents
    assert (sha256(contents[0]) == sha256(contents[1])) == (contents[0] == contents[1])


def test_a_point_of_which_nothing_was_noted_says_so() -> None:
    """Also in the file and the letter, but the draft stays empty there: that is no fact."""
    draft = drafted(replace(meeting(), points=(*meeting().points, Point("item:99", "own", title="Różne"))))
    made = content(draft, POLISH, kind="draft", version=0)
    empty = next(point for point in made.points if point.key == "item:99")
    assert [one.text for one in empty.paragraphs] == ["W tym punkcie nie odnotowano ustaleń."]
    kept = draft.point("item:99")
    assert kept is not None
    assert kept.paragraphs == ()


@pytest.mark.parametrize(
    ("kind", "edition", "status"),
    [
        ("draft", "projekt", "Projekt, jeszcze nierozesłany."),
        ("circulated", "wersja 1", "Wersja 1 z 1 kwietnia 2026, do przyjęcia. Instytucje mogą ją przyjąć albo zgłosić uwagi do 8 kwietnia 2026."),
        ("final", "wersja ostateczna", "Wersja ostateczna z 1 kwietnia 2026."),
        ("annex", "", "Aneks z 2 czerwca 2026. Ostateczna wersja protokołu pozostaje bez zmian."),
    ],
)  # fmt: skip
def test_a_version_says_what_it_is_and_what_is_asked(kind: Kind, edition: str, status: str) -> None:
    """In plain sentences with the last day."""
    made = version(meeting(), kind)
    assert (made.edition, made.status) == (edition, status)


def test_a_final_version_tells_how_each_institution_took_it() -> None:
    """Accepted, silent, or with remarks that were not accepted: each once."""
    took = Acceptance(("A", "B"), ("C",), ("D",), date(2026, 4, 8))
    made = content(drafted(meeting()), POLISH, kind="final", version=2, acceptance=took)
    assert [one.text for one in made.after[0].paragraphs] == [
        "Protokół przyjęły (2): A, B.",
        "Nie odpowiedziały do 8 kwietnia 2026, co uznaje się za przyjęcie (1): C.",
        "Zgłosiły uwagi, których nie uwzględniono (1): D.",
    ]


def test_a_group_nobody_is_in_is_not_named() -> None:
    """Where all accepted, nothing is said of silence or of remarks."""
    took = Acceptance(("A", "B"), (), (), date(2026, 4, 8))
    made = content(drafted(meeting()), POLISH, kind="final", version=2, acceptance=took)
    assert [one.text for one in made.after[0].paragraphs] == ["Protokół przyjęły (2): A, B."]


# --- codes ------------------------------------------------------------------------------------------------------------


def test_a_code_names_minutes_version_and_content() -> None:
    """Short enough to be typed from paper."""
    assert code(7, 1, "0123456789abcdef" * 4) == "7-1-0123456789AB"
    assert code(36**3 + 35, 12, "f" * 64) == "100Z-12-FFFFFFFFFFFF"


@given(st.integers(1, 2**62), st.integers(1, 9999), st.integers(0, 2**256 - 1))
def test_no_two_versions_share_a_code(minutes: int, number: int, digest: int) -> None:
    """It can be read back: the number, the version, and the beginning of the hash."""
    made = code(minutes, number, f"{digest:064x}")
    base, version_number, beginning = made.split("-")
    assert (int(base, 36), int(version_number), beginning.lower()) == (minutes, number, f"{digest:064x}"[:12])
    assert code_of(made) == made


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("7-1-0123456789AB", "7-1-0123456789AB"), (" 7 - 1 - 0123456789ab\n", "7-1-0123456789AB"), ("7–1–0123456789AB", "7-1-0123456789AB"),
        ("", None), ("7-1", None), ("7-0-0123456789AB", None), ("7-1-0123456789AG", None), ("7-1-0123456789ABC", None), ("'; drop table", None),
        ("٧-1-0123456789AB", None),
    ],
)  # fmt: skip
def test_a_typed_code_is_read_kindly(typed: str, found: str | None) -> None:
    """Case, spaces and dashes do not matter; what cannot be a code is none."""
    assert code_of(typed) == found


# --- changes ----------------------------------------------------------------------------------------------------------


def difference(after: MeetingFacts) -> tuple[Change, ...]:
    return changes(drafted(meeting()), drafted(after))


def test_two_drafts_that_say_the_same_do_not_differ() -> None:
    """Not by when they were made, nor by numbers nobody reads."""
    assert difference(meeting()) == ()


def test_a_change_names_its_point_with_what_it_said_and_says() -> None:
    """One row of a table, not the table."""
    facts = meeting()
    late = replace(facts.attended[0], spans=facts.attended[2].spans)
    (change,) = difference(replace(facts, attended=(late, *facts.attended[1:])))
    assert change == Change(
        "attendance:0", "attendance", "Obecność", "changed",
        "Gminny Ośrodek Pomocy Społecznej w Modliborzycach; osoba kierująca; przez całe spotkanie",
        "Gminny Ośrodek Pomocy Społecznej w Modliborzycach; osoba wskazana; od 10:25",
    )  # fmt: skip


def test_added_and_removed_paragraphs_are_told_apart() -> None:
    """A note taken away, a note written."""
    facts = meeting()
    found = difference(replace(facts, notes=(facts.notes[0], Note(7, "item:90", "Nowy zapis."))))
    assert [(change.source, change.what, change.before, change.after) for change in found] == [
        ("note:7", "added", "", "Nowy zapis."), ("note:2", "removed", "Osobom, które przygotowały salę, podziękowano.", ""),
    ]  # fmt: skip


def test_another_order_of_points_is_one_change() -> None:
    """Their paragraphs stay the same."""
    facts = meeting()
    swapped = (*facts.points[:2], facts.points[3], facts.points[2], *facts.points[4:])
    (change,) = difference(replace(facts, points=swapped))
    assert (change.source, change.what) == ("order", "changed")
    assert change.before.index("Sprawozdanie") < change.before.index("Wnioski z badania")
    assert change.after.index("Sprawozdanie") > change.after.index("Wnioski z badania")


def test_a_point_that_goes_takes_its_paragraphs_along() -> None:
    """Heading and all are told as removed."""
    facts = meeting()
    gone = tuple(point for point in facts.points if point.key != "item:90")
    assert [(change.source, change.what) for change in difference(replace(facts, points=gone))] == [
        ("item:90", "removed"), ("outcome:item:90", "removed"),
    ]  # fmt: skip


def test_the_list_of_changes_is_made_of_them() -> None:
    """Long passages are cut there, because they stand in full further down; without changes that is said."""
    facts = meeting()
    later = replace(facts, place="Klub", notes=(Note(1, "item:5", "bardzo długi zapis " * 60),))
    listed = second(facts, later).before[0].paragraphs[1]
    assert listed.items[0] == "Miejsce: było „Urząd Gminy w Modliborzycach, sala nr 7”, jest „Klub”"
    assert listed.items[1].endswith("…”")
    assert len(listed.items[1]) < 500
    assert second(facts, facts).before[0].paragraphs[1].text == "Żadnego zapisu nie zmieniono."
