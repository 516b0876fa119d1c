"""What notices about agendas and reports say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.agenda_items import Declined
from konwent_bot.office.meetings.status_reports import Missing
from konwent_bot.office.occasion import Message
from konwent_bot.screens.agenda_intents import SeeAgenda, SeeReport, WriteReport
from konwent_bot.screens.screen import Action, Screen


def _declined(said: Declined, t: Translator) -> Screen:
    named = meeting_words.kind(t, said.kind) + (f" ({said.group})" if said.group else "")
    return Screen(
        t("Your proposal is not on the agenda"),
        context=(t("{meeting}, {day}", meeting=named, day=t.day(said.day)), said.body),
        facts=((t("Item"), said.title), *(((t("Reason"), said.reason),) if said.reason else ())),
        actions=((Action(t("See the agenda"), SeeAgenda(said.meeting)),),),
    )


def _missing(said: Missing, t: Translator) -> Screen:
    return Screen(
        t("The report on the process is missing"),
        context=(said.body,),
        paragraphs=(
            t("The strategic meeting is on {day}. Its agenda has the report on the state of the reintegration process, and the report has not been written yet.",
              day=t.day(said.day)),
        ),
        actions=(
            (Action(t("Write the report"), WriteReport(said.meeting), only="chat"),),
            (Action(t("Write the report on the page"), SeeReport(said.meeting), only="page"),),
        ),
    )  # fmt: skip


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {Declined: _declined, Missing: _missing}
