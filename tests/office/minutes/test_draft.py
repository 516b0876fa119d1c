"""The draft of minutes: there when the meeting is closed, made of what happened, and made anew of it whenever somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Connection
from tests.office.decisions.network import MORNING, TITLE
from tests.office.minutes.network import TEXT, Minuting, gather, said, sources

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.decisions import changing
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance, convening, status_reports
from konwent_bot.office.minutes import drafts, facts, gathering
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import ATTENDANCE, MEMBERSHIP, MINUTES


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Minuting:
    """Nine of ten institutions at a meeting."""
    return await gather(door, clock)


@contextmanager
def counted(uow: UnitOfWork) -> Iterator[list[str]]:
    """Count the statements that reach the database."""
    found: list[str] = []

    def before(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(uow.connection, "before_cursor_execute", before)
    try:
        yield found
    finally:
        event.remove(uow.connection, "before_cursor_execute", before)


# --- beginning --------------------------------------------------------------------------------------------------------


async def test_minutes_are_there_when_the_meeting_is_closed(net: Minuting) -> None:
    """The coordinator closes the meeting: its minutes have the first number of the year, and a draft of what happened."""
    minutes = await net.closed()
    assert (minutes.name, minutes.state, minutes.version) == ("1/2026", "draft", 0)
    draft = await net.draft(minutes)
    assert "1/2026" in draft.title
    assert "Biblioteka" in said(draft)
    assert (await net.closed()).id == minutes.id


async def test_a_meeting_that_was_not_held_after_all_has_none(net: Minuting) -> None:
    """Closed by mistake: the draft is gone, and its number is free again."""
    minutes = await net.closed()
    await net.act(lambda uow: convening.close(uow, net.ewa, net.meeting or 0, held=False))
    with pytest.raises(NotFound):
        await net.minutes(minutes.id)
    again = await net.closed()
    assert (again.name, await net.count(MINUTES)) == ("1/2026", 1)


async def test_what_was_written_outlives_a_mistake(net: Minuting) -> None:
    """The meeting is closed as not held while its minutes are written: nobody sees them, until it is held again with all its texts."""
    minutes = await net.closed()
    note = await net.write(minutes)
    await net.act(lambda uow: convening.close(uow, net.ewa, net.meeting or 0, held=False))
    for look in (lambda uow: facts.get(uow, minutes.id), lambda uow: drafts.current(uow, net.ewa, minutes.id)):
        with pytest.raises(NotFound):
            await net.look(look)
    with pytest.raises(NotFound):
        await net.change(note, "Inaczej")
    assert await net.look(lambda uow: facts.of_meeting(uow, net.meeting or 0)) is None
    assert (await net.closed()).id == minutes.id
    assert await net.notes(minutes) == [TEXT]


async def test_what_was_circulated_keeps_its_meeting(net: Minuting) -> None:
    """Once everybody has the minutes, the meeting cannot be said not to have been held."""
    minutes = await net.closed()
    await net.circulate(minutes)
    with pytest.raises(Refused):
        await net.act(lambda uow: convening.close(uow, net.ewa, net.meeting or 0, held=False))
    assert (await net.minutes(minutes.id)).version == 1


async def test_an_old_meeting_gets_its_draft_from_whoever_opens_it(net: Minuting) -> None:
    """A meeting closed before there were minutes: the minute-taker opens them; a member may not; before it is closed nobody can."""
    with pytest.raises(Refused):
        await net.act(lambda uow: drafts.open_(uow, net.maria, net.meeting or 0))
    minutes = await net.closed()
    await net.act(lambda uow: uow.execute(MINUTES.delete().where(MINUTES.c.id == minutes.id)) and None)
    with pytest.raises(NotFound):
        await net.act(lambda uow: drafts.open_(uow, net.heads["GOPS"], net.meeting or 0))
    opened = await net.act(lambda uow: drafts.open_(uow, net.maria, net.meeting or 0))
    assert (opened.name, opened.person) == ("1/2026", net.maria.person)
    assert await net.act(lambda uow: drafts.open_(uow, net.ewa, net.meeting or 0)) == opened


async def test_numbers_follow_one_another_in_a_year(net: Minuting) -> None:
    """The second meeting of the year has number 2, the first of the next year number 1."""
    await net.closed()
    for day, name in ((MORNING.replace(day=17), "2/2026"), (MORNING.replace(year=2027, month=1), "1/2027")):
        net.at(MORNING.replace(day=16))
        await net.meet(day)
        assert (await net.closed()).name == name


# --- what it says -----------------------------------------------------------------------------------------------------


async def test_the_draft_says_what_happened(net: Minuting) -> None:
    """Who was there and who was not, the quorum, a reservation in its author's words, the decision with its number."""
    held = await net.asked()
    await net.take(held, "Fundacja", "reserve")
    await net.ended(held)
    net.wait(minutes=20)
    await net.leave("Policja")
    known = (await net.current(await net.closed())).facts
    assert [one.institution for one in known.absent] == ["Szkoła"]
    assert {one.institution for one in known.attended} >= {"Biblioteka", "Policja"}
    police = next(one for one in known.attended if one.institution == "Policja")
    assert [(f"{span.arrived:%H:%M}", span.left and f"{span.left:%H:%M}", span.role) for span in police.spans] == [
        ("10:00", "10:20", "head")
    ]
    assert (known.quorum.present, known.quorum.entitled, known.quorum.needed) == (9, 10, 5)
    [asked] = next(point for point in known.points if point.proposals).proposals
    assert (asked.title, asked.proposer, asked.state) == (TITLE, "GOPS", "adopted")
    [decision] = asked.decisions
    assert (decision.number, decision.method, decision.verdict) == ("1/2026", "consensus", "passed")
    text = said(await net.draft(await net.closed()))
    for words in ("W wakacje trudno", "1/2026", "Policja"):
        assert words in text


