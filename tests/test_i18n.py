"""Sentences: in the person's language, with days and numbers as people write them, and what people typed left alone."""

from __future__ import annotations

import threading
import timeit
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from konwent_bot import i18n
from konwent_bot.errors import Misconfigured, Refused
from konwent_bot.i18n import Catalogues, Translator

HEADER = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: %s\\n"
"""
THREE = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
UKRAINIAN = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
POLISH = """
msgid "The round closes on {day}."
msgstr "Badanie kończy się: {day}."

msgid "Only Polish."
msgstr "Tylko po polsku."

msgid "{n} card"
msgid_plural "{n} cards of {body}"
msgstr[0] "{n} karta"
msgstr[1] "{n} karty ({body})"
msgstr[2] "{n} kart ({body})"

#, fuzzy
msgid "Guessed."
msgstr "Zgadywane."

msgid "Not yet."
msgstr ""

msgid "{name} says: {what}"
msgstr "{name} mówi: {what}"

msgid "today"
msgstr "dzisiaj"

msgid "tomorrow"
msgstr "jutro"

msgid "yesterday"
msgstr "wczoraj"

msgid "in {n} day"
msgid_plural "in {n} days"
msgstr[0] "za {n} dzień"
msgstr[1] "za {n} dni"
msgstr[2] "za {n} dni"

msgid "{n} day ago"
msgid_plural "{n} days ago"
msgstr[0] "{n} dzień temu"
msgstr[1] "{n} dni temu"
msgstr[2] "{n} dni temu"

#~ msgid "Gone."
#~ msgstr "Nie ma."
"""
FILES = {
    "pl/messages": HEADER % THREE + POLISH,
    "uk/messages": HEADER % UKRAINIAN
    + """
msgid "The round closes on {day}."
msgstr "Кінець опитування: {day}"

msgid "{n} card"
msgid_plural "{n} cards of {body}"
msgstr[0] "{n} картка"
msgstr[1] "{n} картки ({body})"
msgstr[2] "{n} карток ({body})"
""",
    "en/flows": HEADER % "nplurals=2; plural=(n != 1);"
    + """
msgctxt "karta/goals/prompt"
msgid "Cele są jasne."
msgstr "The goals are clear."
""",
    "uk/flows": HEADER % UKRAINIAN
    + """
msgctxt "karta/goals/prompt"
msgid "Cele są jasne."
msgstr "Цілі зрозумілі."

