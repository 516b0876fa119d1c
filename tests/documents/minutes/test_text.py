"""Minutes in a few lines for a notice, and as plain text for a letter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.documents.minutes.examples import drafted, meeting, second, version
from tests.documents.test_invitation_sheet import HOSTILE

from konwent_bot.documents.minutes.content import KINDS, Kind
from konwent_bot.documents.minutes.text import paragraphs, plain, summary
from konwent_bot.i18n import LANGUAGES, translator


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("pl", (
            "Spotkanie strategiczne, poniedziałek, 30 marca 2026, 10:00–12:00, Urząd Gminy w Modliborzycach, sala nr 7.",
            "Obecne instytucje: 6 z 8. Kworum było.",
            "Decyzje: 1/2026 „Wspólny transport na warsztaty” – przyjęto; 2/2026 „Karta współpracy w nowym układzie” – przyjęto.",
            "Zadania: 3.",
            "Następne spotkanie: poniedziałek, 15 czerwca 2026.",
        )),
        ("en", (
            "Strategic meeting, Monday, 30 March 2026, 10:00–12:00, Urząd Gminy w Modliborzycach, sala nr 7.",
            "Institutions present: 6 of 8. There was a quorum.",
            "Decisions: 1/2026 “Wspólny transport na warsztaty” – adopted; 2/2026 “Karta współpracy w nowym układzie” – adopted.",
            "Tasks: 3.",
            "Next meeting: Monday, 15 June 2026.",
        )),
        ("uk", (
            "Стратегічна зустріч, понеділок, 30 березня 2026\u202fр., 10:00–12:00, Urząd Gminy w Modliborzycach, sala nr 7.",
            "Присутні установи: 6 з 8. Кворум був.",
            "Рішення: 1/2026 «Wspólny transport na warsztaty» – ухвалено; 2/2026 «Karta współpracy w nowym układzie» – ухвалено.",
            "Завдання: 3.",
            "Наступна зустріч: понеділок, 15 червня 2026\u202fр.",
        )),
    ],
)  # fmt: skip
def test_five_lines_say_what_happened(language: str, lines: tuple[str, ...]) -> None:
    """In the reader's language, though the minutes are in the body's."""
    assert summary(drafted(meeting()), translator(language)) == lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("decisions", [0, 1, 4, 25])
def test_a_summary_stays_short(language: str, decisions: int) -> None:
    """Of many decisions three are named, of others it says how many there are."""
    lines = summary(drafted(meeting(decisions=decisions)), translator(language))
    assert len(lines) <= 5
    assert all(len(line) < 400 for line in lines)
    assert all("{" not in line for line in lines)
    assert ("22" in lines[2]) == (decisions == 25)


def test_the_summary_of_an_annex_is_its_beginning() -> None:
    """Its title, and what it says."""
    assert summary(version(meeting(), "annex").draft, translator("pl")) == (
        "Aneks nr 1 do protokołu nr 3/2026.",
        "W punkcie 4 zamiast „dwa razy w miesiącu” powinno być „raz w miesiącu”. Pomyłka powstała przy przepisywaniu.",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_is_there_as_plain_text(kind: Kind) -> None:
    """Every heading, sentence and row, in order, without markup."""
    made = version(meeting(), kind)
    text = plain(made)
    at = 0
    for point in made.points:
        at = text.index(f"\n{point.named}\n---", at)
        for one in point.paragraphs:
            for line in one.lines:
                at = text.index(line, at)
    assert text.startswith(f"{made.draft.body}\n\n{made.draft.title} {made.draft.subtitle}\n---")
    assert [one for one in paragraphs(made) if not one.strip()] == []


def test_a_text_that_looks_like_a_heading_is_none() -> None:
    """Only headings are underlined."""
    facts = meeting()
    text = plain(version(replace(facts, notes=(replace(facts.notes[0], text="Zadania"),))))
    assert text.count("\nZadania\n---") == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_is_only_text(text: str) -> None:
    """Braces, percent signs and markup stand there as they were written; nothing is left out of the second version either."""
    facts = meeting()
    said = second(facts, replace(facts, notes=(replace(facts.notes[0], text=text or "–"),)))
    assert "".join(
        (text or "–").replace("\u202e", "").replace("\u202c", "").replace("\x07", "").replace("\x00", "").split()
    ) in "".join(plain(said).split())
