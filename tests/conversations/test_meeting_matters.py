"""Around a meeting, on phones over real HTTP: an item is proposed and answered, "Jestem" is said, the report is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from konwent_bot.chat import Chat
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, convening, facts
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import (
    AcceptItem,
    ProposeItem,
    SeeAgenda,
    SeeAttendance,
    SeeHere,
    SeeItem,
    SeeReport,
    TickHere,
    WriteReport,
)
from konwent_bot.screens.intents import Resume
from konwent_bot.screens.meeting_intents import SeeMeeting, SeeMeetings
from konwent_bot.store.tables import AGENDA_ITEM, ATTENDANCE, MEETING
from tests.conversations.house import dump, spoken_of
from tests.conversations.network import Network
from tests.conversations.people import Member, buttons, kind, verb
from tests.sandbox.phone import Said, Sandbox

WARSAW = ZoneInfo("Europe/Warsaw")
CODE = "042137"
GOPS, OPS = "GOPS Modliborzyce", "OPS Janów Lubelski"
STRANGE = "Dyżur 🙂 שלום \u202e<b>"


def _meeting(body: int, begins: datetime, *, called: bool) -> Callable[[UnitOfWork], int]:
    """Enter a strategic meeting that begins at this instant; people have been called to it, or are now."""

    def work(uow: UnitOfWork) -> int:
        local = begins.astimezone(WARSAW).replace(second=0, microsecond=0)
        starts, ends = facts.instants(local.date(), local.time(), 120, "Europe/Warsaw")
        values: dict[str, Any] = {
            "body_id": body, "kind": "strategic", "status": "planned", "day": local.date(), "hour": f"{local:%H:%M}", "minutes": 120,
            "zone": "Europe/Warsaw", "starts_at": starts, "ends_at": ends, "mode": "in_person", "place": "Sala 7", "link": "",
            "chair": "coordinator", "topic": "", "revision": 0, "sequence": 0, "reason": "", "code": "", "reminded": 0,
            "uid": facts.new_uid("x", uow.now), "created_at": uow.now,
        }  # fmt: skip
        if called:
            values |= {"status": "convened", "revision": 1, "convened_at": uow.now, "code": CODE}
        meeting = int(uow.execute(insert(MEETING).values(values).returning(MEETING.c.id)).scalar_one())
        if called:
            agenda.settle(uow, facts.get(uow, meeting))
        else:
            convening.convene(uow, OPERATOR, meeting)
        return meeting

    return work


async def ahead(door: Door, network: Network) -> int:
    """Call everybody to a meeting in three weeks."""
    return await door.act(lambda uow: _meeting(network.body, uow.now + timedelta(days=21), called=False)(uow))


async def under_way(door: Door, network: Network) -> int:
    """Let a meeting have begun ten minutes ago."""
    return await door.act(lambda uow: _meeting(network.body, uow.now - timedelta(minutes=10), called=True)(uow))


async def kinga(sandbox: Sandbox, network: Network) -> Member:
    """The coordinator of the network, with a phone."""
    member = await Member.make(sandbox, "Kinga", "pl")
    await member.accept(network.tokens["", "coordinator"])
    return member


async def at(member: Member, meeting: int) -> Said:
    """Go to the meeting from home."""
    await member.type("/sprawy")
    await member.press(SeeMeetings)
    return await member.press(kind(SeeMeeting, meeting=meeting))


async def present(door: Door) -> list[tuple[int, str]]:
    rows = await door.look(lambda uow: uow.execute(select(ATTENDANCE)).all())
    return [(row.membership_id, row.source) for row in rows]


async def test_an_item_is_proposed_answered_and_read_by_all(
    anna: Member, sandbox: Sandbox, live_door: Door, network: Network
) -> None:
    """Anna proposes a topic in her chat; Kinga puts it on the agenda; it stands there with the name of her institution."""
    meeting = await ahead(live_door, network)
    coordinator = await kinga(sandbox, network)
    await at(anna, meeting)
    await anna.press(SeeAgenda)
    await anna.press(ProposeItem)
    said = await anna.type("Wspólny dyżur w gminie")
    assert "dyżur" in said.text
    await anna.press(verb("skip"))
    said = await anna.press(verb("confirm"))
    assert anna.t("The proposal is sent") in said.text
    await at(coordinator, meeting)
    await coordinator.press(SeeAgenda)
    await coordinator.press(lambda intent: isinstance(intent, SeeItem) and intent.item == 6)
    said = await coordinator.press(AcceptItem)
    assert "4. Wspólny dyżur w gminie: GOPS Modliborzyce" in said.text
    await at(anna, meeting)
    said = await anna.press(SeeAgenda)
    assert "4. Wspólny dyżur w gminie: GOPS Modliborzyce" in said.text


async def test_what_may_not_stand_in_an_agenda_is_refused_and_not_stored(
    anna: Member, live_door: Door, network: Network
) -> None:  # fmt: skip
    """A telephone number, an address and 5,000 characters are refused in words; a strange title is stored as text without tricks."""
    meeting = await ahead(live_door, network)
    await at(anna, meeting)
    await anna.press(SeeAgenda)
    await anna.press(ProposeItem)
    for wrong in ("Sprawa pani Nowak, tel. 600 700 800", "Pisać: nowak@gmina.example", "Sprawa 44051401359", "W" * 4_000):
        said = await anna.type(wrong)
        assert "⚠️" in said.text
        assert spoken_of(await dump(live_door.store), wrong) == []
    said = await anna.type(STRANGE)
    assert "\u202e" not in said.text
    await anna.press(verb("skip"))
    await anna.press(verb("confirm"))
    rows = await live_door.look(
        lambda uow: uow.execute(select(AGENDA_ITEM.c.title).where(AGENDA_ITEM.c.kind == "own")).scalars().all()
    )
    assert rows == ["Dyżur 🙂 שלום <b>"]


async def test_jestem_by_the_digits_on_the_wall(anna: Member, live_door: Door, network: Network) -> None:
    """At the meeting Anna's home asks her; a wrong number is told to be wrong, the right one makes her institution present once."""
    await under_way(live_door, network)
    said = await anna.type("/sprawy")
    assert any(isinstance(one.intent, SeeHere) for one in buttons(said))
    said = await anna.press(SeeHere)
    assert anna.t("Write the six digits that are shown in the room here, in this chat.") in said.text
    said = await anna.type("111 111")
    assert anna.t("This is not the code of this meeting. Please look at the six digits once more.") in said.text
    assert await present(live_door) == []
    said = await anna.type("042 137")
    assert anna.t("Saved: {institution} is here.", institution=GOPS) in said.text
    assert "1 z 3" in said.text
    said = await anna.type("042137")
    assert anna.t("{institution} was noted as being here already.", institution=GOPS) in said.text
    assert await present(live_door) == [(network.memberships[GOPS], "code")]


