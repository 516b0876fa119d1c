"""What whoever watches the installation is told: the revision, and for how long letters have been waiting."""

from __future__ import annotations

from datetime import timedelta

from aiohttp.test_utils import TestClient, TestServer

from konwent_bot.clock import FixedClock, SystemClock
from konwent_bot.office import dispatch, notices, pauses
from konwent_bot.office.door import Door
from konwent_bot.store.migrate import revision_of
from konwent_bot.web import application


async def test_it_says_for_how_long_letters_wait(door: Door, clock: FixedClock) -> None:
    """A mail server that is away shows as a number that grows; the program stays in service, because pages and chat still work."""
    revision = await door.look(lambda uow: revision_of(uow.connection))
    async with TestClient(TestServer(application(door))) as browser:

        async def ready() -> dict[str, object]:
            response = await browser.get("/readyz")
            assert response.status == 200
            read: dict[str, object] = await response.json()
            return read

        assert await ready() == {
            "status": "ok", "revision": revision, "oldest_due_notice_seconds": 0, "oldest_due_by_channel": {"telegram": 0, "mail": 0},
            "telegram_paused_seconds": 0,
        }  # fmt: skip
        await door.act(lambda uow: notices.announce(uow, recipient="seat:1", occasion="invitation"))
        clock.move(timedelta(seconds=90))
        await door.act(lambda uow: notices.announce(uow, recipient="seat:2", occasion="invitation"))
        assert (await ready())["oldest_due_notice_seconds"] == 90
        real = SystemClock().now()
        await door.act(lambda uow: dispatch.sort(uow, real=real))
        await door.act(lambda uow: pauses.pause(uow, "telegram", real + timedelta(hours=1), "too_many"))
        said = await ready()
        assert said["oldest_due_by_channel"] == {"telegram": 0, "mail": 90}
        assert isinstance(said["telegram_paused_seconds"], int)
        assert 3500 < said["telegram_paused_seconds"] <= 3600
