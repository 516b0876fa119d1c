from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.sandbox.page.conftest import BOT_NAME, USERNAME, Bot, MakePhone, Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_person_is_found_by_institution_without_diacritics_and_their_phone_opens(make_phone: MakePhone) -> None:
    """Who does not remember a name types the institution, as one types on a phone, and holds that phone."""
    phone = await make_phone("Łucja", note="Świetlica Zażółć, kierownik", started=False)
    other = await make_phone("Roman", note="Klub Seniora", started=False)
    page = phone.page
    await page.goto(f"{phone.base}/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Czyj telefon trzymasz?")
    await expect(page.get_by_role("link", name="Klub Seniora").first).to_be_visible()
    await page.get_by_label("Szukaj osoby").fill(f"kierownik zazolc {phone.person}")
    await expect(page.get_by_text("Klub Seniora")).to_have_count(0)
    await page.get_by_role("main").get_by_role("link").click()
    await expect(page).to_have_url(re.compile(rf"#/osoba/{phone.person}$"))
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.get_by_role("main")).to_contain_text("Świetlica Zażółć, kierownik")
    await page.get_by_role("link", name=BOT_NAME).click()
    await expect(page).to_have_url(re.compile(rf"#/osoba/{phone.person}/czat/{USERNAME}$"))
    assert other.person != phone.person


async def test_somebody_new_is_added_and_their_phone_is_in_hand_at_once(make_phone: MakePhone, sandbox: Sandbox) -> None:
    """A tester adds a Ukrainian-speaking delegate; the sandbox keeps the language and the note."""
    page = (await make_phone(started=False)).page
    await page.goto(f"{sandbox.url}/")
    await page.get_by_text("Dodaj osobę").click()
    await page.get_by_label("Imię").fill("Олена")
    await page.get_by_label("Nazwisko").fill("Коваль")
    await page.get_by_label("Język telefonu").select_option("uk")
    await page.get_by_label("Notatka").fill("Fundacja „Dobry Start”, delegat")
    await page.get_by_role("button", name="Dodaj", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Rozmowy")
    person = int(page.url.rpartition("/")[2])
    people = (await sandbox.get("/phone"))["people"]
    assert {**next(p for p in people if p["id"] == person), "id": 0} == {
        "id": 0,
        "first_name": "Олена",
        "last_name": "Коваль",
        "language_code": "uk",
        "note": "Fundacja „Dobry Start”, delegat",
        "email": "",
    }


async def test_an_address_of_nobody_says_so_and_leads_back_to_the_list(make_phone: MakePhone, sandbox: Sandbox) -> None:
    """An old address of somebody who is no longer there is no blank page."""
    page = (await make_phone(started=False)).page
    await page.goto(f"{sandbox.url}/#/osoba/1/czat/{USERNAME}")
    await expect(page.get_by_role("main")).to_contain_text("Nie ma takiej osoby. Wybierz kogoś z listy.")
    await page.get_by_role("link", name="Lista osób").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Czyj telefon trzymasz?")


async def test_two_phones_in_two_tabs_each_show_their_own_conversation(make_phone: MakePhone, bot: Bot) -> None:
    """The head and the delegate sit side by side: what one is told does not appear on the phone of the other."""
    head, delegate = await make_phone("Barbara"), await make_phone("Jan")
    await head.open("czat")
    second = await head.page.context.new_page()
    await second.goto(f"{head.base}/#/osoba/{delegate.person}/czat/{USERNAME}")
    await bot.say(head.person, "Karta dla zwierzchnika")
    await bot.say(delegate.person, "Karta dla delegata")
    await expect(head.log).to_contain_text("Karta dla zwierzchnika")
    await expect(second.get_by_role("log")).to_contain_text("Karta dla delegata")
    await expect(head.log).not_to_contain_text("Karta dla delegata")


async def test_more_phones_than_a_browser_has_connections_are_all_alive(make_phone: MakePhone, bot: Bot) -> None:
    """Seven tabs of one browser, which allows six connections to one address: every one of them shows what arrives."""
    phone = await make_phone(locale="pl-PL")
    tabs = [phone.page] + [await phone.page.context.new_page() for _ in range(6)]
    for tab in tabs:
        await tab.goto(f"{phone.base}/#/osoba/{phone.person}/czat/{USERNAME}")
        await expect(tab.get_by_role("log")).to_be_visible()
    await bot.say(phone.person, "Do wszystkich telefonów")
    for tab in tabs:
        await expect(tab.get_by_role("log")).to_contain_text("Do wszystkich telefonów")


async def test_unread_conversations_are_counted_live_in_the_list(make_phone: MakePhone, bot: Bot) -> None:
    """The list of conversations shows the last line and how many are new, without reloading."""
    phone = await make_phone()
    await phone.open()
    await bot.say(phone.person, "Pierwsza")
    await bot.say(phone.person, "Druga wiadomość")
    row = phone.page.get_by_role("link", name=BOT_NAME)
    await expect(row).to_contain_text("Druga wiadomość")
    await expect(row.locator(".badge")).to_have_text("2 nowe")


async def test_without_javascript_the_page_says_what_it_needs(browser: Browser, sandbox: Sandbox) -> None:
    """The sandbox is a live phone; without JavaScript it says so plainly instead of staying blank."""
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(sandbox.url)
    assert "Piaskownica potrzebuje JavaScriptu" in await page.get_by_role("main").inner_text()
    await context.close()
