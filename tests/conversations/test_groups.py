"""A network's group chat: linked by its coordinator alone, told of meetings and of nothing else, followed when it moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select

from konwent_bot.clock import FixedClock
from konwent_bot.courier.messages import send_messages
from konwent_bot.courier.telegram import Telegram, open_telegram
from konwent_bot.office import chat_groups, notices, seats
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import answers, convening, entering
from konwent_bot.office.meetings.convening import MeetingCancelled, MeetingChange
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.screens.group_intents import AskUnlinkChat, LinkChat, SeeChat, UnlinkChat
from konwent_bot.screens.intents import encode
from konwent_bot.settings import load_settings
from konwent_bot.store.tables import CHAT_GROUP
from tests.conversations.conftest import Stand
from tests.conversations.house import answering
from tests.conversations.network import ILAWA, Network, make
from tests.conversations.people import Member
from tests.conversations.updates import handled
from tests.sandbox.phone import TOKEN, Sandbox

#: A Monday morning on which everybody may be written to.
MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: Words of a meeting that no group may ever hear.
SECRET: Final = ("Redukcja etatów", "https://spotkania.example/tajne", "Sala zalana", "Anna", "GOPS Modliborzyce", "kworum")


@dataclass
class Town:
    """Two networks in one house that answers, with the coordinator of the first, Kinga, and the head of GOPS, Anna."""

    sandbox: Sandbox
    door: Door
    clock: FixedClock
    telegram: Telegram
    janow: Network
    ilawa: Network
    kinga: Member
    anna: Member

    async def group(self, *people: Member, title: str = "Konwent KIS") -> int:
        """Make a group of these people and the bot."""
        members = [one.phone.id for one in people]
        made = await self.sandbox.ask("POST", "/groups", {"title": title, "members": members, "bot": self.sandbox.username})
        return int(made["id"])

    async def write(self, who: Member, group: int, text: str) -> None:
        """Let somebody write in a group, and wait until the house has dealt with it."""
        done = await self.sandbox.ask("POST", f"/phone/{who.phone.id}/group/{group}/send", {"text": text})
        if done.get("update_id") is not None:
            await handled(self.sandbox, self.door, [int(done["update_id"])])

    async def heard(self, group: int, who: Member | None = None, *, least: int = 0) -> list[dict[str, Any]]:
        """Give what the bot has said in a group, once it has said so much."""
        while True:  # the fixture's patience ends it
            seen = await self.sandbox.ask("GET", f"/phone/{(who or self.kinga).phone.id}/group/{group}")
            said = [one for one in seen["messages"] if one["from"] == "bot"]
            if len(said) >= least:
                return said

    async def token(self, who: Member | None = None) -> str:
        """Have a link made at the desk; give its token as it stands in the link."""
        who = who or self.kinga
        body = self.janow.body if who is self.kinga else self.ilawa.body
        said = await who.look()
        await who.press_data(encode(SeeChat(body)), said.message_id)
        said = await who.press(LinkChat)
        (url,) = [button["url"] for row in said.raw["keyboard"] for button in row if button["kind"] == "url"]
        prefix = f"https://t.me/{self.sandbox.username}?startgroup="
        assert url.startswith(prefix)
        return str(url.removeprefix(prefix))

    async def link(self, *people: Member, title: str = "Konwent KIS") -> int:
        """Make a group and link it to Kinga's network."""
        group = await self.group(self.kinga, *people, title=title)
        await self.write(self.kinga, group, f"/start@{self.sandbox.username} {await self.token()}")
        await self.heard(group, least=1)
        return group

    async def linked(self) -> list[tuple[int, int]]:
        """Give the living links: body and chat."""
        found = (
            select(CHAT_GROUP.c.body_id, CHAT_GROUP.c.chat_id).where(CHAT_GROUP.c.unlinked_at.is_(None)).order_by(CHAT_GROUP.c.id)
        )
        return [tuple(row) for row in await self.door.look(lambda uow: uow.execute(found).all())]

    async def until(self, links: list[tuple[int, int]]) -> None:
        """Wait until these are the living links."""
        while await self.linked() != links:
            await self.sandbox.ask("GET", "/limits")

    async def send(self) -> None:
        """Let the courier do what is due in Telegram."""
        await send_messages(self.door, self.telegram, "pl", asyncio.Event(), self.clock)

    async def meet(self, body: int | None = None) -> int:
        """Enter a meeting of a network and call people to it."""
        given = MeetingEntered.model_validate({
            "kind": "strategic", "when": "2026-12-15T10:00", "length": "m120", "mode": "hybrid", "place": "Urząd Gminy, sala 7",
            "link": "https://spotkania.example/tajne", "topic": "Redukcja etatów",
        })  # fmt: skip
        where = Subject("meeting.enter", body or self.janow.body)
        done = await self.door.act(lambda uow: entering.enter(uow, OPERATOR, where, given))
        meeting = done.meeting or 0
        await self.door.act(lambda uow: convening.convene(uow, OPERATOR, meeting))
        return meeting

    async def move(self, meeting: int, **given: Any) -> None:
        """Change a meeting."""
        change = MeetingChange.model_validate({"reason": "Sala zalana"} | given)
        subject = Subject("meeting.change", self.janow.body, meeting=meeting)
        await self.door.act(lambda uow: convening.change(uow, OPERATOR, subject, change))

    async def cancel(self, meeting: int) -> None:
        """Call a meeting off."""
        subject = Subject("meeting.cancel", self.janow.body, meeting=meeting)
        await self.door.act(lambda uow: convening.cancel(uow, OPERATOR, subject, MeetingCancelled(reason="Sala zalana")))


