"""Whatever Telegram delivers twice counts once, at whatever later moment it comes again."""

from __future__ import annotations

from konwent_bot.office.door import Door
from konwent_bot.screens.intents import AskLeave, ChangeCard, Leave, Pause, Resume
from tests.conversations.answers import MEANT, already, cards, give
from tests.conversations.house import answering, everything
from tests.conversations.network import Network
from tests.conversations.people import Member, verb
from tests.conversations.updates import again, quiet
from tests.sandbox.phone import Sandbox


async def test_any_update_delivered_again_at_any_later_moment_changes_nothing(
    sandbox: Sandbox, live_door: Door, network: Network, way: str
) -> None:
    """Every update of a whole conversation comes again after each chapter of it; no row of any table differs afterwards."""
    first = int((await sandbox.ask("POST", "/updates/raw", {"update": {"poll": {}}}))["update_id"])

    async def so_far() -> list[int]:
        log = await sandbox.ask("GET", "/log", after=10**9)
        return sorted({update["update_id"] for update in log["updates"] if update["update_id"] > first})

    async def repeat() -> None:
        await quiet(sandbox, chat)
        before = await everything(live_door.store)
        seen = await so_far()
        shown = await anna.phone.messages()
        await again(sandbox, seen[-25:])
        assert await everything(live_door.store) == before
        assert await anna.phone.messages() == shown, "nothing new is shown either"

    async with answering(sandbox, live_door, way) as chat:
        anna = await Member.make(sandbox, "Anna", "pl")
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        await anna.open_card()
        await repeat()
        sent = await anna.phone.send("2")
        await anna.phone.wait_for(lambda said: bool(said.buttons) and said.message_id > int(sent["message_id"]))
        await give(anna, 3)
        await anna.press(verb("back"))
        await give(anna, 4)
        await anna.edit(int(sent["message_id"]), "1")
        await anna.press(Pause)
        await anna.press(Resume)
        await repeat()
        rest = {name: value for name, value in MEANT.items() if name not in ("goals", "composition", "barriers", "conclusion")}
        await already(anna, live_door, rest)
        await give(anna, ["other"])
        await give(anna, "Brak samochodu")
        await anna.type("Kontakt: jan@gops.pl")
        await anna.press(verb("skip"))
        await repeat()
        await anna.press(verb("confirm"))
        await repeat()
        await anna.press(ChangeCard)
        await anna.press(verb("edit", "goals"))
        await give(anna, 5)
        await anna.press(verb("confirm"))
        assert [version for version, _, _ in await cards(live_door)] == [2]
        await anna.phone.block()
        await anna.phone.unblock()
        await anna.type("/ustawienia")
        await repeat()
        await anna.press(AskLeave)
        await anna.press(Leave)
        await repeat()
