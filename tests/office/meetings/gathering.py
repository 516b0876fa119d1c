"""What the tests of agendas, reports and attendance share: a meeting of a network with people in every position."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert, select, update
from tests.screens.personas import GOPS, KINGA, Stage
from tests.screens.test_refusals import words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.office import dispatch
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, agenda_items, convening, facts
from konwent_bot.office.meetings.agenda_items import Proposal
from konwent_bot.office.occasion import Channel
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.screens import messages
from konwent_bot.store.tables import AGENDA_ITEM, MEETING, NOTICE

#: A Tuesday three weeks after "now" of the tests, 10:00 in Warsaw.
DAY = date(2026, 12, 15)
OPENS = datetime.fromisoformat("2026-12-15T08:00+00:00")
BEGINS = datetime.fromisoformat("2026-12-15T09:00+00:00")
ENDS = datetime.fromisoformat("2026-12-15T11:00+00:00")


def kinga(made: Stage) -> Actor:
    """The coordinator of the network around Janów."""
    return Actor(made.persons[KINGA])


async def planned(door: Door, body: int, *, kind: str = "strategic", day: date = DAY, hour: str = "10:00") -> int:
    """Put a meeting of two hours on the plan; give its number."""
    starts, ends = facts.instants(day, time.fromisoformat(hour), 120, "Europe/Warsaw")
    values = {
        "body_id": body, "kind": kind, "status": "planned", "day": day, "hour": hour, "minutes": 120, "zone": "Europe/Warsaw", "starts_at": starts,
        "ends_at": ends, "mode": "in_person", "place": "Urząd Gminy, sala 7", "link": "", "chair": "coordinator", "topic": "",
        "revision": 0, "sequence": 0, "reason": "", "code": "", "reminded": 0,
    }  # fmt: skip

    def work(uow: Any) -> int:
        new = insert(MEETING).values(**values, uid=facts.new_uid("x", uow.now), created_at=uow.now).returning(MEETING.c.id)
        return int(uow.execute(new).scalar_one())

    return await door.act(work)


async def called(door: Door, made: Stage, *, kind: str = "strategic", day: date = DAY, hour: str = "10:00") -> int:
    """Plan a meeting of the network around Janów and call everybody to it; give its number."""
    meeting = await planned(door, made.janow.body, kind=kind, day=day, hour=hour)
    await door.act(lambda uow: convening.convene(uow, kinga(made), meeting))
    return meeting


async def has_code(door: Door, meeting: int, code: str) -> None:
    """Let a meeting have this code."""
    await door.act(lambda uow: uow.execute(update(MEETING).where(MEETING.c.id == meeting).values(code=code)))


async def held(door: Door, made: Stage, meeting: int, *, took_place: bool = True) -> None:
    """Note whether a meeting took place."""
    await door.act(lambda uow: convening.close(uow, kinga(made), meeting, held=took_place))


async def propose(
    door: Door, made: Stage, meeting: int, title: str, *, who: int | None = None, membership: int | None = None
) -> int:
    """Propose an item (the coordinator: enter one); give its number."""
    actor = kinga(made) if who is None else Actor(made.persons[who])
    whose = membership if membership is not None or who is None else made.janow.memberships[GOPS]
    about = Subject("agenda.propose", made.janow.body, meeting=meeting, membership=whose)

    def work(uow: Any) -> int:
        agenda_items.may_propose(uow, actor, about)
        done = agenda_items.propose(uow, actor, about, Proposal(title=title))
        assert done.made is not None
        return done.made

    return await door.act(work)


async def titles(door: Door, meeting: int) -> list[str]:
    """Give the agenda in order: titles of matters, kinds of the standing items."""
    found = await door.look(lambda uow: agenda.lines(uow, facts.get(uow, meeting)))
    return [line.title or line.kind for line in found]


async def items(door: Door, meeting: int) -> dict[str, int]:
    """Give the numbers of all items of a meeting by title or kind."""
    rows = await door.look(lambda uow: uow.execute(select(AGENDA_ITEM).where(AGENDA_ITEM.c.meeting_id == meeting)).all())
    return {row.title or row.kind: row.id for row in rows}


async def notices_of(door: Door, occasion: str) -> list[tuple[str, str, datetime]]:
    """Give the notices of an occasion that wait: to whom, about what, when they are due."""
    wanted = select(NOTICE).where(NOTICE.c.occasion == occasion, NOTICE.c.settled_at.is_(None)).order_by(NOTICE.c.id)
    rows = await door.look(lambda uow: uow.execute(wanted).all())
    return [(row.recipient, row.subject, row.due_at) for row in rows]


def at(clock: FixedClock, when: datetime | str) -> None:
    """Let it be this instant."""
    clock.move((when if isinstance(when, datetime) else datetime.fromisoformat(when)) - clock.now())


async def told(door: Door, occasion: str, *, channel: Channel = "telegram") -> list[tuple[str, str]]:
    """Let the courier take what is due: to whom, and everything the message says, in Polish. Sent for good."""
    said = []
    for claim in await door.act(lambda uow: dispatch.claim(uow, real=uow.now, most=50, channel=channel)):
        made = await door.act(lambda uow, claim=claim: dispatch.prepare(uow, claim, real=uow.now))  # type: ignore[misc]  # mypy sees no default
        wanted = select(NOTICE).where(NOTICE.c.id == claim.notice)
        notice = await door.look(lambda uow, wanted=wanted: uow.execute(wanted).one())  # type: ignore[misc]  # mypy sees no default
        if made is not None and notice.occasion == occasion:
            t = i18n.translator("pl")
            said.append((notice.recipient, words(messages.screen(made, t), t)))
    return said
