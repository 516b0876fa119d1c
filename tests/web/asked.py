"""Anna in her browser, before the first question of a card made up by a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from tests.conversations.card import card
from tests.conversations.network import make
from tests.screens.personas import ANNA, GOPS, let_in
from tests.web.browsing import Browser, Page

from konwent_bot.office import people, sessions
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork

Browse: TypeAlias = Callable[[str], Browser]


async def asked(door: Door, browse: Browse, folder: Path, questions: Mapping[str, str]) -> tuple[Browser, Page]:
    """Give Anna's browser and the page of the first of these questions (as ``card`` takes them)."""
    door.house = replace(door.house, flows=card(folder, questions))
    network = await make(door)
    await let_in(door, network.tokens[GOPS, "head"], ANNA)

    def session(uow: UnitOfWork) -> str:
        person = people.by_telegram(uow, ANNA)
        assert person is not None
        return sessions.begin(uow, person.id, browser="", came_by="invitation:1")

    anna = browse(await door.act(session))
    home = await anna.get("/")
    beginning = await anna.follow(await anna.send(home.form("/s/c:")))
    assert f"Dla {GOPS}." in beginning.text
    return anna, await anna.get(next(href for _, href in beginning.read.links if href.startswith("/s/r:")))
