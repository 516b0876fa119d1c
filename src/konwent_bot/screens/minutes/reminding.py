"""Reminding of minutes by hand: exactly who would be reminded and through what, and then the press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.minutes import reminding as office
from konwent_bot.office.minutes.reminding import Reminding
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.reminding import line
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes_intents import AskRemindSilent, RemindSilent, SeeAnswers
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _ask(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskRemindSilent, t: Translator) -> Reply:
    found = office.preview(uow, Actor(person.id), intent.minutes)
    back = (Action(t("Back to the list"), SeeAnswers(found.minutes.id)),)
    if not found.who:
        screen = Screen(
            t("Nobody to remind"),
            context=words.below(uow, found.minutes, t),
            paragraphs=(t("Everybody who can be reached has answered."),),
            notes=_unreachable(found, t),
            actions=(back,),
        )
        return Reply(screen, at=intent)
    screen = Screen(
        t.plural("Remind {n} institution?", "Remind {n} institutions?", len({one.membership for one in found.who})),
        context=words.below(uow, found.minutes, t),
        problem=t("The last reminder went out less than 24 hours ago, {when}.", when=found.last_at) if found.soon else "",
        paragraphs=(t("A reminder goes to exactly these people, and to nobody who has answered:"),),
        items=tuple(line(one, t) for one in found.who),
        notes=_unreachable(found, t),
        actions=((Action(t("Remind them now"), RemindSilent(found.minutes.id), weight="main"),), back),
    )
    return Reply(screen, at=intent)


def _unreachable(found: Reminding, t: Translator) -> tuple[str, ...]:
    if not found.unreachable:
        return ()
    return (t("Nobody can be reached in: {institutions}.", institutions=", ".join(found.unreachable)),)


def _remind(uow: UnitOfWork, _v: Visitor, person: Known, intent: RemindSilent, t: Translator) -> Reply:
    found = office.by_hand(uow, Actor(person.id), intent.minutes)
    screen = Screen(
        t("The reminder is on its way"),
        context=words.below(uow, found.minutes, t),
        paragraphs=(
            t.plural(
                "{n} person gets it. Whoever answers before it is sent gets none.",
                "{n} people get it. Whoever answers before it is sent gets none.",
                len(found.who),
            ),
        ),
        actions=((Action(t("Back to the list"), SeeAnswers(found.minutes.id)),),),
        trail=words.trail(t, found.minutes),
    )
    return Reply(screen, at=SeeAnswers(found.minutes.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {AskRemindSilent: let_in(_ask), RemindSilent: let_in(_remind)}
