"""A whole card in the browser: by keyboard alone, without scripts, backwards, twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import func, select
from tests.screens.personas import ANNA, CELINA, IDA, KINGA, STRANGER
from tests.web.browser.conftest import Visit

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.office import links
from konwent_bot.store.tables import CARD, CARD_VERSION, DIALOGUE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Come = Callable[..., Awaitable[Visit]]
t = i18n.translator("pl")

WISH = "Jeden stały termin spotkań,\nznany na pół roku."
#: Tells whether what has the focus can be seen, and that it has: on the screen, under nothing, with an outline that stands out.
SEEN = """() => {
    const node = document.activeElement, shown = node.closest(".option") ?? node, box = shown.getBoundingClientRect();
    const style = getComputedStyle(shown);
    if (node === document.body) return "nothing has the focus";
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return "out of sight";
    if (style.outlineStyle !== "solid" || parseFloat(style.outlineWidth) < 2) return `no outline: ${shown.outerHTML.slice(0, 90)}`;
    const top = document.elementFromPoint(Math.min(innerWidth, Math.max(0, box.left + box.width / 2)),
        Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height, 30) / 2)));
    return shown.contains(top) || top?.contains(shown) ? "" : `covered: ${shown.outerHTML.slice(0, 90)}`;
}"""
#: Gives what has the focus, if it can be pressed or written into: its element, its id, its words.
NAME = """() => {
    const node = document.activeElement;
    return node.matches("a, button, input, textarea, summary") ? `${node.localName}|${node.id}|${node.textContent}` : "";
}"""


class Keyboard:
    """Somebody without a mouse. After each key that moves it, the focus must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            await self.page.keyboard.press(key)
            self.presses += 1
            if key in ("Tab", "Shift+Tab", "ArrowDown", "ArrowUp"):
                assert await self.page.evaluate(SEEN) == ""

    async def go(self, word: str, *, most: int = 60) -> None:
        """Press Tab until what has the focus is called so (its element, its id, its words)."""
        for _ in range(most):
            if word in str(await self.page.evaluate(NAME)):
                return
            await self.press("Tab")
        raise AssertionError(f"Tab never comes to {word!r}")

    async def leave(self) -> None:
        """Press Enter on something that leads to another page."""
        async with self.page.expect_navigation():
            await self.press("Enter")

    async def skip(self) -> None:
        """Go past the menu, as the first link of each page offers."""
        await self.press("Tab")
        await expect(self.page.locator(".skip")).to_be_focused()
        await self.press("Enter")


async def test_a_whole_card_by_keyboard_alone(visit: Come) -> None:
    """The head of an institution fills in, checks, changes and sends a card with Tab, arrows, Space and Enter; the focus is always seen."""
    head = await visit(CELINA)
    page, keys = head.page, Keyboard(head.page)
    await page.goto(head.url)
    await keys.skip()
    await keys.go("Wypełnij kartę")
    await keys.leave()
    await keys.go(t("Begin"))
    await keys.leave()
    for number in range(1, 16):
        await expect(page.locator(".place")).to_have_text(re.compile(f" · {re.escape(t('question {number}', number=number))}$"))
        await keys.skip()
        await keys.press("Tab")
        await expect(page.locator(":focus")).to_have_attribute("type", "radio")
        await keys.press(*["ArrowDown"] * (1 + number % 4))
        if number == 1:
            await keys.go("send")
        await keys.leave()
        await expect(page.locator(".notice")).to_be_visible()
    # several answers: forgotten first, then marked
    await keys.go("send")
    await keys.leave()
    await expect(page.locator(".problem")).to_be_focused()
    assert await page.evaluate(SEEN) == ""
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#c-1")).to_be_focused()
    await keys.press("Space", "Tab", "Tab", "Space")
    await expect(page.locator("input:checked")).to_have_count(2)
    await keys.go("send")
    await keys.leave()
    await keys.go("c-3")
    await keys.press("Space")
    await keys.go("send")
    await keys.leave()
    # words of one's own, with a line of their own
    await keys.go("text")
    await page.keyboard.type(WISH.split("\n")[0])
    await keys.press("Enter")
    await page.keyboard.type(WISH.split("\n")[1])
    await keys.go("send")
    await keys.leave()
    # the review, and a change
    await expect(page.locator("h1")).to_have_text(t("Check your answers"))
    await expect(page.locator(".rows dd").filter(has_text="znany na pół roku")).to_be_visible()
    await keys.go("Zmień: Zaufanie")
    await keys.leave()
    before = await page.locator("input:checked").input_value()
    await keys.go("input")
    await keys.press("ArrowUp")
    await expect(page.locator("input:checked")).not_to_have_value(before)
    after = await page.locator("input:checked").input_value()
    await keys.leave()
    await expect(page.locator(".rows > div").filter(has_text="Zaufanie")).to_contain_text(f"{after} – ")
    await keys.go(t("Confirm and send"))
    await keys.leave()
    await expect(page.locator("h1")).to_have_text(t("The cooperation card has been sent"))
    assert await submitted(head) == 1
    assert keys.presses < 400


