"""``konwent-bot minutes``: the minutes of a body and how it deals with them, at a console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.cli.console import Console, console
from tests.cli.network import settle

from konwent_bot.office import bodies
from konwent_bot.office.meetings import entering
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import beginning
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEETING

__all__ = ["console"]


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


def test_the_days_are_shown_chosen_and_taken_back(network: Console) -> None:
    """Seven unless chosen otherwise; a wrong number is refused in words and changes nothing."""
    shown = network.ok("minutes", "settings", "--body", "janow")
    assert {"days", "7"} <= set(shown.split())
    chosen = network.ok("minutes", "settings", "--body", "janow", "--set", "days=10")
    assert "10" in chosen.split()
    for value in ("0", "31", "x"):
        assert f"„{value}”" in network.refused("minutes", "settings", "--body", "janow", "--set", f"days={value}")
    assert "kolor" in network.refused("minutes", "settings", "--body", "janow", "--set", "kolor=1")
    assert network.ok("minutes", "settings", "--body", "janow") == chosen
    assert network.ok("minutes", "settings", "--body", "janow", "--set", "days=") == shown


def test_minutes_are_listed_with_where_they_stand(network: Console) -> None:
    """None yet is said in words; then a draft stands in its line."""
    assert "Nie ma jeszcze" in network.ok("minutes", "list", "--body", "janow")

    def held(uow: UnitOfWork) -> str:
        body = bodies.find(uow, "janow").id
        given = {
            "kind": "strategic",
            "when": f"{uow.today + timedelta(days=20)}T10:00",
            "length": "m120",
            "mode": "in_person",
            "place": "Sala",
        }
        subject = Subject("meeting.enter", body)
        made = entering.enter(uow, OPERATOR, subject, entering.MeetingEntered.model_validate(given)).meeting or 0
        uow.execute(update(MEETING).where(MEETING.c.id == made).values(status="held"))
        return beginning.begin(uow, meetings.get(uow, made)).name

    name = network.act(held)
    [line] = [one for one in network.ok("minutes", "list", "--body", "janow").splitlines() if name in one]
    assert "projekt" in line
