"""Translations: the check finds what is missing or wrong, and extraction never loses what a translator wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import catalogues

CODE = '''
"""A room."""
from konwent_bot.errors import N_, Refused

def act(t):
    t("There is {count} card.", count=3)
    t.plural("one seat", "{n} seats", 3)
    self.t("A sentence of some words" " in two pieces.")
    raise Refused(N_("The round closed on {day}."), day=1)
'''
POLISH = {
    ("", "There is {count} card."): ("Liczba kart: {count}.",),
    ("", "one seat"): ("jedno miejsce", "{n} miejsca", "{n} miejsc"),
    ("", "A sentence of some words in two pieces."): ("Zdanie z kilku słów w dwóch kawałkach.",),
    ("", "The round closed on {day}."): ("Badanie zakończone: {day}.",),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small program with complete Polish; the flows and their translations as shipped."""
    room = tmp_path / "src" / "konwent_bot"
    room.mkdir(parents=True)
    (room / "room.py").write_text(CODE, "utf-8")
    shutil.copytree(catalogues.ROOT / "flows", tmp_path / "flows")
    for language, domain in (("en", "flows"), ("uk", "flows")):
        target = catalogues.path_of(language, domain, tmp_path)
        target.parent.mkdir(parents=True)
        shutil.copy(catalogues.path_of(language, domain), target)
    # For Ukrainian the words do not matter here, only that they are there; its first form is also said of 21.
    for language, seats in (("pl", POLISH["", "one seat"]), ("uk", ("{n} місце", "{n} місця", "{n} місць"))):
        said = POLISH | {("", "one seat"): seats}
        catalogues.write(catalogues.path_of(language, "messages", tmp_path), catalogues.messages(tmp_path), said)
    catalogues.extract(tmp_path)
    return tmp_path


def problems(tree: Path) -> list[str]:
    """What the check says of the Polish messages, and of the code."""
    return [line for line in catalogues.check(tree, tools=False) if "pl/" in line or line.startswith("src/")]


def edit(path: Path, before: str, after: str) -> None:
    """Change one place of a file."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1, text
    path.write_text(text.replace(before, after), "utf-8")


def test_complete_translations_are_fine(tree: Path) -> None:
    """Nothing is left to do when everything is said."""
    assert catalogues.check(tree, tools=False) == []


def test_the_tools_of_gettext_find_nothing_either(tree: Path) -> None:
    """What we write is what other translators' programs expect."""
    assert catalogues.check(tree, strict=True) == []


@pytest.mark.parametrize(
    ("before", "after", "tool"),
    [
        # In Ukrainian the first form is also said of 21: without its number people would read "one seat".
        ("{n} місце", "одне місце", "msgfmt: locales/uk/LC_MESSAGES/messages.po"),
        ("n%10==1 && n%100!=11", "n==1", "i18nspector: E: locales/uk/LC_MESSAGES/messages.po"),
    ],
)
def test_the_tools_of_gettext_are_listened_to(before: str, after: str, tool: str, tree: Path) -> None:
    """What only the tools see of a language's grammar is refused here too."""
    edit(catalogues.path_of("uk", "messages", tree), before, after)
    assert catalogues.check(tree, tools=False) == []
    assert any(line.startswith(tool) for line in catalogues.check(tree, strict=True))


def test_extraction_twice_changes_nothing(tree: Path) -> None:
    """A translator's file changes only when something was said anew."""
    before = {path: path.read_bytes() for path in (tree / "locales").rglob("*.po")}
    assert len(before) == 4
    catalogues.extract(tree)
    assert {path: path.read_bytes() for path in (tree / "locales").rglob("*.po")} == before


