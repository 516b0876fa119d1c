"""What Telegram refuses, the sandbox refuses: the same code, the same words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.phone import TOKEN, Phone, Sandbox

BUTTON = {"text": "Tak", "callback_data": "tak"}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def refused(sandbox: Sandbox, method: str, **values: Any) -> tuple[int, str]:
    answer = await sandbox.api(method, **values)
    assert answer["ok"] is False, answer
    return answer["error_code"], answer["description"]


SENDING = [
    pytest.param({"text": ""}, "message text is empty", id="no text at all"),
    pytest.param({"text": " \n "}, "text must be non-empty", id="blank text"),
    pytest.param({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty", id="markup without words"),
    pytest.param({"text": "ą" * 4097}, "message is too long", id="a letter too many"),
    pytest.param({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode", id="unknown parse mode"),
    pytest.param(
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        id="tag left open",
    ),
    pytest.param(
        {"text": "ą <br> b", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "br" at byte offset 3',
        id="unknown tag",
    ),
    pytest.param(
        {"text": "x</b>", "parse_mode": "HTML"},
        "can't parse entities: Unexpected end tag at byte offset 1",
        id="end without start",
    ),
    pytest.param(
        {"text": "<b><i>x</b></i>", "parse_mode": "HTML"},
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        id="crossed tags",
    ),
    pytest.param(
        {"text": "2 < 3", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "" at byte offset 2',
        id="a bare less-than sign",
    ),
    pytest.param(
        {"text": "a <b", "parse_mode": "HTML"},
        "can't parse entities: Unclosed start tag at byte offset 2",
        id="text ends inside a tag",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"text": "Za długie", "callback_data": "ż" * 32 + "x"}])},
        "BUTTON_DATA_INVALID",
        id="65 bytes of data in 33 letters",
    ),
    pytest.param({"text": "x", "reply_markup": keyboard([BUTTON] * 9)}, "reply markup is too long", id="nine buttons in a row"),
    pytest.param(
        {"text": "x", "reply_markup": keyboard(*[[BUTTON]] * 101)}, "reply markup is too long", id="a hundred and one buttons"
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"text": "Nic"}])},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        id="a button that does nothing",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"text": "Pusto", "callback_data": ""}])},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        id="empty data",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"callback_data": "x"}])},
        "can't parse inline keyboard button: can't find field \"text\"",
        id="a button without words",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard(["Tak"])},  # type: ignore[list-item]  # the mistake under test
        "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        id="a button that is a text",
    ),
    pytest.param(
        {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object", id="broken JSON of a keyboard"
    ),
    pytest.param({"text": "x", "reply_markup": "[]"}, "object expected as reply markup", id="a keyboard that is a list"),
    pytest.param(
        {"text": "x", "reply_markup": {"inline_keyboard": [BUTTON]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        id="a keyboard without rows",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"text": "Strona", "url": "http://localhost:8080/karta"}])},
        "inline keyboard button URL 'http://localhost:8080/karta' is invalid: Wrong HTTP URL",
        id="a link to localhost",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"text": "Strona", "url": "javascript:alert(1)"}])},
        "inline keyboard button URL 'javascript:alert(1)' is invalid: Unsupported URL protocol",
        id="a link that is a script",
    ),
    pytest.param(
        {"text": "x", "reply_markup": keyboard([{"text": "Karta", "web_app": {"url": "http://example.org/"}}])},
        "inline keyboard button Web App URL 'http://example.org/' is invalid: Only HTTPS links are allowed",
        id="a web app without https",
    ),
    pytest.param(
        {"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found", id="answer to nothing"
    ),
]


@pytest.mark.parametrize(("values", "words"), SENDING)
async def test_a_message_telegram_would_refuse_is_refused_in_its_words(
    sandbox: Sandbox, anna: Phone, values: dict[str, Any], words: str
) -> None:
    """A message that Telegram would not take does not reach the phone either."""
    assert await refused(sandbox, "sendMessage", chat_id=anna.id, **values) == (400, f"Bad Request: {words}")
    assert [m.text for m in await anna.messages()] == ["/start"]


async def test_the_longest_text_and_the_fullest_keyboard_pass(sandbox: Sandbox, anna: Phone) -> None:
    """4,096 letters after the markup is read, 64 bytes of data, a hundred buttons in rows of eight: all allowed."""
    rows = [[{"text": "x", "callback_data": "ż" * 32}] * 8] * 12 + [[BUTTON] * 4]
    text = "<b>" + "ą" * 4095 + "&lt;</b>"
    answer = await sandbox.api("sendMessage", chat_id=anna.id, text=text, parse_mode="HTML", reply_markup=keyboard(*rows))
    assert answer["ok"], answer
    assert (len((await anna.read()).text), len((await anna.read()).labels)) == (4096, 100)


@pytest.mark.parametrize(
    ("chat", "code", "words"),
    [
        ("", 400, "Bad Request: chat_id is empty"),
        ("424242", 400, "Bad Request: chat not found"),
        ("-424242", 400, "Bad Request: chat not found"),
        ("@ktos", 400, "Bad Request: chat not found"),
    ],
)
async def test_a_chat_that_does_not_exist_is_not_found(sandbox: Sandbox, anna: Phone, chat: str, code: int, words: str) -> None:
    """Writing to nobody is refused."""
    assert await refused(sandbox, "sendMessage", chat_id=chat, text="x") == (code, words)


async def test_the_bot_cannot_write_first(sandbox: Sandbox) -> None:
    """A person who never pressed Start is out of the bot's reach."""
    piotr = await sandbox.phone("Piotr")
    expected = (403, "Forbidden: bot can't initiate conversation with a user")
    assert await refused(sandbox, "sendMessage", chat_id=piotr.id, text="Dzień dobry") == expected
    assert (await piotr.look())["messages"] == []