async def submitted(one: Visit) -> int:
    """How many cards of the round have been sent."""
    return int(await one.door.look(lambda uow: uow.execute(select(func.count()).select_from(CARD)).scalar_one()))


async def test_a_whole_card_without_scripts_on_a_phone(visit: Come) -> None:
    """With JavaScript off, by thumb, on a narrow phone: break off, come back, skip, go back, look why it is asked, send."""
    head = await visit(CELINA, java_script_enabled=False, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = head.page

    async def tap(where: Locator) -> None:
        await where.tap()
        await page.wait_for_load_state()

    def button(label: str) -> Locator:
        return page.locator("main").get_by_role("button", name=label, exact=True)

    await page.goto(head.url)
    await tap(page.get_by_role("button", name="Wypełnij kartę"))
    await tap(page.get_by_role("link", name=t("Begin")))
    for number in range(1, 16):
        await tap(page.locator(".option").nth(number % 6))
        await tap(page.locator("#send"))
        if number == 3:
            await tap(page.get_by_role("link", name=t("Break off")))
            await tap(page.get_by_role("link", name=t("My matters")).last)
            await tap(page.get_by_role("button", name="Wypełnij kartę"))
            await expect(page.locator(".place")).to_contain_text(t("question {number}", number=4))
        if number == 5:
            await tap(button(t("‹ Back")))
            await expect(page.locator("input:checked")).to_have_count(1)
            await tap(page.locator("#send"))
            await page.locator("summary").tap()
            await expect(page.locator("details p").first).to_be_visible()
    for choice in ("phone", "regular"):
        await tap(page.locator(f"label:has([value={choice}])"))
    await tap(page.locator("#send"))
    # something that excludes all others, beside another: refused, and what was marked is still marked
    for choice in ("time", "none"):
        await tap(page.locator(f"label:has([value={choice}])"))
    await tap(page.locator("#send"))
    await expect(page.locator(".problem")).to_be_visible()
    await expect(page.locator("input:checked")).to_have_count(2)
    for choice in ("time", "none"):
        await expect(page.locator(f"[value={choice}]")).to_be_checked()
    await tap(page.locator("label:has([value=none])"))
    await tap(page.locator("#send"))
    await page.locator("#text").fill("Proszę dzwonić do Jana: 600 700 800")
    await tap(page.locator("#send"))
    await expect(page.locator(".problem")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("Proszę dzwonić do Jana: 600 700 800")
    await page.locator("#text").fill("x" * 501)
    await tap(page.locator("#send"))
    await expect(page.locator(".problem")).to_contain_text("501")
    await expect(page.locator("#text")).to_have_value("x" * 501)
    await tap(button(t("Skip")))
    await expect(page.locator("h1")).to_have_text(t("Check your answers"))
    await tap(button(t("Confirm and send")))
    await expect(page.locator("h1")).to_contain_text(t("The cooperation card has been sent"))
    assert await submitted(head) == 1
    assert [path for method, path in head.asked if method == "GET" and path.endswith(".js")] == []


async def test_going_back_never_shows_an_old_form_and_one_left_open_changes_nothing(visit: Come) -> None:
    """The browser's back button shows where the card stands now; an old form in another window is told that it came too late."""
    ida = await visit(IDA)
    page, other = ida.page, await ida.page.context.new_page()
    address = f"{ida.url}s/r:{_base36(ida.made.drafts[IDA][0])}"
    await other.goto(address)
    await page.goto(address)
    asked = [await page.locator("h1").inner_text()]
    for point in ("4", "5"):
        await page.locator(f"[value='{point}']").check()
        await page.locator("#send").click()
        await expect(page.locator("h1")).not_to_have_text(asked[-1])
        asked.append(await page.locator("h1").inner_text())
    await page.go_back()
    await expect(page.locator("h1")).to_have_text(asked[-1])
    await expect(other.locator("h1")).to_have_text(asked[0])
    before = await state(ida)
    await other.locator("[value='1']").check()
    await other.locator("#send").click()
    await expect(other.locator(".notice")).to_have_text(
        t("That button or message belongs to an earlier question, so nothing was changed. This is where you are now.")
    )
    await expect(other.locator("h1")).to_have_text(asked[-1])
    assert await state(ida) == before


async def state(one: Visit) -> str:
    """Ida's conversation as stored."""
    dialogue = one.made.drafts[IDA][0]
    return str(
        await one.door.look(lambda uow: uow.execute(select(DIALOGUE.c.state).where(DIALOGUE.c.id == dialogue)).scalar_one())
    )


async def test_sending_twice_sends_once(visit: Come) -> None:
    """Two presses of the same button, and the same page open in two windows: one card, one version."""
    anna = await visit(ANNA)
    address = f"{anna.url}s/r:{_base36(anna.made.drafts[ANNA][0])}"
    first, second = anna.page, await anna.page.context.new_page()
    for page in (first, second):
        await page.goto(address)
    press = [page.get_by_role("button", name=t("Confirm and send")) for page in (first, second)]
    await asyncio.gather(press[0].dblclick(), press[1].click())
    for page in (first, second):
        await expect(page.locator("h1")).to_contain_text(t("The cooperation card has been sent"))
    versions = await anna.door.look(lambda uow: uow.execute(select(CARD_VERSION.c.version)).all())
    assert [row.version for row in versions] == [1]
    await first.reload()
    assert await submitted(anna) == 1


async def test_a_session_can_be_put_off_before_it_ends(visit: Come) -> None:
    """The foot says when the session ends; a press there puts it off and leads back to the same page."""
    anna = await visit(ANNA)
    clock = anna.door.clock
    assert isinstance(clock, FixedClock)
    await anna.page.goto(f"{anna.url}s/g")
    said = anna.page.locator(".session p")
    await expect(said).to_have_text(t("The session ends at {time} if nothing happens.", time="12:00"))
    clock.move(timedelta(minutes=30))
    await anna.page.get_by_role("button", name=t("Stay signed in")).click()
    await expect(said).to_have_text(t("The session ends at {time} if nothing happens.", time="12:30"))
    await expect(anna.page).to_have_url(f"{anna.url}s/g")


async def test_a_person_enters_by_a_link_and_signs_out(visit: Come) -> None:
    """From a letter's link to one's own matters and out again, without scripts; afterwards the back button shows nothing of them."""
    stranger = await visit(STRANGER, java_script_enabled=False)
    page = stranger.page
    celina = stranger.made.persons[CELINA]
    link = await stranger.door.act(lambda uow: links.issue(uow, celina, "enter", place="h"))
    await page.goto(f"{stranger.url}e/{link.token}")
    await page.get_by_role("button", name=t("Enter")).click()
    await expect(page.locator("h1")).to_have_text(t("My matters"))
    await expect(page.locator("main")).to_contain_text("OPS Janów Lubelski")
    await page.get_by_role("button", name=t("Sign out")).click()
    await expect(page.locator(".notice")).to_be_visible()
    await page.go_back()
    assert "OPS Janów Lubelski" not in await page.content()


async def test_a_wrong_address_leads_on(visit: Come) -> None:
    """A page that does not exist says so in the reader's language and has the menu and a way home."""
    kinga = await visit(KINGA)
    answer: Any = await kinga.page.goto(f"{kinga.url}s/nic")
    assert answer.status == 404
    await expect(kinga.page.locator("h1")).to_have_text(t("There is no such page"))
    await kinga.page.locator("main").get_by_role("link", name=t("My matters")).click()
    await expect(kinga.page.locator("h1")).to_have_text(t("My matters"))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