async def test_no_person_is_named(net: Minuting) -> None:
    """Institutions and functions only, whoever came, wrote or proposed."""
    await net.discussed()
    minutes = await net.closed()
    await net.write(minutes)
    text = said(await net.draft(minutes))
    assert "Zwierzchnik" not in text
    assert "Wskazana" not in text
    assert "Ewa" not in text


async def test_numbers_of_people_are_shown_as_all_may_see_them(net: Minuting) -> None:
    """The case manager reports that two finished: the minutes say fewer than three, also to whoever writes them."""
    subject = Subject("status.report", net.body, meeting=net.meeting)
    given = status_reports.Answers(in_process=12, joined=4, finished=2, problems=("transport",))
    await net.act(lambda uow: status_reports.report(uow, net.ewa, subject, given))
    known = (await net.current(await net.closed())).facts
    assert known.report is not None
    assert (known.report.in_process, known.report.finished, known.report.problems) == (12, "few", ("transport",))


async def test_a_corrected_fact_moves_only_its_own_paragraph(net: Minuting) -> None:
    """That the police left early is noted a day later: its line of the attendance changes, and nothing else."""
    held = await net.asked()
    await net.ended(held)
    minutes = await net.closed()
    await net.write(minutes)
    before = sources(await net.draft(minutes))
    net.wait(days=1)
    found = select(ATTENDANCE.c.id).where(ATTENDANCE.c.membership_id == net.memberships["Policja"])
    presence = await net.look(lambda uow: uow.execute(found).scalar_one())
    await net.act(lambda uow: attendance.correct(uow, net.ewa, presence, "10:00", "11:15"))
    after = sources(await net.draft(minutes))
    assert before.keys() == after.keys()
    moved = {source for source in before if before[source] != after[source]}
    assert moved == {f"attendance attendance:{net.memberships['Policja']}"}


async def test_what_was_put_off_is_told_as_it_was(net: Minuting) -> None:
    """An objection at this meeting; at the next one the proposal is amended and adopted: these minutes know nothing of that."""
    net.wait(hours=1)
    proposal = (held := await net.asked()).proposal
    await net.take(held, "Biblioteka", "object")
    await net.ended(held)
    meeting = net.meeting
    await net.meet(MORNING.replace(month=12, day=29))
    later, net.meeting = net.meeting, meeting
    net.at(MORNING.replace(hour=10, minute=30))
    await net.act(lambda uow: changing.postpone(uow, net.ewa, proposal))
    minutes = await net.act(net._close)
    net.meeting = later
    net.at(MORNING.replace(month=12, day=29, hour=9, minute=30))
    await net.come(["GOPS", "Biblioteka", "Parafia", "PCPR", "Policja"])
    await net.amend(proposal, "Raz w miesiącu.")
    await net.adopt(proposal)
    [told] = [one for point in (await net.current(minutes)).facts.points for one in point.proposals]
    assert (told.text != "Raz w miesiącu.", told.state, told.decisions) == (True, "discussion", ())
    assert [act.result.outcome for act in told.acts] == ["objected"]  # type: ignore[union-attr]  # a round, and it was closed
    second = await net.closed()
    [told] = [one for point in (await net.current(second)).facts.points for one in point.proposals]
    assert (told.text, [one.number for one in told.decisions]) == ("Raz w miesiącu.", ["1/2026"])
    assert [act.result.outcome for act in told.acts] == ["adopted"]  # type: ignore[union-attr]  # likewise


