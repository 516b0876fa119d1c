"""A sandbox in its own process and the phones one can hold, for any test that speaks with a bot from outside.

    sandbox = await SandboxProcess.start(tmp_path)
    anna = await sandbox.phone("Anna")
    await anna.start("payload")
    said = await anna.wait_for(lambda m: "Witamy" in m.text)
    await anna.tap("Dalej")
    await sandbox.close()

Nothing here sleeps: every wait is a long poll of the sandbox (``/phone/{person}/wait``).
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

#: the bot every sandbox knows unless told otherwise
TOKEN = "7000000001:sandbox-token-for-the-demo-bot"
USERNAME = "konwent_demo_bot"
START_SECONDS = 30.0
WAIT_SECONDS = 15.0


@dataclass(frozen=True)
class Said:
    """A message as the phone shows it."""

    message_id: int
    text: str
    html: str
    side: str
    edited: bool
    #: the labels of its buttons, row by row
    buttons: tuple[tuple[str, ...], ...]
    raw: dict[str, Any] = field(compare=False, repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its buttons in reading order."""
        return tuple(label for row in self.buttons for label in row)

    def data(self, label: str) -> str:
        """Give what the button with this label carries; ``KeyError`` if there is none."""
        for row in self.raw["keyboard"]:
            for button in row:
                if button["text"] == label:
                    return str(button["data"])
        raise KeyError(label)

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Self:
        buttons = tuple(tuple(button["text"] for button in row) for row in raw["keyboard"])
        return cls(raw["message_id"], raw["text"], raw["html"], raw["from"], raw["edited"], buttons, raw)


