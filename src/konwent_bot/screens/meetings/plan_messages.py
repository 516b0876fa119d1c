"""What notices about the plan say: the dates of the year to whoever will be called, what is missing to the coordinator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.duties import ObligationNews
from konwent_bot.office.meetings.plan_news import PlanDate, PlanNews
from konwent_bot.office.occasion import Message
from konwent_bot.screens.meetings.plan_words import period
from konwent_bot.screens.plan_intents import SeePlan
from konwent_bot.screens.screen import Action, Screen


def _date(t: Translator, one: PlanDate) -> str:
    kind = meeting_words.kind(t, one.kind)
    what = f"{kind} ({one.group})" if one.group else kind
    said = t("{day}, {hour}. {what}", day=t.day(one.day), hour=one.hour, what=what)
    where = ", ".join(filter(None, (one.place, one.link)))
    said = f"{said}, {where}" if where else said
    return t("changed: {date}", date=said) if one.changed else said


def plan(message: PlanNews, t: Translator) -> Screen:
    """List the dates that are new or changed, and those that are off."""
    return Screen(
        t("Dates of meetings: {body}", body=message.body_name),
        paragraphs=(t("Please note these dates. We will invite you to each meeting later; nothing has to be answered now."),)
        if message.dates
        else (),
        items=(*(_date(t, one) for one in message.dates), *(t("will not take place: {date}", date=_date(t, one)) for one in message.dropped)),
        actions=((Action(t("See the plan of the year"), SeePlan(message.body, message.year)),),),
    )  # fmt: skip


def obligation(message: ObligationNews, t: Translator) -> Screen:
    """Tell the coordinator what is owed soon that nothing is planned for."""
    return Screen(
        missing_title(t, message.kind, message.group),
        context=(message.body_name,),
        paragraphs=(
            t(
                "{period} ends on {day} ({away}), and no such meeting is planned until then.",
                period=period(t, message.kind, message.start), day=message.end, away=t.relative_days(message.left),
            ),
        ),
        actions=((Action(t("See the plan of the year"), SeePlan(message.body, message.start.year), weight="main"),),),
    )  # fmt: skip


def missing_title(t: Translator, kind: str, group: str) -> str:
    """Say what kind of meeting is missing."""
    if group:
        return t("A meeting of the working group {group} is not planned", group=group)
    return t("A strategic meeting is not planned") if kind == "strategic" else t("An operational meeting is not planned")


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {PlanNews: plan, ObligationNews: obligation}
