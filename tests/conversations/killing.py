"""Killing the house at any moment: phones that answer on and on, a power cut, and what must be true afterwards."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass

from sqlalchemy import select

from konwent_bot.office import invitations, opening, people
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import encode
from konwent_bot.store.tables import DIALOGUE_EVENT, SEEN_UPDATE
from tests.conversations.answers import SCALES
from tests.conversations.network import make
from tests.conversations.process import HouseProcess
from tests.sandbox.phone import Phone, Sandbox

#: Updates under way when the house is killed.
IN_FLIGHT = 5
COMMIT_SECONDS = 90


@dataclass
class Answering:
    """Somebody who answers question after question, and what they have answered."""

    phone: Phone
    dialogue: int
    given: list[int]

    async def press(self, value: int) -> int:
        """Press an answer to the next question; give the update's number."""
        data = encode(Touch(self.dialogue, len(self.given) + 1, "answer", str(value)))
        self.given.append(value)
        return int((await self.phone.tap_data(1, data, forged=True))["update_id"])

    async def type(self, value: int) -> int:
        """Type an answer; give the update's number."""
        self.given.append(value)
        return int((await self.phone.send(str(value)))["update_id"])


async def audience(sandbox: Sandbox, door: Door, slug: str) -> list[Answering]:
    """Make a network of heads who have their card open."""
    network = await make(door, slug=slug, names=tuple(f"Instytucja {slug} {number}" for number in range(IN_FLIGHT)))
    found = []
    for name, membership in network.memberships.items():
        phone = await sandbox.phone("Osoba")
        await phone.start()
        await sandbox.api("deleteWebhook", drop_pending_updates=True)

        def begin(uow: UnitOfWork, name: str = name, membership: int = membership, telegram: int = phone.id) -> int:
            invitations.accept(uow, network.tokens[name, "head"], caller=telegram, language="pl")
            person = people.by_telegram(uow, telegram)
            assert person is not None
            talk = opening.open_card(uow, person, network.round, membership)
            assert isinstance(talk, Talk)
            return talk.id

        found.append(Answering(phone, await door.act(begin), []))
    return found


async def committed(sandbox: Sandbox, door: Door, updates: list[int], house: HouseProcess, phone: Phone) -> None:
    """Wait until these updates are in the store."""
    found = select(SEEN_UPDATE.c.update_id).where(SEEN_UPDATE.c.update_id.in_(updates))
    revision = -1
    try:
        async with asyncio.timeout(COMMIT_SECONDS):
            while len(await door.look(lambda uow: uow.execute(found).all())) < len(updates):
                # Asking on and on would take the processor from the house that starts: wait for the phone to show something.
                shown = await sandbox.ask("GET", f"/phone/{phone.id}/wait", bot=phone.bot, after=revision, timeout=1)
                revision = shown["revision"]
    except TimeoutError:
        raise AssertionError(f"an update was lost; the house said:\n{house.said()}") from None


async def moments(sandbox: Sandbox, number: int) -> None:
    """Let a while pass, counted in questions to the sandbox (one to a few milliseconds each)."""
    for _ in range(number):
        await sandbox.ask("GET", "/limits")


async def kill_run(sandbox: Sandbox, door: Door, house: HouseProcess, *, kills: int, seed: int, texters: int = 1) -> None:
    """Let phones answer, kill the house while five answers are under way, start it again, and see that each counts once.

    In every round each phone presses one answer; ``texters`` of them type in the first round instead. The house is killed at a
    moment drawn by ``seed``, from before it has heard anything to after it has answered everybody.
    """
    chance = random.Random(seed)
    phones = await audience(sandbox, door, f"kill-{seed}")
    await house.start()
    try:
        await committed(sandbox, door, [await phones[0].press(3)], house, phones[0].phone)
        for cut in range(kills):
            if len(phones[0].given) >= len(SCALES) - 1:
                await checked(door, phones)
                await house.kill()
                phones = await audience(sandbox, door, f"kill-{seed}-{cut}")
                await house.start()
                await committed(sandbox, door, [await phones[0].press(3)], house, phones[0].phone)
            acts = [
                one.type(chance.randint(1, 5)) if not one.given and place < texters + 1 else one.press(chance.randint(1, 5))
                for place, one in enumerate(phones)
            ]
            updates = list(await asyncio.gather(*acts))
            await moments(sandbox, chance.randint(0, 30))
            await house.kill()
            await house.start()
            await committed(sandbox, door, updates, house, phones[0].phone)
        await checked(door, phones)
        # The conversation goes on: the next press is answered on the phone.
        last = await phones[0].press(4)
        await committed(sandbox, door, [last], house, phones[0].phone)
        await phones[0].phone.wait_for(lambda said: bool(said.buttons), 30)
    finally:
        code = await house.stop()
    assert code == 0, house.said()


async def checked(door: Door, phones: list[Answering]) -> None:
    """See that everything each of them gave stands once, under its question, in its order."""
    for one in phones:
        assert await _events(door, one.dialogue) == list(zip(SCALES, one.given, strict=False))


async def _events(door: Door, dialogue: int) -> list[tuple[str, int]]:
    found = (
        select(DIALOGUE_EVENT.c.question, DIALOGUE_EVENT.c.value)
        .where(DIALOGUE_EVENT.c.dialogue_id == dialogue, DIALOGUE_EVENT.c.kind == "answer")
        .order_by(DIALOGUE_EVENT.c.turn)
    )
    return [(row.question, json.loads(row.value)) for row in await door.look(lambda uow: uow.execute(found).all())]
