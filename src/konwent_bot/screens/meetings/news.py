"""What the secretariat says of a meeting of its own accord: called, changed, called off, reminded, the agenda."""

from __future__ import annotations

from typing import Final

from konwent_bot.documents import meeting_words
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.occasions import MeetingNews
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.meeting_intents import AnswerMeeting, AskSubstitute, SeeMeeting
from konwent_bot.screens.meetings import words as meetings
from konwent_bot.screens.meetings.agenda_words import called, headed
from konwent_bot.screens.screen import Action, Screen

_TITLES: Final = {
    "invitation": N_("Invitation: {meeting}"),
    "changed": N_("Change: {meeting}"),
    "cancelled": N_("Called off: {meeting}"),
    "withdrawn": N_("No longer for you: {meeting}"),
    "reminder": N_("Please answer: {meeting}"),
    "agenda": N_("Agenda: {meeting}"),
}


def news(said: MeetingNews, t: Translator) -> Screen:
    """Say it: what it is, when and where, what is asked, and the buttons that answer."""
    meeting = said.meeting
    for_whom = (said.institution,) if said.institution else ()
    return Screen(
        t(_TITLES[said.what], meeting=meetings.heading(t, meeting)),
        context=(" · ".join((meeting.body_name, *for_whom)),),
        paragraphs=(*_says(said, t), *_by_letter(said, t)),
        facts=(*_facts(said, t), *headed(t, said.agenda)),
        items=tuple(called(t, line) for line in said.agenda),
        numbered=True,
        actions=tuple(_ways(said, t)),
    )


def _says(said: MeetingNews, t: Translator) -> list[str]:
    match said.what:
        case "invitation" if said.guest:
            return [
                t(
                    "You are invited as a guest. You need not answer here; please write to whoever sent this if you have a question."
                )
            ]
        case "invitation" if said.outside:
            return [t("You are invited to this meeting. Please say whether your institution will be there.")]
        case "invitation":
            return [t("You are invited to this meeting. Please say whether your institution will be there. It takes one press.")]
        case "changed":
            return [_changed(said, t)]
        case "cancelled":
            return [t("This meeting will not take place. You need not do anything.")]
        case "withdrawn":
            return [t("The meeting takes place, but this invitation is not for you any more. You need not do anything.")]
        case "reminder":
            late = (
                [t("This reminder comes later than planned, because the secretariat was not working for a while.")]
                if said.late
                else []
            )
            if said.outside:
                return [*late, t("There is no answer from your institution yet. Will it be there?")]
            return [*late, t("There is no answer from your institution yet. Will it be there? One press is enough.")]
        case "agenda":
            return [t("This is the agenda of the meeting. You need not do anything.")]


def _by_letter(said: MeetingNews, t: Translator) -> list[str]:
    """Say how somebody answers who has not taken their place yet: no page lets them in."""
    if not said.outside or said.answered is not None or said.what not in ("invitation", "changed", "reminder"):
        return []
    return [
        t(
            "Reply to this letter to answer. Once you have taken your place by your personal invitation to the network, one press is enough."
        )
    ]


def _changed(said: MeetingNews, t: Translator) -> str:
    if said.guest:
        return t("This meeting has changed. The entry in your calendar has been renewed.")
    if said.answered is not None:
        return t("This meeting has changed. Your answer still counts; you can change it.")
    if said.meeting.moved_from is not None:
        return t(
            "This meeting has another date. Answers to the former one do not count: please say whether your institution will be there."
        )
    return t("This meeting has changed. Please say whether your institution will be there.")


def _facts(said: MeetingNews, t: Translator) -> list[tuple[str, str]]:
    meeting = said.meeting
    lines = [(t("When"), meeting_words.when(t, meeting.day, meeting.hour, meeting.wall_end.time()))]
    if said.what == "changed" and meeting.moved_from is not None:
        lines.append((t("Moved from"), t.instant(meeting.moved_from)))
    if said.what in ("cancelled", "withdrawn"):
        return [*lines, *([(t("Reason"), meeting.reason)] if said.what == "cancelled" and meeting.reason else [])]
    lines.append((t("Where"), meetings.where(t, meeting)))
    if meeting.link:
        lines.append((t("Online room"), meeting.link))
    if meeting.topic:
        lines.append((t("About"), meeting.topic))
    if said.materials:
        lines.append((t("Materials"), ", ".join(said.materials)))
    if said.what == "changed" and meeting.reason:
        lines.append((t("Reason"), meeting.reason))
    if said.answered is not None and said.what in ("changed", "agenda"):
        lines.append((t("Your institution"), meetings.answered(t, said.answered)))
    return lines


def _ways(said: MeetingNews, t: Translator) -> list[tuple[Action, ...]]:
    meeting, membership = said.meeting, said.membership
    if said.guest or said.outside or membership is None or said.what in ("cancelled", "withdrawn"):
        return []
    rows: list[tuple[Action, ...]] = []
    if said.what != "agenda" and said.answered is None:
        answers: tuple[tuple[str, Intent], ...] = (
            (t("We will be there"), AnswerMeeting(meeting.id, membership, "yes")),
            (t("We will not be there"), AnswerMeeting(meeting.id, membership, "no")),
            (t("A substitute will come"), AskSubstitute(meeting.id, membership)),
        )
        rows += [(Action(label, intent, only="chat"),) for label, intent in answers]
        rows.append((Action(t("Answer on a page"), SeeMeeting(meeting.id), only="page"),))
    else:
        rows.append((Action(t("See the meeting"), SeeMeeting(meeting.id), only="page"),))
    rows.append((Action(t("See the meeting"), SeeMeeting(meeting.id), only="chat"),))
    return rows
