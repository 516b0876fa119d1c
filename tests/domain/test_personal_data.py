"""The guard of free texts: what it finds, what it leaves alone, and that no text can make it slow."""

from __future__ import annotations

import logging
import string
import time
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.pl import pesel as pesel_number

from konwent_bot.domain import personal_data
from konwent_bot.domain.personal_data import Finding, find, normalised
from konwent_bot.errors import Invalid

#: No reading of a text takes this long, however crowded the machine (seconds of processor time): a guard against hanging, not a figure.
HANGS = 60.0

#: All numbers are made up; only their check digits are right.
FOUND = [
    # PESEL
    ("pesel", "Pan Jan, PESEL 44051401359, przyszedł do klubu.", "44051401359"),
    ("pesel", "PESEL:44051401359", "44051401359"),
    ("pesel", "pesel44051401359.", "44051401359"),
    ("pesel", "(44051401359)", "44051401359"),
    ("pesel", "urodzona w 2002: 02211307589", "02211307589"),
    ("pesel", "850101 12345 - uczestniczka", "850101 12345"),
    ("pesel", "850101-12345", "850101-12345"),
    ("pesel", "85 01 01 12 345", "85 01 01 12 345"),
    ("pesel", "8 5 0 1 0 1 1 2 3 4 5", "8 5 0 1 0 1 1 2 3 4 5"),
    ("pesel", "5 0 2 8 5 0 1 0 1 1 2 3 4 5 1 3", "8 5 0 1 0 1 1 2 3 4 5"),
    ("pesel", "3 8 5 0 1 0 1 1 2 3 4 5 0 0", "8 5 0 1 0 1 1 2 3 4 5"),  # all fourteen would pass for a REGON
    ("pesel", "850101 - 12345", "850101 - 12345"),
    ("pesel", "850101–12345 (myślnik z edytora)", "850101-12345"),
    ("pesel", "850101\N{NO-BREAK SPACE}12345", "850101 12345"),
    ("pesel", "８５０１０１１２３４５", "85010112345"),
    ("pesel", "850\N{ZERO WIDTH SPACE}101\N{ZERO WIDTH JOINER}12\N{SOFT HYPHEN}345", "85010112345"),
    ("pesel", "8\N{COMBINING ENCLOSING KEYCAP}5\N{COMBINING ENCLOSING KEYCAP}010112345", "85010112345"),
    ("pesel", "٨٥٠١٠١١٢٣٤٥", "85010112345"),
    ("pesel", "poz. 7 85010112345", "85010112345"),
    ("pesel", "osoba o numerze 48122188745 pyta o staż", "48122188745"),
    # telephones
    ("phone", "proszę dzwonić: 600700800", "600700800"),
    ("phone", "600 700 800", "600 700 800"),
    ("phone", "600-700-800", "600-700-800"),
    ("phone", "600.700.800", "600.700.800"),
    ("phone", "tel.600700800", "600700800"),
    ("phone", "Mama: 512 34 56 78", "512 34 56 78"),
    ("phone", "kom. +48 600 700 800", "48 600 700 800"),
    ("phone", "+48600700800", "48600700800"),
    ("phone", "(+48) 600-700-800", "48) 600-700-800"),
    ("phone", "0048 600 700 800", "0048 600 700 800"),
    ("phone", "00 48 600 700 800", "48 600 700 800"),
    ("phone", "48600700800", "48600700800"),
    ("phone", "+48 12 218 87 45", "48 12 218 87 45"),
    ("phone", "+48122188745", "48122188745"),
    ("phone", "(81) 872 00 00", "81) 872 00 00"),
    ("phone", "81/872-00-00", "81/872-00-00"),
    ("phone", "0-81 872 00 00", "81 872 00 00"),
    ("phone", "(081) 872 00 00", "081) 872 00 00"),
    ("phone", "81 8720000 wewn. 12", "81 8720000"),
    ("phone", "+380 67 123 45 67", "380 67 123 45 67"),
    ("phone", "６００ ７００ ８００", "600 700 800"),
    # e-mail addresses
    ("email", "pisać na jan.kowalski@example.com.", "jan.kowalski@example.com"),
    ("email", "Jan+klub@poczta.example.pl, po 15", "Jan+klub@poczta.example.pl"),
    ("email", "jan＠example．pl", "jan@example.pl"),
    ("email", "jan @ example.pl", "jan @ example.pl"),
    ("email", "jan(at)example.pl", "jan(at)example.pl"),
    ("email", "jan [małpa] example (kropka) pl", "jan [małpa] example (kropka) pl"),
    ("email", "żaneta@gmina-żółta.pl", "żaneta@gmina-żółta.pl"),
    ("email", "600700800@example.pl", "600700800@example.pl"),
]

