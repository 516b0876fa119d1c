"""Remarks on minutes: declined with a reason, or taken up into a new version that goes out and is answered anew."""

from __future__ import annotations

import pytest
from tests.office.decisions.network import NAMES
from tests.office.minutes.answering import REASON, WORDS, Answering, gather
from tests.office.minutes.network import said

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Refused
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import roll, versions
from konwent_bot.office.minutes.news import AnswersOver, RemarksCame, RemarkSettled


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Answering:
    """Ten institutions, nine of them at a meeting."""
    return await gather(door, clock)


async def test_minutes_are_final_when_every_remark_was_declined(net: Answering) -> None:
    """Two remarks, both declined after the deadline: with the second one the minutes are final, and say how many were declined."""
    minutes = await net.sent()
    one, other = await net.remark(minutes, "GOPS"), await net.remark(minutes, "Szkoła")
    waiting = await net.over(minutes)
    assert (waiting.state, waiting.next_step_at) == ("circulated", None)
    net.wait(days=3)
    await net.decline(one)
    assert (await net.minutes(minutes.id)).state == "circulated"
    await net.decline(other)
    done = await net.minutes(minutes.id)
    assert (done.state, done.final_at) == ("final", net.clock.now())
    answered = await net.said(minutes, 1)
    assert {name for name, answer in answered.items() if answer == "remarks"} == {"GOPS", "Szkoła"}
    assert {name for name, answer in answered.items() if answer == "deemed"} == set(NAMES) - {"GOPS", "Szkoła"}
    assert WORDS not in said((await net.versions(minutes))[-1].content)


async def test_the_last_decline_after_the_deadline_needs_no_clock(net: Answering) -> None:
    """The coordinator is faster than the clock: silence counts as acceptance all the same."""
    minutes = await net.sent()
    remark = await net.remark(minutes, "GOPS")
    net.till_deadline(minutes)
    await net.decline(remark)
    assert (await net.minutes(minutes.id)).state == "final"
    assert len((await net.roll(minutes, 1)).deemed) == 9
    await net.tick()
    assert [one.kind for one in await net.versions(minutes)] == ["circulated", "final"]


async def test_a_remark_taken_up_makes_a_second_version(net: Answering) -> None:
    """It says what was taken up and what is otherwise, goes to all again, and everybody answers anew; then it is final."""
    minutes = await net.sent()
    taken, not_taken = await net.remark(minutes, "GOPS"), await net.remark(minutes, "Szkoła", "Byliśmy wszyscy.")
    await net.accept_all(minutes, but=["GOPS", "Szkoła"])
    await net.take_up(taken)
    with pytest.raises(Refused):
        await net.circulate(minutes)
    await net.decline(not_taken)
    assert (await net.minutes(minutes.id)).state == "circulated"
    await net.write(minutes, WORDS)
    net.wait(days=1)
    second = await net.circulate(minutes)
    assert (second.version, second.kind) == (2, "circulated")
    changes, *rest = second.content.points
    assert changes.key == "changes"
    lines = [line for paragraph in changes.paragraphs for line in paragraph.lines]
    assert any("GOPS" in line for line in lines)
    assert sum(WORDS in line for line in lines) == 2  # the remark, and the paragraph that is new
    assert WORDS in "\n".join(line for point in rest for paragraph in point.paragraphs for line in paragraph.lines)
    assert await net.said(minutes, 2) == {}
    assert {one.name for one in (await net.roll(minutes, 2)).places} == set(NAMES)
    with pytest.raises(Refused, match="newer version"):
        await net.accept(minutes, "Szkoła", version=1)
    await net.accept_all(await net.minutes(minutes.id))
    assert [one.kind for one in await net.versions(minutes)] == ["circulated", "circulated", "final"]
    assert await net.told("minutes.circulated", 1) == await net.told("minutes.circulated", 2)


async def test_remarks_to_an_earlier_version_are_settled_no_more(net: Answering) -> None:
    """A remark that was taken up stays so; pressing again on the old screen changes nothing in the new version."""
    minutes = await net.sent()
    remark = await net.remark(minutes, "GOPS")
    await net.accept_all(minutes, but=["GOPS"])
    await net.take_up(remark)
    await net.circulate(minutes)
    await net.take_up(remark)
    with pytest.raises(Refused, match="earlier version"):
        await net.decline(remark)
    assert (await net.roll(minutes, 2)).remarks == ()
    assert (await net.look(lambda uow: roll.remark(uow, remark))).state == "accepted"


