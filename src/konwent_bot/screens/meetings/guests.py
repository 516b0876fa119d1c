"""The guests of a meeting, as its coordinator sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot import i18n
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts, guests
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.guests import GUESTS, Guest
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import InviteGuest, NoteGuest, RemoveGuest, SeeGuest, SeeGuests
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.agenda_words import trail
from konwent_bot.screens.meetings.beginning import begin
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

_ANSWERS: Final = {"": N_("no answer yet"), "yes": N_("will be there"), "no": N_("will not be there")}
#: What became of the last letter.
_TOLD: Final[Mapping[str | None, str]] = {
    None: N_("a letter is waiting to be sent"),
    "sent": N_("the letter was sent"),
    "refused": N_("the letter came back: the address is wrong or closed"),
    "failed": N_("the letter could not be delivered"),
    "unwanted": N_("the letter was withdrawn before it was sent"),
    "uncertain": N_("whether the letter arrived is not known"),
}


def _told(guest: Guest, t: Translator) -> str:
    return t("not written to yet") if guest.told is None else t(_TOLD[guest.told.outcome])


def show(meeting: Meeting, found: list[Guest], t: Translator, *, notice: str = "") -> Screen:
    """Show the guests of a meeting."""
    return Screen(
        t("Guests"),
        context=(heading(t, meeting), meeting.body_name),
        notice=notice,
        paragraphs=(
            t("Guests are invited and informed by e-mail. They have no vote and are not counted in the quorum."),
            *(() if found else (t("There is no guest yet."),)),
        ),
        rows=tuple(
            Row(one.name, ", ".join((one.function, t(_ANSWERS[one.answer]), _told(one, t))), Action(t("See"), SeeGuest(one.id)))
            for one in found
        ),
        actions=((Action(t("Invite a guest"), InviteGuest(meeting.id), weight="main"),),) if meeting.status in _AHEAD else (),
        trail=trail(t, meeting),
    )


_AHEAD: Final = ("proposed", "planned", "convened")


def show_one(meeting: Meeting, guest: Guest, t: Translator, *, notice: str = "") -> Screen:
    """Show one guest."""
    actions = [
        (Action(("✓ " if guest.answer == answer else "") + label, NoteGuest(guest.id, answer)),)
        for answer, label in (("yes", t("Will be there")), ("no", t("Will not be there")))
    ]
    if meeting.status in _AHEAD:
        actions.append((Action(t("Take off the list"), RemoveGuest(guest.id), weight="danger"),))
    return Screen(
        guest.name,
        context=(heading(t, meeting), meeting.body_name),
        notice=notice,
        facts=(
            (t("Function or institution"), guest.function),
            (t("E-mail address"), guest.email),
            (t("Language"), i18n.own_name(guest.language)),
            (t("Invitation"), _told(guest, t)),
            (t("Answer"), t(_ANSWERS[guest.answer])),
        ),
        notes=(t("Guests answer by word of mouth or by letter. Note here what they said."),),
        actions=tuple(actions),
        trail=trail(t, meeting, Action(t("Guests"), SeeGuests(meeting.id))),
    )


def way(uow: UnitOfWork, _p: Known, meeting: Meeting, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:  # noqa: ARG001 - every way takes the same
    """Lead from a meeting's own screen to its guests."""
    return [(Action(t("Guests"), SeeGuests(meeting.id)),)] if may(held, GUESTS) and meeting.status != "cancelled" else []


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeGuests, t: Translator) -> Reply:
    return Reply(show(*guests.of(uow, Actor(person.id), intent.meeting), t), at=intent)


def _see_one(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeGuest, t: Translator) -> Reply:
    return Reply(show_one(*guests.find(uow, Actor(person.id), intent.guest), t), at=intent)


def _invite(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: InviteGuest, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    return begin(uow, visitor, person, Subject("guest.invite", meeting.body, meeting=meeting.id), t), t


def _remove(uow: UnitOfWork, _v: Visitor, person: Known, intent: RemoveGuest, t: Translator) -> Reply:
    actor = Actor(person.id)
    meeting = guests.remove(uow, actor, intent.guest)
    said = t("Taken off the list. Whoever had been written to is told.")
    return Reply(show(*guests.of(uow, actor, meeting.id), t, notice=said), at=SeeGuests(meeting.id))


def _note(uow: UnitOfWork, _v: Visitor, person: Known, intent: NoteGuest, t: Translator) -> Reply:
    actor = Actor(person.id)
    guests.note_answer(uow, actor, intent.guest, intent.answer)
    return Reply(show_one(*guests.find(uow, actor, intent.guest), t, notice=t("Saved.")), at=SeeGuest(intent.guest))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeGuests: let_in(_see),
    SeeGuest: let_in(_see_one),
    InviteGuest: _invite,
    RemoveGuest: let_in(_remove),
    NoteGuest: let_in(_note),
}
