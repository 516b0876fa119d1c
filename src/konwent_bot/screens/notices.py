"""By what, when and how gathered somebody is told; and the end of reminders by e-mail, by the link in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office import channels, mail_reminders
from konwent_bot.office.channels import Preferences
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home
from konwent_bot.screens.group_intents import (
    ChooseChannel,
    ChooseDigest,
    ChooseQuiet,
    ChooseReminders,
    SeeNotices,
    SeeStop,
    StopReminders,
)
from konwent_bot.screens.intents import AskEmail, Intent, Settings
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor

_CHANNELS: Final = {
    "telegram": N_("Telegram, and e-mail where it does not work"),
    "mail": N_("e-mail, and Telegram where it does not work"),
    "both": N_("Telegram and e-mail, both"),
}
_CHOOSE: Final = {"telegram": N_("Telegram first"), "mail": N_("E-mail first"), "both": N_("Both")}
#: Quiet hours people are offered: begin and end, local. The same twice: none.
_QUIET: Final = ((20, 7), (18, 8), (22, 6), (0, 0))


# --- what I chose -----------------------------------------------------------------------------------------------------


def _shown(chosen: Preferences, t: Translator, *, notice: str = "") -> Screen:
    facts = [(t("By what"), t(_CHANNELS[chosen.channel])), (t("E-mail address"), chosen.email or t("none"))]
    if not chosen.telegram:
        facts.append((t("Telegram"), t("not joined")))
    facts += [
        (t("Reminders by e-mail"), t("yes") if chosen.mail_reminders else t("no")),
        (t("What can wait"), t("once a day, in one message") if chosen.digest else t("at once")),
        (t("Quiet hours"), _hours(t, chosen.quiet_from, chosen.quiet_to)),
    ]
    return Screen(
        t("Notices"),
        notice=notice,
        problem=_in_the_way(chosen, t),
        facts=tuple(facts),
        notes=(
            t("Calls to meetings, changes and calling off always come. What happens on the same day comes in quiet hours too."),
            t("On days off, and in quiet hours, nothing else is sent."),
        ),
        actions=_ways(chosen, t),
        trail=(home.to_home(t), Action(t("Settings"), Settings())),
    )


def _in_the_way(chosen: Preferences, t: Translator) -> str:
    """Say why something chosen cannot work, and what to do."""
    problems = []
    if chosen.mail_refused_at is not None:
        problems.append(
            t("Mail servers refuse letters to {email} since {day}. Give another address, or confirm this one again.",
              email=chosen.email, day=t.day(chosen.mail_refused_at))
        )  # fmt: skip
    if chosen.blocked:
        problems.append(
            t("The bot is blocked in Telegram, so nothing comes there. Press Start in its chat to be told there again.")
        )
    return " ".join(problems)


def _ways(chosen: Preferences, t: Translator) -> tuple[tuple[Action, ...], ...]:
    def ticked(label: str, intent: Intent, *, now: bool) -> Action:
        return Action(("✓ " if now else "") + label, intent)

    by = tuple(ticked(t(_CHOOSE[one]), ChooseChannel(one), now=one == chosen.channel) for one in _CHOOSE)
    now = (0, 0) if chosen.quiet_from == chosen.quiet_to else (chosen.quiet_from, chosen.quiet_to)
    hours = tuple(ticked(_hours(t, *one), ChooseQuiet(*one), now=one == now) for one in _QUIET)
    daily = (
        Action(t("Each notice at once"), ChooseDigest(0))
        if chosen.digest
        else Action(t("Once a day what can wait"), ChooseDigest(1))
    )
    reminders = (
        Action(t("No reminders by e-mail"), ChooseReminders(0))
        if chosen.mail_reminders
        else Action(t("Reminders by e-mail again"), ChooseReminders(1), weight="main")
    )
    email = ((Action(t("Change my e-mail address"), AskEmail(), weight="main" if chosen.mail_refused_at is not None else ""),),)
    return (by, (daily,), (reminders,), hours[:2], hours[2:], *email)  # fmt: skip


def _hours(t: Translator, begins: int, ends: int) -> str:
    return t("no quiet hours") if begins == ends else f"{begins}:00–{ends}:00"


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeNotices, t: Translator) -> Reply:
    return Reply(_shown(channels.preferences(uow, person.id), t), at=intent)


def _choose(
    uow: UnitOfWork, _v: Visitor, person: Known, intent: ChooseChannel | ChooseDigest | ChooseReminders | ChooseQuiet, t: Translator
) -> Reply:  # fmt: skip
    match intent:
        case ChooseChannel():
            channels.prefer(uow, person.id, channel=intent.channel)
        case ChooseDigest():
            channels.prefer(uow, person.id, digest=intent.daily == 1)
        case ChooseReminders():
            channels.prefer(uow, person.id, mail_reminders=intent.wanted == 1)
        case ChooseQuiet():
            channels.prefer(uow, person.id, quiet_from=intent.begins, quiet_to=intent.ends)
    return Reply(_shown(channels.preferences(uow, person.id), t, notice=t("Saved.")), at=SeeNotices())


# --- the link in a reminder -------------------------------------------------------------------------------------------


def _see_stop(uow: UnitOfWork, _v: Visitor, _p: Known | None, intent: SeeStop, t: Translator) -> Visited:
    mail_reminders.look(uow, intent.token)
    screen = Screen(
        t("No more reminders by e-mail?"),
        paragraphs=(t("Calls to meetings, changes and calling off will come by e-mail as ever: without them nobody would know of a meeting."),),
        actions=((Action(t("No more reminders"), StopReminders(intent.token), weight="main"),),),
    )  # fmt: skip
    return Reply(screen, at=intent), t


def _stop(uow: UnitOfWork, _v: Visitor, _p: Known | None, intent: StopReminders, t: Translator) -> Visited:
    mail_reminders.stop(uow, intent.token)
    screen = Screen(
        t("No more reminders by e-mail will come"),
        paragraphs=(t("They can be switched on again in the settings, under Notices."),),
        actions=((Action(t("Notices"), SeeNotices()),),),
    )
    return Reply(screen), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeNotices: let_in(_see),
    ChooseChannel: let_in(_choose),
    ChooseDigest: let_in(_choose),
    ChooseReminders: let_in(_choose),
    ChooseQuiet: let_in(_choose),
    SeeStop: _see_stop,
    StopReminders: _stop,
}
