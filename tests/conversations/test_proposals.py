"""A proposal on telephones: entered at a meeting and agreed to by all; and one somebody objects to, amended and agreed to in round 2."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest
from sqlalchemy import select

from konwent_bot.clock import FixedClock
from konwent_bot.office.decisions import register
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Resume, encode
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.proposal_intents import (
    AmendMotion,
    AskCloseRound,
    CallRound,
    CloseDiscussion,
    CloseRound,
    CommentMotion,
    EnterMotion,
    ObjectStance,
    OpenRound,
    SeeMeetingMotions,
    SeeMotion,
    SeeRound,
    SeeStances,
    TakeStance,
)
from konwent_bot.store.tables import PROPOSAL, STANCE
from tests.conversations.house import answering
from tests.conversations.network import JANOW, Network, make
from tests.conversations.people import Member, kind, verb
from tests.conversations.test_meeting_matters import under_way
from tests.sandbox.phone import Said, Sandbox

GOPS, OPS, LIBRARY = JANOW
MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TITLE: Final = "Dyżury we wtorki"
TEXT: Final = "Od marca w każdy wtorek jedna z instytucji dyżuruje w urzędzie gminy."
SHORTER: Final = "Od marca w pierwszy wtorek miesiąca jedna z instytucji dyżuruje w urzędzie gminy."


@dataclass
class Hall:
    """A meeting under way: Kinga coordinates, Anna is there for GOPS and Celina for OPS; the library has not come."""

    door: Door
    network: Network
    meeting: int
    kinga: Member
    anna: Member
    celina: Member

    async def opened(self, member: Member, intent: SeeMeeting | SeeMotion | SeeRound) -> Said:
        """Let somebody open a screen, as if by a button of an earlier message."""
        said = await member.look()
        return await member.press_data(encode(intent), said.message_id)

    async def entered(self) -> int:
        """Let Anna enter a proposal from the meeting's own screen; give its number."""
        anna = self.anna
        await self.opened(anna, SeeMeeting(self.meeting))
        await anna.press(SeeMeetingMotions)
        said = await anna.press(EnterMotion)
        assert "Najpierw jest dyskusja" in said.text
        await anna.press(Resume)
        await anna.type(TITLE)
        said = await anna.type(TEXT)
        assert "Nic nie zostanie zapisane bez zatwierdzenia." in said.text
        said = await anna.press(verb("confirm"))
        assert "Wniosek jest zgłoszony" in said.text
        return await self.door.look(lambda uow: int(uow.execute(select(PROPOSAL.c.id)).scalar_one()))

    async def asked(self, proposal: int) -> Said:
        """Let Kinga close the discussion and ask whether anybody objects; give what she sees."""
        await self.opened(self.kinga, SeeMotion(proposal))
        said = await self.kinga.press(CloseDiscussion)
        assert "Dyskusja jest zamknięta." in said.text
        said = await self.kinga.press(OpenRound)
        assert "Pytamy 2 instytucje." in said.text
        return said

    async def closed(self) -> Said:
        """Let Kinga make the final call and close the round; give what came of it."""
        said = await self.kinga.press(CallRound)
        assert "Proszę zapytać na głos: czy ktoś zgłasza sprzeciw?" in said.text
        await self.kinga.press(AskCloseRound)
        return await self.kinga.press(CloseRound)

    async def decisions(self, proposal: int) -> tuple[Entry, ...]:
        """Give what was decided on a proposal."""
        return await self.door.look(lambda uow: register.of_proposal(uow, proposal))


@pytest.fixture
async def hall(sandbox: Sandbox, door: Door, clock: FixedClock) -> AsyncIterator[Hall]:
    """The hall, on a Monday morning, on each engine."""
    clock.move(MONDAY - clock.now())
    network = await make(door)
    meeting = await under_way(door, network)

    def come(uow: UnitOfWork) -> None:
        for name in (GOPS, OPS):
            attendance.come(uow, OPERATOR, meeting, network.memberships[name], "head")

    await door.act(come)
    async with answering(sandbox, door):
        kinga, anna, celina = [await Member.make(sandbox, name) for name in ("Kinga", "Anna", "Celina")]
        await kinga.accept(network.tokens["", "coordinator"])
        await anna.accept(network.tokens[GOPS, "head"])
        await celina.accept(network.tokens[OPS, "head"])
        yield Hall(door, network, meeting, kinga, anna, celina)


