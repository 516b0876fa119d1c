"""``konwent-bot decision``: how a body comes to its decisions, at a console."""

from __future__ import annotations

import pytest
from tests.cli.console import Console, console
from tests.cli.network import settle

__all__ = ["console"]


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


def test_settings_are_shown_chosen_and_taken_back(network: Console) -> None:
    """Each setting stands with its value and what it means; a wrong one is refused in words and changes nothing."""
    shown = network.ok("decision", "settings", "--body", "janow")
    for word in ("proposers", "any", "tacit", "no", "circulation_days", "7", "ballot_minutes", "10"):
        assert word in shown.split(), word
    chosen = network.ok("decision", "settings", "--body", "janow", "--set", "tacit=yes", "--set", "proposers=coordinator")
    assert "yes" in chosen.split()
    for name, value in (("tacit", "maybe"), ("proposers", "nobody"), ("circulation_days", "61"), ("ballot_minutes", "x")):
        assert f"„{value}”" in network.refused("decision", "settings", "--body", "janow", "--set", f"{name}={value}")
    assert "kolor" in network.refused("decision", "settings", "--body", "janow", "--set", "kolor=1")
    assert network.ok("decision", "settings", "--body", "janow") == chosen
    assert network.ok("decision", "settings", "--body", "janow", "--set", "tacit=", "--set", "proposers=") == shown


def test_the_rule_is_said_in_sentences(network: Console) -> None:
    """A body that adopted none has the rule everybody has, and it says so."""
    said = network.ok("decision", "rule", "--body", "janow")
    assert "Zwykła większość" in said
    assert "nie przyjęła" in said
