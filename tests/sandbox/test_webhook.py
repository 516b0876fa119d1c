"""Webhooks: order, secrets, retries, expiry, replies in the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import FormData, web

from konwent_bot.sandbox.server import Running
from tests.sandbox.phone import Phone, Sandbox

Answer = Callable[[dict[str, Any]], Awaitable[web.Response]]


class Hook:
    """The bot's side: notes what comes and answers as the test says."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[dict[str, Any]] = []
        self.headers: list[str | None] = []
        self.answer: Answer = self.accept
        self.came = asyncio.Condition()

    async def accept(self, _update: dict[str, Any]) -> web.Response:
        return web.Response()

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        async with self.came:
            self.updates.append(update)
            self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            self.came.notify_all()
        return await self.answer(update)

    async def until(self, predicate: Callable[[], bool]) -> None:
        """Wait until what has come fits."""
        async with asyncio.timeout(10), self.came:
            await self.came.wait_for(predicate)

    @property
    def texts(self) -> list[str]:
        return [u["message"]["text"] if "message" in u else u["callback_query"]["data"] for u in self.updates]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def pending(sandbox: Sandbox) -> int:
    return int((await sandbox.api("getWebhookInfo"))["result"]["pending_update_count"])


async def until_empty(sandbox: Sandbox) -> None:
    """Wait until the sandbox has nothing more to deliver."""
    async with asyncio.timeout(10):
        while await pending(sandbox):
            pass


async def question(sandbox: Sandbox, phone: Phone) -> int:
    markup = {"inline_keyboard": [[{"text": "Tak", "callback_data": "tak"}, {"text": "Nie", "callback_data": "nie"}]]}
    return int((await sandbox.api("sendMessage", chat_id=phone.id, text="?", reply_markup=markup))["result"]["message_id"])


