"""What a roster says: headings, roles, types, people; and what is said when a row is wrong."""

from __future__ import annotations

from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from konwent_bot.documents.tables import Table, read_table
from konwent_bot.domain.roster import Roster, read_roster
from konwent_bot.domain.roster_rows import Cells
from konwent_bot.domain.roster_words import Field, Role, address, field_of, fold, is_kis, plain, role_like, role_of, type_of
from konwent_bot.errors import Invalid

HEADINGS = ("Nazwa instytucji", "Skrót", "Typ", "Rola", "Stanowisko", "Imię i nazwisko", "E-mail")
GOPS = "Gminny Ośrodek Pomocy Społecznej w Modliborzycach"
SCHOOL = "Zespół szkół w Modliborzycach"


def table(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Table:
    wide = tuple(row + ("",) * (len(headings) - len(row)) for row in rows)
    return Table((headings, *wide), tuple(range(1, len(rows) + 2)), "utf-8", ";", "csv")


def roster(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Roster:
    return read_roster(table(*rows, headings=headings))


def said(found: Roster, severity: str = "error") -> list[str]:
    return [str(problem) for problem in found.problems if problem.severity == severity]


HEAD = (GOPS, "GOPS", "B", "zwierzchnik", "kierownik", "Anna Nowak", "anna@gops.example")
DELEGATE = (GOPS, "GOPS", "B", "osoba wskazana", "asystent rodziny", "Jan Żak", "jan@gops.example")


def test_a_row_becomes_an_institution_a_seat_and_a_person() -> None:
    """The head of GOPS Modliborzyce: one row, and everything it says."""
    found = roster(HEAD)
    assert found.problems == ()
    [institution] = found.institutions.values()
    assert (institution.name, institution.short_name, institution.stakeholder_type, institution.row) == (GOPS, "GOPS", "B", 2)
    [seat] = found.seats
    assert (seat.institution, seat.role, seat.index, seat.title) == (fold(GOPS), "head", 0, "kierownik")
    assert seat.person is not None
    assert (seat.person.name, seat.person.email) == ("Anna Nowak", "anna@gops.example")
    assert found.posts == ()


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_columns_may_stand_in_any_order(order: tuple[int, ...]) -> None:
    """Nobody has to keep our order of columns."""
    headings, row = ("Nazwa instytucji", "Typ", "Rola", "E-mail"), (GOPS, "B", "zwierzchnik", "a@b.example")
    found = roster(tuple(row[i] for i in order), headings=tuple(headings[i] for i in order))
    assert found.rows[0][1:] == (GOPS, "", "B", "", "", "head", "", "", "a@b.example")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NAZWA INSTYTUCJI", "institution"),
        ("nazwa  instytucji:", "institution"),
        ("Institution name", "institution"),
        ("Instytucja/organizacja", "institution"),
        ("skrot", "short_name"),
        ("Typ interesariusza", "type"),
        ("Stakeholder type", "type"),
        ("Miejscowosc", "place"),
        ("Rola w konwencie", "role"),
        ("ROLE", "role"),
        ("Stanowisko", "title"),
        ("e-mail", "email"),
        ("Adres e–mail", "email"),
        ("E mail address", "email"),
        ("Imie i Nazwisko", "name"),
        ("Surname", "last_name"),
        ("Telefon", None),
        ("", None),
    ],
)
def test_headings_are_known_in_two_languages_however_written(heading: str, field: str | None) -> None:
    """Polish or English, with or without marks, capitals, colons."""
    assert field_of(heading) == field


def test_every_field_has_its_place_in_a_row() -> None:
    """The fields of headings and of rows are the same."""
    assert set(Cells._fields) == set(get_args(Field))


