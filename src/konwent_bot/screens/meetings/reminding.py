"""The coordinator's trigger: exactly who would be reminded and through what, and then the press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import reminding as office
from konwent_bot.office.meetings.reminding import Reminded, Reminding
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import AskRemind, Remind, SeeLedger, SeeMeeting, SeeWho
from konwent_bot.screens.meetings.told import channel
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _ask(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskRemind, t: Translator) -> Reply:
    found = office.preview(uow, Actor(person.id), intent.meeting)
    back = (Action(t("Back to the list"), SeeWho(found.meeting.id)),)
    if not found.who:
        screen = Screen(
            t("Nobody to remind"),
            context=_context(found, t),
            paragraphs=(t("Everybody who can be reached has answered."),),
            notes=_unreachable(found, t),
            actions=(back,),
        )
        return Reply(screen, at=intent)
    asked = len({one.membership for one in found.who})
    screen = Screen(
        t.plural("Remind {n} institution?", "Remind {n} institutions?", asked),
        context=_context(found, t),
        problem=t("The last reminder went out less than 24 hours ago, {when}.", when=found.last_at) if found.soon else "",
        paragraphs=(t("A reminder goes to exactly these people, and to nobody who has answered:"),),
        items=tuple(line(one, t) for one in found.who),
        notes=_unreachable(found, t),
        actions=((Action(t("Remind them now"), Remind(found.meeting.id), weight="main"),), back),
    )
    return Reply(screen, at=intent)


def _remind(uow: UnitOfWork, _v: Visitor, person: Known, intent: Remind, t: Translator) -> Reply:
    found = office.by_hand(uow, Actor(person.id), intent.meeting)
    screen = Screen(
        t("The reminder is on its way"),
        context=_context(found, t),
        paragraphs=(t.plural("{n} person gets it. Whoever answers before it is sent gets none.", "{n} people get it. Whoever answers before it is sent gets none.", len(found.who)),),
        actions=(
            (Action(t("See how it went"), SeeLedger(found.meeting.id)),),
            (Action(t("Back to the meeting"), SeeMeeting(found.meeting.id)),),
        ),
    )  # fmt: skip
    return Reply(screen, at=SeeLedger(found.meeting.id))


def _context(found: Reminding, t: Translator) -> tuple[str, ...]:
    return (f"{heading(t, found.meeting)} · {found.meeting.body_name}",)


def _unreachable(found: Reminding, t: Translator) -> tuple[str, ...]:
    if not found.unreachable:
        return ()
    return (t("Nobody can be reached in: {institutions}.", institutions=", ".join(found.unreachable)),)


def line(one: Reminded, t: Translator) -> str:
    """Say who is reminded and through what: the first channel, and what is tried if it refuses."""
    first, *others = [channel(t, way.channel) for way in one.ways]
    place = t("{institution}: {role}", institution=one.name, role=words.place(t, one.role))
    if not others:
        return t("{place}, by {channel}", place=place, channel=first)
    return t("{place}, by {channel} (or {other})", place=place, channel=first, other=others[0])


VISITS: Final[Mapping[type[Intent], Visit]] = {AskRemind: let_in(_ask), Remind: let_in(_remind)}
