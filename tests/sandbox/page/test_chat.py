from __future__ import annotations

import re
import struct
import zlib
from typing import Any

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import USERNAME, Bot, MakePhone, Phone, Sandbox, key

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def picture(width: int, height: int) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x2f\x6b\x5e" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_start_begins_the_conversation_and_gives_way_to_the_line_to_write_in(make_phone: MakePhone, bot: Bot) -> None:
    """Before Start one cannot write; the bot hears /start; then the line is there."""
    phone = await make_phone(started=False)
    await phone.open("czat")
    await expect(phone.page.get_by_label("Wiadomość", exact=True)).to_be_hidden()
    await phone.button("Start").click()
    assert (await bot.hear(phone.person))["text"] == "/start"
    await expect(phone.button("Start")).to_be_hidden()
    await expect(phone.page.get_by_label("Wiadomość", exact=True)).to_be_focused()


async def test_a_message_of_the_bot_arrives_by_the_event_stream(make_phone: MakePhone, bot: Bot) -> None:
    """With every timer of the page stopped a message still appears: it was told, not asked for."""
    phone = await make_phone(locale="pl-PL")  # a browser of its own: the stopped clock holds for all its tabs
    await phone.page.clock.install()
    await phone.page.clock.pause_at("2040-01-01T10:00:00")
    await phone.open("czat")
    await bot.say(phone.person, "<b>Zapraszamy</b> na spotkanie", parse_mode="HTML")
    await expect(phone.message("Zapraszamy na spotkanie").locator("b")).to_have_text("Zapraszamy")


async def test_a_broken_event_stream_is_replaced_by_asking(make_phone: MakePhone, bot: Bot) -> None:
    """A proxy that cuts live streams does not leave the phone silent."""
    phone = await make_phone()
    await phone.page.route("**/events", lambda route: route.fulfill(status=503, body="no streams here"))
    await phone.open("czat")
    await bot.say(phone.person, "Jednak dotarło")
    await expect(phone.log).to_contain_text("Jednak dotarło")
    assert phone.complaints
    assert all("503" in said or "EventSource" in said for said in phone.complaints)
    phone.complaints.clear()


async def test_a_tap_reaches_the_bot_and_its_answer_is_shown(phone: Phone, bot: Bot) -> None:
    """A key is pressed: the bot gets its data, the page shows what the bot answers to the press."""
    await bot.say(phone.person, "Czy potwierdzasz udział?", [[key("Będę", "yes"), key("Nie będę", "no")]])
    await phone.button("Będę").click()
    press = await bot.hear(phone.person)
    assert (press["kind"], press["data"]) == ("callback_query", "yes")
    await expect(phone.button("Będę")).to_have_attribute("aria-busy", "true")
    await bot.call("answerCallbackQuery", callback_query_id=press["id"], text="Zapisano udział")
    await expect(phone.page.get_by_role("status")).to_contain_text("Zapisano udział")
    await expect(phone.button("Będę")).not_to_have_attribute("aria-busy", "true")


async def test_an_edited_message_keeps_the_focus_on_its_key(phone: Phone, bot: Bot) -> None:
    """Ticking one box after another by keyboard: the message is edited in place and the focus stays where it was."""
    number = await bot.say(phone.person, "Które formy wsparcia?", [[key("Szkolenie", "a")], [key("Gotowe", "z")]])
    await phone.button("Szkolenie").focus()
    await phone.page.keyboard.press("Enter")
    press = await bot.hear(phone.person)
    await bot.call("answerCallbackQuery", callback_query_id=press["id"])
    keyboard = {"inline_keyboard": [[key("Szkolenie: tak", "a")], [key("Gotowe", "z")]]}
    await bot.call("editMessageText", chat_id=phone.person, message_id=number, text="Wybrano: szkolenie", reply_markup=keyboard)
    await expect(phone.log).to_contain_text("Wybrano: szkolenie")
    await expect(phone.button("Szkolenie: tak")).to_be_focused()


async def test_a_key_that_disappears_gives_the_focus_to_its_message_not_to_another_key(phone: Phone, bot: Bot) -> None:
    """Pressing Enter once more after the keys are gone must not press something else."""
    number = await bot.say(phone.person, "Ostatnie pytanie", [[key("Zakończ")]])
    await phone.button("Zakończ").focus()
    await bot.call("editMessageText", chat_id=phone.person, message_id=number, text="Dziękujemy za kartę")
    await expect(phone.message("Dziękujemy za kartę")).to_be_focused()


