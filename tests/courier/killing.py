"""Killing the courier at any moment while it carries many notices, and what must be true afterwards."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, insert, select
from tests.courier.process import CourierProcess
from tests.sandbox.phone import Phone, Sandbox

from konwent_bot.courier.messages import IN_FLIGHT
from konwent_bot.office import notices
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import DELIVERY, NOTICE, PERSON

AGAIN = "Wiadomość przychodzi ponownie"
SECONDS = 120


@dataclass
class Audience:
    """People with telephones, and what is to be told to each: one thing that must arrive, and one reminder."""

    sandbox: Sandbox
    door: Door
    phones: list[Phone]

    @property
    def notices(self) -> int:
        """How many notices there are."""
        return 2 * len(self.phones)

    async def settled(self) -> int:
        """Give how many notices have been dealt with."""
        found = select(func.count()).where(NOTICE.c.settled_at.is_not(None))
        return int(await self.door.look(lambda uow: uow.execute(found).scalar_one()))

    async def past(self, number: int, courier: CourierProcess) -> None:
        """Wait until so many notices have been dealt with."""
        try:
            async with asyncio.timeout(SECONDS):
                while await self.settled() < number:
                    await self.sandbox.ask("GET", f"/phone/{self.phones[0].id}/wait", bot=self.phones[0].bot, after=0, timeout=0)
        except TimeoutError:
            raise AssertionError(
                f"{await self.settled()} of {number} were dealt with; the courier said:\n{courier.said()}"
            ) from None


async def gather(sandbox: Sandbox, door: Door, number: int) -> Audience:
    """Make people with telephones, and announce two things to each."""
    phones = []
    for place in range(number):
        phone = await sandbox.phone(f"Osoba {place}")
        await phone.start()
        phones.append(phone)
    await sandbox.api("deleteWebhook", drop_pending_updates=True)

    def work(uow: UnitOfWork) -> None:
        values = {
            "name": "Osoba",
            "email": "",
            "language": "pl",
            "reach": "reachable",
            "created_at": uow.now,
            "accepted_at": uow.now,
        }
        for phone in phones:
            made = uow.execute(insert(PERSON).values({**values, "telegram_id": phone.id}).returning(PERSON.c.id)).scalar_one()
            for occasion in ("test.convening", "test.reminder"):
                notices.announce(uow, recipient=f"person:{made}", occasion=occasion, subject="news:1", revision=1)

    await door.act(work)
    return Audience(sandbox, door, phones)


async def kill_run(audience: Audience, database: str, folder: Path, *, kills: int, seed: int) -> None:
    """Kill the courier so many times while it works, and see that nothing is lost and nothing comes twice unmarked.

    Each kill comes once some more notices have been dealt with, at a moment drawn by ``seed``: before anything was claimed, between
    claim and send, between Telegram's answer and the record.
    """
    chance = random.Random(seed)
    courier = CourierProcess(audience.sandbox.url, database, folder)
    await courier.start()
    try:
        for cut in range(kills):
            await audience.past(audience.notices * (cut + 1) // (kills + 2), courier)
            for _ in range(chance.randint(0, 40)):
                await audience.sandbox.ask("GET", "/limits")
            await courier.kill()
            courier.let_leases_end()
            await courier.start()
        courier.let_leases_end()
        await courier.stop()
        await courier.start()
        await audience.past(audience.notices, courier)
    finally:
        code = await courier.stop()
    assert code == 0, courier.said()
    await nothing_lost(audience, kills)


async def nothing_lost(audience: Audience, kills: int) -> None:
    """See that everything was dealt with, and that at most what was under way at so many breaks came twice, marked."""
    rows = await audience.door.look(lambda uow: uow.execute(select(NOTICE.c.id, NOTICE.c.occasion, NOTICE.c.outcome)).all())
    outcomes = Counter((row.occasion, row.outcome) for row in rows)
    doubtful = outcomes["test.reminder", "uncertain"]
    # Nothing is lost: what must arrive was sent, a reminder was sent or is told to be uncertain.
    assert sum(outcomes.values()) == audience.notices
    assert set(outcomes) <= {("test.convening", "sent"), ("test.reminder", "sent"), ("test.reminder", "uncertain")}, outcomes
    interrupted = await audience.door.look(
        lambda uow: uow.execute(select(func.count()).where(DELIVERY.c.state == "uncertain")).scalar_one()
    )
    assert interrupted <= kills * IN_FLIGHT
    twice = marked = 0
    for phone in audience.phones:
        said = [one.text for one in await phone.messages() if one.side == "bot"]
        convened = [text for text in said if "test.convening" in text]
        reminded = [text for text in said if "test.reminder" in text]
        assert convened, "what must arrive has arrived"
        assert len(reminded) <= 1, "a reminder is never repeated"
        twice += len(convened) - 1
        marked += sum(text.startswith(AGAIN) for text in convened)
        assert [text for text in convened[1:] if not text.startswith(AGAIN)] == []
    assert twice <= marked <= interrupted - doubtful
    assert twice <= kills * IN_FLIGHT