@pytest.fixture
async def town(sandbox: Sandbox, stand: Stand, door: Door, clock: FixedClock) -> AsyncIterator[Town]:
    """The town, on a Monday morning, on each engine."""
    clock.move(MONDAY - clock.now())
    janow, ilawa = await make(door), await make(door, slug="lsr-ilawa", names=ILAWA)
    settings = load_settings(telegram_token=TOKEN, telegram_api=stand.url, telegram_rate=30)
    async with answering(sandbox, door), open_telegram(settings, seconds=5) as telegram:
        kinga, anna = await Member.make(sandbox, "Kinga"), await Member.make(sandbox, "Anna")
        ida = await Member.make(sandbox, "Ida")
        await kinga.accept(janow.tokens["", "coordinator"])
        await anna.accept(janow.tokens["GOPS Modliborzyce", "head"])
        await ida.accept(ilawa.tokens["GOPS Iława", "head"])
        yield Town(sandbox, door, clock, telegram, janow, ilawa, kinga, anna)


async def test_the_coordinator_links_a_group_and_it_hears_one_sentence(town: Town) -> None:
    """The link from the desk, said in the group by who asked for it; the desk then names the group, and the link is used up."""
    group = await town.group(town.kinga, town.anna)
    token = await town.token()
    await town.write(town.kinga, group, f"/start@{town.sandbox.username} {token}")
    (said,) = await town.heard(group, least=1)
    assert "Ta grupa jest połączona z siecią Lokalna Sieć lsr-janow." in said["text"]
    assert all(button["kind"] == "url" for row in said["keyboard"] for button in row)
    assert await town.linked() == [(town.janow.body, group)]
    shown = await town.kinga.press(SeeChat)
    assert "Konwent KIS" in shown.text
    other = await town.group(town.kinga, title="Inna grupa")
    await town.write(town.kinga, other, f"/start@{town.sandbox.username} {token}")
    (refused,) = await town.heard(other, least=1)
    assert "Ten odnośnik nie łączy tej grupy." in refused["text"]
    assert "lsr" not in refused["text"]
    assert await town.linked() == [(town.janow.body, group)]


