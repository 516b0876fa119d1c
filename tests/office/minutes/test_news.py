"""What people are told of minutes: everybody once a version, the silent in time, and always with the document that was made once."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from tests.office.decisions.network import NAMES
from tests.office.minutes.answering import BY_NAME, Answering, gather, waiting

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import dispatch
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import annexes, files, reminding, steps
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.news import MinutesNews
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import ENCLOSURE, MINUTES, NOTICE, PERSON, SEAT

DOCUMENT: Final = "protokol-nr-1-2026-wersja-1.pdf"
#: A picture as far as anybody looks.
PICTURE: Final = b"\x89PNG\r\n\x1a\n" + b"tablica" * 20
HEADS: Final = sorted(f"{name} head" for name in NAMES)
WARSAW: Final = ZoneInfo("Europe/Warsaw")
#: A week and a day after the fifteenth: the middle is a Saturday, so the first reminder comes on Monday, the second on Tuesday at noon.
DAYS: Final = 8
FIRST, SECOND = "2026-12-21T07:00", "2026-12-22T12:00"


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Answering:
    """Ten institutions, nine of them at a meeting."""
    return await gather(door, clock)


def until(net: Answering, wall: str, **more: float) -> None:
    """Let it be this local time."""
    net.at(datetime.fromisoformat(wall).replace(tzinfo=WARSAW) + timedelta(**more))


async def test_everybody_is_told_of_each_version_once(net: Answering) -> None:
    """Ten heads and who takes the minutes, not who sent them; again with the second version, the final one and an annex; never twice."""
    minutes = await net.sent()
    remark = await net.remark(minutes, "GOPS")
    await net.accept_all(minutes, but=["GOPS"])
    await net.take_up(remark)
    await net.circulate(minutes)
    await net.over(await net.minutes(minutes.id))
    about = Subject("minutes.annex", net.body, minutes=minutes.id)
    await net.act(lambda uow: annexes.annex(uow, net.ewa, about, annexes.Annexed(text="Było nas dziewięcioro.")) and None)
    for _ in range(2):
        await net.tick()
    assert await net.told("minutes.circulated", 1) == await net.told("minutes.circulated", 2) == [*HEADS, "post"]
    assert await net.told("minutes.final") == await net.told("minutes.final", 3) == [*HEADS, "post", "post"]
    assert await net.told("minutes.annex") == await net.told("minutes.annex", 4) == [*HEADS, "post", "post"]


async def test_who_represents_two_is_told_for_each_that_is_asked(net: Answering) -> None:
    """One person is the head of two institutions: asked for each of them, told once that the minutes are final."""
    gops = net.heads["GOPS"].person
    theirs = update(SEAT).where(SEAT.c.membership_id == net.memberships["PCPR"], SEAT.c.role == "head").values(person_id=gops)
    await net.act(lambda uow: uow.execute(theirs) and None)
    minutes = await net.sent()
    assert await net.told("minutes.circulated") == [*HEADS, "post"]
    await net.over(minutes)
    assert await net.told("minutes.final") == [*(one for one in HEADS if one != "PCPR head"), "post", "post"]


async def test_the_document_goes_along_and_is_the_same_for_all(net: Answering) -> None:
    """Byte for byte what was stored, by one hash, so that Telegram takes it once, and what was attached; nothing is copied beside a notice."""
    minutes = await net.closed()
    await net.act(lambda uow: files.attach(uow, net.maria, minutes.id, "tablica.png", PICTURE))
    enclosed = await net.count(ENCLOSURE)
    await net.circulate(minutes)
    (version,) = await net.versions(minutes)

    def each(uow: UnitOfWork) -> set[tuple[tuple[str, str, bytes], ...]]:
        found = BY_NAME["minutes.circulated"]
        return {
            tuple((one.name, one.sha256, one.content) for one in found.files(uow, due))
            for due in waiting(uow, "minutes.circulated")
        }

    (along,) = await net.look(each)
    assert along == (
        (DOCUMENT, version.pdf_sha256, await net.pdf(version)), ("tablica.png", hashlib.sha256(PICTURE).hexdigest(), PICTURE),
    )  # fmt: skip
    assert await net.count(ENCLOSURE) == enclosed


async def test_the_courier_carries_it_and_repeats_what_may_be_lost(net: Answering) -> None:
    """Eleven messages with the document; one of unknown fate comes once more, marked, and never a third time."""
    await net.sent()

    def carried(uow: UnitOfWork, lost: str) -> dict[str, tuple[list[str], bool]]:
        found = {}
        for claim in dispatch.claim(uow, real=uow.now, most=50, channel="telegram"):
            notice = uow.execute(select(NOTICE).where(NOTICE.c.id == claim.notice)).one()
            made = dispatch.prepare(uow, claim, real=uow.now)
            if made is not None:
                dispatch.record(uow, made.claim, "uncertain" if notice.recipient == lost else "sent", real=uow.now)
                if notice.occasion == "minutes.circulated":
                    found[notice.recipient] = ([one.name for one in made.enclosures], made.repeated)
        return found

    first = await net.act(lambda uow: carried(uow, f"seat:{_head(uow, net, 'GOPS')}"))
    assert len(first) == len(NAMES) + 1
    assert all(along == ([DOCUMENT], False) for along in first.values())
    again = []
    for _ in range(3):
        net.wait(hours=1)
        again.append(await net.act(lambda uow: carried(uow, f"seat:{_head(uow, net, 'GOPS')}")))
    assert [list(one.values()) for one in again] == [[([DOCUMENT], True)], [], []]


def _head(uow: UnitOfWork, net: Answering, name: str) -> int:
    """Give the place of an institution's head."""
    found = select(SEAT.c.id).where(SEAT.c.membership_id == net.memberships[name], SEAT.c.role == "head")
    return int(uow.execute(found).scalar_one())