async def test_a_person_who_blocked_the_bot_is_out_of_reach_until_they_unblock_it(sandbox: Sandbox, anna: Phone) -> None:
    """Blocking is told to the bot and refuses it; unblocking lets it in again."""
    await anna.block()
    assert await refused(sandbox, "sendMessage", chat_id=anna.id, text="x") == (403, "Forbidden: bot was blocked by the user")
    await anna.unblock()
    assert (await sandbox.api("sendMessage", chat_id=anna.id, text="x"))["ok"]
    statuses = [
        (u["my_chat_member"]["old_chat_member"]["status"], u["my_chat_member"]["new_chat_member"]["status"])
        for u in (await sandbox.api("getUpdates"))["result"]
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def sent(sandbox: Sandbox, phone: Phone, **more: Any) -> int:
    values: dict[str, Any] = {"chat_id": phone.id, "text": "Pytanie 1"} | more
    answer = await sandbox.api("sendMessage", **values)
    return int(answer["result"]["message_id"])


async def test_an_edit_that_changes_nothing_is_refused(sandbox: Sandbox, anna: Phone) -> None:
    """Editing to the very same words and keys is refused; a new key alone is a change."""
    markup = keyboard([BUTTON])
    number = await sent(sandbox, anna, reply_markup=markup)
    same = (
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message",
    )
    place: dict[str, Any] = {"chat_id": anna.id, "message_id": number}
    assert await refused(sandbox, "editMessageText", text="Pytanie 1 ", reply_markup=markup, **place) == same
    assert await refused(sandbox, "editMessageReplyMarkup", reply_markup=markup, **place) == same
    assert (await sandbox.api("editMessageText", text="Pytanie 1", **place))["ok"]
    assert (await anna.read()).labels == ()


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("editMessageText", {"message_id": 9999, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message to edit not found"),
        ("editMessageReplyMarkup", {"message_id": 9999}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("deleteMessage", {"message_id": 9999}, "message to delete not found"),
    ],
)
async def test_a_message_that_is_not_there_or_not_its_own_cannot_be_edited(
    sandbox: Sandbox, anna: Phone, method: str, values: dict[str, Any], words: str
) -> None:
    """The bot edits its own messages only (message 1 is Anna's)."""
    assert await refused(sandbox, method, chat_id=anna.id, **values) == (400, f"Bad Request: {words}")


async def test_edits_without_an_address_and_over_the_limit_are_refused(sandbox: Sandbox, anna: Phone) -> None:
    """An edit needs to say which message; an edited text has the same limit, though Telegram words it as a code."""
    assert await refused(sandbox, "editMessageText", text="x") == (400, "Bad Request: message identifier is not specified")
    number = await sent(sandbox, anna)
    place: dict[str, Any] = {"chat_id": anna.id, "message_id": number}
    assert await refused(sandbox, "editMessageText", text="x" * 4097, **place) == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert await refused(sandbox, "editMessageText", text="", **place) == (400, "Bad Request: message text is empty")
    assert (await anna.read()).text == "Pytanie 1"


async def test_a_file_has_no_text_to_edit_and_a_short_caption(sandbox: Sandbox, anna: Phone) -> None:
    """A caption is 1,024 letters at most; a document's text cannot be edited because it has none."""
    sent_file = await upload(sandbox, anna, caption="c" * 1024)
    assert sent_file["ok"], sent_file
    place: dict[str, Any] = {"chat_id": anna.id, "message_id": sent_file["result"]["message_id"]}
    expected = (400, "Bad Request: there is no text in the message to edit")
    assert await refused(sandbox, "editMessageText", text="x", **place) == expected
    too_long = (400, "Bad Request: MEDIA_CAPTION_TOO_LONG")
    assert await refused(sandbox, "editMessageCaption", caption="c" * 1025, **place) == too_long
    again = await upload(sandbox, anna, caption="c" * 1025)
    assert again["description"] == "Bad Request: message caption is too long"


async def upload(
    sandbox: Sandbox, phone: Phone, method: str = "sendDocument", body: bytes = b"%PDF-1.7", **fields: str
) -> dict[str, Any]:
    import aiohttp

    form = aiohttp.FormData({"chat_id": str(phone.id), **fields})
    form.add_field(
        "document" if method == "sendDocument" else "photo", body, filename="karta.pdf", content_type="application/pdf"
    )
    async with sandbox.session.post(f"{sandbox.url}/bot{TOKEN}/{method}", data=form) as response:
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("sendDocument", {}, "there is no document in the request"),
        ("sendPhoto", {"photo": "AgACAgQAAxk000000000999"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "https://example.org/a.png"}, "failed to get HTTP URL content"),
    ],
)
async def test_a_file_that_is_not_there_is_refused(
    sandbox: Sandbox, anna: Phone, method: str, values: dict[str, Any], words: str
) -> None:
    """A file is uploaded or known by its id; the sandbox fetches nothing from the net."""
    assert await refused(sandbox, method, chat_id=anna.id, **values) == (400, f"Bad Request: {words}")


