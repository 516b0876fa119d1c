from __future__ import annotations

import asyncio
import smtplib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import USERNAME, Bot, MakePhone, Phone, Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def meeting(method: str, sequence: int, *more: str) -> bytes:
    """A calendar file: a meeting on Monday 30 March 2026 from 10:00 to 12:00."""
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", "BEGIN:VEVENT", "UID:17@siec.example", f"SEQUENCE:{sequence}",
        "DTSTAMP:20260101T080000Z", "DTSTART:20260330T080000Z", "DTEND:20260330T100000Z", "SUMMARY:Spotkanie strategiczne",
        "LOCATION:Urząd Gminy\\, sala 7", *more, "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


async def post_letter(
    sandbox: Sandbox, subject: str, text: str, attachment: tuple[str, bytes] | None = None, calendar: bytes | None = None
) -> None:
    """Send a letter by SMTP, as the product does."""
    letter = EmailMessage()
    letter["From"] = "sekretariat@siec.example"
    letter["To"] = "kierownik@gops-modliborzyce.example"
    letter["Subject"] = subject
    letter.set_content(text)
    if calendar:
        letter.add_alternative(calendar, maintype="text", subtype="calendar", params={"charset": "utf-8"})
    if attachment:
        letter.add_attachment(attachment[1], maintype="application", subtype="pdf", filename=attachment[0])

    def deliver() -> None:
        with smtplib.SMTP(sandbox.mail_host, sandbox.mail_port, timeout=10) as server:
            server.send_message(letter)

    await asyncio.to_thread(deliver)


async def test_a_letter_appears_in_the_open_mailbox_and_is_read_there(phone: Phone, sandbox: Sandbox) -> None:
    """A letter sent by SMTP stands in the list at once; its words, addresses and attachment are there to read and save."""
    await phone.open("poczta")
    await post_letter(
        sandbox, "Zaproszenie na spotkanie", "Dzień dobry,\n\nzapraszamy we wtorek.\n", ("program.pdf", b"%PDF-1.7 p")
    )
    await phone.page.get_by_role("link", name="Zaproszenie na spotkanie").click()
    main = phone.page.get_by_role("main")
    await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Zaproszenie na spotkanie")
    await expect(main).to_contain_text("zapraszamy we wtorek.")
    await expect(main).to_contain_text("kierownik@gops-modliborzyce.example")
    assert await phone.saved(main.get_by_role("link", name="program.pdf")) == ("program.pdf", b"%PDF-1.7 p")


@pytest.mark.parametrize(
    ("calendar", "kind", "change"),
    [
        (meeting("REQUEST", 0, "STATUS:CONFIRMED"), "Zaproszenie (REQUEST)", "0"),
        (meeting("REQUEST", 2, "STATUS:CONFIRMED"), "Zaproszenie zmienione (REQUEST)", "2"),
        (meeting("CANCEL", 3, "STATUS:CANCELLED"), "Spotkanie odwołane (CANCEL)", "3"),
        (meeting("CANCEL", 3), "Skreślenie z listy zaproszonych (CANCEL)", "3"),
    ],
    ids=["called", "moved", "cancelled", "withdrawn"],
)
async def test_a_meeting_in_a_letter_is_told_in_words(
    phone: Phone, sandbox: Sandbox, calendar: bytes, kind: str, change: str
) -> None:
    """Above the words stands what a calendar would understand: called, moved, off or off the list; when and where."""
    await post_letter(sandbox, f"Spotkanie: {kind}", "Zapraszamy.", ("invite.ics", calendar), calendar)
    await phone.open("poczta")
    await phone.page.get_by_role("link", name=f"Spotkanie: {kind}").click()
    told = phone.page.get_by_role("region", name="Spotkanie w kalendarzu")
    facts = {
        "Rodzaj": kind, "Wydarzenie": "Spotkanie strategiczne", "Kiedy": "poniedziałek, 30 marca 2026, 10:00–12:00",
        "Gdzie": "Urząd Gminy, sala 7", "Numer zmiany": change,
    }  # fmt: skip
    await expect(told.locator("dt")).to_have_text(list(facts))
    await expect(told.locator("dd")).to_have_text(list(facts.values()))
    assert await phone.saved(phone.page.get_by_role("link", name="invite.ics")) == ("invite.ics", calendar)


