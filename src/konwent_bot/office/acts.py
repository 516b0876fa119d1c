"""The registry of acts a flow may submit to: what each takes, who may, and what it does.

A flow names its act; whoever adds a flow of their own adds one line here. Rights are asked at every touch of the conversation and
once more when it is submitted, because both may be days apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from konwent_bot.office import task_acts
from konwent_bot.office.act import Act
from konwent_bot.office.cards import CardAnswers
from konwent_bot.office.decisions import acts as decisions
from konwent_bot.office.meetings import (
    agenda_items,
    answers,
    convening,
    entering,
    guests,
    planning,
    poll_opening,
    status_reports,
    substitutes,
    working_groups,
)
from konwent_bot.office.minutes import acts as minutes
from konwent_bot.office.subjects import CARD

#: Every act but the card's, which ``dialogues`` asks in the statement that finds its conversation.
ACTS: Final[Mapping[str, Act]] = {
    "agenda.propose": Act("punkt-porzadku", agenda_items.Proposal, agenda_items.may_propose, agenda_items.propose),
    "decision.task": Act("zadanie", task_acts.TaskSet, task_acts.may_attach, task_acts.attach),
    "guest.invite": Act("gosc", guests.Invited, guests.may_invite, guests.invite),
    "meeting.absence": Act("nieobecnosc", answers.Absence, answers.may_explain, answers.explain),
    "meeting.adjust": Act("zmiana-w-planie", entering.MeetingAdjusted, entering.may_adjust, entering.adjust),
    "meeting.cancel": Act("odwolanie-spotkania", convening.MeetingCancelled, convening.may_cancel, convening.cancel),
    "meeting.change": Act("zmiana-spotkania", convening.MeetingChange, convening.may_change, convening.change),
    "meeting.enter": Act("spotkanie", entering.MeetingEntered, planning.may, entering.enter),
    "meeting.plan": Act("plan-roku", planning.PlanAnswers, planning.may, planning.plan),
    "meeting.substitute": Act("zastepstwo", substitutes.SubstituteNamed, substitutes.may_name, substitutes.name),
    "minutes.task": Act("zadanie-z-protokolu", task_acts.TaskSet, task_acts.may_write, task_acts.write),
    "poll.open": Act("ankieta-terminu", poll_opening.PollOpened, poll_opening.may, poll_opening.open_poll),
    "status.report": Act("sprawozdanie", status_reports.Answers, status_reports.may_report, status_reports.report),
    "task.done": Act("zadanie-wykonane", task_acts.TaskDone, task_acts.may_say_done, task_acts.say_done),
    "working_group.set_up": Act("grupa-robocza", working_groups.GroupSetUp, working_groups.may, working_groups.set_up),
    **decisions.ACTS,
    **minutes.ACTS,
}

#: Name -> the model of what it takes: what flows are held to when they are loaded.
MODELS: Final[Mapping[str, type[BaseModel]]] = {CARD: CardAnswers, **{name: act.model for name, act in ACTS.items()}}