async def test_updates_come_with_the_secret_and_are_then_forgotten(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """What waited while no webhook was set comes first; the secret stands in the header Telegram uses."""
    await anna.send("czekało")
    answer = await sandbox.api("setWebhook", url=hook.url, secret_token="tajne-1", max_connections=3)
    assert answer == {"ok": True, "result": True, "description": "Webhook was set"}
    await anna.send("nowe")
    await hook.until(lambda: len(hook.updates) == 2)
    await until_empty(sandbox)
    assert (hook.texts, hook.headers) == (["czekało", "nowe"], ["tajne-1", "tajne-1"])
    info = (await sandbox.api("getWebhookInfo"))["result"]
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (hook.url, 3, 0)


async def test_one_chat_in_order_but_presses_beside_messages(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """While a message is in the bot's hands the next message of that chat waits, a press and another person's message do not."""
    number = await question(sandbox, anna)
    piotr = await sandbox.phone("Piotr")
    go = asyncio.Event()

    async def slow(update: dict[str, Any]) -> web.Response:
        if update.get("message", {}).get("text") == "pierwsza":
            await go.wait()
        return web.Response()

    hook.answer = slow
    await sandbox.api("setWebhook", url=hook.url)
    await anna.send("pierwsza")
    await anna.send("druga")
    await hook.until(lambda: len(hook.updates) == 1)
    await anna.tap_data(number, "tak")
    await piotr.send("od Piotra")
    await hook.until(lambda: len(hook.updates) == 3)
    assert sorted(hook.texts) == ["od Piotra", "pierwsza", "tak"]
    go.set()
    await hook.until(lambda: len(hook.updates) == 4)
    assert hook.texts[-1] == "druga"


async def test_a_refused_update_goes_back_to_the_head_of_its_queue(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """A 500 does not lose an update nor let the next one pass; the failure stands in getWebhookInfo."""
    failures = 3

    async def failing(_update: dict[str, Any]) -> web.Response:
        nonlocal failures
        failures -= 1
        return web.Response(status=500 if failures >= 0 else 200)

    hook.answer = failing
    await sandbox.api("setWebhook", url=hook.url)
    await anna.send("raz")
    await anna.send("dwa")
    await hook.until(lambda: len(hook.updates) == 5)
    assert hook.texts == ["raz", "raz", "raz", "raz", "dwa"]
    info = (await sandbox.api("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_dropped_connection_is_tried_again(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """A bot killed in the middle gets the update again when it is back."""
    dropped = False

    async def drop_once(update: dict[str, Any]) -> web.Response:
        nonlocal dropped
        if not dropped:
            dropped = True
            raise ConnectionResetError
        return web.Response()

    hook.answer = drop_once
    await sandbox.api("setWebhook", url=hook.url)
    await anna.send("raz")
    await hook.until(lambda: len(hook.updates) == 2)
    assert hook.texts == ["raz", "raz"]


async def test_a_retry_after_of_the_webhook_is_obeyed(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """The bot may ask for patience: no second try within the second it asked for."""
    times: list[float] = []

    async def patience(_update: dict[str, Any]) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=503, headers={"Retry-After": "1"}) if len(times) == 1 else web.Response()

    hook.answer = patience
    await sandbox.api("setWebhook", url=hook.url)
    await anna.send("raz")
    await hook.until(lambda: len(hook.updates) == 2)
    assert times[1] - times[0] >= 1.0


async def test_a_press_nobody_took_expires_after_150_seconds(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """A press that the bot kept refusing is dropped by the demo's clock; a message is not."""
    number = await question(sandbox, anna)

    async def refuse_presses(update: dict[str, Any]) -> web.Response:
        return web.Response(status=500 if "callback_query" in update else 200)

    hook.answer = refuse_presses
    await sandbox.api("setWebhook", url=hook.url)
    await anna.tap_data(number, "tak")
    await hook.until(lambda: len(hook.updates) >= 2)
    assert await pending(sandbox) == 1
    await sandbox.move_clock(151)
    await until_empty(sandbox)


async def test_a_method_in_the_answer_is_done(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """Reply in webhook, as JSON and as the multipart form aiogram writes; a get method is not executed."""

    async def reply(update: dict[str, Any]) -> web.Response:
        text = update["message"]["text"]
        if text == "json":
            return web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "odpowiedź w JSON"})
        if text == "get":
            return web.json_response({"method": "getMe"})
        form = FormData(
            {"method": "sendMessage", "chat_id": str(anna.id), "text": "odpowiedź w formularzu"}, default_to_multipart=True
        )
        payload = form()
        return web.Response(body=payload, content_type=None, headers=payload.headers)

    hook.answer = reply
    await sandbox.api("setWebhook", url=hook.url)
    for text in ("get", "json", "formularz"):
        await anna.send(text)
    await anna.wait_for(lambda m: m.text == "odpowiedź w formularzu")
    await until_empty(sandbox)
    said = [m.text for m in await anna.messages() if m.side == "bot"]
    assert said == ["odpowiedź w JSON", "odpowiedź w formularzu"]
    calls = [(c["method"], c["via"]) for c in await sandbox.calls() if c["via"] == "webhook"]
    assert calls == [("sendMessage", "webhook"), ("sendMessage", "webhook")]


async def test_a_senseless_answer_of_the_webhook_stops_nothing(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """Multipart without parts, JSON that is a list, a method that fails or is dropped by a fault: the next update still comes."""
    answers = [
        web.Response(body=b"x", headers={"Content-Type": "multipart/form-data"}),
        web.Response(body=b"--b\r\n", headers={"Content-Type": "multipart/form-data; boundary=b"}),
        web.json_response([]),
        web.Response(body=b"{", content_type="application/json"),
        web.json_response({"method": "sendMessage", "chat_id": 1, "text": "x"}),
        web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "x"}),
        web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "koniec"}),
    ]
    remaining = iter(answers)

    async def odd(_update: dict[str, Any]) -> web.Response:
        return next(remaining)

    hook.answer = odd
    await sandbox.fault("drop_connection", "sendMessage", chat_id=anna.id)
    await sandbox.api("setWebhook", url=hook.url)
    for number in range(len(answers)):
        await anna.send(str(number))
    await anna.wait_for(lambda m: m.text == "koniec")
    assert hook.texts == [str(number) for number in range(len(answers))], "each once, in order"


async def test_no_more_connections_than_asked_for(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """With max_connections 2, three people's messages are never in flight together."""
    people = [await sandbox.phone(name) for name in ("Ewa", "Jan", "Olga")]
    in_flight = most = 0
    go = asyncio.Event()

    async def count(_update: dict[str, Any]) -> web.Response:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await go.wait()
        in_flight -= 1
        return web.Response()

    hook.answer = count
    await sandbox.api("setWebhook", url=hook.url, max_connections=2)
    for person in people:
        await person.send("jestem")
    await hook.until(lambda: len(hook.updates) == 2)
    go.set()
    await hook.until(lambda: len(hook.updates) == 3)
    assert most == 2


async def test_a_webhook_gone_for_a_day_is_removed(sandbox: Sandbox, anna: Phone, hook: Hook) -> None:
    """410 for 23 hours removes the webhook; the update then waits for a poller."""

    async def gone(_update: dict[str, Any]) -> web.Response:
        return web.Response(status=410)

    hook.answer = gone
    await sandbox.api("setWebhook", url=hook.url)
    await anna.send("halo")
    await hook.until(lambda: len(hook.updates) >= 2)
    await sandbox.move_clock(23.5 * 3600)
    async with asyncio.timeout(10):
        while (await sandbox.api("getWebhookInfo"))["result"]["url"]:
            pass
    assert [u["message"]["text"] for u in (await sandbox.api("getUpdates"))["result"]] == ["halo"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"url": "http://example.org/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https:///hook"}, "bad webhook: URL host is empty"),
        ({"url": "https://example.org", "secret_token": "ż"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_a_bad_webhook_is_refused(sandbox: Sandbox, values: dict[str, Any], words: str) -> None:
    """Telegram wants https (the sandbox also takes this machine's own http) and a plain secret."""
    answer = await sandbox.api("setWebhook", **values)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {words}")
    assert (await sandbox.api("getWebhookInfo"))["result"]["url"] == ""


async def test_pending_updates_can_be_dropped(sandbox: Sandbox, anna: Phone, running: Running) -> None:
    """drop_pending_updates forgets what nobody has heard."""
    await anna.send("nikt nie słyszał")
    await sandbox.api("deleteWebhook", drop_pending_updates=True)
    assert (await sandbox.api("getUpdates"))["result"] == []
    assert json.dumps([u.confirmed for u in running.world.history][-1:]) == "[false]"