async def test_what_a_message_says_of_a_version(net: Answering) -> None:
    """For an institution it has its name, and what it answered; a post speaks for none."""
    minutes = await net.sent()
    await net.accept(minutes, "GOPS")
    found = await net.messages("minutes.circulated")
    gops, post = found["GOPS head"], found["post"]
    assert isinstance(gops, MinutesNews)
    assert (gops.what, gops.membership, gops.institution, gops.answer) == (
        "circulated", net.memberships["GOPS"], "GOPS", "accepted"
    )  # fmt: skip
    assert gops.files == (DOCUMENT,)
    assert (post.membership, post.institution, post.version.version) == (None, "", 1)


async def test_the_silent_are_reminded_and_nobody_else(net: Answering) -> None:
    """After half of the time the head of who is silent; on the day before the last one the second person too; answered meanwhile: not any more."""
    minutes = await net.sent(days=DAYS)
    for name in NAMES[:7]:
        await net.accept(minutes, name)
    await net.remark(minutes, "Policja")
    until(net, FIRST, seconds=-1)
    await net.tick()
    assert await net.told("minutes.reminder") == []
    until(net, FIRST)
    for _ in range(2):
        await net.tick()
    assert await net.told("minutes.reminder") == ["Stowarzyszenie head", "Szkoła head"]
    await net.accept(minutes, "Szkoła")
    assert list(await net.messages("minutes.reminder")) == ["Stowarzyszenie head"]
    await net.delivered()
    until(net, SECOND)
    await net.tick()
    found = await net.messages("minutes.reminder")
    assert sorted(found) == ["Stowarzyszenie delegate", "Stowarzyszenie head"]
    assert {(one.what, one.institution, one.answer, one.version.version) for one in found.values()} == {
        ("reminder", "Stowarzyszenie", "", 1)
    }
    await net.over(minutes)
    assert await net.messages("minutes.reminder") == {}
    assert len(await net.told("minutes.reminder")) == 4


async def test_of_reminders_that_were_missed_the_newest_comes(net: Answering) -> None:
    """The machine was off over both: one message to both people; off over the deadline: none at all."""
    minutes = await net.sent(days=DAYS)
    until(net, SECOND, hours=3)
    await net.tick()
    assert len(await net.told("minutes.reminder")) == 2 * len(NAMES)
    await net.over(minutes)
    assert (await net.minutes(minutes.id)).state == "final"
    assert len(await net.told("minutes.reminder")) == 2 * len(NAMES)


async def test_a_step_done_twice_is_done_once(net: Answering) -> None:
    """A clock that asks again at once, because another one's answer was lost, reminds nobody twice."""
    minutes = await net.sent(days=DAYS)
    until(net, FIRST)
    again = update(MINUTES).where(MINUTES.c.id == minutes.id).values(next_step_at=net.clock.now())
    for _ in range(3):
        await net.act(lambda uow: uow.execute(again) and None)
        await net.act(lambda uow: steps.STEPS.tick(uow) and None)
    assert await net.told("minutes.reminder") == HEADS


