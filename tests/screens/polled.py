"""Anna's network with a poll under way, one that is over, and a group chat; and in whose hands each of their buttons works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, insert, update
from tests.conversations.network import JANOW, Network

from konwent_bot.office.meetings import facts, poll_opening, polls
from konwent_bot.office.meetings.poll_opening import PollOpened
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import group_intents as g
from konwent_bot.screens.intents import Intent
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import CHAT_GROUP, MEETING

GOPS: Final = JANOW[0]


@dataclass(frozen=True)
class Polled:
    """What was made, by number."""

    body: int
    #: A poll under way, and one of its dates; GOPS has answered the first of three.
    meeting: int
    date: int
    #: One that is over, with a date that can be chosen.
    over: int
    over_date: int
    gops: int


def make_polled(uow: UnitOfWork, network: Network, anna: int) -> Polled:
    """Open two polls, let GOPS answer, let one of them be over, and link a group."""
    meeting, over = (_poll(uow, network.body, month) for month in ("12", "11"))
    gops = network.memberships[GOPS]
    mine, theirs = (polls.read(uow, facts.get(uow, one)).dates for one in (meeting, over))
    polls.answer(uow, Actor(anna), mine[0].id, gops, "yes")
    for one, said in zip(theirs, ("if_need_be", "yes", "no"), strict=True):
        polls.answer(uow, Actor(anna), one.id, gops, said)
    uow.execute(_OVER, meeting=over, now=uow.now)
    uow.execute(insert(CHAT_GROUP).values(body_id=network.body, chat_id=-4_000_000_001, title="Konwent KIS", linked_at=uow.now))
    return Polled(network.body, meeting, mine[1].id, over, theirs[1].id, gops)


def _poll(uow: UnitOfWork, body: int, month: str) -> int:
    given = PollOpened.model_validate({
        "kind": "networking", "length": "m120", "mode": "in_person", "place": "Dom Kultury, sala 3", "topic": "Targi pracy", "count": 3,
        "date1": f"2027-{month}-07T10:00", "date2": f"2027-{month}-08T10:00", "date3": f"2027-{month}-09T12:30",
        "until": f"2027-{month}-02",
    })  # fmt: skip
    made = poll_opening.open_poll(uow, OPERATOR, Subject("poll.open", body), given).meeting
    assert made is not None
    return made


_OVER = (
    update(MEETING)
    .where(MEETING.c.id == bindparam("meeting"))
    .values(poll_until=bindparam("now", type_=UtcInstant), next_step_at=None)
)

#: Button -> as it is valid for Anna's network. What uses things up stands last.
BUTTONS: Final[dict[type[Intent], Callable[[Polled], list[Intent]]]] = {
    g.SeePoll: lambda s: [g.SeePoll(s.meeting), g.SeePoll(s.over)],
    g.SeePollDate: lambda s: [g.SeePollDate(s.date, s.gops)],
    g.AnswerPoll: lambda s: [g.AnswerPoll(s.date, s.gops, "if_need_be")],
    g.SeePollTable: lambda s: [g.SeePollTable(s.meeting), g.SeePollTable(s.over, 7)],
    g.AskPollDate: lambda s: [g.AskPollDate(s.over_date), g.AskPollDate(s.date)],
    g.OpenPoll: lambda s: [g.OpenPoll(s.body)],
    g.ChoosePollDate: lambda s: [g.ChoosePollDate(s.over_date)],
    g.SeeChat: lambda s: [g.SeeChat(s.body)],
    g.LinkChat: lambda s: [g.LinkChat(s.body)],
    g.AskUnlinkChat: lambda s: [g.AskUnlinkChat(s.body)],
    g.UnlinkChat: lambda s: [g.UnlinkChat(s.body)],
}
#: What everybody who belongs to the network may see, and what people say for GOPS; the rest is its coordinator's.
OPEN: Final[frozenset[type[Intent]]] = frozenset({g.SeePoll})
OF_GOPS: Final[frozenset[type[Intent]]] = frozenset({g.SeePollDate, g.AnswerPoll})
#: What a person asks about themselves only, and what it is sent with.
OWN: Final[dict[type[Intent], Intent]] = {
    g.SeeMyCalendar: g.SeeMyCalendar(), g.MakeMyCalendar: g.MakeMyCalendar(), g.EndMyCalendar: g.EndMyCalendar(),
    g.SeeNotices: g.SeeNotices(), g.ChooseChannel: g.ChooseChannel("both"), g.ChooseDigest: g.ChooseDigest(1),
    g.ChooseReminders: g.ChooseReminders(0), g.ChooseQuiet: g.ChooseQuiet(22, 6),
}  # fmt: skip
#: What the link in a reminder does, in whoever's hands.
BEARER: Final[frozenset[type[Intent]]] = frozenset({g.SeeStop, g.StopReminders})
