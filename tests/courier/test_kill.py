"""The courier is killed in each state of a delivery, and at random while it carries many notices."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.courier.conftest import Lines
from tests.courier.killing import AGAIN, gather, kill_run
from tests.courier.process import CourierProcess
from tests.sandbox.phone import Sandbox

from konwent_bot.clock import SystemClock
from konwent_bot.office import dispatch
from konwent_bot.office.deliveries import LEASE
from konwent_bot.office.door import Door


@pytest.fixture
def on_the_machines_clock(door: Door) -> Door:
    """The door on the time of the other process."""
    door.clock = SystemClock()
    return door


async def test_killed_at_random_it_loses_nothing(
    sandbox: Sandbox, on_the_machines_clock: Door, database_url: str, tmp_path: Path
) -> None:
    """Five kills while sixty notices go out: all are dealt with, what came twice says so, no reminder comes twice."""
    audience = await gather(sandbox, on_the_machines_clock, 30)
    await kill_run(audience, database_url, tmp_path, kills=5, seed=1)


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [("timeout_before", False), ("timeout_after", True)],
)
async def test_killed_while_a_message_is_under_way(
    lines: Lines, on_the_machines_clock: Door, database_url: str, tmp_path: Path, kind: str, arrived: bool
) -> None:
    """SIGKILL before or after Telegram had the message: the reminder is left uncertain, the convening comes again and says so."""
    await lines.sandbox.fault(kind, "sendMessage", seconds=30)
    ola, other = await lines.another("Ola", lines.network.delegate)
    await lines.tell("test.convening")
    courier = CourierProcess(lines.sandbox.url, database_url, tmp_path)
    await courier.start()
    await _begun(lines, courier)
    await courier.kill()
    assert await lines.tries() == [("telegram", "sending", "begun")]
    await lines.tell(recipient=other)
    lines.network.real.move(SystemClock().now() - lines.network.real.now() + LEASE + timedelta(minutes=1))
    await lines.send()
    heard = await lines.heard()
    assert len(heard) == 1 + arrived
    assert heard[-1].startswith(AGAIN)
    assert await lines.tries() == [("telegram", "uncertain", "interrupted"), ("telegram", "sent", "")]
    assert len(await lines.heard(ola)) == 1, "the next notice is not held up"


async def test_killed_between_claim_and_send_nothing_was_sent(lines: Lines) -> None:
    """What was claimed and never begun has certainly not been sent: it is sent as if nothing had been, and not marked."""
    await lines.tell("test.convening")
    real = lines.network.real.now()
    assert await lines.door.act(lambda uow: dispatch.claim(uow, real=real, most=9, channel="telegram"))
    lines.network.real.move(LEASE)
    await lines.send()
    assert await lines.tries() == [("telegram", "failed", "interrupted"), ("telegram", "sent", "")]
    assert not (await lines.heard())[0].startswith(AGAIN)


async def _begun(lines: Lines, courier: CourierProcess) -> None:
    """Wait until the courier has begun to send."""
    try:
        async with asyncio.timeout(60):
            while (await lines.told()).tries == () or await lines.tries() != [("telegram", "sending", "begun")]:
                await lines.sandbox.ask("GET", "/limits")
            while lines.sandbox is not None and (await lines.sandbox.ask("GET", "/faults"))["faults"]:
                await lines.sandbox.ask("GET", "/limits")
    except TimeoutError:
        raise AssertionError(f"nothing was begun; the courier said:\n{courier.said()}") from None
