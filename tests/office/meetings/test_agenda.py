"""The agenda: what stands on it by itself, who puts what on it, and that nothing left open is ever lost."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from tests.conversations.house import dump
from tests.office.meetings.gathering import BEGINS, at, called, held, items, kinga, planned, propose, titles, told
from tests.screens.personas import ANNA, CELINA, FORMER, GOPS, IDA, IGOR, KINGA, stage

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, KonwentError, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, agenda_items, convening, facts, matters
from konwent_bot.office.meetings.convening import MeetingCancelled
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.store.tables import AGENDA_ITEM, CARD_ROUND

STRATEGIC = ["opening_and_quorum", "adoption_of_agenda", "status_report", "free_motions", "next_date"]
OPERATIONAL = ["opening_and_quorum", "adoption_of_agenda", "free_motions", "next_date"]


async def test_every_strategic_meeting_has_the_status_report_and_it_stays(door: Door) -> None:
    """R5: whoever calls a strategic meeting finds the case manager's report on its agenda, and nobody can take it off."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    assert await titles(door, meeting) == STRATEGIC
    report = (await items(door, meeting))["status_report"]
    before = await dump(door.store)
    with pytest.raises(Refused, match="status report is on the agenda of every strategic meeting"):
        await door.act(lambda uow: agenda_items.decline(uow, kinga(made), report))
    with pytest.raises(Refused, match="Opening and quorum is always the first"):
        await door.act(
            lambda uow: agenda_items.move(uow, kinga(made), report, 3, -1) and agenda_items.move(uow, kinga(made), report, 2, -1)
        )
    assert await dump(door.store) == before
    other = await called(door, made, kind="operational", hour="14:00")
    assert await titles(door, other) == OPERATIONAL


async def test_settling_again_changes_nothing(door: Door) -> None:
    """The clock, a change and a second coordinator may settle an agenda as often as they like, at the same moment too."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    before = await dump(door.store)
    await asyncio.gather(*(door.act(lambda uow: agenda.settle(uow, facts.get(uow, meeting))) for _ in range(6)))
    assert await dump(door.store) == before


async def test_an_agenda_is_never_empty(door: Door) -> None:
    """A meeting nobody has written anything for has its standing items, before it is called too; all others may be taken off."""
    made = await stage(door, meets=False)
    meeting = await planned(door, made.janow.body)
    assert await titles(door, meeting) == STRATEGIC
    await door.act(lambda uow: convening.convene(uow, kinga(made), meeting))
    for kind in ("adoption_of_agenda", "free_motions", "next_date"):
        item = (await items(door, meeting))[kind]
        await door.act(lambda uow, item=item: agenda_items.decline(uow, kinga(made), item))  # type: ignore[misc]  # mypy sees no default
    assert await titles(door, meeting) == ["opening_and_quorum", "status_report"]
    await door.act(lambda uow: agenda.settle(uow, facts.get(uow, meeting)))
    assert await titles(door, meeting) == ["opening_and_quorum", "status_report"], "what was taken off stays off"
    item = (await items(door, meeting))["free_motions"]
    await door.act(lambda uow: agenda_items.accept(uow, kinga(made), item))
    assert await titles(door, meeting) == ["opening_and_quorum", "status_report", "free_motions"]


async def test_conclusions_of_the_last_closed_cards_wait_for_a_strategic_meeting(door: Door, clock: FixedClock) -> None:
    """R9: cards that will be closed by then are on the agenda with their half-year, until a meeting has noted them as done."""
    made = await stage(door, meets=False)
    closed = update(CARD_ROUND).where(CARD_ROUND.c.id == made.janow.round).values(closes_at=BEGINS - timedelta(days=1))
    await door.act(lambda uow: uow.execute(closed))
    meeting = await called(door, made)
    assert await titles(door, meeting) == [*STRATEGIC[:3], "2026-H2", *STRATEGIC[3:]]
    at(clock, BEGINS)
    await held(door, made, meeting)
    later = await called(door, made, day=date(2027, 3, 9))
    assert "2026-H2" in await titles(door, later)
    item = (await items(door, meeting))["2026-H2"]
    await door.act(lambda uow: agenda_items.note(uow, kinga(made), item, "done"))
    third = await called(door, made, day=date(2027, 6, 8))
    assert await titles(door, third) == STRATEGIC


async def test_a_proposal_is_on_the_agenda_once_it_is_accepted(door: Door) -> None:
    """A member proposes, the coordinator accepts: the item stands before the free motions and names the institution."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    item = await propose(door, made, meeting, "Wspólny dyżur", who=ANNA)
    assert await titles(door, meeting) == STRATEGIC
    waiting = await door.look(lambda uow: matters.proposals(uow, made.persons[KINGA]))
    assert [(one.meeting.id, one.waiting) for one in waiting] == [(meeting, 1)], "it awaits whoever orders the agenda, at home"
    assert await door.look(lambda uow: matters.proposals(uow, made.persons[ANNA])) == []
    await door.act(lambda uow: agenda_items.accept(uow, kinga(made), item))
    assert await door.look(lambda uow: matters.proposals(uow, made.persons[KINGA])) == []
    assert await titles(door, meeting) == [*STRATEGIC[:3], "Wspólny dyżur", *STRATEGIC[3:]]
    lines = await door.look(lambda uow: agenda.lines(uow, facts.get(uow, meeting)))
    assert [line.institution for line in lines if line.title] == [GOPS]
    await propose(door, made, meeting, "Punkt koordynatorki")
    assert (await titles(door, meeting))[3:5] == ["Wspólny dyżur", "Punkt koordynatorki"]