async def test_the_invitation_in_a_letter_opens_on_the_phone_in_hand(phone: Phone, bot: Bot, sandbox: Sandbox) -> None:
    """From the letter straight into the conversation, as the person whose phone this is."""
    await post_letter(
        sandbox, "Link do rozmowy", f"Wejdź: https://t.me/{USERNAME}?start=z-listu.\nAlbo: https://example.org/z/1\n"
    )
    await phone.open("poczta")
    await phone.page.get_by_role("link", name="Link do rozmowy").click()
    await expect(phone.page.get_by_role("link", name="https://example.org/z/1")).to_have_attribute("target", "_blank")
    await phone.page.get_by_role("link", name=f"https://t.me/{USERNAME}?start=z-listu").click()
    assert (await bot.hear(phone.person))["text"] == "/start z-listu"


async def test_a_new_letter_is_counted_on_the_tab_until_the_mailbox_is_opened(phone: Phone, sandbox: Sandbox) -> None:
    """Somebody who talks to the bot sees that a letter came too."""
    await phone.open("zegar")
    tab = phone.page.get_by_role("navigation").get_by_role("link", name="Poczta")
    await expect(tab.locator(".badge")).to_be_hidden()
    await post_letter(sandbox, "Przypomnienie", "Karta czeka.")
    await expect(tab.locator(".badge")).to_have_text("1 nowy list")
    await tab.click()
    await expect(phone.page.get_by_role("link", name="Przypomnienie").first).to_be_visible()
    await expect(tab.locator(".badge")).to_be_hidden()


async def test_letters_are_found_by_address_or_subject(phone: Phone, sandbox: Sandbox) -> None:
    """Among many letters one types a piece of the subject."""
    await post_letter(sandbox, "Sprawozdanie żółte", "a")
    await post_letter(sandbox, "Harmonogram", "b")
    await phone.open("poczta")
    await phone.page.get_by_label("Szukaj listu").fill("zolte kierownik@gops")
    await expect(phone.page.get_by_role("main").get_by_role("link")).to_have_count(1)
    await expect(phone.page.get_by_role("main").get_by_role("link")).to_contain_text("Sprawozdanie żółte")


async def test_the_clock_moves_by_an_hour_a_day_a_week_a_wish_and_back(phone: Phone, sandbox: Sandbox) -> None:
    """A tester moves time forward to see reminders come; the top of every screen shows by how much; then back to the real time."""
    await phone.open("zegar")
    page = phone.page
    shift = page.locator(".shift")
    await expect(shift).to_have_text("Zgodny z prawdziwym czasem.")
    for name, words in (
        ("+1 godzina", "1 godzina"),
        ("+1 dzień", "1 dzień i 1 godzina"),
        ("+7 dni", "8 dni i 1 godzina"),
    ):
        await phone.button(name).click()
        await expect(shift).to_have_text(f"Zegar spieszy się o: {words}.")
    await page.get_by_label("O ile").fill("90")
    await page.get_by_label("Czego").select_option("minut")
    await phone.button("Przesuń").click()
    await expect(shift).to_have_text("Zegar spieszy się o: 8 dni i 2 godziny.")
    told = (await sandbox.get("/clock"))["shift_seconds"]
    assert told == 8 * 86_400 + 2 * 3_600 + 30 * 60
    there = (datetime.now(UTC) + timedelta(seconds=told)).astimezone(ZoneInfo("Europe/Warsaw"))  # noqa: TID251 - the page shows real time
    assert await page.locator("time.hour").inner_text() in {f"{there:%H:%M}", f"{there - timedelta(minutes=1):%H:%M}"}
    await expect(page.locator(".today")).to_contain_text(f"{there.day}")
    await expect(page.get_by_role("banner")).to_contain_text("+8 dni")
    await phone.button("Wróć do prawdziwego czasu").click()
    await expect(shift).to_have_text("Zgodny z prawdziwym czasem.")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert (await sandbox.get("/clock"))["shift_seconds"] == 0


async def test_a_clock_moved_elsewhere_is_shown_here(make_phone: MakePhone, sandbox: Sandbox) -> None:
    """A script moves the clock; an open page follows without reloading."""
    phone = await make_phone()
    await phone.open("zegar")
    await sandbox.post("/clock", {"move_seconds": 86_400})
    await expect(phone.page.locator(".shift")).to_have_text("Zegar spieszy się o: 1 dzień.")
    await sandbox.post("/clock", {"shift_seconds": 0})
    await expect(phone.page.locator(".shift")).to_have_text("Zgodny z prawdziwym czasem.")