@pytest.mark.parametrize("case", ["forged", "somebody else", "expired", "another kind of link", "no longer coordinates"])
async def test_nothing_else_links_a_group(town: Town, case: str) -> None:
    """A token nobody made, one said by somebody else, an old one, a personal link, one of a former coordinator: nothing is linked."""
    group = await town.group(town.kinga, town.anna)
    token, who = await town.token(), town.kinga
    match case:
        case "forged":
            token = "A" * 24
        case "somebody else":
            who = town.anna
        case "expired":
            town.clock.move(timedelta(hours=1))
        case "another kind of link":
            token = town.janow.tokens["OPS Janów Lubelski", "head"]
        case _:
            await town.door.act(
                lambda uow: seats.give_post(uow, OPERATOR, town.janow.body, "coordinator", name="Nowa", email="nowa@kis.example")
            )
    await town.write(who, group, f"/start@{town.sandbox.username} {token}")
    (said,) = await town.heard(group, least=1)
    assert "Ten odnośnik nie łączy tej grupy." in said["text"]
    assert "lsr-janow" not in said["text"]
    assert await town.linked() == []
    if case == "somebody else":  # it is not used up by who may not use it
        await town.write(town.kinga, group, f"/start@{town.sandbox.username} {token}")
        await town.until([(town.janow.body, group)])


async def test_what_else_is_said_in_a_group_is_answered_with_the_way_to_the_private_chat(town: Town) -> None:
    """Commands get one sentence and a link; talk gets nothing; neither links anything nor shows anybody's matters."""
    group = await town.link(town.anna)
    talk = f"/phone/{town.anna.phone.id}/group/{group}/send"
    await town.sandbox.ask("POST", talk, {"text": f"będziemy @{town.sandbox.username}"})
    await town.write(town.anna, group, "/sprawy")
    await town.write(town.anna, group, "/start")
    said = await town.heard(group, least=3)
    assert len(said) == 3
    for one in said[1:]:
        assert "Sprawy sieci załatwiamy w prywatnej rozmowie z botem." in one["text"]
        assert "GOPS" not in one["text"]


async def test_a_group_hears_what_when_and_where_and_nothing_else(town: Town) -> None:
    """Called, moved, called off: kind, day and hour, place, the way to the private chat. No answers, names, reasons, topics, rooms."""
    group = await town.link(town.anna)
    meeting = await town.meet()
    await town.send()
    membership = town.janow.memberships["GOPS Modliborzyce"]
    await town.door.act(lambda uow: answers.answer_for(uow, OPERATOR, meeting, membership, "no"))
    await town.move(meeting, moment="2026-12-16T12:00")
    await town.send()
    await town.cancel(meeting)
    await town.send()
    _, called, moved, off = await town.heard(group, least=4)
    assert called["text"].startswith("Zaproszenie: Spotkanie strategiczne\nLokalna Sieć lsr-janow")
    assert "wtorek, 15 grudnia 2026, 10:00–12:00" in called["text"]
    assert "Urząd Gminy, sala 7" in called["text"]
    assert moved["text"].startswith("Nowy termin: Spotkanie strategiczne")
    assert "środa, 16 grudnia 2026, 12:00–14:00" in moved["text"]
    assert off["text"].startswith("Odwołane: Spotkanie strategiczne")
    for said in (called, moved, off):
        buttons = [button for row in said["keyboard"] for button in row]
        assert [(one["kind"], one["url"]) for one in buttons] == [("url", f"https://t.me/{town.sandbox.username}")]
        for word in SECRET:
            assert word not in said["text"], word
    await town.send()
    assert len(await town.heard(group)) == 4


async def test_a_group_is_told_of_its_own_network_only(town: Town) -> None:
    """Two networks in one house: a meeting of the other one is none of this group's affair, and one group cannot be both's."""
    group = await town.link(town.anna)
    await town.meet(town.ilawa.body)
    await town.send()
    assert len(await town.heard(group)) == 1
    igor = await Member.make(town.sandbox, "Igor")
    await igor.accept(town.ilawa.tokens["", "coordinator"])
    shared = await town.group(igor, town.kinga, title="Wspólna")
    await town.write(igor, shared, f"/start@{town.sandbox.username} {await town.token(igor)}")
    await town.until([(town.janow.body, group), (town.ilawa.body, shared)])
    await town.write(town.kinga, shared, f"/start@{town.sandbox.username} {await town.token()}")
    said = await town.heard(shared, least=2)
    assert "Ten odnośnik nie łączy tej grupy." in said[-1]["text"]
    assert await town.linked() == [(town.janow.body, group), (town.ilawa.body, shared)], "the former link stands, too"