def test_headings_may_stand_under_a_title() -> None:
    """Above the table people write what it is and from when."""
    found = read_roster(
        read_table(f"Skład sieci;;;\nstan na 13.01.2026;;;\nInstytucja;Typ;Rola;Telefon\n{GOPS};B;zwierzchnik;12\n".encode())
    )
    assert [row.row for row in found.rows] == [4]
    assert found.heading_row == 3
    assert [str(note) for note in found.notes] == ["Columns that are not read: ('Telefon',)."]


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("Zwierzchnik", "head"), ("head of institution", "head"), ("OSOBA  WSKAZANA", "delegate"), ("Ambasadorka instytucji", "delegate"),
        ("designated person", "delegate"), ("zastepca", "substitute"), ("przewodnicząca", "chair"), ("Zastępca przewodniczącego", "vice_chair"),
        ("vice-chair", "vice_chair"), ("koordynatorka", "coordinator"), ("case  manager", "case_manager"), ("koordynator reintegracji", "case_manager"),
        ("protokolant", "minute_taker"), ("minute-taker", "minute_taker"), ("prezes", None),
    ],
)  # fmt: skip
def test_roles_are_known_as_people_write_them(word: str, role: Role | None) -> None:
    """Women and men, Polish and English."""
    assert role_of(word) == role


@pytest.mark.parametrize("word", ["A", "a", "typ A", "Typu a", "Interesariusz typu A", "type A", "А"])
def test_types_are_known_as_people_write_them(word: str) -> None:
    """The last one is a Cyrillic letter, as a Ukrainian keyboard writes it."""
    assert type_of(word) == "A"
    assert type_of(word + "B") is None


def test_a_mistyped_role_is_answered_with_the_nearest() -> None:
    """A slip in "zwierzchnik" is seen; "woźny" is something else."""
    assert role_like("zwierzchnk") == "zwierzchnik"
    assert role_like("koordynatr") == "koordynator"
    assert role_like("woźny") is None


