"""My calendar: a secret address for a program that keeps calendars; shown once, made anew or ended at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import calendar_feeds
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home
from konwent_bot.screens.group_intents import EndMyCalendar, MakeMyCalendar, SeeMyCalendar
from konwent_bot.screens.intents import Intent, Settings
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _shown(uow: UnitOfWork, person: Known, t: Translator, *, notice: str = "") -> Screen:
    made = calendar_feeds.since(uow, person.id)
    lines = [
        t(
            "All meetings of your networks can stand in the calendar of your telephone or computer, and change there by themselves."
        )
    ]
    if made is not None:
        lines.append(
            t("Your calendar has an address. We cannot show it again; if it is lost or somebody else knows it, make a new one.")
        )
    label = t("Make an address") if made is None else t("Make a new address; the former one ends")
    ways = [(Action(label, MakeMyCalendar(), weight="main" if made is None else ""),)]
    if made is not None:
        ways.append((Action(t("End the address"), EndMyCalendar(), weight="danger"),))
    return Screen(
        t("My calendar"),
        notice=notice,
        paragraphs=tuple(lines),
        facts=((t("Address made"), t.instant(made)),) if made is not None else (),
        notes=(t("Whoever has the address sees which meetings there are: when, where and what about. Answers and names are not in it."),),
        actions=tuple(ways),
        trail=_trail(t),
    )  # fmt: skip


def _trail(t: Translator) -> tuple[Action, ...]:
    return (home.to_home(t), Action(t("Settings"), Settings()))


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMyCalendar, t: Translator) -> Reply:
    return Reply(_shown(uow, person, t), at=intent)


def _make(uow: UnitOfWork, _v: Visitor, person: Known, _i: MakeMyCalendar, t: Translator) -> Reply:
    url = calendar_feeds.make(uow, person.id)
    screen = Screen(
        t("The address of your calendar"),
        paragraphs=(t("It is shown this once. Copy it now, and give it to nobody."), url),
        items=(
            t("Google Calendar, on a computer: Other calendars, Add, From URL."),
            t("Outlook: Add calendar, Subscribe from web."),
            t("iPhone: Settings, Calendar, Accounts, Add account, Other, Subscribed calendar."),
        ),
        notes=(t("Calendars look for news every few hours. Calls and changes come to you by message as ever."),),
        actions=((Action(t("Back to my calendar"), SeeMyCalendar()),),),
        trail=_trail(t),
    )
    return Reply(screen)


def _end(uow: UnitOfWork, _v: Visitor, person: Known, _i: EndMyCalendar, t: Translator) -> Reply:
    calendar_feeds.end(uow, person.id)
    said = t("The address has ended. Calendars that had it get nothing any more.")
    return Reply(_shown(uow, person, t, notice=said), at=SeeMyCalendar())


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMyCalendar: let_in(_see),
    MakeMyCalendar: let_in(_make),
    EndMyCalendar: let_in(_end),
}