async def test_whoever_proposed_is_told_why_not(door: Door, clock: FixedClock) -> None:
    """A declined proposal is told to whoever proposed it, with the reason; put back before the letter goes, nobody is told."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    at(clock, "2026-11-23T09:00+00:00")
    item = await propose(door, made, meeting, "Wspólny dyżur", who=ANNA)
    other = await propose(door, made, meeting, "Drugi temat", who=ANNA)
    with pytest.raises(Invalid, match="Please write why"):
        await door.act(lambda uow: agenda_items.decline(uow, kinga(made), item, "  "))
    with pytest.raises(Invalid):
        await door.act(lambda uow: agenda_items.decline(uow, kinga(made), item, "Proszę dzwonić: 600 700 800"))
    await door.act(lambda uow: agenda_items.decline(uow, kinga(made), item, "Był w maju <b>"))
    await door.act(lambda uow: agenda_items.decline(uow, kinga(made), other, "Nie teraz"))
    await door.act(lambda uow: agenda_items.accept(uow, kinga(made), other))
    ((recipient, said),) = await told(door, "agenda.declined")
    assert recipient == f"seat:{made.seats[GOPS, 'head']}"
    assert "Wspólny dyżur" in said
    assert "Był w maju &lt;b&gt;" in said


async def test_members_propose_until_the_deadline_and_only_for_their_own(door: Door, clock: FixedClock) -> None:
    """No proposal after the deadline, none for somebody else's institution, none for another network's meeting, five at most."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    for who, whose in ((CELINA, GOPS), (FORMER, GOPS), (IDA, GOPS), (IGOR, GOPS)):
        with pytest.raises(NotFound):
            await propose(door, made, meeting, "Cudzy", who=who, membership=made.janow.memberships[whose])
    with pytest.raises(NotFound):
        await propose(door, made, meeting, "Obcy", who=IDA, membership=made.ilawa.memberships["GOPS Iława"])
    for number in range(5):
        await propose(door, made, meeting, f"Temat {number}", who=ANNA)
    with pytest.raises(Refused, match="waiting"):
        await propose(door, made, meeting, "Szósty", who=ANNA)
    until = await door.look(lambda uow: facts.get(uow, meeting).agenda_until)
    assert until is not None
    at(clock, until)
    with pytest.raises(Refused, match="can no longer be proposed"):
        await propose(door, made, meeting, "Za późno", who=CELINA, membership=made.janow.memberships["OPS Janów Lubelski"])
    await propose(door, made, meeting, "Koordynatorka może")
    assert "Koordynatorka może" in await titles(door, meeting)


