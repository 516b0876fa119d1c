"""What a meeting asks of people at home around its agenda: proposals to answer and the report before it, "I am here" on its day."""

from __future__ import annotations

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import attendance, day_code, matters, status_reports
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import SeeAgenda, SeeHere, WriteReport
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meetings.words import named
from konwent_bot.screens.screen import Action


def here(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the meetings under way at which a person has not said yet that they are here."""
    found = []
    for meeting, institutions in day_code.now_of(uow, person.id):
        there = {one.membership for one in attendance.of(uow, meeting).institutions if one.presences}
        if not there.issuperset(institutions):
            text = t("{body}: {meeting}, today at {time}. Please say that you are here.",
                     body=meeting.body_name, meeting=named(t, meeting), time=t.time(meeting.hour))  # fmt: skip
            found.append(Matter(meeting.starts_at, text, (Action(t("I am here"), SeeHere(meeting.id), weight="main"),)))
    return found


def awaited(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the reports that await a person at home."""
    return [
        Matter(
            one.starts_at,
            t("{body}: the report on the process for the strategic meeting on {day}. It takes about {minutes} min.",
              body=one.body, day=t.day(one.day), minutes=uow.house.flows["sprawozdanie"].file.minutes),
            (Action(t("Write the report: {day}", day=t.short_day(one.day)), WriteReport(one.meeting), weight="main"),),
        )
        for one in status_reports.awaited(uow, person.id)
    ]  # fmt: skip


def proposed(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the proposals for agendas that wait for an answer of whoever orders them."""
    found = []
    for one in matters.proposals(uow, person.id):
        meeting, called = one.meeting, named(t, one.meeting)
        text = t.plural(
            "{body}: {n} proposal for the agenda waits for an answer ({meeting}, {day}).",
            "{body}: {n} proposals for the agenda wait for an answer ({meeting}, {day}).",
            one.waiting, body=meeting.body_name, meeting=called, day=t.day(meeting.day),
        )  # fmt: skip
        way = Action(t("Answer the proposals: {day}", day=t.short_day(meeting.day)), SeeAgenda(meeting.id), weight="main")
        found.append(Matter(meeting.agenda_until or meeting.starts_at, text, (way,)))
    return found
