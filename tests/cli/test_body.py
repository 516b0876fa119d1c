"""``konwent-bot body`` on the operator's console."""

from __future__ import annotations

import pytest
from tests.cli.console import Console, console

__all__ = ["console"]


def test_a_body_is_entered_and_listed(console: Console) -> None:
    """The operator enters a network, is told the next step, and sees it in the list."""
    assert console.ok("body", "list") == "Nie ma jeszcze żadnego ciała współpracy. Aby je dodać: konwent-bot body create.\n"
    said = console.ok("body", "create", "Powiatowa Sieć w Iławie", "--slug", "ilawa", "--kind", "pact", "--level", "county")
    assert said.splitlines() == [
        "Dodano: Powiatowa Sieć w Iławie.",
        "Następny krok to import listy członków: konwent-bot roster import PLIK --body ilawa",
    ]
    console.ok("body", "create", "Lokalna Sieć w Lubawie", "--slug", "lubawa", "--parent", "ilawa")
    assert [line.rstrip() for line in console.ok("body", "list").splitlines()] == [
        "Krótka nazwa  Nazwa                    Rodzaj  Szczebel   Ciało nadrzędne  Instytucje",
        "------------  -----------------------  ------  ---------  ---------------  ----------",
        "ilawa         Powiatowa Sieć w Iławie  pact    powiatowy                   0",
        "lubawa        Lokalna Sieć w Lubawie   lsr     lokalny    ilawa            0",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Sieć", "--slug", "Sieć"), "Sieć nie może być krótką nazwą ciała współpracy."),
        (("Sieć", "--slug", "lubawa"), "Krótka nazwa lubawa jest już zajęta. Proszę wybrać inną."),
        (("Sieć", "--slug", "nowa", "--parent", "nikt"), "Nie ma ciała współpracy nikt."),
        (("Sieć", "--slug", "nowa", "--level", "gmina"), "Nie ma szczebla gmina. Są: local, county, regional, national."),
        (("Sieć", "--slug", "nowa", "--kind", "Sieć!"), "Sieć! nie może być rodzajem ciała współpracy."),
        ((" ", "--slug", "nowa"), "Nazwa ciała współpracy musi mieć od 1 do 300 znaków w jednym wierszu."),
    ],
)
def test_a_slip_is_answered_in_one_sentence(console: Console, words: tuple[str, ...], sentence: str) -> None:
    """Whatever is wrong with a new body, the operator reads one Polish sentence and nothing is entered."""
    console.ok("body", "create", "Lokalna Sieć w Lubawie", "--slug", "lubawa")
    before = console.ok("body", "list")
    assert console.refused("body", "create", *words).startswith(sentence)
    assert console.ok("body", "list") == before
