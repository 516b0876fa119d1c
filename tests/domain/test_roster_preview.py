"""What an import would do, row by row: the preview a coordinator reads before anything is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.domain.test_roster import DELEGATE, GOPS, HEAD, SCHOOL, roster

from konwent_bot.documents.tables import read_table
from konwent_bot.domain.roster import read_roster
from konwent_bot.domain.roster_composition import LISTED_NAMES
from konwent_bot.domain.roster_preview import (
    CurrentRoster,
    PostKey,
    Preview,
    SeatKey,
    StoredHolder,
    StoredInstitution,
    compare,
)
from konwent_bot.domain.roster_words import fold
from konwent_bot.errors import Invalid
from konwent_bot.i18n import translator

SAMPLE = Path(__file__).parents[1] / "data" / "lsr-janow-lubelski.csv"
KIS = ("Klub Integracji Społecznej w Janowie Lubelskim", "KIS Janów", "A")
KIS_ROWS = (
    (*KIS, "zwierzchnik", "kierownik", "Ewa Wilk", "ewa@kis.example"),
    (*KIS, "osoba wskazana", "", "Adam Bąk", "adam@kis.example"),
)
SCHOOL_ROWS = (
    (SCHOOL, "Szkoła", "C", "zwierzchnik", "", "Ola Mak", "ola@szkola.example"),
    (SCHOOL, "Szkoła", "C", "osoba wskazana", "", "Iga Lis", "iga@szkola.example"),
)
FULL = (HEAD, DELEGATE, *KIS_ROWS, *SCHOOL_ROWS)
STORED = CurrentRoster(
    institutions={
        fold(GOPS): StoredInstitution(GOPS, "GOPS", "B", "", ""),
        fold(KIS[0]): StoredInstitution(KIS[0], KIS[1], "A", "", ""),
        fold(SCHOOL): StoredInstitution(SCHOOL, "Szkoła", "C", "", ""),
    },
    seats={
        SeatKey(fold(GOPS), "head"): StoredHolder("kierownik", "Anna Nowak", "anna@gops.example"),
        SeatKey(fold(GOPS), "delegate"): StoredHolder("asystent rodziny", "Jan Żak", "jan@gops.example"),
        SeatKey(fold(KIS[0]), "head"): StoredHolder("kierownik", "Ewa Wilk", "ewa@kis.example"),
        SeatKey(fold(KIS[0]), "delegate"): StoredHolder("", "Adam Bąk", "adam@kis.example"),
        SeatKey(fold(SCHOOL), "head"): StoredHolder("", "Ola Mak", "ola@szkola.example"),
        SeatKey(fold(SCHOOL), "delegate"): StoredHolder("", "Iga Lis", "iga@szkola.example"),
    },
    posts={PostKey(fold(KIS[0]), "coordinator"): StoredHolder("", "Adam Bąk", "adam@kis.example")},
)


def states(found: Preview) -> list[tuple[int, str, str | None]]:
    return [(row.row, row.status, row.change) for row in found.rows]


def said(found: Preview) -> dict[int, list[str]]:
    return {row.row: [str(message) for message in row.messages] for row in found.rows if row.messages}


def test_the_file_of_janow_gives_exactly_this_preview() -> None:
    """The real file: 29 rows, all new; four seats nobody is named for and one e-mail that is missing."""
    table = read_table(SAMPLE.read_bytes())
    assert (table.encoding, table.delimiter, len(table.rows)) == ("cp1250", ";", 30)
    found = compare(read_roster(table), CurrentRoster())
    assert found.summary == {"new": 24, "unchanged": 0, "changed": 0, "warning": 5, "error": 0}
    assert [row.row for row in found.rows] == list(range(2, 31))
    assert {row.change for row in found.rows} == {"new"}
    vacancy = "Row {}: “{}” has no designated person in the roster. The seat stays vacant."
    assert said(found) == {
        2: [vacancy.format(2, "KIS Janów Lubelski")],
        9: ["Row 9: there is no e-mail. This person can be invited by a printed link only."],
        18: [vacancy.format(18, "Biblioteka Modliborzyce")],
        27: [vacancy.format(27, "KGW Godziszów")],
        30: [vacancy.format(30, "OSP Godziszów")],
    }
    assert found.notes == ()
    assert len(found.institutions) == 16
    assert set(found.institutions.values()) == {"new"}


def test_a_file_that_says_what_is_stored_changes_nothing() -> None:
    """Importing the same file again does nothing, and the preview says so."""
    found = compare(roster(*FULL), STORED)
    assert {row.change for row in found.rows} == {"unchanged"}
    assert found.changes_nothing
    assert set(found.institutions.values()) == {"unchanged"}


def test_changes_are_told_with_before_and_after() -> None:
    """A corrected file: each row that differs says what becomes what; an empty cell erases nothing."""
    rows = (
        (GOPS.upper(), "OPS", "A", "zwierzchnik", "dyrektor", "Anna Nowak-Żak", "ANNA@gops.example"),
        (GOPS.upper(), "OPS", "A", "osoba wskazana", "", "Jan Żak", "jan.zak@gops.example"),
        *KIS_ROWS,
        *SCHOOL_ROWS,
    )
    found = compare(roster(*rows), STORED)
    assert said(found) == {
        2: [
            f"Row 2: the name of the institution changes from “{GOPS}” to “{GOPS.upper()}”.",
            "Row 2: the short name changes from “GOPS” to “OPS”.",
            "Row 2: the type changes from B to A.",
            "Row 2: the position changes from “kierownik” to “dyrektor”.",
            "Row 2: the person changes from “Anna Nowak” to “Anna Nowak-Żak”.",
        ],
        3: ["Row 3: the e-mail changes from “jan@gops.example” to “jan.zak@gops.example”."],
    }
    assert states(found)[:3] == [(2, "changed", "changed"), (3, "changed", "changed"), (4, "unchanged", "unchanged")]
    assert found.rows[0].stored == SeatKey(fold(GOPS), "head")
    assert found.rows[1].changes == {"person_email"}


def test_a_missing_representative_is_a_warning() -> None:
    """Every institution has two (KSR White Book §1.3.7); a vacancy is shown and stops nothing."""
    found = compare(roster(HEAD, *KIS_ROWS, SCHOOL_ROWS[1]), CurrentRoster())
    assert said(found) == {
        2: ["Row 2: “GOPS” has no designated person in the roster. The seat stays vacant."],
        5: ["Row 5: “Szkoła” has no head in the roster. The seat stays vacant."],
    }
    assert states(found) == [(2, "warning", "new"), (3, "new", "new"), (4, "new", "new"), (5, "warning", "new")]
    found.require_importable()


def test_a_representative_who_is_stored_is_not_missing() -> None:
    """A file of one row adds to what stands; only a seat that stands empty is vacant."""
    assert said(compare(roster(HEAD), STORED)) == {}
    emptied = CurrentRoster(STORED.institutions, {**STORED.seats, SeatKey(fold(GOPS), "delegate"): StoredHolder()}, STORED.posts)
    assert list(said(compare(roster(HEAD), emptied))) == [2]


def test_a_body_without_type_c_or_kis_is_warned_of_in_the_row_of_headings() -> None:
    """Such a warning is about the whole file (domain.md R10)."""
    found = compare(roster(HEAD, DELEGATE), CurrentRoster())
    assert states(found) == [(1, "warning", None), (2, "new", "new"), (3, "new", "new")]
    no_c, no_kis = said(found)[1]
    assert no_c.startswith("There is no institution of type C")
    assert no_kis.startswith("There is no KIS")
    assert len(said(compare(roster(HEAD, DELEGATE, *KIS_ROWS), CurrentRoster()))[1]) == 1
    assert 1 not in said(compare(roster(HEAD, DELEGATE), STORED))


def test_what_a_wrong_row_may_hold_is_not_missed() -> None:
    """One mistake gives one sentence, and no warnings that follow from it."""
    wrong = (SCHOOL, "Szkoła", "C", "woźny")
    found = compare(roster(HEAD, DELEGATE, *KIS_ROWS, SCHOOL_ROWS[0], wrong), CurrentRoster())
    assert [row for row, _ in said(found).items()] == [7]
    found = compare(roster(HEAD, DELEGATE, (*KIS, "szefowa"), wrong), CurrentRoster())
    assert [row for row, _ in said(found).items()] == [4, 5]


def test_errors_keep_everything_from_being_imported() -> None:
    """All or nothing: the error says how many rows are wrong and the first."""
    found = compare(roster(*FULL, (SCHOOL, "", "C", "woźny"), (SCHOOL, "", "E", "zastępca")), CurrentRoster())
    assert not found.importable
    assert found.summary["error"] == 2
    assert states(found)[-1] == (9, "error", None)
    with pytest.raises(Invalid) as refused:
        found.require_importable()
    assert str(refused.value).startswith("Nothing was imported. Rows with errors: 2. The first: Row 8: there is no role “woźny”.")


def test_who_is_not_in_the_file_stays_and_is_named() -> None:
    """An import never removes; a long list of names is cut."""
    found = compare(roster(*SCHOOL_ROWS, *KIS_ROWS), STORED)
    assert [str(note) for note in found.notes] == [
        "Institutions of this body that are not in the file: 1. They stay: ('GOPS',).",
        "Seats and posts of these institutions that are not in the file: 1. They stay: ('KIS Janów',).",
    ]
    many = {f"szkola {n}": StoredInstitution(f"Szkoła {n}", "", "C", "", "") for n in range(40)}
    [note] = compare(roster(*FULL), CurrentRoster(institutions=many)).notes
    names = note.facts["names"]
    assert isinstance(names, tuple)
    assert (note.facts["count"], len(names), names[-1]) == (40, LISTED_NAMES + 1, "…")


def test_the_preview_for_programs_is_said_in_the_readers_language() -> None:
    """Summary, rows and notes; every sentence said, facts inside facts too."""
    printed = compare(roster(*FULL, (SCHOOL, "", "C", "zwierzchnk")), CurrentRoster()).to_json(translator("en"))
    assert set(printed) == {"summary", "rows", "notes"}
    assert printed["summary"] == {"new": 6, "unchanged": 0, "changed": 0, "warning": 0, "error": 1}
    assert printed["rows"][0] == {"row": 2, "status": "new", "change": "new", "messages": []}
    [message] = printed["rows"][-1]["messages"]
    assert message.startswith("Row 8: there is no role “zwierzchnk”. Is it “zwierzchnik”? Allowed: head, ")