#, fuzzy
msgctxt "karta/goals/short"
msgid "Cele"
msgstr "Цілі"
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small set of translations."""
    for name, text in FILES.items():
        language, domain = name.split("/")
        path = tmp_path / language / "LC_MESSAGES" / f"{domain}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def catalogues(folder: Path) -> Catalogues:
    """That set, read."""
    return Catalogues(folder)


@pytest.fixture
def pl(catalogues: Catalogues) -> Translator:
    return catalogues.translator("pl")


@pytest.fixture
def en(catalogues: Catalogues) -> Translator:
    return catalogues.translator("en")


@pytest.fixture
def uk(catalogues: Catalogues) -> Translator:
    return catalogues.translator("uk")


MEETING = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)


def test_one_sentence_in_three_languages(pl: Translator, en: Translator, uk: Translator) -> None:
    """Each person reads the same day in their own language, written in full."""
    assert [t("The round closes on {day}.", day=date(2026, 1, 13)) for t in (pl, en, uk)] == [
        "Badanie kończy się: wtorek, 13 stycznia 2026.",
        "The round closes on Tuesday, 13 January 2026.",
        "Кінець опитування: вівторок, 13 січня 2026\N{NARROW NO-BREAK SPACE}р.",
    ]


def test_what_is_not_in_ukrainian_is_said_in_polish_then_in_english(pl: Translator, en: Translator, uk: Translator) -> None:
    """A missing translation never leaves a person without a sentence."""
    assert [t("Only Polish.") for t in (pl, en, uk)] == ["Tylko po polsku.", "Only Polish.", "Tylko po polsku."]
    assert [t("Nobody translated this.") for t in (pl, en, uk)] == ["Nobody translated this."] * 3


def test_guesses_empty_and_discarded_translations_do_not_count(pl: Translator) -> None:
    """Nobody reads a translation that no person has confirmed."""
    assert [pl("Guessed."), pl("Not yet."), pl("Gone.")] == ["Guessed.", "Not yet.", "Gone."]


def test_what_a_person_typed_is_shown_literally(pl: Translator) -> None:
    """Braces, per cent signs and marks in an answer are text, never instructions."""
    for typed in ("{}", "{name}", "{0.__class__}", "%s %(x)s 100%", "{{7*7}}", "<b>", "\u202eabc", "a" * 5000):
        assert pl("{name} says: {what}", name=typed, what="{what}") == f"{typed} mówi: {{what}}"
        assert pl.plural("{n} card", "{n} cards of {body}", 5, body=typed) == f"5 kart ({typed})"


@pytest.mark.parametrize(
    ("n", "polish", "ukrainian", "english"),
    [
        (0, "0 kart (x)", "0 карток (x)", "0 cards of x"),
        (1, "1 karta", "1 картка", "1 card"),
        (2, "2 karty (x)", "2 картки (x)", "2 cards of x"),
        (5, "5 kart (x)", "5 карток (x)", "5 cards of x"),
        (12, "12 kart (x)", "12 карток (x)", "12 cards of x"),
        (21, "21 kart (x)", "21 картка", "21 cards of x"),
        (22, "22 karty (x)", "22 картки (x)", "22 cards of x"),
        (112, "112 kart (x)", "112 карток (x)", "112 cards of x"),
    ],
)
def test_counting_follows_each_language(
    n: int, polish: str, ukrainian: str, english: str, pl: Translator, uk: Translator, en: Translator
) -> None:
    """Polish says "2 karty" but "5 kart", Ukrainian "21 картка" where Polish says "21 kart"."""
    assert [t.plural("{n} card", "{n} cards of {body}", n, body="x") for t in (pl, uk, en)] == [polish, ukrainian, english]


def test_a_plural_that_is_not_translated_falls_back(uk: Translator) -> None:
    """Ukrainian lacks this one, so it is said in Polish by the Polish rule; then in English by the English one."""
    assert uk.plural("in {n} day", "in {n} days", 5) == "za 5 dni"
    assert [uk.plural("one seat", "{n} seats", n) for n in (1, 21)] == ["one seat", "21 seats"]


def test_texts_of_flows_are_found_by_place_and_source(pl: Translator, en: Translator, uk: Translator) -> None:
    """A question is asked in the person's language; where the translation is missing, old or guessed, in Polish."""
    assert [t.flow("karta/goals/prompt", "Cele są jasne.") for t in (pl, en, uk)] == [
        "Cele są jasne.",
        "The goals are clear.",
        "Цілі зрозумілі.",
    ]
    assert uk.flow("karta/goals/prompt", "Cele są jasne i wspólne.") == "Cele są jasne i wspólne."
    assert uk.flow("karta/other/prompt", "Cele są jasne.") == "Cele są jasne."
    assert uk.flow("karta/goals/short", "Cele") == "Cele"


def test_instants_are_local_across_the_change_of_clocks(pl: Translator) -> None:
    """Nine o'clock UTC is ten in a Polish winter and eleven in summer; a planned local time is left as it is."""
    assert pl.instant(MEETING) == "wtorek, 13 stycznia 2026, 10:00"
    assert pl.instant(datetime(2026, 7, 14, 9, 0, tzinfo=UTC)) == "wtorek, 14 lipca 2026, 11:00"
    assert pl.instant(datetime(2026, 1, 13, 9, 0)) == "wtorek, 13 stycznia 2026, 09:00"  # noqa: DTZ001 - the point of the test
    assert pl("{x}", x=datetime(2026, 1, 13, 23, 30, tzinfo=UTC)) == "środa, 14 stycznia 2026, 00:30"
    assert pl.day(datetime(2026, 1, 13, 23, 30, tzinfo=UTC)) == "środa, 14 stycznia 2026"
    assert (pl.time(MEETING), pl.time(time(8, 5))) == ("10:00", "08:05")