class PhoneRefused(Exception):
    """The sandbox did not let the phone do that."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text


class Sandbox:
    """A running sandbox, reached over HTTP."""

    def __init__(self, url: str, mail: tuple[str, int] = ("127.0.0.1", 0), username: str = USERNAME) -> None:
        self.url = url
        self.mail = mail
        self.username = username
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120))
        return self._session

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **query: object) -> dict[str, Any]:
        """Send one request; ``PhoneRefused`` for anything but a 2xx."""
        params = {name: str(value) for name, value in query.items()}
        async with self.session.request(method, self.url + path, json=body, params=params) as response:
            answer: dict[str, Any] = await response.json()
            if response.status // 100 != 2:
                raise PhoneRefused(response.status, str(answer.get("error")))
            return answer

    async def api(self, bot_method: str, /, token: str = TOKEN, **values: Any) -> dict[str, Any]:
        """Call the Bot API as a bare bot would. Gives the whole answer, refused or not."""
        async with self.session.post(f"{self.url}/bot{token}/{bot_method}", json=values) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def phone(
        self, first_name: str, last_name: str = "", *, language_code: str = "pl", person: int | None = None, note: str = ""
    ) -> Phone:
        """Make a person and give their phone; the same ``person`` id gives the same person."""
        body = {"first_name": first_name, "last_name": last_name, "language_code": language_code, "note": note}
        made = await self.ask("POST", "/phone", body | ({} if person is None else {"id": person}))
        return Phone(self, int(made["id"]))

    async def move_clock(self, seconds: float) -> dict[str, Any]:
        """Move the demo's clock forward."""
        return await self.ask("POST", "/clock", {"move_seconds": seconds})

    async def fault(self, kind: str, method: str = "*", **more: Any) -> dict[str, Any]:
        """Script a fault for the next call of a method."""
        return await self.ask("POST", "/faults", {"kind": kind, "method": method, **more})

    async def calls(self, method: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Give the journal of Bot API calls, of one method if named."""
        log = await self.ask("GET", "/log", after=after)
        return [call for call in log["calls"] if method is None or call["method"] == method]

    async def letters(self) -> list[dict[str, Any]]:
        """Give what is in the mailbox, newest first."""
        mail: list[dict[str, Any]] = (await self.ask("GET", "/mail"))["mail"]
        return mail

    async def disconnect(self) -> None:
        """Close the connections; the sandbox goes on."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class SandboxProcess(Sandbox):
    """A sandbox in a process of its own, which can be killed and started again on the same file."""

    process: asyncio.subprocess.Process
    _arguments: list[str]

    @classmethod
    async def start(
        cls,
        folder: Path,
        *,
        data: bool = True,
        limits: bool = False,
        port: int = 0,
        webhook_backoff: float = 0.02,
        bots: tuple[tuple[str, str, str], ...] = (),
    ) -> Self:
        """Start one with its file and clock file in ``folder`` (``data=False``: in memory)."""
        arguments = [
            "--port",
            str(port),
            "--webhook-backoff",
            str(webhook_backoff),
            "--clock-file",
            str(folder / "sandbox.clock"),
        ]
        if data:
            arguments += ["--data", str(folder / "sandbox.sqlite3")]
        if not limits:
            arguments.append("--no-limits")
        for bot in bots:
            arguments += ["--bot", ",".join(bot)]
        sandbox = cls("", username=bots[0][1] if bots else USERNAME)
        sandbox._arguments = arguments
        await sandbox._spawn()
        return sandbox

    async def _spawn(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "konwent_bot.sandbox", *self._arguments, stdout=asyncio.subprocess.PIPE
        )
        atexit.register(_end_orphan, self.process)
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), START_SECONDS)).decode().split()
        assert line[:1] == ["sandbox"], f"the sandbox did not start: {line}"
        host, _, port = line[3].rpartition(":")
        self.url, self.mail = line[1], (host, int(port))
        # a restart keeps the address, as a bot that is pointed at it expects
        self._arguments[1] = line[1].rpartition(":")[2]

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        await self._end(signal.SIGKILL)

    async def restart(self) -> None:
        """Start it again on the same file and port."""
        await self._spawn()

    async def close(self) -> int:
        """End it properly and give its exit code."""
        await self.disconnect()
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)
        try:
            await asyncio.wait_for(self.process.communicate(), START_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.communicate()
            raise
        assert self.process.returncode is not None
        return self.process.returncode


def _end_orphan(process: asyncio.subprocess.Process) -> None:
    """A test that failed before closing its sandbox leaves no process behind."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


class Phone:
    """Somebody's phone, open at the private chat with one bot."""

    def __init__(self, sandbox: Sandbox, person: int, bot: str | None = None) -> None:
        self.sandbox = sandbox
        self.id = person
        self.bot = bot or sandbox.username
        self._revision = 0

    @property
    def _chat(self) -> str:
        return f"/phone/{self.id}/chat/{self.bot}"

    async def start(self, payload: str = "") -> dict[str, Any]:
        """Press Start."""
        return await self.sandbox.ask("POST", f"{self._chat}/start", {"payload": payload})

    async def open(self, url: str) -> dict[str, Any]:
        """Open a t.me link to the bot."""
        return await self.sandbox.ask("POST", f"{self._chat}/open", {"url": url})

    async def send(self, text: str, reply_to: int | None = None) -> dict[str, Any]:
        """Write a text."""
        return await self.sandbox.ask("POST", f"{self._chat}/send", {"text": text, "reply_to": reply_to})

    async def send_file(self, name: str, content: bytes, media_type: str = "application/pdf") -> dict[str, Any]:
        """Send a document."""
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename=name, content_type=media_type)
        async with self.sandbox.session.post(f"{self.sandbox.url}{self._chat}/file", data=form) as response:
            answer: dict[str, Any] = await response.json()
            if response.status // 100 != 2:
                raise PhoneRefused(response.status, str(answer.get("error")))
            return answer

    async def edit(self, message_id: int, text: str) -> dict[str, Any]:
        """Edit an own message."""
        return await self.sandbox.ask("POST", f"{self._chat}/edit", {"message_id": message_id, "text": text})

    async def tap(self, label: str, message: Said | int | None = None) -> dict[str, Any]:
        """Tap a button by its label: of the given message, or of the newest one that has such a button."""
        if isinstance(message, Said):
            message = message.message_id
        if message is None:
            with_it = [m for m in await self.messages() if label in m.labels] or [m for m in await self.messages() if m.labels]
            if not with_it:
                raise PhoneRefused(404, "no message has buttons")
            message = with_it[-1].message_id
        return await self.sandbox.ask("POST", f"{self._chat}/tap", {"message_id": message, "text": label})

    async def tap_data(self, message_id: int, data: str, *, forged: bool = False) -> dict[str, Any]:
        """Send a press with this data; ``forged`` if no button carries it."""
        body = {"message_id": message_id, "data": data, "forged": forged}
        return await self.sandbox.ask("POST", f"{self._chat}/tap", body)

    async def answered(self, callback_id: str, timeout: int = 10) -> dict[str, Any]:  # noqa: ASYNC109 the sandbox waits, not we
        """Wait until the bot has answered a tap; gives ``answered``, ``text`` and ``alert``."""
        return await self.sandbox.ask("GET", f"/phone/{self.id}/callbacks/{callback_id}", timeout=timeout)

    async def block(self) -> dict[str, Any]:
        """Block the bot."""
        return await self.sandbox.ask("POST", f"{self._chat}/block", {})

    async def unblock(self) -> dict[str, Any]:
        """Unblock the bot."""
        return await self.sandbox.ask("POST", f"{self._chat}/unblock", {})

    async def look(self) -> dict[str, Any]:
        """Give the whole chat as the sandbox shows it."""
        return await self.sandbox.ask("GET", self._chat)

    async def messages(self) -> list[Said]:
        """Give the chat's messages, oldest first."""
        return [Said.of(raw) for raw in (await self.look())["messages"]]

    async def read(self) -> Said:
        """Give the bot's last message; ``LookupError`` if it has said nothing."""
        said = [m for m in await self.messages() if m.side == "bot"]
        if not said:
            raise LookupError("the bot has said nothing")
        return said[-1]

    async def wait_for(self, predicate: Callable[[Said], bool], seconds: float = WAIT_SECONDS) -> Said:
        """Wait until one of the bot's messages (newest first) fits, and give it; ``TimeoutError`` tells what was there instead."""
        revision, loop = -1, asyncio.get_running_loop()
        until = loop.time() + seconds
        seen: list[Said] = []
        while (left := until - loop.time()) > 0 or revision < 0:
            chat = await self.sandbox.ask(
                "GET", f"/phone/{self.id}/wait", bot=self.bot, after=revision, timeout=max(0, min(25, round(left + 0.5)))
            )
            revision = chat["revision"]
            seen = [Said.of(raw) for raw in chat["messages"] if raw["from"] == "bot"]
            for said in reversed(seen):
                if predicate(said):
                    return said
        raise TimeoutError(f"the bot said nothing that fits; its last message: {seen[-1].text if seen else None!r}")