NOT_PERSONAL = [
    "",
    "Warto spotykać się częściej, najlepiej we wtorki o 10:00.",
    "44051401358",  # the check digit is wrong
    "44053201353",  # the 32nd of May, with a right check digit
    "44651401357",  # a birth in 2244, with a right check digit
    "nr sprawy 12345678901234",
    "konto 61 1090 1014 0000 0712 1981 2874",
    "61109010140000071219812874",
    "PL61109010140000071219812874",
    "PL 02 943924 941101 26682 2629445",  # an account whose middle would pass for a PESEL
    "REGON 97277021939059",
    "972 770 219 39059",  # a REGON whose end would pass for a PESEL
    "600 700 078 15006",  # a REGON whose beginning would pass for a telephone
    "REGON: 600700805",
    "REGON nr 141 056 789",
    "NIP 526-021-02-54",
    "NIP 5260210254",
    "526-02-10-254",
    "KRS 0000123456",
    "dotacja 150 000 000 zł",
    "512 345 678,00 zł",
    "600 000 000 PLN",
    "512345678 tys. osób",
    "zmiana o +150 000 000 zł",
    "lista 150 12.01.26",
    "sprawa 512/345/678",
    "13.01.2026, godz. 10.00-12.00",
    "2026-01-13 10:00",
    "w latach 2023-2025 i 2026-2027",
    "20-400 Lublin, ul. Zana 38C lok. 15",
    "art. 18 ust. 5a ustawy z 13 czerwca 2003 r. (Dz.U. 2003 nr 122 poz. 1143)",
    "OPS.5111.12.2026",
    "oceny: 5 4 4 5 3 2 4 4 5",
    "12, 14, 15, 13, 12, 11 osób na kolejnych spotkaniach",
    "600 osób, 700 godzin, 800 zł",
    "świadczenie 800+ dla 120 rodzin",
    "infolinia 800 702 222",
    "telefon zaufania 116 123",
    "tel. 872 00 00",  # seven digits: no area, nobody's
    "@klub",
    "kontakt: @ops",
    "3 szt. @ 5 zł",
    "zob. strona www.example.pl/kis",
    "jan@localhost",
    "{{ 7*7 }} %s <b>1</b>",
]


def seen(text: str) -> list[tuple[str, str]]:
    """Give the kinds found and the words they stand on."""
    return [(finding.kind, normalised(text)[finding.start : finding.end]) for finding in find(text)]


@pytest.mark.parametrize(("kind", "text", "words"), FOUND, ids=[text for _, text, _ in FOUND])
def test_what_points_to_a_person_is_found_where_it_stands(kind: str, text: str, words: str) -> None:
    """A number or address of a person is found in every usual way of writing it."""
    assert seen(text) == [(kind, words)]


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_look_alikes_are_left_alone(text: str) -> None:
    """Accounts, register numbers, amounts, dates and case numbers do not stop anybody's work."""
    assert seen(text) == []