async def test_a_proposal_nobody_objects_to_is_adopted(hall: Hall) -> None:
    """Entered from the meeting's screen, said yes to by a press and by a typed word, called, closed: it stands in the register."""
    proposal = await hall.entered()
    await hall.opened(hall.celina, SeeMotion(proposal))
    await hall.celina.press(CommentMotion)
    said = await hall.celina.type("Chętnie weźmiemy marzec.")
    said = await hall.celina.press(verb("confirm"))
    assert "Głos jest zapisany" in said.text
    await hall.asked(proposal)
    home = await hall.anna.type("/sprawy")
    assert f"czy ktoś zgłasza sprzeciw? „{TITLE}”. Pytamy teraz, na spotkaniu." in home.text
    said = await hall.anna.press(SeeRound)
    for word in (TEXT, "„Nie popieram, ale nie blokuję”", "Wszystkie instytucje sieci widzą"):
        assert word in said.text
    said = await hall.anna.press(kind(TakeStance, stance="agree"))
    assert "Zapisano. GOPS Modliborzyce: zgadza się." in said.text
    assert "✓ Zgadzam się" in said.labels
    said = await hall.celina.type("Zgadzam się!")
    assert "Zapisano. OPS Janów Lubelski: zgadza się." in said.text
    await hall.opened(hall.kinga, SeeMotion(proposal))
    said = await hall.kinga.press(SeeRound)
    assert "2 z 2 instytucji" in said.text
    said = await hall.closed()
    assert "Nikt nie zgłasza sprzeciwu, wszystkie instytucje się zgadzają. Przyjęto jednogłośnie, przez konsensus." in said.text
    (entry,) = await hall.decisions(proposal)
    assert (entry.number, entry.title, entry.text, entry.method, entry.verdict) == (
        1, TITLE, TEXT, "consensus", "passed",
    )  # fmt: skip
    home = await hall.anna.type("/sprawy")
    assert "czy ktoś zgłasza sprzeciw?" not in home.text


async def test_an_objection_is_answered_by_another_text(hall: Hall) -> None:
    """Celina objects with a reason and a way out, Anna amends, everybody is asked anew; an old button of round 1 does nothing."""
    proposal = await hall.entered()
    await hall.asked(proposal)
    await hall.celina.type("/sprawy")
    first, agree = await hall.celina.find(kind(TakeStance, stance="agree"), await hall.celina.press(SeeRound))
    await hall.celina.press(ObjectStance)
    await hall.celina.type("Co tydzień nie mamy kogo posłać.")
    await hall.celina.type("Dyżur raz w miesiącu.")
    said = await hall.celina.press(verb("confirm"))
    assert "Sprzeciw jest zapisany" in said.text
    await hall.anna.type("/sprawy")
    await hall.anna.press(SeeRound)
    said = await hall.anna.press(SeeStances)
    assert (
        "OPS Janów Lubelski: zgłasza sprzeciw. Co tydzień nie mamy kogo posłać. Co by pomogło: Dyżur raz w miesiącu." in said.text
    )
    said = await hall.closed()
    assert "1 instytucja zgłasza sprzeciw: konsensusu nie ma." in said.text
    assert await hall.decisions(proposal) == ()
    home = await hall.kinga.type("/sprawy")
    assert f"wniosek „{TITLE}” czeka na dalszy krok (zgłoszono sprzeciw)" in home.text

    await hall.opened(hall.anna, SeeMotion(proposal))
    said = await hall.anna.press(AmendMotion)
    assert f"Dotychczasowa odpowiedź: {TEXT}" in said.text
    await hall.anna.type(SHORTER)
    await hall.anna.type("OPS nie ma kogo posłać co tydzień.")
    said = await hall.anna.press(verb("confirm"))
    assert "Nowa treść jest zapisana" in said.text
    await hall.asked(proposal)
    said = await hall.celina.press_data(agree.data, first.message_id)
    assert "To sprawdzanie zgody jest już zakończone, więc nie można w nim zająć stanowiska." in said.text
    for member in (hall.anna, hall.celina):
        await member.type("/sprawy")
        said = await member.press(SeeRound)
        assert SHORTER in said.text
        await member.press(kind(TakeStance, stance="agree"))
    said = await hall.closed()
    assert "Przyjęto jednogłośnie, przez konsensus." in said.text
    (entry,) = await hall.decisions(proposal)
    assert (entry.version, entry.text) == (2, SHORTER)
    stances = await hall.door.look(lambda uow: uow.execute(select(STANCE.c.stance).order_by(STANCE.c.round_id)).scalars().all())
    assert sorted(stances) == ["agree", "agree", "object"], "each round keeps what was said in it"