async def test_messages_that_did_not_change_are_not_built_again(phone: Phone, bot: Bot) -> None:
    """A new message leaves the nodes of the old ones alone, so a selection or a screen reader's place survives."""
    await bot.say(phone.person, "Stara wiadomość", [[key("Klawisz")]])
    old = await phone.message("Stara wiadomość").element_handle()
    old_key = await phone.button("Klawisz").element_handle()
    await bot.say(phone.person, "Nowa wiadomość")
    await expect(phone.log).to_contain_text("Nowa wiadomość")
    assert await old.evaluate("node => node.isConnected")
    assert await old_key.evaluate("node => node.isConnected")


async def test_a_key_replaced_meanwhile_is_pressed_as_the_key_that_was_shown(phone: Phone, bot: Bot) -> None:
    """The bot has moved to the next question, the phone has not heard of it yet: the tap answers the old question, not the new."""
    number = await bot.say(phone.person, "Pytanie 1", [[key("Tak", "q1-yes")]])
    await expect(phone.button("Tak")).to_be_visible()
    phone.expected = "ERR_FAILED"
    await phone.page.route(re.compile(rf"/phone/{phone.person}/chat/{USERNAME}$"), lambda route: route.abort())
    keyboard = {"inline_keyboard": [[key("Tak", "q2-yes")]]}
    await bot.call("editMessageText", chat_id=phone.person, message_id=number, text="Pytanie 2", reply_markup=keyboard)
    await phone.button("Tak").click()
    assert (await bot.hear(phone.person))["data"] == "q1-yes"
    await expect(phone.page.get_by_role("status")).to_contain_text("Piaskownica nie odpowiada")


async def test_keys_stand_in_rows_exactly_as_sent_and_are_large_enough_for_a_thumb(make_phone: MakePhone, bot: Bot) -> None:
    """A scale of eight is one row even on the narrowest phone; no key is lower than 44 pixels."""
    phone = await make_phone(size=(320, 640))
    await phone.open("czat")
    scale = [[key(str(n)) for n in range(8)], [key("Nie wiem / nie dotyczy")], [key("Wstecz"), key("Pomiń"), key("Przerwij")]]
    await bot.say(phone.person, "Jak oceniasz współpracę?", scale)
    await expect(phone.button("Przerwij")).to_be_visible()
    rows = await phone.page.locator(".keys-row").evaluate_all(
        "rows => rows.map(row => [...row.children].map(key => { const b = key.getBoundingClientRect();"
        " return [key.textContent, Math.round(b.top), b.height, b.left, b.right]; }))"
    )
    assert [[text for text, *_ in row] for row in rows] == [[button["text"] for button in row] for row in scale]
    for row in rows:
        assert len({top for _, top, *_ in row}) == 1
        assert all(height >= 44 and left >= 0 and right <= 320 for _, _, height, left, right in row)
    widths = [right - left for _, _, _, left, right in rows[0]]
    assert max(widths) - min(widths) < 1


async def test_enter_sends_and_shift_enter_breaks_the_line(phone: Phone, bot: Bot) -> None:
    """What is typed arrives with its line ends, stands on the right as one's own, and the line is empty again."""
    line = phone.page.get_by_label("Wiadomość", exact=True)
    await line.press_sequentially("będę")
    await phone.page.keyboard.press("Shift+Enter")
    await line.press_sequentially("o dziesiątej")
    await phone.page.keyboard.press("Enter")
    assert (await bot.hear(phone.person))["text"] == "będę\no dziesiątej"
    await expect(phone.message("o dziesiątej")).to_have_class(re.compile("from-me"))
    await expect(line).to_have_value("")
    await expect(line).to_be_focused()


async def test_a_refused_message_stays_in_the_line_and_the_refusal_is_said(phone: Phone, sandbox: Sandbox) -> None:
    """The phone was blocked in another tab a moment ago: the words are not lost and the reason stands above."""
    phone.expected = "409 (Conflict)"
    before = await sandbox.get(f"/phone/{phone.person}/chat/{USERNAME}")
    await phone.page.route(re.compile(rf"/chat/{USERNAME}$"), lambda route: route.fulfill(json=before))
    await sandbox.post(f"/phone/{phone.person}/chat/{USERNAME}/block", {})
    await phone.write("ważna odpowiedź")
    await expect(phone.page.get_by_role("status")).to_contain_text("Telegram odpowiedział: ten rozmówca jest zablokowany")
    await expect(phone.page.get_by_label("Wiadomość", exact=True)).to_have_value("ważna odpowiedź")


