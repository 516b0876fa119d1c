"""Polls for a date: opened, answered date by date, looked over, and ended by choosing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from konwent_bot.dialogue.values import GivenFact
from konwent_bot.domain.meetings.polls import POLL_ANSWERS
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.meetings import facts, polls, working_groups
from konwent_bot.office.meetings.polls import Poll, PollDate
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.group_intents import (
    AnswerPoll,
    AskPollDate,
    ChoosePollDate,
    OpenPoll,
    SeePoll,
    SeePollDate,
    SeePollTable,
)
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings import meeting as meetings
from konwent_bot.screens.meetings import poll_words as words
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import named, where
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home
from konwent_bot.screens.words import until

#: Institutions on one page of the table.
PAGE: Final = 10


def _open(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: OpenPoll, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    groups = [{"id": str(one.id), "label": one.name} for one in working_groups.at_work(uow, intent.body)]
    known: dict[str, GivenFact] = {
        "body": working_groups.body_of(uow, Actor(person.id), intent.body),
        "today": uow.today,
        "has_groups": bool(groups),
        "groups": groups or [{"id": "0", "label": "–"}],
    }
    talk = opening.begin(uow, person, Subject("poll.open", intent.body), known, page=visitor.page)
    return begun(uow, visitor, talk, t), t


# --- looking ----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePoll, t: Translator) -> Reply:
    return _shown(uow, person, intent.meeting, t)


def _shown(uow: UnitOfWork, person: Known, meeting_id: int, t: Translator, *, notice: str = "") -> Reply:
    """Show a poll: to members what their institution said, to who coordinates the figures. Once the date is chosen, the meeting."""
    meeting = facts.see(uow, Actor(person.id), meeting_id)
    if meeting.poll_until is None:
        return Reply(meetings.show(uow, person, meeting, t), at=SeeMeeting(meeting.id))
    poll = polls.read(uow, meeting)
    steers = may(offices(uow, Actor(person.id), meeting.body), "poll.open")
    own = facts.own(uow, person.id, meeting)
    screen = Screen(
        t("Poll for a date: {meeting}", meeting=named(t, meeting)),
        context=(meeting.body_name,),
        notice=notice,
        paragraphs=_says(poll, own, t, steers=steers),
        facts=_facts(uow, poll, t),
        rows=tuple(_row(poll, one, own, t, steers=steers) for one in poll.dates),
        actions=(*_ways(poll, own, t, steers=steers), (Action(t("See the meeting"), SeeMeeting(meeting.id)), to_home(t))),
    )
    return Reply(screen, at=SeePoll(meeting.id))


def _says(poll: Poll, own: tuple[int, ...], t: Translator, *, steers: bool) -> tuple[str, ...]:
    if steers:
        said = words.result(t, poll) if not poll.open or poll.best is not None else ""
        silent = len(poll.silent)
        missing = (
            t.plural("{n} institution has not answered yet.", "{n} institutions have not answered yet.", silent) if silent else ""
        )
        return tuple(filter(None, (said, missing)))
    if not poll.open:
        return (t("The poll is over. Whoever coordinates chooses the date, and you will be told of it."),)
    if own and not any(poll.is_silent(one) for one in own):
        return (t("Thank you, your institution has answered about every date. Answers can be changed until the end."),)
    return (t("Please say which dates suit your institution."),) if own else ()  # fmt: skip


def _facts(uow: UnitOfWork, poll: Poll, t: Translator) -> tuple[tuple[str, str], ...]:
    meeting = poll.meeting
    about = ((t("About"), meeting.topic),) if meeting.topic else ()
    return ((t("Where"), where(t, meeting)), *about, (t("Answers until"), until(t, poll.last_day, uow.today)))


def _row(poll: Poll, one: PollDate, own: tuple[int, ...], t: Translator, *, steers: bool) -> Row:
    if steers:
        return Row(words.date(t, one), words.figures(t, one.tally), Action(t("Choose this date"), AskPollDate(one.id)))
    said = [words.answer(t, one.said.get(membership)) for membership in own]
    if len(own) > 1:
        said = [f"{poll.asked[membership]}: {word}" for membership, word in zip(own, said, strict=True)]
    if not own or not poll.open:
        return Row(words.date(t, one), "; ".join(said))
    first = next((membership for membership in own if membership not in one.said), own[0])
    label = t("Answer") if first not in one.said else t("Change")
    return Row(words.date(t, one), "; ".join(said), Action(label, SeePollDate(one.id, first)))


def _ways(poll: Poll, own: tuple[int, ...], t: Translator, *, steers: bool) -> list[tuple[Action, ...]]:
    rows: list[tuple[Action, ...]] = []
    if poll.open:
        for membership in own:
            missing = _next(poll, membership)
            if missing is not None:
                label = t("Answer date by date")
                label = f"{poll.asked[membership]}: {label}" if len(own) > 1 or steers else label
                rows.append((Action(label, SeePollDate(missing.id, membership), weight="main"),))
    if steers:
        rows.append((Action(t("Who has answered what"), SeePollTable(poll.meeting.id)),))
    return rows


def _next(poll: Poll, membership: int) -> PollDate | None:
    """Give the first date an institution has left out."""
    return next((one for one in poll.dates if membership not in one.said), None)


def _table(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePollTable, t: Translator) -> Reply:
    poll = polls.see(uow, Actor(person.id), intent.meeting)
    require(uow, Actor(person.id), "poll.open", body=poll.meeting.body)
    last = max(0, (len(poll.asked) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeePollTable(poll.meeting.id, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeePollTable(poll.meeting.id, page + 1)))
    shown = list(poll.asked.items())[page * PAGE : (page + 1) * PAGE]
    screen = Screen(
        t("Who has answered what"),
        context=(f"{named(t, poll.meeting)} · {poll.meeting.body_name}",),
        facts=tuple((t("Date {n}", n=number), words.date(t, one)) for number, one in enumerate(poll.dates, start=1)),
        rows=tuple(Row(name, _line(poll, membership, t)) for membership, name in shown),
        actions=((tuple(turns),) if turns else ()) + ((Action(t("Back to the poll"), SeePoll(poll.meeting.id)), to_home(t)),),
    )
    return Reply(screen, at=SeePollTable(poll.meeting.id, page))


def _line(poll: Poll, membership: int, t: Translator) -> str:
    if all(membership not in one.said for one in poll.dates):
        return t("no answer yet")
    said = (f"{number}: {words.answer(t, one.said.get(membership))}" for number, one in enumerate(poll.dates, start=1))
    return ", ".join(said)


# --- answering --------------------------------------------------------------------------------------------------------


def _ask(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePollDate, t: Translator) -> Reply:
    poll = polls.see(uow, Actor(person.id), polls.meeting_of(uow, intent.date))
    facts.speaks_for(uow, Actor(person.id), poll.meeting, intent.membership)
    if intent.membership not in poll.asked:
        raise NotFound(facts.NOT_HERE)
    if not poll.open:
        return _shown(uow, person, poll.meeting.id, t)
    return Reply(_question(poll, poll.date(intent.date), intent.membership, t), at=intent)


def _question(poll: Poll, one: PollDate, membership: int, t: Translator, *, notice: str = "") -> Screen:
    place = poll.dates.index(one) + 1
    now = one.said.get(membership)
    labels = {"yes": t("Yes, it suits us"), "if_need_be": t("If need be"), "no": t("No")}
    return Screen(
        words.date(t, one)[:1].upper() + words.date(t, one)[1:],
        context=(
            " · ".join((named(t, poll.meeting), poll.asked[membership])),
            t("date {place} of {count}", place=place, count=len(poll.dates)),
        ),
        notice=notice,
        paragraphs=(t("Does this date suit your institution?"),),
        actions=(
            *(
                (Action(("✓ " if said == now else "") + labels[said], AnswerPoll(one.id, membership, said)),)
                for said in POLL_ANSWERS
            ),
            (Action(t("All dates"), SeePoll(poll.meeting.id)),),
        ),
    )


def _answer(uow: UnitOfWork, _v: Visitor, person: Known, intent: AnswerPoll, t: Translator) -> Reply:
    poll = polls.answer(uow, Actor(person.id), intent.date, intent.membership, intent.answer)
    one = poll.date(intent.date)
    said = t("Saved: {date}, {answer}.", date=words.date(t, one), answer=words.answer(t, one.said[intent.membership]))
    missing = _next(poll, intent.membership)
    if missing is None:
        return _shown(uow, person, poll.meeting.id, t, notice=said)
    return Reply(_question(poll, missing, intent.membership, t, notice=said), at=SeePollDate(missing.id, intent.membership))


# --- choosing ---------------------------------------------------------------------------------------------------------


def _ask_choice(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskPollDate, t: Translator) -> Reply:
    actor = Actor(person.id)
    poll = polls.see(uow, actor, polls.meeting_of(uow, intent.date))
    require(uow, actor, "poll.open", body=poll.meeting.body)
    one = poll.date(intent.date)
    silent = len(poll.silent)
    early = t.plural("The poll is still open, and {n} institution has not answered yet. Choosing ends it.",
                     "The poll is still open, and {n} institutions have not answered yet. Choosing ends it.", silent)  # fmt: skip
    screen = Screen(
        t("Choose this date?"),
        context=(f"{named(t, poll.meeting)} · {poll.meeting.body_name}",),
        problem=early if poll.open and silent else "",
        facts=((t("When"), words.date(t, one)), (t("Answers"), words.figures(t, one.tally))),
        paragraphs=(t("The meeting gets this date, and everybody who will be called is told of it. Invitations follow later, or at once if you call people yourself."),),
        items=tuple(f"{poll.asked[membership]}: {words.answer(t, one.said.get(membership))}" for membership in poll.asked),
        actions=(
            (Action(t("Yes, choose this date"), ChoosePollDate(one.id), weight="main"),),
            (Action(t("Back to the poll"), SeePoll(poll.meeting.id)),),
        ),
    )  # fmt: skip
    return Reply(screen, at=intent)


def _choose(uow: UnitOfWork, _v: Visitor, person: Known, intent: ChoosePollDate, t: Translator) -> Reply:
    meeting = polls.choose(uow, Actor(person.id), intent.date)
    said = t("The date is chosen, and the meeting is on the plan.")
    return Reply(replace(meetings.show(uow, person, meeting, t), notice=said), at=SeeMeeting(meeting.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    OpenPoll: _open,
    SeePoll: let_in(_see),
    SeePollTable: let_in(_table),
    SeePollDate: let_in(_ask),
    AnswerPoll: let_in(_answer),
    AskPollDate: let_in(_ask_choice),
    ChoosePollDate: let_in(_choose),
}
