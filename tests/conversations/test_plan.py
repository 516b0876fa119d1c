"""The coordinator plans a year in the chat: a dozen presses, proposals to look over, one moved by a typed phrase, all confirmed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import select, update

from konwent_bot.office.door import Door
from konwent_bot.screens.intents import Home, Resume, SeeDesk
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.plan_intents import (
    AdjustMeeting,
    ConfirmPlan,
    EnterMeeting,
    PlanYear,
    SeeGroup,
    SeeGroups,
    SeePlan,
    SeeProposal,
    SeeProposals,
    SetUpGroup,
)
from konwent_bot.store.tables import BODY, MEETING, NOTICE
from tests.conversations.house import answering
from tests.conversations.network import Network
from tests.conversations.people import Member, kind, verb
from tests.sandbox.phone import Said, Sandbox

#: The presses and texts of the plan, in the order of the questions.
PLAN = (
    "second", "tuesday", "february", "10:00", "m120", "first", "thursday", "12:30", "m90", "in_person", "KIS Janów, ul. Zamoyskiego 1",
    "coordinator",
)  # fmt: skip


@pytest.fixture
async def kinga(sandbox: Sandbox, live_door: Door, network: Network) -> AsyncIterator[Member]:
    """Kinga, who coordinates a network that has been there for years."""
    await live_door.act(lambda uow: uow.execute(update(BODY).values(created_at=datetime.fromisoformat("2020-01-15T09:00+00:00"))))
    async with answering(sandbox, live_door):
        member = await Member.make(sandbox, "Kinga", "pl")
        await member.accept(network.tokens["", "coordinator"])
        yield member


async def to_plan(kinga: Member, year: int) -> Said:
    """Go from home to the plan of a year, by what stands on the way."""
    await kinga.press(SeeDesk)
    said = await kinga.press(SeePlan)
    while f"Plan roku {year}" not in said.text:
        said = await kinga.press(kind(SeePlan, year=year))
    return said


async def give(kinga: Member, answer: str) -> Said:
    """Answer the question that is asked: by its button where it has one, else by typing."""
    try:
        return await kinga.press(verb("answer", answer), message=await kinga.look())
    except LookupError:
        return await kinga.type(answer)


async def meetings(door: Door) -> list[tuple[str, str, str]]:
    """Give day, hour and status of each meeting."""
    rows = await door.look(lambda uow: uow.execute(select(MEETING).order_by(MEETING.c.starts_at)).all())
    return [(row.day.isoformat(), row.hour, row.status) for row in rows]


async def test_a_year_is_planned_looked_over_changed_and_confirmed(
    kinga: Member, live_door: Door, sandbox: Sandbox, network: Network
) -> None:
    """From the desk to sixteen meetings on the plan; until the last press nobody is told, after it everybody once."""
    anna = await Member.make(sandbox, "Anna")
    await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
    year = live_door.clock.now().year + 1
    said = await to_plan(kinga, year)
    assert "Na ten rok nic jeszcze nie jest zaplanowane." in said.text
    said = await kinga.press(kind(PlanYear, year=year))
    assert "Ustalimy dwie reguły" in said.text
    said = await kinga.press(Resume)
    for answer in PLAN:
        said = await give(kinga, answer)
    assert "Proszę sprawdzić odpowiedzi" in said.text
    assert f"Rok: {year}" in said.text
    said = await kinga.press(verb("confirm"))
    assert "Propozycje są gotowe" in said.text
    assert len(await meetings(live_door)) == 16
    said = await kinga.press(SeeProposals)
    assert "Nikt jeszcze nie wie o tych terminach." in said.text
    said = await kinga.press(SeeProposal, message=said)
    said = await kinga.press(AdjustMeeting)
    said = await kinga.press(verb("edit", "when"))
    said = await kinga.type(f"20 stycznia {year} o wpół do dziesiątej")
    said = await kinga.press(verb("answer"), message=said)
    said = await kinga.press(verb("confirm"))
    assert "Zmiana jest zapisana" in said.text
    assert (f"{year}-01-20", "09:30", "proposed") in await meetings(live_door)
    notices = select(NOTICE.c.recipient).where(NOTICE.c.occasion == "meeting.plan")
    assert await live_door.look(lambda uow: uow.execute(notices).all()) == []
    await kinga.press(SeeProposal)
    await kinga.press(SeeProposals)
    said = await kinga.press(ConfirmPlan)
    assert "16 spotkań jest teraz w planie." in said.text
    assert "I kwartał: zaplanowane na" in said.text
    told = await live_door.look(lambda uow: uow.execute(notices).scalars().all())
    assert len(told) == len(set(told)) == 1, "of this network only Anna can be reached"
    assert {status for _, _, status in await meetings(live_door)} == {"planned"}


async def test_the_same_plan_again_is_refused_above_its_review(kinga: Member, live_door: Door) -> None:
    """Submitted a second time nothing is added; the sentence stands above the answers, and none of them is lost."""
    year = live_door.clock.now().year + 1
    await to_plan(kinga, year)
    await kinga.press(kind(PlanYear, year=year))
    await kinga.press(Resume)
    for answer in PLAN:
        await give(kinga, answer)
    await kinga.press(verb("confirm"))
    await kinga.press(Home)
    await to_plan(kinga, year)
    await kinga.press(kind(PlanYear, year=year))  # what it is for has been read: the first question comes at once
    for answer in PLAN:
        await give(kinga, answer)
    said = await kinga.press(verb("confirm"))
    assert "Nie ma już czego proponować" in said.text
    assert "KIS Janów, ul. Zamoyskiego 1" in said.text
    assert len(await meetings(live_door)) == 16


async def test_a_working_group_is_set_up_and_meets(kinga: Member, live_door: Door) -> None:
    """Name, task, term, people and rhythm; then a meeting of that group, whose date is typed as people say it."""
    year = live_door.clock.now().year + 1
    await to_plan(kinga, year)
    said = await kinga.press(SeeGroups)
    said = await kinga.press(SetUpGroup)
    assert "Jak nazywa się grupa robocza?" in said.text
    await kinga.type("Praca i staże")
    await kinga.type("Wspólna lista miejsc na staże.")
    said = await kinga.type(f"30 czerwca {year}")
    said = await kinga.press(verb("answer"), message=said)
    assert "Kto należy do grupy?" in said.text
    await kinga.press(verb("mark"))
    await kinga.press(verb("done"))
    await kinga.press(verb("answer", "yes"))
    said = await kinga.press(verb("confirm"))
    assert "Grupa robocza jest powołana" in said.text
    said = await kinga.press(SeeGroup)
    assert "Praca i staże" in said.text
    await kinga.press(SeeGroups)
    await kinga.press(SeePlan)
    await kinga.press(EnterMeeting)
    await kinga.press(verb("answer", "operational"))
    await kinga.press(verb("mark"))
    await kinga.press(verb("done"))
    await kinga.press(verb("skip"))
    said = await kinga.type(f"2 lutego {year} o 9")
    said = await kinga.press(verb("answer"), message=said)
    for answer in ("m60", "in_person", "GOPS Modliborzyce", "coordinator"):
        said = await give(kinga, answer)
    said = await kinga.press(verb("confirm"))
    assert "Spotkanie jest w planie" in said.text
    said = await kinga.press(SeeMeeting)
    assert "Praca i staże" in said.text
    assert await meetings(live_door) == [(f"{year}-02-02", "09:00", "planned")]