ALLOWED = "Allowed: head, designated person (delegate, ambassador), substitute, coordinator, chair, vice-chair, case manager, minute-taker."
WRONG = {
    "a slip in the role": (
        (GOPS, "", "B", "zwierzchnk"), f"Row 2: there is no role “zwierzchnk”. Is it “zwierzchnik”? {ALLOWED}",
    ),
    "an unknown role": ((GOPS, "", "B", "woźny"), f"Row 2: there is no role “woźny”. {ALLOWED}"),
    "no role": ((GOPS, "", "B", "-"), f"Row 2: the role is missing. {ALLOWED}"),
    "an unknown type": (
        (GOPS, "", "D", "zwierzchnik"),
        "Row 2: there is no type “D”. Allowed: A (reintegration is the main goal), B (one of the goals), C (not a goal).",
    ),
    "no type": ((GOPS, "", "", "zwierzchnik"), "Row 2: the type of the institution is missing. Please write A, B or C."),
    "no institution": ((" ", "", "B", "zwierzchnik"), "Row 2: the name of the institution is missing."),
    "an e-mail without @": (
        (GOPS, "", "B", "zwierzchnik", "", "", "anna.gops.example"),
        "Row 2: “anna.gops.example” is not an e-mail address, it has no @. Please correct it or leave the cell empty.",
    ),
    "two e-mails": (
        (GOPS, "", "B", "zwierzchnik", "", "", "a@b.example, c@d.example"),
        "Row 2: “a@b.example, c@d.example” is more than one e-mail address. Please leave one.",
    ),
    "half an e-mail": (
        (GOPS, "", "B", "zwierzchnik", "", "", "anna@gops"),
        "Row 2: “anna@gops” is not a correct e-mail address. Please correct it or leave the cell empty.",
    ),
    "a formula": (
        (GOPS, "", "B", "zwierzchnik", '=HYPERLINK("http://x.example","kierownik")'),
        "Row 2: the cell in the column “Position” begins like a formula (=, +, - or @). Please write it as plain text.",
    ),
    "a formula for a name": (
        ("@SUM(A1)", "", "B", "zwierzchnik"),
        "Row 2: the cell in the column “Institution name” begins like a formula (=, +, - or @). Please write it as plain text.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_named_with_its_number_and_the_way_out(case: str) -> None:
    """One mistake, one sentence; the other rows are still read."""
    row, sentence = WRONG[case]
    found = roster(row, (SCHOOL, "", "C", "zwierzchnik", "", "", "szkola@szkola.example"))
    assert said(found) == [sentence]
    assert [entry.row for entry in found.rows] == [3]


def test_two_heads_and_two_designated_persons_are_refused() -> None:
    """An institution has one of each (KSR White Book §1.3.7); further persons are substitutes."""
    second = ("gminny  ośrodek pomocy społecznej w MODLIBORZYCACH", "", "B", "head", "", "Ola Mak", "ola@gops.example")
    found = roster(HEAD, DELEGATE, second, (*second[:3], "delegat", "", "Ela Bąk", "ela@gops.example"))
    assert said(found) == [
        "Row 4: the institution already has its head in row 2. Please leave one head.",
        "Row 5: the institution already has its designated person in row 3. Please leave one, and enter further persons as substitutes.",
    ]
    assert len(found.institutions) == 1


def test_an_institution_of_two_types_is_refused() -> None:
    """Which of the two rows is right only people know."""
    found = roster(HEAD, (*DELEGATE[:2], "C", *DELEGATE[3:]))
    assert said(found) == ["Row 3: the institution is of type C here, and of type B in row 2. Please correct one of them."]


def test_details_that_differ_are_told_and_the_first_stays() -> None:
    """A short name written in two ways is not worth stopping for."""
    found = roster(HEAD, (GOPS, "OPS Modliborzyce", *DELEGATE[2:]))
    assert said(found) == []
    assert said(found, "warning") == [
        "Row 3: “OPS Modliborzyce” differs from “GOPS” given for the same institution in row 2; “GOPS” stays."
    ]
    assert found.institutions[fold(GOPS)].short_name == "GOPS"


def test_a_repeated_row_is_left_out_with_a_warning() -> None:
    """The same row twice is a slip, not an error."""
    found = roster(HEAD, DELEGATE, tuple(cell.upper() if "@" in cell else cell for cell in HEAD))
    assert said(found, "warning") == ["Row 4: it repeats row 2 and is left out."]
    assert [row.row for row in found.rows] == [2, 3]


def test_the_type_may_be_written_once_for_an_institution() -> None:
    """Merged cells leave it out of the other rows, above or below."""
    found = roster((*HEAD[:2], "", *HEAD[3:]), DELEGATE)
    assert said(found) == []
    assert {row.stakeholder_type for row in found.rows} == {"B"}


def test_one_name_and_e_mail_is_one_person_in_several_places() -> None:
    """The head of GOPS also chairs the body, and sits for the school."""
    who = ("Anna Nowak", "Anna@GOPS.example")
    found = roster(HEAD, (GOPS, "", "B", "przewodnicząca", "", *who), (SCHOOL, "", "C", "zastępca", "", "anna  nowak", who[1]))
    assert said(found, "warning") == []
    keys = {seat.person.key for seat in found.seats if seat.person} | {post.person.key for post in found.posts if post.person}
    assert len(keys) == 1
    assert len(found.seats) == 2
    assert [post.kind for post in found.posts] == ["chair"]


def test_one_e_mail_for_two_names_is_two_persons_and_a_warning() -> None:
    """A shared mailbox of an office is common, and has to be seen."""
    found = roster(HEAD, (*DELEGATE[:6], "anna@gops.example"))
    assert said(found, "warning") == [
        "Row 3: the e-mail anna@gops.example stands beside two names, Anna Nowak and Jan Żak. They count as two persons."
    ]
    first, second = (seat.person for seat in found.seats)
    assert first is not None
    assert second is not None
    assert first.key != second.key


def test_namesakes_of_two_institutions_without_e_mail_are_two_persons() -> None:
    """A name alone says who it is within one institution only."""
    found = roster(
        (*HEAD[:6], ""), (SCHOOL, "", "C", "zwierzchnik", "", "Anna Nowak"), (GOPS, "", "B", "koordynator", "", "Anna Nowak")
    )
    head, school = (seat.person for seat in found.seats)
    [post] = found.posts
    assert head is not None
    assert school is not None
    assert post.person == head
    assert head.key != school.key
    assert said(found, "warning") == [
        f"Row {row}: there is no e-mail. This person can be invited by a printed link only." for row in (2, 3, 4)
    ]


def test_substitutes_are_counted() -> None:
    """An institution may have several, and each keeps its place."""
    rows = [(GOPS, "", "B", "zastępca", "", f"Osoba {letter}", f"{letter}@gops.example") for letter in "abc"]
    assert [seat.index for seat in roster(*rows).seats] == [0, 1, 2]


def test_first_and_last_name_may_stand_in_two_columns() -> None:
    """Both together make the name."""
    found = roster((GOPS, "B", "zwierzchnik", "Anna", "Nowak-Żak"), headings=("Instytucja", "Typ", "Rola", "Imię", "Nazwisko"))
    assert found.rows[0].name == "Anna Nowak-Żak"


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (("Instytucja", "Typ", "Rolka"), "The column “Role” is missing. Headings found in row 1: Instytucja; Typ; Rolka."),
        (("Instytucja", "Rola"), "The column “Type” is missing."),
        (("Typ", "Rola"), "The column “Institution name” is missing."),
        (("a", "b"), "The column “Institution name” is missing. Headings found in row 1: a; b."),
        (("Instytucja", "Typ", "Rola", "E-mail", "Mail"), "Two columns mean the same: “E-mail” and “Mail”."),
    ],
)
def test_a_file_without_its_columns_is_refused(headings: tuple[str, ...], sentence: str) -> None:
    """The sentence names the column and what was found instead."""
    with pytest.raises(Invalid) as refused:
        roster(("x",), headings=headings)
    assert str(refused.value).startswith(sentence)