def test_another_zone_may_be_set(folder: Path) -> None:
    """A body in another zone reads its own hours."""
    assert Catalogues(folder, "Europe/Kyiv").translator("pl").time(MEETING) == "11:00"


def test_short_days_fit_a_button(pl: Translator, en: Translator, uk: Translator) -> None:
    """On a keyboard a day is short and still has its weekday."""
    assert [t.short_day(date(2026, 1, 13)) for t in (pl, en, uk)] == ["wt., 13 sty", "Tue, 13 Jan", "вт, 13 січ."]


def test_numbers_are_written_as_people_write_them(pl: Translator, en: Translator) -> None:
    """A comma in Polish, a point in English, nothing lost and nothing added; a year stays a year."""
    assert [pl.number(x) for x in (Decimal("3.5"), 3.5, 2026, -3, 12500, Decimal("0.125"))] == [
        "3,5",
        "3,5",
        "2026",
        "-3",
        "12\N{NO-BREAK SPACE}500",
        "0,125",
    ]
    assert [en.number(x) for x in (Decimal("3.5"), 2026, 12500)] == ["3.5", "2026", "12,500"]
    assert pl("{share}", share=Decimal("66.67")) == "66,67"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "dzisiaj"),
        (1, "jutro"),
        (-1, "wczoraj"),
        (3, "za 3 dni"),
        (22, "za 22 dni"),
        (-1 * 2, "2 dni temu"),
        (400, "za 400 dni"),
    ],
)
def test_how_far_a_day_is(days: int, said: str, pl: Translator) -> None:
    """The word "jutro" says more than a date."""
    assert pl.relative_days(days) == said


def test_a_sentence_may_stand_in_a_sentence(pl: Translator) -> None:
    """The reason of a refusal is said in the same language as the refusal, whatever object carries it."""

    @dataclass(frozen=True)
    class Problem:
        msgid: str
        facts: dict[str, object] = field(default_factory=dict)

    reason = Refused("The round closes on {day}.", day=date(2026, 1, 13))
    said = "Anna mówi: Badanie kończy się: wtorek, 13 stycznia 2026."
    assert pl("{name} says: {what}", name="Anna", what=reason) == said
    assert pl.say(Refused("{name} says: {what}", name="Anna", what=reason)) == said
    assert pl("{x}", x=Problem("Only Polish.")) == "Tylko po polsku."


def test_other_facts_have_a_plain_form(pl: Translator) -> None:
    """Lists are joined, paths and fractions shown as they are."""
    assert pl("{x}", x=["GOPS", 3, Decimal("0.5")]) == "GOPS, 3, 0,5"
    assert pl("{x} {y}", x=Path("a/b"), y=Fraction(1, 3)) == "a/b 1/3"


def test_a_sentence_without_facts_is_not_formatted(pl: Translator) -> None:
    """A brace in a sentence without places is a brace."""
    assert pl("Set {curly} aside.") == "Set {curly} aside."


def test_a_forgotten_fact_is_an_error(pl: Translator) -> None:
    """A hole in a sentence is found by its first test, not by a person."""
    with pytest.raises(KeyError, match="day"):
        pl("The round closes on {day}.", date="x")


def test_a_plural_with_a_form_missing_is_not_used(folder: Path) -> None:
    """A translator forgot the third form: the whole entry is left out, and nobody meets a hole at five."""
    path = folder / "pl" / "LC_MESSAGES" / "messages.po"
    path.write_text(path.read_text("utf-8").replace('msgstr[2] "{n} kart ({body})"\n', ""), "utf-8")
    t = Catalogues(folder).translator("pl")
    assert [t.plural("{n} card", "{n} cards of {body}", n, body="x") for n in (1, 5)] == ["1 card", "5 cards of x"]