@pytest.mark.parametrize("what", ["circulated", "reminder", "final", "annex"])
def test_how_each_is_sent(what: str) -> None:
    """All wait for the morning; what must arrive is repeated once if nobody knows whether it did; a reminder is not, and can be switched off."""
    found = BY_NAME[f"minutes.{what}"]
    assert found.quiet
    assert (found.repeat_uncertain, found.unsubscribable) == (what != "reminder", what == "reminder")
    assert found.digestible == (what in ("final", "annex"))


async def test_on_the_last_day_nothing_waits_for_the_morning(net: Answering) -> None:
    """A version to be answered today is told at once; a week before it can wait."""
    minutes = await net.sent()

    def urgent(uow: UnitOfWork) -> set[bool]:
        return {BY_NAME["minutes.circulated"].urgent(uow, one) for one in waiting(uow, "minutes.circulated")}

    assert await net.look(urgent) == {False}
    net.till_deadline(minutes, hours=3)
    assert await net.look(urgent) == {True}


async def test_news_of_a_version_that_was_replaced_is_not_sent(net: Answering) -> None:
    """It was still waiting for somebody's morning when the second version went out, or when all was final: only the newest is."""
    minutes = await net.sent()
    remark = await net.remark(minutes, "GOPS")
    await net.accept_all(minutes, but=["GOPS"])
    await net.take_up(remark)
    await net.circulate(minutes)
    assert {one.version.version for one in (await net.messages("minutes.circulated")).values()} == {2}
    await net.over(await net.minutes(minutes.id))
    assert await net.messages("minutes.circulated") == {}
    assert len(await net.messages("minutes.final")) == len(NAMES) + 1


async def by_hand(net: Answering, minutes: Minutes) -> list[str]:
    """Remind by hand; give whom."""
    found = await net.act(lambda uow: reminding.by_hand(uow, net.ewa, minutes.id))
    return sorted(f"{one.name} {one.role}" for one in found.who)


async def test_reminding_by_hand(net: Answering) -> None:
    """A look first, then a press: the silent only; a second time through the second person too, with a warning that it is soon."""
    minutes = await net.sent()
    await net.accept_all(minutes, but=["GOPS", "Szkoła", "Parafia"])
    no_way = update(PERSON).where(PERSON.c.id.in_([net.heads["Parafia"].person, net.delegates["Parafia"].person]))
    await net.act(lambda uow: uow.execute(no_way.values(telegram_id=None, email="")) and None)
    await net.act(lambda uow: uow.execute(update(SEAT).values(email="")) and None)
    seen = await net.look(lambda uow: reminding.preview(uow, net.ewa, minutes.id))
    assert [(one.name, one.role) for one in seen.who] == [("GOPS", "head"), ("Szkoła", "head")]
    assert (seen.unreachable, seen.last_at, seen.soon) == (("Parafia",), None, False)
    assert await net.told("minutes.reminder") == []
    assert await by_hand(net, minutes) == ["GOPS head", "Szkoła head"]
    await net.accept(minutes, "Szkoła")
    net.wait(hours=1)
    assert (await net.look(lambda uow: reminding.preview(uow, net.ewa, minutes.id))).soon
    assert await by_hand(net, minutes) == ["GOPS delegate", "GOPS head"]
    for actor in (net.maria, net.heads["GOPS"]):
        with pytest.raises(NotFound):
            await net.act(lambda uow, actor=actor: reminding.by_hand(uow, actor, minutes.id))  # type: ignore[misc]  # mypy sees no default
    await net.accept(minutes, "GOPS")
    with pytest.raises(Refused, match="nobody to remind"):
        await by_hand(net, minutes)
    net.till_deadline(minutes)
    with pytest.raises(Refused, match="nothing to remind"):
        await by_hand(net, minutes)


async def test_the_clock_comes_not_on_top_of_a_press(net: Answering) -> None:
    """Reminded by hand on Monday at eight, nobody is reminded by the clock on Tuesday at three... but in time it goes on."""
    await net.sent(days=DAYS)
    until(net, FIRST, hours=-1)
    await net.act(lambda uow: reminding.by_hand(uow, net.ewa, 1) and None)
    until(net, FIRST)
    await net.tick()
    assert await net.told("minutes.reminder") == HEADS
    until(net, SECOND)
    await net.tick()
    found = select(func.count()).where(NOTICE.c.occasion == "minutes.reminder")
    assert await net.look(lambda uow: uow.execute(found).scalar_one()) == 3 * len(NAMES)