def test_headings_alone_are_no_roster() -> None:
    """Somebody sent the empty template."""
    with pytest.raises(Invalid, match="Under the headings there is no row"):
        roster()


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("  dyrektor \n szkoły ", "dyrektor szkoły"),
        ("-", ""), ("—", ""), ("", ""), (" \xa0", ""),
        ("'+48 81 123 45 67", "+48 81 123 45 67"), ("+48 81 123 45 67", "+48 81 123 45 67"),
        ("'=1+1", "=1+1"), ("'Nazwa", "'Nazwa"),
        ("=1+1", None), ("+1+1", None), ("-1", None), ("@x", None), ("\t=1", None), ("  =1", None), ("＝1", None), ("\u200b=1", None),
        ("- punkt", None),
        ("a\u200bb\x07c", "abc"),
    ],
)  # fmt: skip
def test_a_cell_is_cleaned_or_refused(cell: str, meaning: str | None) -> None:
    """What would run as a formula in an export is refused; telephones, dashes and guards of spreadsheets are not."""
    assert plain(cell) == meaning


@pytest.mark.parametrize("good", ["a@b.pl", "mailto:anna.nowak@gops-x.example", "ż@żółw.pl", "a+b@c.co"])
def test_addresses_are_taken(good: str) -> None:
    """Also those copied from a page, and those with Polish letters."""
    assert address(good) == good.removeprefix("mailto:")


@pytest.mark.parametrize(
    "bad", ["a@b", "@b.pl", "a b@c.pl", "a@b..pl", "a@-b.pl", "<a@b.pl>", ".a@b.pl", "a@b.pl;c@d.pl", "a" * 250 + "@b.pl"]
)
def test_what_is_no_address_is_refused(bad: str) -> None:
    """Near misses of addresses."""
    assert address(bad) is None


@pytest.mark.parametrize(
    ("name", "kis"), [("KIS Janów", True), ("Klub Integracji Społecznej", True), ("Kisielice", False), ("KISEL", False)]
)
def test_a_kis_is_known_by_its_name(name: str, kis: bool) -> None:
    """By the three letters or in full."""
    assert is_kis([fold(name)]) is kis


def test_five_thousand_rows_with_every_fifth_wrong_are_read() -> None:
    """The largest roster, errors and near misses included, is read to its end (how fast is a matter of the bench)."""
    roles = ("zwierzchnik", "zwierzchnk", "osoba wskazana", "zastępca", "koordynator")
    found = read_roster(
        table(
            *((f"Szkoła {n // 5}", "", "C", roles[n % 5], "dyrektor", f"Osoba {n}", f"o{n}@szkola.example") for n in range(5_000))
        )
    )
    assert len(found.rows) == 4_000
    assert len(said(found)) == 1_000


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(max_size=12) | st.sampled_from([GOPS, "A", "B", "zwierzchnik", "=1", "a@b.pl"])] * 7),
        min_size=1,
        max_size=6,
    )
)
def test_any_cells_are_read_or_named(rows: list[tuple[str, ...]]) -> None:
    """Every row is either kept or has a sentence, whatever stands in it."""
    found = roster(*rows)
    kept, named = {row.row for row in found.rows}, {problem.row for problem in found.problems}
    assert kept | named == set(range(2, len(rows) + 2))
    for problem in found.problems:
        assert str(problem).startswith(f"Row {problem.row}: ")