async def test_an_institution_that_left_later_was_there(net: Minuting) -> None:
    """The foundation leaves the network in January: in December it was entitled, and it was there."""
    minutes = await net.closed()
    before = (await net.current(minutes)).facts
    gone = MEMBERSHIP.update().where(MEMBERSHIP.c.id == net.memberships["Fundacja"]).values(left_on=date(2027, 1, 15))
    await net.act(lambda uow: uow.execute(gone) and None)
    assert (await net.current(minutes)).facts == before


# --- order, rights, cost ----------------------------------------------------------------------------------------------


async def test_points_are_put_in_the_order_they_were_held_in(net: Minuting) -> None:
    """The minute-taker moves a matter up: the draft follows, the opening stays first, and the edition tells that it was changed."""
    await net.discussed()
    minutes = await net.closed()
    keys = [point.key for point in (await net.current(minutes)).facts.points]
    moved = await net.act(lambda uow: drafts.move_point(uow, net.maria, minutes.id, keys[3], -1))
    assert moved.edition == minutes.edition + 1
    order = [keys[0], keys[1], keys[3], keys[2], *keys[4:]]
    assert [point.key for point in (await net.current(minutes)).facts.points] == order
    for key, step in ((keys[0], 1), (keys[1], -1), (order[-1], 1)):
        await net.act(lambda uow, key=key, step=step: drafts.move_point(uow, net.maria, minutes.id, key, step))  # type: ignore[misc]  # mypy sees no default
    assert [point.key for point in (await net.current(minutes)).facts.points] == order
    with pytest.raises(NotFound):
        await net.act(lambda uow: drafts.move_point(uow, net.maria, minutes.id, "item:99999", 1))


async def test_only_those_who_write_see_the_draft(net: Minuting) -> None:
    """The coordinator and the minute-taker; a head, the chair's place without its post, and a stranger are told of nothing there."""
    minutes = await net.closed()
    for actor in (OPERATOR, net.ewa, net.maria):
        assert (await net.look(lambda uow, a=actor: drafts.current(uow, a, minutes.id))).minutes == minutes  # type: ignore[misc]  # mypy sees no default
    for actor in (net.heads["GOPS"], net.delegates["GOPS"], Actor(10**6)):
        for look in (drafts.current, facts.see):
            with pytest.raises(NotFound):
                await net.look(lambda uow, a=actor, look=look: look(uow, a, minutes.id))  # type: ignore[misc]  # mypy sees no default


async def test_who_has_minutes_to_write(net: Minuting) -> None:
    """A draft waits for the coordinator and the minute-taker, until it is circulated."""
    minutes = await net.closed()

    async def waits(actor: Actor) -> list[str]:
        return [one.what for one in await net.look(lambda uow: drafts.awaited(uow, actor.person or 0))]

    assert (await waits(net.ewa), await waits(net.maria), await waits(net.heads["GOPS"])) == (["write"], ["write"], [])
    await net.circulate(minutes)
    assert (await waits(net.ewa), await waits(net.maria)) == ([], [])


async def test_a_draft_costs_as_many_statements_whatever_its_size(net: Minuting) -> None:
    """Two institutions and no proposal, or nine and four proposals with rounds: the same number of questions to the database, or fewer."""
    small = await net.closed()

    async def cost(number: int) -> int:
        def look(uow: UnitOfWork) -> int:
            minutes = facts.get(uow, number)
            with counted(uow) as found:
                gathering.of(uow, minutes)
            return len(found)

        return await net.look(look)

    one = await cost(small.id)
    net.at(MORNING.replace(day=16))
    await net.meet(MORNING.replace(day=17))
    await net.come(net.memberships)
    few = await net.asked()
    await net.take(few, "Biblioteka", "reserve")
    await net.ended(few)
    two = await cost((await net.closed()).id)
    net.at(MORNING.replace(day=18))
    await net.meet(MORNING.replace(day=19))
    await net.come(net.memberships)
    for number in range(4):
        held = await net.asked(title=f"Wniosek {number}")
        await net.take(held, "Biblioteka", "reserve")
        await net.take(held, "Parafia", "reserve")
        await net.ended(held)
    big = await net.closed()
    await net.write(big)
    assert await cost(big.id) == two
    assert one <= two < 35