async def test_six_digits_mean_nothing_where_no_meeting_is(anna: Member, live_door: Door, network: Network) -> None:
    """Typed on any other day they lead home, as every text does that answers nothing."""
    await ahead(live_door, network)
    said = await anna.type("042137")
    assert anna.t("My matters") in said.text
    assert await present(live_door) == []


async def test_jestem_by_scanning_the_code(anna: Member, sandbox: Sandbox, live_door: Door, network: Network, chat: Chat) -> None:
    """The link behind the QR code opens the chat; pressing Start says it. A forged one, a stranger's and another's do nothing."""
    meeting = await under_way(live_door, network)
    stranger = await Member.make(sandbox, "Obcy", "pl")
    written = await stranger.phone.start(f"j_{meeting}_{CODE}")
    said = await stranger.phone.wait_for(lambda one: bool(one.buttons) and one.message_id > int(written["message_id"]))
    assert GOPS not in said.text
    for forged in (f"j_{meeting}_000000", f"j_{meeting + 1}_{CODE}", f"j_{10**17}_{CODE}"):
        written = await anna.phone.start(forged)
        await anna.phone.wait_for(lambda one, w=written: bool(one.buttons) and one.message_id > int(w["message_id"]))  # type: ignore[misc]
        assert await present(live_door) == []
    written = await anna.phone.start(f"j_{meeting}_{CODE}")
    said = await anna.phone.wait_for(lambda one: bool(one.buttons) and one.message_id > int(written["message_id"]))
    assert anna.t("Saved: {institution} is here.", institution=GOPS) in said.text
    assert await present(live_door) == [(network.memberships[GOPS], "code")]


async def test_the_coordinator_ticks_with_one_press(sandbox: Sandbox, live_door: Door, network: Network, chat: Chat) -> None:
    """A number under the list is one institution; pressed, it is there with the hour, and the quorum is counted anew."""
    meeting = await under_way(live_door, network)
    coordinator = await kinga(sandbox, network)
    await at(coordinator, meeting)
    said = await coordinator.press(SeeAttendance)
    assert "0 z 3" in said.text
    assert "042 137" in said.text
    said = await coordinator.press(kind(TickHere, membership=network.memberships[OPS]))
    assert "1 z 3" in said.text
    said = await coordinator.press(kind(TickHere, membership=network.memberships[GOPS]))
    assert coordinator.t("{said}; quorum {needed}: there is one", said="2 z 3 instytucji", needed=2) in said.text
    assert sorted(await present(live_door)) == sorted((network.memberships[name], "ticked") for name in (GOPS, OPS))


async def test_the_report_is_written_in_the_chat_and_tells_of_nobody(
    anna: Member, sandbox: Sandbox, live_door: Door, network: Network
) -> None:
    """Kinga answers number by number; a text with personal data is refused; Anna sees "fewer than 3" where Kinga wrote 2."""
    meeting = await ahead(live_door, network)
    coordinator = await kinga(sandbox, network)
    await coordinator.type("/sprawy")
    await coordinator.press(WriteReport)
    said = await coordinator.press(Resume)
    for number in ("7", "2", "0"):
        said = await coordinator.type(number)
    await coordinator.press(verb("mark", "other"))
    await coordinator.press(verb("done"))
    said = await coordinator.type("Dzwonić: 600 700 800")
    assert "⚠️" in said.text
    assert spoken_of(await dump(live_door.store), "600 700 800") == []
    await coordinator.type("Mało miejsc w żłobku")
    await coordinator.type("Dwa miejsca na kursie")
    said = await coordinator.press(verb("confirm"))
    assert coordinator.t("The report is saved") in said.text
    await at(anna, meeting)
    said = await anna.press(SeeReport)
    few = anna.t("fewer than {n}", n=3)
    assert f"Przystąpiło: {few}" in said.text
    assert "W procesie: 7" in said.text
    assert "Mało miejsc w żłobku" in said.text
    assert "Dwa miejsca na kursie" in said.text
    said = await coordinator.press(SeeReport)
    assert f"Przystąpiło: 2 ({few})" in said.text
