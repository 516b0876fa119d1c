"""How screens speak of minutes that are being written: their name, where they stand, the fact a paragraph comes from, what differs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from konwent_bot.domain.minutes.difference import Part
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.home import to_home
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.minutes.version_words import called
from konwent_bot.screens.minutes_intents import SeeDraft, SeePoint, in_button
from konwent_bot.screens.screen import Action

#: What the first word of a paragraph's source stands for (``documents.minutes.draft``).
_ORIGINS: Final = {
    "attended": N_("attendance at the meeting"),
    "absent": N_("answers to the call and attendance"),
    "guests": N_("list of guests"),
    "quorum": N_("attendance and the rule of the quorum"),
    "report": N_("report on the process"),
    "carried_from": N_("agenda"),
    "detail": N_("agenda"),
    "proposer": N_("agenda"),
    "outcome": N_("agenda"),
    "proposal": N_("proposals to decide"),
    "fate": N_("proposals to decide"),
    "round": N_("check of consensus"),
    "ballot": N_("ballots"),
    "decision": N_("register of decisions"),
    "tasks": N_("list of tasks"),
    "reviewed": N_("list of tasks"),
    "next_meeting": N_("plan of the year"),
    "closing": N_("closing of the meeting"),
    "files": N_("attached files"),
}
#: Of any other.
_NOTED: Final = N_("what was noted of the meeting")
_STATES: Final = {
    "draft": N_("draft, not sent to anybody yet"),
    "circulated": N_("sent out to institutions"),
    "final": N_("final, accepted for good"),
}


def about(uow: UnitOfWork, minutes: Minutes, t: Translator) -> tuple[str, ...]:
    """Say below a heading whose minutes these are: the meeting, the body."""
    return (heading(t, meetings.get(uow, minutes.meeting)), minutes.body_name)


def below(uow: UnitOfWork, minutes: Minutes, t: Translator) -> tuple[str, ...]:
    """Say the same in one line below the heading of a part of them."""
    return (f"{called(t, minutes)} · {heading(t, meetings.get(uow, minutes.meeting))}", minutes.body_name)


def state(t: Translator, minutes: Minutes) -> str:
    """Say where minutes stand."""
    return t(_STATES[minutes.state])


def origin(t: Translator, source: str) -> str:
    """Say which fact a paragraph comes from: "Skąd: lista obecności"."""
    return t("From: {fact}", fact=t(_ORIGINS.get(source.partition(":")[0], _NOTED)))


def trail(t: Translator, minutes: Minutes, *, point: tuple[str, str] | None = None, top: bool = False) -> tuple[Action, ...]:
    """Lead back: home, the meeting, and (unless this is their ``top``) the minutes, then their ``point`` (its key and heading)."""
    ways = [to_home(t), Action(t("The meeting"), SeeMeeting(minutes.meeting))]
    if not top:
        ways.append(Action(called(t, minutes), SeeDraft(minutes.id)))
    if point is not None:
        ways.append(Action(point[1], SeePoint(minutes.id, in_button(point[0]))))
    return tuple(ways)


def marked(t: Translator, parts: Iterable[Part]) -> str:
    """Write what became of a text in words, so that it can be heard and needs no colour: "… [usunięto: dwa] [dodano: trzy] …"."""
    return "".join(_said(t, part) for part in parts).replace("][", "] [")


def _said(t: Translator, part: Part) -> str:
    if part.kind == "same":
        return part.text
    text = part.text.strip()
    if not text:
        return part.text if part.kind == "added" else ""
    before = " " if part.text[:1].isspace() else ""
    after = " " if part.text[-1:].isspace() else ""
    said = t("[removed: {text}]", text=text) if part.kind == "removed" else t("[added: {text}]", text=text)
    return f"{before}{said}{after}"