def test_extraction_keeps_what_is_said_and_drops_what_is_not(tree: Path) -> None:
    """A sentence that is reworded is translated anew; its neighbours keep their words."""
    edit(tree / "src" / "konwent_bot" / "room.py", "The round closed on", "The round ended on")
    assert problems(tree) == [
        "locales/pl/LC_MESSAGES/messages.po: not in the catalogue (make messages): “The round ended on {day}.”",
        "locales/pl/LC_MESSAGES/messages.po: said nowhere any more (make messages): “The round closed on {day}.”",
    ]
    catalogues.extract(tree)
    said, fuzzy = catalogues.read(catalogues.path_of("pl", "messages", tree))
    assert said == {key: text for key, text in POLISH.items() if "closed" not in key[1]} | {
        ("", "The round ended on {day}."): ("",)
    }
    assert fuzzy == []
    assert problems(tree) == ["locales/pl/LC_MESSAGES/messages.po: not translated: “The round ended on {day}.”"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("Liczba kart: {count}.", "", "not translated: “There is {count} card.”"),
        ("Liczba kart: {count}.", "Liczba kart.", "places differ: “There is {count} card.” -> “Liczba kart.”"),
        ("Liczba kart: {count}.", "Kart: {cuont}", "places differ: “There is {count} card.” -> “Kart: {cuont}”"),
        ("Liczba kart: {count}.", "Kart: {count", "cannot be read (expected '}' before end of string): “Kart: {count”"),
        (
            "Liczba kart: {count}.",
            "{count.real}",
            "cannot be read (a place must be a plain name, not {count.real}): “{count.real}”",
        ),
        ("{n} miejsca", "", "not translated: “one seat”"),
        ("{n} miejsca", "{x} miejsca", "places differ: “one seat” -> “{x} miejsca”"),
        (
            "Zdanie z kilku słów w dwóch kawałkach.",
            "A sentence of some words in two pieces.",
            "the translation is the source: “A sentence of some words in two pieces.”",
        ),
    ],
)
def test_a_wrong_translation_is_named(before: str, after: str, problem: str, tree: Path) -> None:
    """A translator reads which sentence is wrong and how, before a person would."""
    edit(catalogues.path_of("pl", "messages", tree), f'"{before}"', f'"{after}"')
    assert problems(tree) == [f"locales/pl/LC_MESSAGES/messages.po: {problem}"]


def test_a_guess_is_named(tree: Path) -> None:
    """A guess of a program is not a translation."""
    path = catalogues.path_of("pl", "messages", tree)
    edit(path, 'msgid "There is {count} card."', '#, fuzzy\nmsgid "There is {count} card."')
    assert problems(tree) == ["locales/pl/LC_MESSAGES/messages.po: fuzzy: “There is {count} card.”"]


def test_a_short_text_may_be_the_same(tree: Path) -> None:
    """The word "KIS" is "KIS" in every language."""
    room = tree / "src" / "konwent_bot" / "room.py"
    room.write_text(room.read_text("utf-8") + 't("KIS Janów Lubelski")\n', "utf-8")
    catalogues.extract(tree)
    edit(
        catalogues.path_of("pl", "messages", tree),
        'msgid "KIS Janów Lubelski"\nmsgstr ""',
        'msgid "KIS Janów Lubelski"\nmsgstr "KIS Janów Lubelski"',
    )
    assert problems(tree) == []


def test_an_error_that_would_stay_english_is_named(tree: Path) -> None:
    """A sentence that nobody marked for translation is found in the code; one made of places alone is fine."""
    room = tree / "src" / "konwent_bot" / "room.py"
    room.write_text(
        room.read_text("utf-8") + 'Refused("Not now.")\nRefused("{first} {second}")\nerrors.Invalid("So {x}", x=1)\n', "utf-8"
    )
    assert problems(tree) == [
        "src/konwent_bot/room.py:10: not marked with N_: “Not now.”",
        "src/konwent_bot/room.py:12: not marked with N_: “So {x}”",
    ]


def test_a_broken_place_in_a_flow_is_named(tree: Path) -> None:
    """A translator cannot break a question: a place it does not have, or loses, is found."""
    path = catalogues.path_of("uk", "flows", tree)
    text = path.read_text("utf-8")
    # The last place of the file stands in a translation, whose source is found by its own words.
    before, after = text.rsplit("{{ body }}", 1)
    translated = before.rindex("\nmsgstr ")
    assert "{{ body }}" in before[before.rindex("\nmsgid ") : translated], "the source has it too"
    assert "\n\n" not in before[translated:]
    path.write_text(f"{before}{{{{ bodies }}}}{after}", "utf-8")
    (problem,) = catalogues.check(tree, tools=False)
    assert problem.startswith("locales/uk/LC_MESSAGES/flows.po: places differ:")


def test_the_same_sentence_alone_and_counted_is_one_entry(tmp_path: Path) -> None:
    """Said once plainly and once with its plural, a sentence is translated once, with all its forms."""
    room = tmp_path / "src" / "konwent_bot"
    room.mkdir(parents=True)
    (room / "room.py").write_text('t("one seat")\nt.plural("one seat", "{n} seats", 2)\n', "utf-8")
    assert [entry.source for entry in catalogues.messages(tmp_path)] == [("one seat", "{n} seats")]