async def test_a_reply_and_a_correction_reach_the_bot_as_such(phone: Phone, bot: Bot) -> None:
    """One answers a certain message and later corrects one's own words; both are shown as what they are."""
    asked = await bot.say(phone.person, "Gdzie się spotkamy?")
    await phone.message("Gdzie się spotkamy?").hover()
    await phone.message("Gdzie się spotkamy?").get_by_role("button", name="Co zrobić z wiadomością").click()
    await phone.button("Odpowiedz").click()
    await phone.write("W urzędzie")
    heard = await bot.hear(phone.person)
    assert (heard["text"], heard["reply_to_message"]["message_id"]) == ("W urzędzie", asked)
    mine = phone.message("W urzędzie")
    await expect(mine.locator(".quote")).to_contain_text("Gdzie się spotkamy?")

    line = phone.page.get_by_label("Wiadomość", exact=True)
    await line.fill("zaczęte zdanie")
    await mine.hover()
    await mine.get_by_role("button", name="Co zrobić z wiadomością").click()
    await phone.button("Popraw").click()
    await expect(line).to_have_value("W urzędzie")
    await line.fill("W bibliotece")
    await phone.button("Zapisz poprawkę").click()
    heard = await bot.hear(phone.person)
    assert (heard["kind"], heard["text"]) == ("edited_message", "W bibliotece")
    await expect(phone.message("W bibliotece").get_by_text("poprawiono")).to_be_visible()


async def test_a_correction_given_up_brings_back_what_was_being_typed(phone: Phone, bot: Bot) -> None:
    """Escape leaves the correction and the unfinished sentence is there again."""
    await phone.write("Pierwsza odpowiedź")
    await bot.hear(phone.person)
    line = phone.page.get_by_label("Wiadomość", exact=True)
    await expect(line).to_have_value("")
    await line.fill("niedokończone")
    mine = phone.message("Pierwsza odpowiedź")
    await mine.hover()
    await mine.get_by_role("button", name="Co zrobić z wiadomością").click()
    await phone.button("Popraw").click()
    await expect(line).to_have_value("Pierwsza odpowiedź")
    await phone.page.keyboard.press("Escape")
    await expect(line).to_have_value("niedokończone")


async def test_commands_of_the_bot_are_a_menu_and_words_that_send_themselves(make_phone: MakePhone, bot: Bot) -> None:
    """Commands are offered in the phone's language; one in the text of a message is sent by pressing it."""
    commands = [{"command": "sprawy", "description": "Moje sprawy"}, {"command": "pomoc", "description": "Pomoc"}]
    await bot.call("setMyCommands", commands=commands)
    phone = await make_phone()
    await bot.hear(phone.person)
    await phone.open("czat")
    await phone.button("Polecenia").click()
    await expect(phone.page.get_by_role("button", name="/sprawy")).to_be_focused()
    await phone.page.get_by_role("button", name="/pomoc").click()
    assert (await bot.hear(phone.person))["text"] == "/pomoc"
    await bot.say(phone.person, "Wróć do /sprawy, a nie do a/sprawy ani /nieznane.")
    await expect(phone.log.get_by_role("button", name="/sprawy")).to_have_count(1)
    await phone.log.get_by_role("button", name="/sprawy").click()
    assert (await bot.hear(phone.person))["text"] == "/sprawy"
    await bot.call("deleteMyCommands")


async def test_a_menu_closes_by_escape_and_by_pressing_elsewhere(phone: Phone) -> None:
    """A menu opened by mistake goes away as people expect, and Escape gives the focus back to its button."""
    more, inside = phone.button("Więcej o tej rozmowie"), phone.button("Zablokuj")
    await more.click()
    await expect(more).to_have_attribute("aria-expanded", "true")
    await phone.page.keyboard.press("Escape")
    await expect(inside).to_be_hidden()
    await expect(more).to_be_focused()
    await more.click()
    await expect(inside).to_be_visible()
    await phone.page.mouse.click(206, 500)
    await expect(inside).to_be_hidden()
    await expect(more).to_have_attribute("aria-expanded", "false")


async def test_a_document_is_a_card_to_download(phone: Phone, bot: Bot) -> None:
    """The minutes come as a PDF: name, kind and size are told, and what is saved is what was sent."""
    body = b"%PDF-1.7 " + b"x" * 2048
    await bot.call("sendDocument", {"document": ("protokol nr 3.pdf", body)}, chat_id=phone.person, caption="Protokół")
    card = phone.log.get_by_role("link", name="protokol nr 3.pdf")
    await expect(card).to_contain_text("PDF, 2 KB")
    assert await phone.saved(card) == ("protokol nr 3.pdf", body)