async def test_another_group_takes_the_place_of_the_former(town: Town) -> None:
    """A network has one group: what was linked before hears nothing any more."""
    first = await town.link(town.anna)
    second = await town.link(title="Nowa grupa")
    assert await town.linked() == [(town.janow.body, second)]
    await town.meet()
    await town.send()
    assert len(await town.heard(second, least=2)) == 2
    assert len(await town.heard(first)) == 1


async def test_a_group_that_was_not_told_hears_of_no_change(town: Town) -> None:
    """Linked after people were called: the next news is the meeting as it stands; calling off what it never heard of is not said."""
    meeting, other = await town.meet(), await town.meet()
    group = await town.link()
    await town.move(meeting, place="Biblioteka")
    await town.cancel(other)
    await town.send()
    said = await town.heard(group, least=2)
    assert [one["text"].split("\n")[0] for one in said[1:]] == ["Zaproszenie: Spotkanie strategiczne"]
    assert "Biblioteka" in said[1]["text"]


@pytest.mark.parametrize("by", ["the service message", "the courier"])
async def test_a_group_that_became_a_supergroup_is_followed(town: Town, by: str) -> None:
    """Whoever hears of it first, the link has the new number, and the announcement arrives there once."""
    group = await town.link(town.anna)
    if by == "the courier":
        await town.sandbox.ask("POST", "/updates/hold", {"on": True})
    new = int((await town.sandbox.ask("POST", f"/groups/{group}/migrate", {}))["id"])
    if by == "the service message":
        await town.until([(town.janow.body, new)])
    await town.meet()
    await town.send()
    assert await town.linked() == [(town.janow.body, new)]
    said = [one for one in await town.heard(new, least=1) if one["text"].startswith("Zaproszenie")]
    assert len(said) == 1
    if by == "the courier":
        await town.sandbox.ask("POST", "/updates/hold", {"on": False})
        await town.sandbox.ask("POST", "/updates/release", {})
        await town.write(town.anna, new, "/pomoc")
        assert await town.linked() == [(town.janow.body, new)]


async def test_a_bot_put_out_of_the_group_announces_nothing_there(town: Town) -> None:
    """The link ends with it, and the ledger says that nobody needed to be told; added again it has to be linked again."""
    group = await town.link(town.anna)
    linked = await town.door.look(lambda uow: chat_groups.of(uow, town.janow.body))
    assert linked is not None
    done = await town.sandbox.ask("POST", f"/groups/{group}/remove-bot", {})
    await handled(town.sandbox, town.door, [int(done["update_id"])])
    assert await town.linked() == []
    await town.meet()
    await town.send()
    assert await town.door.look(lambda uow: notices.ledger(uow, f"group:{linked.id}")) == []


async def test_the_courier_learns_that_it_was_put_out(town: Town) -> None:
    """403 before the update came: the announcement is refused and the link ends; nobody's own chat is taken for blocked."""
    group = await town.link(town.anna)
    await town.sandbox.ask("POST", "/updates/hold", {"on": True})
    await town.sandbox.ask("POST", f"/groups/{group}/remove-bot", {})
    await town.meet()
    await town.send()
    assert await town.linked() == []


async def test_the_desk_unlinks_a_group(town: Town) -> None:
    """Asked first; what waits to be announced is not announced any more."""
    group = await town.link(town.anna)
    await town.meet()
    await town.kinga.press(SeeChat)
    asked = await town.kinga.press(AskUnlinkChat)
    assert "Konwent KIS" in asked.text
    shown = await town.kinga.press(UnlinkChat)
    assert "Grupa jest odłączona." in shown.text
    assert await town.linked() == []
    await town.send()
    assert len(await town.heard(group)) == 1