async def test_what_is_no_picture_is_not_sent_as_one(sandbox: Sandbox, anna: Phone) -> None:
    """A PDF sent as a photo is refused; an empty file is refused as well."""
    assert (await upload(sandbox, anna, "sendPhoto"))["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert (await upload(sandbox, anna, body=b""))["description"] == "Bad Request: file must be non-empty"


async def test_a_press_is_answered_once(sandbox: Sandbox, anna: Phone) -> None:
    """The second answer to the same press is refused, and so is an answer to a press that never was."""
    number = await sent(sandbox, anna, reply_markup=keyboard([BUTTON]))
    press = (await anna.tap_data(number, "tak"))["callback_id"]
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert (await sandbox.api("answerCallbackQuery", callback_query_id=press, text="Zapisano"))["result"] is True
    assert await refused(sandbox, "answerCallbackQuery", callback_query_id=press) == too_old
    assert await refused(sandbox, "answerCallbackQuery", callback_query_id="1") == too_old
    assert (await anna.answered(press))["text"] == "Zapisano"


async def test_a_press_is_too_old_after_150_seconds(sandbox: Sandbox, anna: Phone) -> None:
    """The demo's clock counts: 145 seconds are in time, 151 are not."""
    number = await sent(sandbox, anna, reply_markup=keyboard([BUTTON]))
    first = (await anna.tap_data(number, "tak"))["callback_id"]
    await sandbox.move_clock(145)
    assert (await sandbox.api("answerCallbackQuery", callback_query_id=first))["ok"]
    second = (await anna.tap_data(number, "tak"))["callback_id"]
    await sandbox.move_clock(151)
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert await refused(sandbox, "answerCallbackQuery", callback_query_id=second) == too_old


async def test_the_answer_to_a_press_has_200_letters_at_most(sandbox: Sandbox, anna: Phone) -> None:
    """A longer notice is refused, and the press can still be answered."""
    number = await sent(sandbox, anna, reply_markup=keyboard([BUTTON]))
    press = (await anna.tap_data(number, "tak"))["callback_id"]
    expected = (400, "Bad Request: MESSAGE_TOO_LONG")
    assert await refused(sandbox, "answerCallbackQuery", callback_query_id=press, text="ż" * 201) == expected
    assert (await sandbox.api("answerCallbackQuery", callback_query_id=press, text="ż" * 200, show_alert=True))["ok"]
    assert (await anna.answered(press))["alert"] is True


async def test_a_message_older_than_two_days_cannot_be_deleted(sandbox: Sandbox, anna: Phone) -> None:
    """48 hours by the demo's clock; it can still be edited."""
    number = await sent(sandbox, anna)
    young = await sent(sandbox, anna, text="Drugie")
    await sandbox.move_clock(47 * 3600)
    assert (await sandbox.api("deleteMessage", chat_id=anna.id, message_id=young))["ok"]
    await sandbox.move_clock(2 * 3600)
    expected = (400, "Bad Request: message can't be deleted for everyone")
    assert await refused(sandbox, "deleteMessage", chat_id=anna.id, message_id=number) == expected
    assert (await sandbox.api("editMessageText", chat_id=anna.id, message_id=number, text="Nowe"))["ok"]
    assert [m.text for m in await anna.messages()] == ["/start", "Nowe"]


async def test_a_web_app_button_is_refused_outside_private_chats(sandbox: Sandbox, anna: Phone) -> None:
    """In a group the button of a page is refused; in private it is shown."""
    group = await sandbox.ask("POST", "/groups", {"title": "Konwent", "members": [anna.id]})
    markup = keyboard([{"text": "Karta", "web_app": {"url": "https://example.org/karta"}}])
    assert await refused(sandbox, "sendMessage", chat_id=group["id"], text="x", reply_markup=markup) == (
        400,
        "Bad Request: BUTTON_TYPE_INVALID",
    )
    assert (await sandbox.api("sendMessage", chat_id=anna.id, text="x", reply_markup=markup))["ok"]


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(sandbox: Sandbox, anna: Phone) -> None:
    """A token of no bot is 401, something that is no token 404, as Telegram answers."""
    wrong = await sandbox.api("getMe", token="7000000001:wrong")
    assert wrong == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    malformed = await sandbox.api("getMe", token="nonsense")
    assert malformed == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize("method", ["sendPoll", "banChatMember", "nonsense"])
async def test_a_method_the_sandbox_does_not_know_is_not_found(sandbox: Sandbox, anna: Phone, method: str) -> None:
    """What the bot does not use is answered as Telegram answers an unknown method."""
    assert await refused(sandbox, method, chat_id=anna.id) == (404, "Not Found")


async def test_methods_are_found_in_any_case_and_arguments_in_any_form(sandbox: Sandbox, anna: Phone) -> None:
    """GET with a query, a form and JSON say the same."""
    base = f"{sandbox.url}/bot{TOKEN}"
    async with sandbox.session.get(f"{base}/SENDmessage", params={"chat_id": anna.id, "text": "zapytanie"}) as response:
        assert (await response.json())["ok"]
    markup = '{"inline_keyboard": [[{"text": "Tak", "callback_data": "t"}]]}'
    form = {"chat_id": str(anna.id), "text": "formularz", "reply_markup": markup}
    async with sandbox.session.post(f"{base}/sendmessage", data=form) as response:
        assert (await response.json())["ok"]
    await sandbox.api("sendMessage", chat_id=anna.id, text="JSON")
    assert [m.text for m in await anna.messages()][1:] == ["zapytanie", "formularz", "JSON"]
    assert (await anna.messages())[2].labels == ("Tak",)


async def test_a_body_that_is_not_json_is_refused_in_words(sandbox: Sandbox, anna: Phone) -> None:
    """A broken body is a 400, not a crash: cut JSON, half a letter, bytes that are no text."""
    form, structured = "application/x-www-form-urlencoded", "application/json"
    half = f'{{"chat_id": {anna.id}, "text": "\\ud83d"}}'.encode()
    bad = f"chat_id={anna.id}&text=".encode() + b"\xff"
    for kind, body in ((structured, b"{"), (structured, b"[" * 50_000), (structured, half), (form, bad)):
        headers = {"Content-Type": kind}
        async with sandbox.session.post(f"{sandbox.url}/bot{TOKEN}/sendMessage", data=body, headers=headers) as response:
            assert (response.status, (await response.json())["error_code"]) == (400, 400)
    assert [m.text for m in await anna.messages()] == ["/start"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"commands": [{"command": "Wielka", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "sprawy", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "polski"}, "LANG_CODE_INVALID"),
        ({"commands": [], "scope": {"type": "all"}}, "can't parse BotCommandScope: Unsupported type specified"),
    ],
)
async def test_commands_telegram_would_refuse_are_refused(
    sandbox: Sandbox, anna: Phone, values: dict[str, Any], words: str
) -> None:
    """Names in small letters, at most a hundred, a language of two letters."""
    assert await refused(sandbox, "setMyCommands", **values) == (400, f"Bad Request: {words}")


async def test_a_chat_action_is_refused_where_a_message_would_be(sandbox: Sandbox, anna: Phone) -> None:
    """Typing to a stranger is refused; typing to Anna is not."""
    assert (await sandbox.api("sendChatAction", chat_id=anna.id, action="typing"))["ok"]
    expected = (400, "Bad Request: wrong parameter action in request")
    assert await refused(sandbox, "sendChatAction", chat_id=anna.id, action="dancing") == expected
    assert await refused(sandbox, "sendChatAction", chat_id=1, action="typing") == (400, "Bad Request: chat not found")