async def test_what_is_not_hers_does_nothing_in_other_hands(door: Door) -> None:
    """Valid numbers of items, sent by a member, a former head and the coordinator of another network: refused, nothing changed."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    item = await propose(door, made, meeting, "Wspólny dyżur", who=ANNA)
    before = await dump(door.store)
    for who in (ANNA, CELINA, FORMER, IDA, IGOR):
        actor = Actor(made.persons[who])
        for act in (
            lambda uow, a=actor: agenda_items.accept(uow, a, item),
            lambda uow, a=actor: agenda_items.decline(uow, a, item, "x"),
            lambda uow, a=actor: agenda_items.move(uow, a, item, 4, 1),
            lambda uow, a=actor: agenda_items.note(uow, a, item, "done"),
            lambda uow, a=actor: agenda_items.accept(uow, a, 999),
        ):
            with pytest.raises(NotFound):
                await door.act(act)
    for who in (CELINA, IDA, IGOR):
        with pytest.raises(NotFound):
            await door.look(lambda uow, who=who: agenda_items.find(uow, Actor(made.persons[who]), item))  # type: ignore[misc]  # mypy sees no default
    assert await dump(door.store) == before


async def test_two_coordinators_who_order_at_once_lose_nothing(door: Door) -> None:
    """Whoever presses second on a place that has changed moves nothing; the agenda keeps every item once, in places from 1 up."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    for number in range(4):
        await propose(door, made, meeting, f"Temat {number}")
    known = await items(door, meeting)
    before = sorted(await titles(door, meeting))
    presses = [(f"Temat {number}", 4 + number, step) for number in range(4) for step in (1, -1)] * 2
    moved = await asyncio.gather(
        *(door.act(lambda uow, p=press: agenda_items.move(uow, kinga(made), known[p[0]], p[1], p[2])) for press in presses)  # type: ignore[misc]
    )
    assert any(moved)
    assert not all(moved)
    assert sorted(await titles(door, meeting)) == before
    places = select(AGENDA_ITEM.c.position).where(AGENDA_ITEM.c.meeting_id == meeting).order_by(AGENDA_ITEM.c.position)
    found = list(await door.look(lambda uow: uow.execute(places).scalars().all()))
    assert found == list(range(1, len(before) + 1))


async def test_a_press_on_an_old_screen_moves_nothing(door: Door) -> None:
    """Two taps on "Later" move an item one place, and the second says so."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    item = await propose(door, made, meeting, "Temat")
    assert await door.act(lambda uow: agenda_items.move(uow, kinga(made), item, 4, 1))
    assert not await door.act(lambda uow: agenda_items.move(uow, kinga(made), item, 4, 1))
    assert (await titles(door, meeting))[3:5] == ["free_motions", "Temat"]


async def test_what_is_left_open_goes_on_the_next_agenda(door: Door, clock: FixedClock) -> None:
    """Noted as open it stands on the meeting that is called already; noted as done after all, it goes from there again."""
    made = await stage(door, meets=False)
    meeting = await called(door, made, kind="operational")
    item = await propose(door, made, meeting, "Wspólny dyżur", who=ANNA)
    await door.act(lambda uow: agenda_items.accept(uow, kinga(made), item))
    following = await called(door, made, kind="operational", day=date(2027, 1, 12))
    with pytest.raises(Refused, match="once the meeting has begun"):
        await door.act(lambda uow: agenda_items.note(uow, kinga(made), item, "open"))
    at(clock, BEGINS + timedelta(hours=2))
    await held(door, made, meeting)
    assert await titles(door, following) == OPERATIONAL
    for _ in range(2):
        await door.act(lambda uow: agenda_items.note(uow, kinga(made), item, "open"))
    assert await titles(door, following) == [*OPERATIONAL[:2], "Wspólny dyżur", *OPERATIONAL[2:]]
    lines = await door.look(lambda uow: agenda.lines(uow, facts.get(uow, following)))
    assert [(line.kind, line.institution) for line in lines if line.title] == [("carried", GOPS)]
    await door.act(lambda uow: agenda_items.note(uow, kinga(made), item, "done"))
    assert await titles(door, following) == OPERATIONAL


async def test_a_meeting_that_is_called_off_hands_its_matters_on(door: Door) -> None:
    """What a cancelled meeting was to deal with stands on the next one of its kind, and on no other."""
    made = await stage(door, meets=False)
    meeting = await called(door, made, kind="operational")
    await propose(door, made, meeting, "Wspólny dyżur")
    other = await called(door, made, day=date(2026, 12, 18))
    following = await called(door, made, kind="operational", day=date(2027, 1, 12))
    about = Subject("meeting.cancel", made.janow.body, meeting=meeting)
    await door.act(lambda uow: convening.cancel(uow, kinga(made), about, MeetingCancelled(reason="Brak sali")))
    assert "Wspólny dyżur" in await titles(door, following)
    assert "Wspólny dyżur" not in await titles(door, other)


async def test_history_is_not_rewritten(door: Door, clock: FixedClock) -> None:
    """Once a meeting is noted as held its agenda can no longer be ordered, added to or emptied."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    item = await propose(door, made, meeting, "Temat")
    at(clock, BEGINS + timedelta(hours=3))
    await held(door, made, meeting)
    for act in (
        lambda uow: agenda_items.decline(uow, kinga(made), item),
        lambda uow: agenda_items.move(uow, kinga(made), item, 4, 1),
        lambda uow: agenda_items.accept(uow, kinga(made), item),
    ):
        with pytest.raises(Refused, match="over or called off"):
            await door.act(act)
    with pytest.raises(KonwentError):
        await propose(door, made, meeting, "Jeszcze jeden")
