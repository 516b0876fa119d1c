"""Anna's network is called to a meeting, another one stands on its plan, and one is over; and in whose hands each button works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import update
from tests.conversations.network import Network

from konwent_bot.office.meetings import convening, entering, facts, substitutes
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.meetings.substitutes import SubstituteNamed
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import meeting_intents as m
from konwent_bot.screens.intents import Intent
from konwent_bot.store.tables import MEETING


@dataclass(frozen=True)
class Convened:
    """What was made, by number."""

    #: Everybody is called; nobody is yet; it was yesterday, and nobody has said whether it took place.
    ahead: int
    planned: int
    over: int
    #: Institution of Anna, and the place of the substitute it has for good.
    gops: int
    substitute: int


def make_convened(uow: UnitOfWork, network: Network, coordinator: int, anna: int, gops: int) -> Convened:
    """Call people to one meeting, put another on the plan, and let one be over."""
    kinga = Actor(coordinator)
    ahead, planned, over = (_entered(uow, kinga, network.body, uow.today + timedelta(days=days)) for days in (24, 60, 30))
    for meeting in (ahead, over):
        convening.convene(uow, kinga, meeting)
    named = SubstituteNamed(name="Zofia Zastępcza", email="zofia@gops.example", term="always")
    about = Subject("meeting.substitute", network.body, meeting=ahead, membership=gops)
    seat = substitutes.name(uow, Actor(anna), about, named).made
    assert seat is not None
    _yesterday(uow, over)
    return Convened(ahead, planned, over, gops, seat)


def _entered(uow: UnitOfWork, actor: Actor, body: int, day: date) -> int:
    given = {"kind": "strategic", "when": f"{day}T10:00", "length": "m120", "mode": "in_person", "place": "Urząd Miejski, sala 7"}
    done = entering.enter(uow, actor, Subject("meeting.enter", body), MeetingEntered.model_validate(given))
    assert done.meeting is not None
    return done.meeting


def _yesterday(uow: UnitOfWork, meeting: int) -> None:
    """Let a meeting have been yesterday: no act moves one there."""
    was = facts.get(uow, meeting)
    day = uow.today - timedelta(days=1)
    starts, ends = facts.instants(day, was.hour, was.minutes, was.zone)
    moved = update(MEETING).where(MEETING.c.id == meeting)
    uow.execute(moved.values(day=day, starts_at=starts, ends_at=ends, next_step_at=None))


#: Button -> as it is valid for Anna's network; only its coordinator may press it, but for those below. What is pressed once only
#: stands last.
BUTTONS: Final[dict[type[Intent], Callable[[Convened], list[Intent]]]] = {
    m.SeeMeeting: lambda c: [m.SeeMeeting(one) for one in (c.ahead, c.planned, c.over)],
    m.TakeCalendar: lambda c: [m.TakeCalendar(c.ahead)],
    m.AskSubstitute: lambda c: [m.AskSubstitute(c.ahead, c.gops)],
    m.AnswerMeeting: lambda c: [m.AnswerMeeting(c.ahead, c.gops, answer) for answer in ("yes", "no")],
    m.ChooseSubstitute: lambda c: [m.ChooseSubstitute(c.ahead, c.gops, c.substitute)],
    m.ExplainAbsence: lambda c: [m.ExplainAbsence(c.ahead, c.gops)],
    m.NameSubstitute: lambda c: [m.NameSubstitute(c.ahead, c.gops)],
    m.SeeWho: lambda c: [m.SeeWho(c.ahead), m.SeeWho(c.ahead, 7)],
    m.SeeWhoOne: lambda c: [m.SeeWhoOne(c.ahead, c.gops)],
    m.AnswerFor: lambda c: [m.AnswerFor(c.ahead, c.gops, "no"), m.AnswerFor(c.ahead, c.gops, "yes")],
    m.SeeLedger: lambda c: [m.SeeLedger(c.ahead), m.SeeLedger(c.ahead, 7)],
    m.SeeTold: lambda c: [m.SeeTold(c.gops), m.SeeTold(c.gops, 7)],
    m.ChangeMeeting: lambda c: [m.ChangeMeeting(c.ahead)],
    m.CancelMeeting: lambda c: [m.CancelMeeting(c.ahead)],
    m.AskConvene: lambda c: [m.AskConvene(c.planned)],
    m.AskRemind: lambda c: [m.AskRemind(c.ahead)],
    m.Remind: lambda c: [m.Remind(c.ahead)],
    m.Convene: lambda c: [m.Convene(c.planned)],
    m.CloseMeeting: lambda c: [m.CloseMeeting(c.over, 1), m.CloseMeeting(c.over, 0)],
}
#: What everybody who belongs to the network may see, and what people of GOPS do for it.
OPEN: Final[frozenset[type[Intent]]] = frozenset({m.SeeMeeting, m.TakeCalendar})
OF_GOPS: Final[frozenset[type[Intent]]] = frozenset(
    {m.AskSubstitute, m.AnswerMeeting, m.ChooseSubstitute, m.ExplainAbsence, m.NameSubstitute}
)
