"""``konwent-bot meeting``: what is on the plan of a year, and the rules a body chose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cli.console import Console, console
from tests.cli.network import settle

from konwent_bot.office import bodies
from konwent_bot.office.meetings import entering
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork

__all__ = ["console"]


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


def test_the_meetings_of_a_year_are_listed_with_what_is_missing(network: Console) -> None:
    """Nothing yet is said in words; then a meeting stands in its line, and the present quarter is named as missing."""
    year = network.look(lambda uow: uow.today.year)
    empty = network.ok("meeting", "list", "--body", "janow", "--year", str(year))
    assert empty.startswith(f"W {year} roku nie ma żadnego spotkania.")
    assert "kwartał: nic jeszcze nie zaplanowano, jest czas do" in empty

    def enter(uow: UnitOfWork) -> None:
        when = f"{uow.today + timedelta(days=1)}T10:00"
        given = {"kind": "central", "when": when, "length": "m60", "mode": "in_person", "place": "KIS"}
        body = bodies.find(uow, "janow").id
        entering.enter(uow, OPERATOR, Subject("meeting.enter", body), entering.MeetingEntered.model_validate(given))

    network.act(enter)
    year = network.look(lambda uow: (uow.today + timedelta(days=1)).year)
    said = network.ok("meeting", "list", "--body", "janow", "--year", str(year)).splitlines()
    assert said[0].split() == ["Nr", "Dzień", "Godzina", "Rodzaj", "Stan"]
    assert said[2].endswith("10:00    Spotkanie centralne  zaplanowane")


def test_rules_are_shown_chosen_and_taken_back(network: Console) -> None:
    """Each rule stands with its value and what it means; a wrong one is refused in words and changes nothing."""
    shown = network.ok("meeting", "rules", "--body", "janow")
    assert "quorum       1/2" in shown
    assert "14d 3d 1d 2h" in shown
    chosen = network.ok("meeting", "rules", "--body", "janow", "--set", "quorum=2/3", "--set", "call_days=21")
    assert "2/3" in chosen
    assert "„trzy”" in network.refused("meeting", "rules", "--body", "janow", "--set", "quorum=trzy")
    assert "nazwa=wartość" in network.refused("meeting", "rules", "--body", "janow", "--set", "quorum")
    assert "kolor" in network.refused("meeting", "rules", "--body", "janow", "--set", "kolor=1")
    assert network.ok("meeting", "rules", "--body", "janow") == chosen
    assert network.ok("meeting", "rules", "--body", "janow", "--set", "quorum=", "--set", "call_days=") == shown
