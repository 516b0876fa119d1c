"""The case manager's report for a strategic meeting: numbers that tell of nobody, difficulties by category, requests to partners."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot.documents import meeting_words, report_words
from konwent_bot.domain.meetings.status_report import SMALLEST_SHOWN, Shown
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts, status_reports
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.status_reports import Report
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import SeeAgenda, SeeReport, WriteReport
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.agenda_words import trail
from konwent_bot.screens.meetings.beginning import begin
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def show(found: Report, t: Translator, *, writes: bool) -> Screen:
    """Show a report; whoever writes it sees its numbers, and beside them what others see."""
    meeting = found.meeting
    said = [(t("Difficulties"), report_words.problems(t, found.problems, found.problems_other))]
    if found.requests:
        said.append((t("Requests to partners"), found.requests))
    hides = found.exact is not None and _told(found) != (found.exact.in_process, found.exact.joined, found.exact.finished)
    return Screen(
        meeting_words.item(t, "status_report"),
        context=(heading(t, meeting), meeting.body_name),
        facts=((t("Period"), t("{since} – {until}", since=t.day(found.since), until=t.day(found.until))), *_numbers(found, t), *said),
        notes=(
            *((t("The numbers are seen like this by you only. In brackets: what the institutions see."),) if hides else ()),
            t("Numbers below {n} are hidden, and numbers they could be computed from.", n=SMALLEST_SHOWN),
        ),
        actions=((Action(t("Change the report"), WriteReport(meeting.id)),),) if writes else (),
        trail=trail(t, meeting, Action(t("Agenda"), SeeAgenda(meeting.id))),
    )  # fmt: skip


def _told(found: Report) -> tuple[Shown, Shown, Shown]:
    return found.shown.in_process, found.shown.joined, found.shown.finished


def _numbers(found: Report, t: Translator) -> list[tuple[str, str]]:
    labels = (t("In the process"), t("Joined"), t("Finished"))
    said = [report_words.number(t, one) for one in _told(found)]
    if found.exact is not None:
        exact = [t.number(one) for one in (found.exact.in_process, found.exact.joined, found.exact.finished)]
        said = [one if one == shown else f"{one} ({shown})" for one, shown in zip(exact, said, strict=True)]
    return list(zip(labels, said, strict=True))


def missing(meeting: Meeting, t: Translator, *, writes: bool) -> Screen:
    """Say that there is no report yet."""
    return Screen(
        meeting_words.item(t, "status_report"),
        context=(heading(t, meeting), meeting.body_name),
        paragraphs=(t("The report has not been written yet. It will be here before the meeting."),),
        actions=((Action(t("Write the report"), WriteReport(meeting.id), weight="main"),),) if writes else (),
        trail=trail(t, meeting, Action(t("Agenda"), SeeAgenda(meeting.id))),
    )


def way(uow: UnitOfWork, _p: Known, meeting: Meeting, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a meeting's own screen to its report, or to writing it."""
    if meeting.kind != "strategic" or meeting.status in ("proposed", "cancelled"):
        return []
    if status_reports.is_there(uow, meeting.id):
        return [(Action(t("Report on the process"), SeeReport(meeting.id)),)]
    if may(held, "status.report"):
        return [(Action(t("Write the report"), WriteReport(meeting.id)),)]
    return []


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeReport, t: Translator) -> Reply:
    actor = Actor(person.id)
    found = status_reports.see(uow, actor, intent.meeting)
    meeting = facts.see(uow, actor, intent.meeting)
    writes = status_reports.may_write(uow, actor, meeting)
    return Reply(missing(meeting, t, writes=writes) if found is None else show(found, t, writes=writes), at=intent)


def _write(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: WriteReport, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    since, until = status_reports.period_of(uow, meeting)
    standing = status_reports.standing(uow, meeting.id)
    subject = Subject("status.report", meeting.body, meeting=meeting.id)
    return begin(uow, visitor, person, subject, t, standing=standing, opens=not standing, since=since, until=until), t


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeReport: let_in(_see), WriteReport: _write}