async def test_a_picture_is_shown_whole_with_its_caption_beside(phone: Phone, bot: Bot) -> None:
    """A chart comes as a picture: it loads, fits the phone, and the same content stands in words."""
    await bot.call("sendPhoto", {"photo": ("wykres.png", picture(900, 300))}, chat_id=phone.person, caption="Frekwencja: 81%")
    image = phone.message("Frekwencja: 81%").get_by_role("img", name="Obraz; jego opis stoi pod spodem")
    await expect(image).to_be_visible()
    await image.evaluate("i => i.decode()")
    box = await image.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 412
    assert abs(box["width"] / box["height"] - 3) < 0.05


async def test_a_person_sends_a_file_from_their_phone(phone: Phone, bot: Bot) -> None:
    """A scanned list goes to the bot with its name."""
    await phone.button("Więcej o tej rozmowie").click()
    async with phone.page.expect_file_chooser() as choosing:
        await phone.button("Wyślij plik albo obraz").click()
    await (await choosing.value).set_files({"name": "lista.csv", "mimeType": "text/csv", "buffer": b"a;b\n"})
    assert (await bot.hear(phone.person))["document"]["file_name"] == "lista.csv"
    await expect(phone.log.get_by_role("link", name="lista.csv")).to_be_visible()


async def test_blocking_stops_the_conversation_and_unblocking_brings_it_back(phone: Phone, bot: Bot) -> None:
    """A person blocks the secretariat and thinks again; the bot hears of both."""
    await phone.button("Więcej o tej rozmowie").click()
    await phone.button("Zablokuj").click()
    assert (await bot.hear(phone.person))["new_chat_member"]["status"] == "kicked"
    await expect(phone.page.get_by_text("Ten rozmówca jest zablokowany: nic tu nie dotrze.")).to_be_visible()
    await expect(phone.page.get_by_label("Wiadomość", exact=True)).to_be_hidden()
    await phone.page.locator(".gate").get_by_role("button", name="Odblokuj").click()
    assert (await bot.hear(phone.person))["new_chat_member"]["status"] == "member"
    await expect(phone.page.get_by_label("Wiadomość", exact=True)).to_be_focused()


async def test_a_link_of_the_messenger_is_pressed_within_the_phone(phone: Phone, bot: Bot) -> None:
    """A t.me link in a text or on a key starts the bot with its payload; going back does not press it again."""
    address = f"https://t.me/{USERNAME}?start=kod-123"
    await bot.say(
        phone.person,
        f"Przyjmij zaproszenie: {address}",
        [[{"text": "Otwórz", "url": f"tg://resolve?domain={USERNAME}&start=kod-456"}]],
    )
    await phone.log.get_by_role("link", name=address).click()
    assert (await bot.hear(phone.person))["text"] == "/start kod-123"
    await expect(phone.page).to_have_url(re.compile(rf"/czat/{USERNAME}$"))
    await phone.log.get_by_role("link", name="Otwórz").click()
    assert (await bot.hear(phone.person))["text"] == "/start kod-456"
    await phone.page.reload()
    await expect(phone.message("kod-456")).to_have_count(1)
    assert bot.deaf(phone.person)


async def test_other_links_open_in_a_new_tab_and_tell_nothing_about_this_one(phone: Phone, bot: Bot) -> None:
    """A link to a page of the secretariat or of anybody else leaves the phone alone."""
    keyboard = [[{"text": "Klauzula", "url": "https://example.org/rodo"}]]
    await bot.say(phone.person, "Szczegóły: https://example.org/karta, e-mail: biuro@example.org", keyboard)
    for name in ("https://example.org/karta", "Klauzula", "biuro@example.org"):
        link = phone.log.get_by_role("link", name=name)
        await expect(link).to_have_attribute("target", "_blank")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_a_pasted_invitation_opens_and_a_wrong_one_is_explained(make_phone: MakePhone, bot: Bot) -> None:
    """The link from a letter is pasted; something else is refused with a sentence that says what such a link looks like."""
    phone = await make_phone(started=False)
    await phone.open()
    field = phone.page.get_by_label("Link z zaproszeniem")
    await field.fill("https://example.org/zaproszenie")
    await phone.page.keyboard.press("Enter")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("To nie jest link do rozmowy"))
    await field.fill(f"t.me/{USERNAME}?start=Abc_-9")
    await phone.button("Otwórz link").click()
    assert (await bot.hear(phone.person))["text"] == "/start Abc_-9"
    await expect(phone.log).to_contain_text("/start Abc_-9")


