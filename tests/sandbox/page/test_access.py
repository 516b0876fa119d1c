from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.sandbox.page.conftest import USERNAME, Bot, MakePhone, Phone, Sandbox, key
from tests.sandbox.page.test_chat import picture
from tests.sandbox.page.test_hostile import nothing_slides
from tests.sandbox.page.test_mail_and_clock import meeting, post_letter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page: rule, and the elements."""
    found: dict[str, Any] = (await Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})).response
    assert found["passes"], "axe looked at nothing"
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found["violations"]]


async def furnish(phone: Phone, bot: Bot, sandbox: Sandbox) -> None:
    """Put one of everything on a phone and into the mailbox."""
    person = phone.person
    await bot.hear(person)
    asked = await bot.say(person, "<b>Pytanie 4</b> z 18\n<i>kursywa</i> <u>u</u> <s>s</s> /pomoc", None, parse_mode="HTML")
    rich = "<blockquote>Cytat</blockquote><code>A-17</code><pre>x = 1</pre> https://example.org, biuro@example.org"
    scale = [[key(str(n)) for n in range(1, 6)], [key("Nie wiem")], [{"text": "Strona", "url": "https://example.org/"}]]
    await bot.say(person, rich, scale, parse_mode="HTML")
    await bot.say(person, "Дякуємо! Картку збережено.")
    await bot.call("sendPhoto", {"photo": ("w.png", picture(300, 200))}, chat_id=person, caption="Wykres")
    await bot.call("sendDocument", {"document": ("p.pdf", b"%PDF-1.7")}, chat_id=person, caption="Protokół")
    mine = await sandbox.post(f"/phone/{person}/chat/{USERNAME}/send", {"text": "będę, /pomoc https://t.me/x", "reply_to": asked})
    await sandbox.post(
        f"/phone/{person}/chat/{USERNAME}/edit", {"message_id": mine["message_id"], "text": "będę, https://example.org"}
    )
    await post_letter(sandbox, "List próbny", "Treść listu https://example.org", ("a.pdf", b"%PDF"), meeting("REQUEST", 0))
    await sandbox.post(f"/phone/{person}/chat/{USERNAME}/block", {})
    await sandbox.post(f"/phone/{person}/chat/{USERNAME}/unblock", {})


@pytest.mark.parametrize("look", ["light", "dark", "touch"])
async def test_axe_finds_nothing_on_any_screen(make_phone: MakePhone, bot: Bot, sandbox: Sandbox, look: str) -> None:
    """WCAG 2.1 AA and best practice, by axe: the chooser, the conversations, a chat full of everything, the mailbox, a letter, the clock."""
    await bot.call("setMyCommands", commands=[{"command": "pomoc", "description": "Pomoc"}])
    touch = {"has_touch": True, "is_mobile": True} if look == "touch" else {}
    phone = await make_phone(
        color_scheme="dark" if look == "dark" else "light", size=(320, 640) if touch else (1100, 800), **touch
    )
    phone.expected = "400 (Bad Request)"
    page = phone.page
    await furnish(phone, bot, sandbox)
    await page.goto(f"{phone.base}/#/")
    await page.get_by_text("Dodaj osobę").click()
    found = {"chooser": await violations(page)}
    await phone.open()
    await expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()
    await page.get_by_label("Link z zaproszeniem").fill("nie link")
    await phone.button("Otwórz link").click()
    found["conversations"] = await violations(page)
    await phone.open("czat")
    await expect(phone.message("Protokół")).to_be_visible()
    found["chat"] = await violations(page)
    mine = phone.message("będę, https://example.org")
    await mine.hover()
    await mine.get_by_role("button", name="Co zrobić z wiadomością").click()
    found["chat, acts"] = await violations(page)
    await phone.button("Popraw").click()
    await phone.page.get_by_label("Wiadomość", exact=True).fill("x" * 5000)
    await phone.button("Zapisz poprawkę").click()
    await expect(page.get_by_role("status")).to_contain_text("Telegram odpowiedział: wiadomość ma od 1 do 4096 znaków.")
    found["chat, correction refused"] = await violations(page)
    await phone.button("Polecenia").click()
    found["chat, commands"] = await violations(page)
    await phone.button("Więcej o tej rozmowie").click()
    found["chat, more"] = await violations(page)
    await phone.open("poczta")
    found["mail"] = await violations(page)
    await page.get_by_role("link", name="List próbny").first.click()
    await expect(page.get_by_role("heading", name="Załączniki")).to_be_visible()
    await expect(page.get_by_role("heading", name="Spotkanie w kalendarzu")).to_be_visible()
    found["letter"] = await violations(page)
    await phone.open("zegar")
    await phone.button("+1 godzina").click()
    await expect(page.get_by_role("status")).to_contain_text("Zegar pokazuje")
    found["clock"] = await violations(page)
    await sandbox.post("/clock", {"shift_seconds": 0})
    await sandbox.post(f"/phone/{phone.person}/chat/{USERNAME}/block", {})
    await phone.open("czat")
    found["blocked"] = await violations(page)
    await phone.open("nigdzie")
    found["nowhere"] = await violations(page)
    assert found == {screen: [] for screen in found}
    await bot.call("deleteMyCommands")


async def test_axe_would_have_found_something(browser: Browser) -> None:
    """A page made badly on purpose proves that the silence above means something."""
    page = await browser.new_page()
    await page.set_content('<html><body><img src="x.png"><input><p style="color:#bbb;background:#fff">blado</p></body></html>')
    found = " ".join(await violations(page))
    await page.close()
    for rule in ("html-has-lang", "image-alt", "label", "color-contrast", "document-title", "landmark-one-main"):
        assert re.search(rf"\b{rule}:", found), rule


@pytest.mark.parametrize(
    ("size", "letters"), [((320, 640), "100%"), ((640, 360), "100%"), ((320, 256), "100%"), ((412, 820), "200%")],
    ids=["narrow", "zoom 200", "zoom 400", "letters 200"],
)  # fmt: skip
async def test_every_screen_fits_without_sliding_sideways(
    make_phone: MakePhone, bot: Bot, sandbox: Sandbox, size: tuple[int, int], letters: str
) -> None:
    """The narrowest phone, twofold and fourfold zoom, letters twice as large: nothing is cut and one can still write."""
    phone = await make_phone(size=size)
    await furnish(phone, bot, sandbox)
    await phone.open()
    await phone.page.evaluate("size => { document.documentElement.style.fontSize = size; }", letters)
    for place in ("", "czat", "poczta", "zegar"):
        await phone.page.evaluate(
            "hash => { location.hash = hash; }", f"#/osoba/{phone.person}/{'czat/' + USERNAME if place == 'czat' else place}"
        )
        await expect(phone.page.locator("nav [aria-current]")).to_have_count(1)
        if place == "czat":
            line = phone.page.get_by_label("Wiadomość", exact=True)
            await line.scroll_into_view_if_needed()
            await expect(line).to_be_in_viewport(ratio=0.9)
            await expect(phone.button("Wyślij")).to_be_in_viewport(ratio=0.9)
        await nothing_slides(phone)


async def test_everything_one_presses_is_at_least_44_pixels(make_phone: MakePhone, bot: Bot, sandbox: Sandbox) -> None:
    """A thumb finds every button, link and field; only links inside a sentence are as high as the sentence."""
    phone = await make_phone(size=(320, 640), has_touch=True, is_mobile=True)
    await furnish(phone, bot, sandbox)
    for place in ("", "czat", "poczta", "zegar"):
        await phone.open(place)
        small = await phone.page.evaluate(
            """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
                .filter(node => node.checkVisibility() && !node.matches(".skip, .text a, .text button, .picture"))
                .map(node => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
                .filter(([, box]) => box.height < 43.5 || box.width < 35)
                .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""
        )
        assert small == []


