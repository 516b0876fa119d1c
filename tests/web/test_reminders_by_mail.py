"""The link that ends reminders by e-mail: by one press of a mail program, or by a page; calls to meetings come on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conversations.house import dump
from tests.screens.desks import Desk, let_anna_in, network, page
from tests.web.browsing import Browser
from tests.web.test_calendar import anna
from yarl import URL

from konwent_bot.office import channels, links
from konwent_bot.office.door import Door
from konwent_bot.screens.group_intents import ChooseReminders, SeeNotices, SeeStop

Browse = Callable[[str], Browser]


@pytest.fixture
async def desk(door: Door) -> Desk:
    """A network whose head of GOPS, Anna, has accepted."""
    made = await network(door)
    await let_anna_in(door, made)
    return made


async def wanted(door: Door) -> bool:
    """Tell whether Anna gets reminders by e-mail."""
    person = await anna(door)
    return (await door.look(lambda uow: channels.preferences(uow, person))).mail_reminders


async def link(door: Door) -> str:
    """Give the path of a link as a reminder to Anna has it."""
    person = await anna(door)
    made = await door.act(lambda uow: links.issue(uow, person, "stop"))
    return str(URL(made.url).path)


@pytest.mark.usefixtures("desk")
async def test_a_mail_program_ends_reminders_by_one_press(door: Door, browse: Browse) -> None:
    """RFC 8058: a POST without cookie, without a form of ours, from anywhere; answered with 200 and no redirect; pressed again the same."""
    path = await link(door)
    for _ in range(2):
        done = await browse("").ask(
            "POST", path, data=b"List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site", "Accept-Language": "pl"},
        )  # fmt: skip
        assert done.status == 200
        assert "Przypomnienia e-mailem są wyłączone" in done.text
        assert "Set-Cookie" not in done.headers
        assert not await wanted(door)
    assert "anna@gops.example" not in done.text, "a letter that was passed on tells nothing of its reader"


@pytest.mark.usefixtures("desk")
async def test_looking_at_the_link_ends_nothing_and_its_button_does(door: Door, browse: Browse) -> None:
    """Programs that preview links end nothing; a person reads what it does and presses."""
    path = await link(door)
    browser = browse("")
    before = await dump(door.store)
    looked = await browser.get(path)
    assert looked.status == 200
    assert "Wyłączyć przypomnienia e-mailem?" in looked.text
    assert await dump(door.store) == before
    done = await browser.send(looked.press("Wyłącz przypomnienia"))
    assert done.status == 200
    assert not await wanted(door)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", ["never issued", "a link that lets in", "nonsense"])
async def test_nothing_else_ends_anything(door: Door, browse: Browse, kind: str) -> None:
    """A token of another kind or of nobody: not there, and nothing changes."""
    person = await anna(door)
    enter = (await door.act(lambda uow: links.issue(uow, person, "enter"))).token
    token = {"never issued": "A" * 24, "a link that lets in": enter, "nonsense": "%C5%BC"}[kind]
    before = await dump(door.store)
    for method in ("GET", "POST"):
        came = await browse("").ask(method, f"/wypisz/{token}", headers={"Accept-Language": "pl"})
        assert came.status == 404
    assert await dump(door.store) == before
    assert await wanted(door)


@pytest.mark.usefixtures("desk")
async def test_they_are_switched_on_again_in_the_settings(door: Door) -> None:
    """The settings say that they are off, and one press wants them again; the old link still ends them."""
    person = await anna(door)
    await door.act(lambda uow: channels.prefer(uow, person, mail_reminders=False))
    shown = (await page(door, person, SeeNotices())).screen
    assert ("Przypomnienia e-mailem", "nie") in shown.facts
    again = (await page(door, person, ChooseReminders(1))).screen
    assert ("Przypomnienia e-mailem", "tak") in again.facts
    assert await wanted(door)


@pytest.mark.usefixtures("desk")
async def test_the_page_of_the_link_tells_nobody_whose_it_is(door: Door) -> None:
    """Whoever the letter was passed on to reads no name and no address."""
    person = await anna(door)
    made = await door.act(lambda uow: links.issue(uow, person, "stop"))
    shown = (await page(door, None, SeeStop(made.token))).screen
    assert "Anna" not in repr(shown)
    assert "gops" not in repr(shown)
