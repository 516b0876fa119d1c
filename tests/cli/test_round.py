"""``konwent-bot round``: opening a collection of cards, and how far each has come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cli.console import Console, console
from tests.cli.network import settle

from konwent_bot.office.rounds import period_of

__all__ = ["console"]


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


@pytest.fixture
def last(network: Console) -> date:
    """A last day two weeks ahead of the installation's own day."""
    return network.look(lambda uow: uow.today) + timedelta(days=14)


def test_a_round_is_opened_and_listed(network: Console, last: date) -> None:
    """All three institutions are asked until the day the operator names, and the list shows how far it has come."""
    assert network.ok("round", "list", "--body", "janow").startswith("Nie było tu jeszcze żadnej rundy.")
    said = network.ok("round", "open", "--body", "janow", "--variant", "krótka", "--closes", last.isoformat())
    assert "Pytamy 3 instytucje; ostatni dzień na odpowiedź: " in said
    head, _rule, row = network.ok("round", "list", "--body", "janow").splitlines()
    assert head.split() == ["Półrocze", "Karta", "Ostatni", "dzień", "Stan", "Wpłynęło"]
    period = period_of(last - timedelta(days=14))
    assert row.startswith(f"{period}   krótka  ")
    assert row.endswith("otwarta  0 z 3")


def test_a_past_half_year_may_be_asked_about(network: Console, last: date) -> None:
    """Each half-year has its round; the newest stands first."""
    network.ok("round", "open", "--body", "janow", "--closes", last.isoformat())
    network.ok("round", "open", "--body", "janow", "--period", "2025-H1")
    rows = network.ok("round", "list", "--body", "janow").splitlines()[2:]
    assert [row.split()[0] for row in rows] == ["2025-H1", period_of(last - timedelta(days=14))]
    assert [row.split()[1] for row in rows] == ["pełna", "pełna"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--closes", "22.12.2026"), "Proszę zapisać dzień jako 2026-12-22, nie „22.12.2026”."),
        (("--closes", "2026-02-30"), "Proszę zapisać dzień jako 2026-12-22, nie „2026-02-30”."),
        (("--closes", "2020-01-01"), ""),
        (("--period", "2026"), ""),
        (("--variant", "duża"), "Karta jest pełna (full) albo krótka (short), nie „duża”."),
    ],
)
def test_a_slip_opens_no_round(network: Console, words: tuple[str, ...], sentence: str) -> None:
    """A wrong day, half-year or card is refused in one sentence."""
    assert network.refused("round", "open", "--body", "janow", *words).startswith(sentence)
    assert network.ok("round", "list", "--body", "janow").startswith("Nie było tu jeszcze żadnej rundy.")


def test_a_second_round_of_a_half_year_and_a_body_without_members_are_refused(network: Console) -> None:
    """One round a half-year; and nobody to ask, no round."""
    network.ok("round", "open", "--body", "janow")
    network.refused("round", "open", "--body", "janow")
    network.ok("body", "create", "Pusta Sieć", "--slug", "pusta")
    network.refused("round", "open", "--body", "pusta")
    assert network.refused("round", "list", "--body", "nikt").startswith("Nie ma ciała współpracy nikt.")