def test_several_findings_come_in_the_order_of_the_text() -> None:
    """A text with a PESEL, two telephones and an address gives all four, once each."""
    text = "Tel. 600 700 800, 850101 12345 81 872 00 00; jan@example.pl"
    assert seen(text) == [
        ("phone", "600 700 800"),
        ("pesel", "850101 12345"),
        ("phone", "81 872 00 00"),
        ("email", "jan@example.pl"),
    ]


def test_a_pesel_next_to_a_telephone_is_still_a_pesel() -> None:
    """Two numbers with only a space between them are both found."""
    assert seen("44051401359 600700800") == [("pesel", "44051401359"), ("phone", "600700800")]
    assert seen("600700800 44051401359") == [("phone", "600700800"), ("pesel", "44051401359")]


def test_numbers_on_separate_lines_are_separate() -> None:
    """A column of counts is not read as one long number."""
    assert seen("850101\n12345") == []
    assert seen("600\n700\n800") == []


# --- Policies


@pytest.mark.parametrize(
    ("text", "kind"), [("44051401359", "pesel"), ("600 700 800", "phone"), ("jan@example.pl", "email"), ("bez danych", None)]
)
def test_where_people_are_talked_about_all_three_are_refused(text: str, kind: str | None) -> None:
    """In a card nothing that points to a person is stored, and there is nothing left to warn of."""
    found = personal_data.check(text, "strict")
    assert (found and found.kind) == kind
    assert personal_data.caution(text, "strict") is None


@pytest.mark.parametrize(
    ("text", "refused", "warned"),
    [("44051401359", "pesel", None), ("600 700 800", None, "phone"), ("jan@example.pl", None, "email"), ("sala 12", None, None)],
)
def test_where_organisations_are_described_only_a_pesel_is_refused(text: str, refused: str | None, warned: str | None) -> None:
    """The contact of a meeting place may hold a telephone, after a warning; never a PESEL."""
    found, doubtful = personal_data.check(text, "organisational"), personal_data.caution(text, "organisational")
    assert (found and found.kind) == refused
    assert (doubtful and doubtful.kind) == warned


def test_a_pesel_is_named_before_anything_else() -> None:
    """Whoever left several things in a text hears of the gravest first."""
    assert personal_data.check("600 700 800, 44051401359", "strict") == Finding("pesel", 13, 24)