def test_translators_are_shared_and_read_once(catalogues: Catalogues, folder: Path) -> None:
    """A language is read when it is first spoken, and then never again."""
    first = catalogues.translator("uk")
    for path in folder.rglob("*.po"):
        path.unlink()
    assert catalogues.translator("uk") is first
    assert first("The round closes on {day}.", day="x") == "Кінець опитування: x"


def test_only_the_languages_spoken_are_read(folder: Path) -> None:
    """A broken Ukrainian catalogue does not silence a Polish conversation."""
    (folder / "uk" / "LC_MESSAGES" / "messages.po").write_bytes(b"\xff")
    catalogues = Catalogues(folder)
    assert catalogues.translator("pl")("Only Polish.") == "Tylko po polsku."
    with pytest.raises(Misconfigured, match=r"uk/LC_MESSAGES/messages\.po cannot be read"):
        catalogues.translator("uk")


@pytest.mark.parametrize(
    "content",
    [None, b'msgid "a', b"\xff\xfe\x00", HEADER.encode() % b"nplurals=2; plural=os.exit(1);", b"what is this"],
    ids=["missing", "unterminated", "binary", "forged plural rule", "no catalogue"],
)
def test_a_catalogue_that_cannot_be_read_is_named(content: bytes | None, folder: Path) -> None:
    """The operator reads which file is wrong, instead of people reading English for a month."""
    path = folder / "pl" / "LC_MESSAGES" / "messages.po"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured) as caught:
        Catalogues(folder).translator("pl")
    assert str(path) in str(caught.value)


def test_a_language_the_house_does_not_speak_is_refused(catalogues: Catalogues) -> None:
    """The sentence says which there are."""
    with pytest.raises(Misconfigured) as caught:
        catalogues.translator("ru")
    assert catalogues.translator("en").say(caught.value) == "There is no language ru. There are: pl, en, uk."


@pytest.mark.parametrize(
    ("code", "language"), [("uk", "uk"), ("uk-UA", "uk"), ("en_US", "en"), ("PL", "pl"), ("ru", "pl"), ("", "pl"), (None, "pl")]
)
def test_the_nearest_language_is_chosen(code: str | None, language: str) -> None:
    """Telegram's code of a phone leads to a language of the house, Polish if there is none."""
    assert i18n.nearest(code) == language


def test_languages_name_themselves() -> None:
    """A person finds their language by its own name."""
    assert [i18n.own_name(language) for language in i18n.languages()] == ["polski", "English", "українська"]


def test_the_shipped_catalogues_can_be_read_and_set(folder: Path) -> None:
    """Every language speaks out of the box; another folder may be set and unset."""
    try:
        i18n.configure(folder, "Europe/Kyiv")
        assert i18n.translator("pl")("Only Polish.") == "Tylko po polsku."
        assert i18n.translator("pl").time(MEETING) == "11:00"
    finally:
        i18n.configure()
    assert [i18n.translator(language).language for language in i18n.languages()] == ["pl", "en", "uk"]
    assert i18n.translator("pl").time(MEETING) == "10:00"


def test_many_threads_may_ask_at_once(folder: Path) -> None:
    """The first sentences of two conversations may be said at the same moment."""
    catalogues, said, start = Catalogues(folder), [], threading.Barrier(8)

    def speak() -> None:
        start.wait()
        said.append(catalogues.translator("uk")("Only Polish."))

    threads = [threading.Thread(target=speak) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["Tylko po polsku."] * 8


def test_saying_a_sentence_costs_next_to_nothing(pl: Translator) -> None:
    """A screen has a hundred sentences; a sentence costs no more than a few plain formattings."""
    plain = min(timeit.repeat(lambda: "{name} mówi: {what}".format(name="Anna", what="tak"), number=2000, repeat=7))
    ours = min(timeit.repeat(lambda: pl("{name} says: {what}", name="Anna", what="tak"), number=2000, repeat=7))
    assert ours < 15 * plain