async def test_the_keyboard_alone_is_enough(make_phone: MakePhone, bot: Bot) -> None:
    """Skip link, search, a conversation, an answer by its key: without a mouse, and the focus is always seen."""
    phone = await make_phone()
    await bot.hear(phone.person)
    page = phone.page
    await page.goto(f"{phone.base}/#/osoba/{phone.person}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Przejdź do treści")).to_be_focused()
    await expect(page.get_by_role("link", name="Przejdź do treści")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    await page.keyboard.press("Tab")
    outline = await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Wiadomość", exact=True)).to_be_focused()
    await bot.say(phone.person, "Czy potwierdzasz?", [[key("Tak")]])
    await expect(phone.button("Tak")).to_be_visible()
    for _ in range(8):
        await page.keyboard.press("Shift+Tab")
        if await phone.button("Tak").evaluate("node => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    assert (await bot.hear(phone.person))["data"] == "Tak"


async def test_a_screen_reader_hears_new_messages_in_their_language(make_phone: MakePhone, bot: Bot) -> None:
    """The log is live and polite; Ukrainian, Polish and English texts carry their language; the page itself is Polish."""
    phone = await make_phone("Tom", language="en")
    await phone.open("czat")
    await expect(phone.page.locator("html")).to_have_attribute("lang", "pl")
    await expect(phone.log).to_have_attribute("aria-live", "polite")
    for text, language in (("Картку збережено", "uk"), ("Zapisano odpowiedź", "pl"), ("Your answer is saved", "en")):
        await bot.say(phone.person, text)
        await expect(phone.message(text).locator(".text")).to_have_attribute("lang", language)
        await expect(phone.message(text)).to_have_accessible_name(re.compile(r"Sekretariat próbny, \d\d:\d\d"))
