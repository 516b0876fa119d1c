"""Words are found in what people read of minutes, and in nothing else of what is kept."""

from __future__ import annotations

import pytest

from konwent_bot import i18n
from konwent_bot.documents.minutes import content
from konwent_bot.documents.minutes.draft import Draft, DraftPoint, Paragraph, Row
from konwent_bot.documents.minutes.searching import folded, says

T = i18n.translator("pl")
NOTE = 'Mówiono o „Żółtej Łące”.\nKoszt: 100% i "reszta"; ścieżka C:\\plany. Potem quorum.'


def kept(*texts: str) -> str:
    """Give versions with these notes as one text to look in."""
    return folded(
        content.written(
            content.content(
                Draft(
                    "Protokół nr 3/2026", "ze spotkania strategicznego", "Sieć Janów", (Row("when", ("Termin", "wtorek")),),
                    (DraftPoint("item:12", "Bieżące", 4, (Paragraph("note:5", "note", one),)),), ("Protokolant",), None,
                ),
                T, kind="circulated", version=1, chain=content.Chain(7, "beef" * 16),
            )
        ).decode()
        for one in texts
    )  # fmt: skip


@pytest.mark.parametrize(
    "word", ["żółtej", "„żółtej", "koszt:", "100%", '"reszta";', "c:\\plany.", "quorum", "bieżące", "wtorek", "3/2026", "janów", "protokolant"]
)  # fmt: skip
def test_what_people_read_is_found(word: str) -> None:
    """Texts, headings, the head, signatures; signs that JSON writes otherwise too, and a word that begins a line."""
    assert says(kept(NOTE), word)


@pytest.mark.parametrize("word", ["paragraphs", "note:5", "item:12", "beefbeef", "signatures", "nkoszt", "zoltej", "źźź", "\\n"])
def test_what_is_kept_beside_it_is_not(word: str) -> None:
    """Keys, sources, hashes, a line break's own sign; and what nobody wrote."""
    assert not says(kept(NOTE), word)


def test_a_word_is_found_behind_its_namesakes() -> None:
    """A source of that name stands before it, and an earlier version does not say it: it is found all the same."""
    assert not says(kept("Nic."), "note")
    assert says(kept("Nic.", "Zob. note verbale."), "note")