@pytest.mark.parametrize("text", ["Jan 44051401359", "Jan 600 700 800", "Jan jan@example.pl"])
def test_a_refusal_never_repeats_what_was_found(text: str, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the sentence, the error, the finding nor any log holds the number or the text."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Invalid) as refused:
        personal_data.admit(text, "strict")
    said = f"{refused.value!r} {refused.value} {refused.value.facts} {refused.value.args} {find(text)!r} {caplog.text}"
    assert "nothing has been saved" in str(refused.value)
    for word in text.split():
        assert word not in said


def test_a_text_let_through_gives_what_to_warn_of() -> None:
    """The organisational field keeps the telephone and says so; a clean text says nothing."""
    found = personal_data.admit("sekretariat 81 872 00 00", "organisational")
    assert found == Finding("phone", 12, 24)
    assert "work number" in personal_data.warning("phone")
    assert "work address" in personal_data.warning("email")
    assert personal_data.admit("Sala numer 3", "strict") is None


def test_every_kind_has_its_own_refusal() -> None:
    """The reader learns which of the three was seen."""
    assert "PESEL" in personal_data.refusal("pesel")
    assert "telephone" in personal_data.refusal("phone")
    assert "e-mail" in personal_data.refusal("email")


# --- Properties

GAPS = st.sampled_from(["", " ", "-", " - ", "\N{NO-BREAK SPACE}", "\N{EN DASH}", "\N{ZERO WIDTH SPACE}", "\N{THIN SPACE}"])


@st.composite
def pesels(draw: st.DrawFn) -> str:
    """Make a PESEL of a person born from 1900 to 2099."""
    born = date(1900, 1, 1) + timedelta(days=draw(st.integers(0, 73_048)))
    month = born.month + (20 if born.year >= 2000 else 0)
    body = f"{born.year % 100:02d}{month:02d}{born.day:02d}{draw(st.integers(0, 9999)):04d}"
    return body + pesel_number.calc_check_digit(body)


@given(
    number=pesels(),
    cuts=st.sets(st.integers(1, 10), max_size=4),
    gap=GAPS,
    before=st.sampled_from(["", "Pan J., ", "PESEL:", "ur. "]),
    after=st.sampled_from(["", ".", ", Lublin", " i tyle"]),
    wide=st.booleans(),
)
def test_any_pesel_is_found_however_it_is_broken_up(
    number: str, cuts: set[int], gap: str, before: str, after: str, wide: bool
) -> None:
    """Spaces, hyphens, invisible characters and full-width digits hide no PESEL."""
    written = "".join(gap + digit if place in cuts else digit for place, digit in enumerate(number))
    if wide:
        written = written.translate({ord(digit): ord(digit) - ord("0") + 0xFF10 for digit in string.digits})
    (finding,) = find(before + written + after)
    assert finding.kind == "pesel"
    inside = normalised(before + written + after)[finding.start : finding.end]
    assert inside.replace(" ", "").replace("-", "") == number


@given(number=pesels(), place=st.integers(0, 10), other=st.integers(1, 9))
def test_a_pesel_with_one_wrong_digit_is_not_taken_for_one(number: str, place: int, other: int) -> None:
    """The check digit catches every single wrong digit, so an ordinary number rarely passes for a PESEL."""
    wrong = number[:place] + str((int(number[place]) + other) % 10) + number[place + 1 :]
    assert "pesel" not in [finding.kind for finding in find(wrong)]


@given(number=pesels(), left=st.text(string.digits, max_size=8), right=st.text(string.digits, max_size=8))
def test_a_pesel_inside_a_longer_row_of_digits_is_not_searched_for(number: str, left: str, right: str) -> None:
    """An account or a meter number may hold eleven fitting digits by chance."""
    assume(left or right)
    assert "pesel" not in [finding.kind for finding in find(left + number + right)]


@given(st.text())
def test_any_text_gives_ordered_places_inside_it(text: str) -> None:
    """Whatever people paste, the guard answers: places in order, apart from one another, inside the text it read."""
    findings, length = find(text), len(normalised(text))
    edges = [edge for finding in findings for edge in (finding.start, finding.end)]
    assert edges == sorted(edges)
    assert all(finding.start < finding.end <= length for finding in findings)


@given(st.text(alphabet="0123456789 +-./()@,złpln\N{ZERO WIDTH SPACE}０９", max_size=200))
def test_reading_a_text_already_normalised_changes_nothing(text: str) -> None:
    """The places belong to one well-defined text: normalising twice is normalising once, with the same findings."""
    once = normalised(text)
    assert normalised(once) == once
    assert find(once) == find(text)


# --- Hostile input


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1 " * 50_000,
        "4 4 0 5 1 4 0 1 3 5 9 " * 4_500,
        "44051401359 " * 8_000,
        "44 05 14 01 359 " * 6_000,
        "600 700 800 " * 8_000,
        "60 " * 33_000,
        "+48 6" * 20_000,
        "+" * 100_000,
        "00 48 " * 16_000,
        "a" * 100_000 + "@",
        "a@" * 50_000,
        "a." * 50_000 + "@" + "a." * 50_000,
        "a(at)b" * 16_000,
        "a@" + "b-" * 50_000,
        "@" * 100_000,
        "( " * 50_000,
        "1" + "\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}" * 50_000,
        "1\N{ZERO WIDTH SPACE}" * 50_000,
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 20_000,
        "konto " * 16_000 + "600700800",
        " " * 100_000 + "@" + " " * 100_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    """Two hundred thousand characters chosen to be slow are read in moments; anything worse than linear would take minutes."""
    started = time.process_time()
    find(text + text)
    assert time.process_time() - started < HANGS