async def test_whoever_coordinates_hears_of_remarks(net: Answering) -> None:
    """One message with all that are open when it is sent, none once they are settled; and one when nobody is waited for any more."""
    minutes = await net.sent()
    one = await net.remark(minutes, "GOPS")
    other = await net.remark(minutes, "Szkoła", "Byliśmy wszyscy.")
    assert await net.notices("minutes.remark") == ["post"]
    came = (await net.messages("minutes.remark"))["post"]
    assert isinstance(came, RemarksCame)
    assert [(remark.institution, remark.body) for remark in came.remarks] == [("GOPS", WORDS), ("Szkoła", "Byliśmy wszyscy.")]
    assert all(came.headings[remark.point] for remark in came.remarks)
    assert await net.told("minutes.settle") == []
    await net.over(minutes)
    assert await net.notices("minutes.settle") == ["post"]
    over = (await net.messages("minutes.settle"))["post"]
    assert isinstance(over, AnswersOver)
    assert (over.outcome, len(over.open), over.taken) == ("settle", 2, ())
    await net.take_up(one)
    await net.decline(other)
    over = (await net.messages("minutes.settle"))["post"]
    assert isinstance(over, AnswersOver)
    assert (over.outcome, over.open, [remark.id for remark in over.taken]) == ("amend", (), [one])
    assert await net.messages("minutes.remark") == {}
    await net.tick()
    assert await net.told("minutes.settle") == ["post"]
    await net.circulate(minutes)
    assert await net.messages("minutes.settle") == {}


async def test_the_last_answer_tells_that_a_new_version_is_due(net: Answering) -> None:
    """A remark was taken up while others were silent; when the last one accepts, whoever coordinates is told."""
    minutes = await net.sent()
    await net.take_up(await net.remark(minutes, "GOPS"))
    await net.accept_all(minutes, but=["GOPS", "Szkoła"])
    assert await net.told("minutes.settle") == []
    await net.accept(minutes, "Szkoła")
    assert await net.told("minutes.settle") == ["post"]


async def test_an_institution_is_told_what_became_of_its_remark(net: Answering) -> None:
    """Its proper person and who wrote it, each once, with the point and the reason; nobody else."""
    minutes = await net.sent()
    by_delegate = await net.remark(minutes, "GOPS", by=net.delegates["GOPS"])
    by_head = await net.remark(minutes, "Szkoła")
    await net.decline(by_delegate)
    await net.take_up(by_head)
    assert await net.told("minutes.remark_settled") == ["GOPS delegate", "GOPS head", "Szkoła head"]

    found = (await net.messages("minutes.remark_settled"))["GOPS delegate"]
    assert isinstance(found, RemarkSettled)
    assert (found.remark.institution, found.remark.state, found.remark.reason) == ("GOPS", "declined", REASON)
    points = dict(await net.look(lambda uow: versions.points(versions.get(uow, minutes.id, 1))))
    assert found.heading == points[found.remark.point]


async def test_home_knows_what_waits(net: Answering) -> None:
    """Members see minutes that wait for their answer, whoever coordinates how many remarks wait; and what is done waits no more."""
    minutes = await net.sent()
    gops, ewa = net.heads["GOPS"].person or 0, net.ewa.person or 0

    async def waiting(person: int) -> list[tuple[int, str]]:
        return [(number, place.name) for number, place in await net.look(lambda uow: roll.waiting(uow, person))]

    async def unsettled() -> list[int]:
        return [many for _, many in await net.look(lambda uow: roll.unsettled(uow, ewa))]

    assert (await waiting(gops), await unsettled()) == ([(minutes.id, "GOPS")], [])
    remark = await net.remark(minutes, "GOPS")
    await net.remark(minutes, "Szkoła")
    assert (await waiting(gops), await unsettled()) == ([], [2])
    assert await net.look(lambda uow: roll.unsettled(uow, gops)) == []
    await net.decline(remark)
    assert await unsettled() == [1]
    policja = net.heads["Policja"].person or 0
    assert await waiting(policja) == [(minutes.id, "Policja")]
    await net.over(minutes)
    assert await waiting(policja) == []