async def test_an_invitation_opened_without_a_phone_asks_whose_phone_it_is(make_phone: MakePhone, bot: Bot) -> None:
    """From the mailbox of nobody in particular the link first asks for a person, then opens there."""
    phone = await make_phone("Zenobia", started=False)
    await phone.page.goto(f"{phone.base}/#/otworz/https%3A%2F%2Ft.me%2F{USERNAME}%3Fstart%3Dlist")
    await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Na czyim telefonie otworzyć link?")
    await phone.page.get_by_label("Szukaj osoby").fill(str(phone.person))
    await phone.page.keyboard.press("Enter")
    assert (await bot.hear(phone.person))["text"] == "/start list"


async def test_reading_older_messages_is_not_interrupted_by_a_new_one(phone: Phone, bot: Bot) -> None:
    """Who has scrolled up stays there and is told that there is something new below."""
    for number in range(14):
        await bot.say(phone.person, f"Wiadomość {number}\n" + "druga linia\n" * 3)
    await expect(phone.log).to_contain_text("Wiadomość 13")
    await phone.log.evaluate("log => { log.scrollTop = 0; }")
    await expect(phone.message("Wiadomość 0\n")).to_be_in_viewport()
    await bot.say(phone.person, "Nowość na końcu")
    await expect(phone.button("Nowe wiadomości")).to_be_visible()
    assert await phone.log.evaluate("log => log.scrollTop") == 0
    await phone.button("Nowe wiadomości").click()
    await expect(phone.message("Nowość na końcu")).to_be_in_viewport()
    await expect(phone.button("Nowe wiadomości")).to_be_hidden()


async def test_a_question_taller_than_the_screen_is_shown_from_its_beginning(make_phone: MakePhone, bot: Bot) -> None:
    """On a small phone one first sees what is asked, not the last row of keys; who has gone down to the keys stays there."""
    phone = await make_phone(size=(320, 568))
    await phone.open("czat")
    text = "<b>Pytanie 7</b>\n" + "Dłuższe wyjaśnienie pytania.\n" * 8
    number = await bot.say(phone.person, text, [[key(f"Odpowiedź {n}")] for n in range(6)], parse_mode="HTML")
    await expect(phone.log.locator("b")).to_be_in_viewport(ratio=1)
    await phone.button("Odpowiedź 5").scroll_into_view_if_needed()
    keyboard = {"inline_keyboard": [[key(f"Odpowiedź {n}")] for n in range(5)] + [[key("Odpowiedź 5: tak")]]}
    changed: dict[str, Any] = {"chat_id": phone.person, "message_id": number, "text": text + "Wybrano: 5", "parse_mode": "HTML"}
    await bot.call("editMessageText", reply_markup=keyboard, **changed)
    await expect(phone.button("Odpowiedź 5: tak")).to_be_in_viewport()


async def test_a_group_shows_its_members_words_and_takes_ones_own(make_phone: MakePhone, bot: Bot, sandbox: Sandbox) -> None:
    """The announcements of the network are a group on the phones of its members."""
    barbara, jan = await make_phone("Barbara"), await make_phone("Jan")
    group = await sandbox.post("/groups", {"title": "Sieć: ogłoszenia", "members": [barbara.person, jan.person], "bot": USERNAME})
    await barbara.open()
    await barbara.page.get_by_role("link", name="Sieć: ogłoszenia").click()
    await bot.say(group["id"], "Zebranie 13 stycznia")
    await expect(barbara.log).to_contain_text("Zebranie 13 stycznia")
    await barbara.write("Będziemy")
    await jan.page.goto(f"{jan.base}/#/osoba/{jan.person}/grupa/{group['id']}")
    await expect(jan.message("Będziemy")).to_have_class(re.compile("from-other"))
    await expect(jan.message("Będziemy").locator(".author")).to_contain_text("Barbara")


async def test_a_conversation_that_becomes_unreachable_says_so_and_recovers(phone: Phone, bot: Bot) -> None:
    """The sandbox is restarted under an open phone: a line says it does not answer, and goes when it does again."""
    phone.expected = "ERR_FAILED"
    where = re.compile(r"/(phone|clock|mail)")
    await phone.page.route(where, lambda route: route.abort())
    await phone.write("czy ktoś tam jest")
    await expect(phone.page.get_by_role("status")).to_contain_text("Piaskownica nie odpowiada")
    await phone.page.unroute(where)
    await phone.page.keyboard.press("Enter")
    assert (await bot.hear(phone.person))["text"] == "czy ktoś tam jest"
    await expect(phone.page.get_by_role("status")).to_be_empty()
