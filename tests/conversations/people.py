"""A member of the network with a phone in hand: they know what a button is for, not what it carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Touch
from konwent_bot.screens import intents
from konwent_bot.screens.intents import AcceptInvitation, ChangeCard, Intent, OpenCard, Resume
from tests.sandbox.phone import Phone, Said, Sandbox

Wanted = Callable[[Intent], bool]


@dataclass(frozen=True)
class Button:
    """A button of a message: its words, what it carries, what that stands for."""

    label: str
    data: str
    intent: Intent


def buttons(said: Said) -> list[Button]:
    """Give the buttons of a message that ask the house for something."""
    found = []
    for row in said.raw["keyboard"]:
        for button in row:
            if button["kind"] == "callback":
                intent = intents.decode(button["data"])
                assert intent is not None, f"the house cannot read its own button {button}"
                found.append(Button(button["text"], button["data"], intent))
    return found


def touches(said: Said) -> list[Touch]:
    """Give the touches of a conversation that a message offers."""
    return [button.intent for button in buttons(said) if isinstance(button.intent, Touch)]


def verb(name: str, argument: str | None = None) -> Wanted:
    """Want a touch of this kind (and with this argument)."""
    return lambda intent: isinstance(intent, Touch) and intent.verb == name and argument in (None, intent.argument)


def kind(what: type[Intent], **fields: object) -> Wanted:
    """Want an intent of this kind with these fields."""
    return lambda intent: isinstance(intent, what) and all(getattr(intent, name) == value for name, value in fields.items())


@dataclass
class Member:
    """Somebody with a phone, and the language they are spoken to in."""

    phone: Phone
    t: Translator

    @classmethod
    async def make(cls, sandbox: Sandbox, name: str, language: str = "pl") -> Self:
        """Make a person whose phone is set to a language."""
        return cls(await sandbox.phone(name, language_code=language), i18n.translator(language))

    async def look(self) -> Said:
        """Give the newest message of the bot that has buttons: what the person sees now."""
        while True:  # between two messages there may be a moment without a button
            await self.phone.wait_for(lambda said: bool(said.buttons))
            if found := [said for said in await self.phone.messages() if said.side == "bot" and said.buttons]:
                return found[-1]

    async def press(self, wanted: Wanted | type[Intent], *, message: Said | None = None) -> Said:
        """Press a button, and give what the bot shows in return."""
        messages = await self.phone.messages()
        said, button = self._find(wanted, messages if message is None else [message])
        before = _shown(messages)
        await self.phone.tap_data(said.message_id, button.data)
        return await self._changed(before)

    async def press_data(self, data: str, message_id: int) -> Said:
        """Send a press no button may carry any more, and give what the bot shows in return."""
        before = _shown(await self.phone.messages())
        await self.phone.tap_data(message_id, data, forged=True)
        return await self._changed(before)

    async def find(self, wanted: Wanted | type[Intent], message: Said | None = None) -> tuple[Said, Button]:
        """Find a button: on this message, or on the newest that has one."""
        return self._find(wanted, await self.phone.messages() if message is None else [message])

    def _find(self, wanted: Wanted | type[Intent], messages: list[Said]) -> tuple[Said, Button]:
        fits: Wanted = kind(wanted) if isinstance(wanted, type) else wanted
        for said in reversed(messages):
            for button in buttons(said):
                if fits(button.intent):
                    return said, button
        raise LookupError(f"no such button; there are {[said.labels for said in messages if said.labels]}")

    async def type(self, text: str) -> Said:
        """Write a text, and give what the bot shows under it."""
        written = await self.phone.send(text)
        return await self.phone.wait_for(lambda said: bool(said.buttons) and said.message_id > int(written["message_id"]))

    async def edit(self, message_id: int, text: str) -> Said:
        """Edit an own message, and give what the bot shows in return."""
        before = _shown(await self.phone.messages())
        await self.phone.edit(message_id, text)
        return await self._changed(before)

    async def accept(self, token: str) -> Said:
        """Open an invitation link and accept; give what is shown then."""
        written = await self.phone.start(token)
        await self.phone.wait_for(lambda said: bool(said.buttons) and said.message_id > int(written["message_id"]))
        return await self.press(kind(AcceptInvitation))

    async def open_card(self, membership: int | None = None) -> Said:
        """Open the card (of one institution) from the list of matters, reading past what stands before the first question."""
        fields = {} if membership is None else {"membership": membership}
        said = await self.press(lambda intent: kind(OpenCard, **fields)(intent) or kind(ChangeCard, **fields)(intent))
        begins = any(isinstance(button.intent, Resume) for button in buttons(said))
        return await self.press(Resume) if begins and not touches(said) else said

    async def _changed(self, before: dict[int, tuple[str, str]]) -> Said:
        """Wait for a message with buttons that was not there, or not so."""
        return await self.phone.wait_for(lambda said: bool(said.buttons) and before.get(said.message_id) != _looks(said))


def _shown(messages: list[Said]) -> dict[int, tuple[str, str]]:
    return {said.message_id: _looks(said) for said in messages if said.side == "bot"}


def _looks(said: Said) -> tuple[str, str]:
    return said.html, repr(said.raw["keyboard"])
