"""The agenda of a meeting: for members what is on it and what they propose, for whoever orders it also what to do with each item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import agenda, agenda_items, belonging, facts
from konwent_bot.office.meetings.agenda import Item
from konwent_bot.office.meetings.agenda_items import NOTED
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.agenda_intents import (
    ProposeItem,
    SeeAgenda,
    SeeItem,
)
from konwent_bot.screens.ballot_intents import SeeTasks
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.agenda_words import OUTCOMES, called, has_begun, trail
from konwent_bot.screens.meetings.beginning import begin
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Items taken off that can be put back with one press; older ones are rarely wanted.
_TAKEN_OFF: Final = 5


# --- screens ----------------------------------------------------------------------------------------------------------


def show(uow: UnitOfWork, person: Known, meeting: Meeting, t: Translator, *, notice: str = "") -> Screen:
    """Show the agenda of a meeting."""
    ordering = orders(uow, person, meeting)
    items = agenda.of(uow, meeting)
    mine = facts.own(uow, person.id, meeting)
    standing = agenda.shown(uow, meeting)
    settled = all(item.id or item.kind == "open_tasks" for item in standing)
    tasks = SeeTasks(meeting.body) if belonging.belongs(uow, person.id, meeting.body) else None
    return Screen(
        t("Agenda"),
        context=(heading(t, meeting), meeting.body_name),
        notice=notice,
        facts=_until(uow, meeting, t),
        rows=tuple(_row(item, t, tasks) for item in standing) if settled else (),
        items=() if settled else tuple(called(t, item) for item in standing),
        numbered=True,
        paragraphs=(*_to_note(uow, meeting, standing, t, orders=ordering), *(_own(item, t) for item in items if item.membership in mine and item.state != "accepted")),
        actions=(*_entering(uow, meeting, mine, t, orders=ordering), *(_others(items, t) if ordering else ())),
        trail=trail(t, meeting),
    )  # fmt: skip


def _until(uow: UnitOfWork, meeting: Meeting, t: Translator) -> tuple[tuple[str, str], ...]:
    if meeting.agenda_until is None or not agenda_items.takes_proposals(uow, meeting):
        return ()
    ends = meeting.agenda_until
    # A midnight is the end of the day before: that day is the last one, as people say it.
    last = t.day(ends - timedelta(minutes=1)) if t.time(ends) == "00:00" else t.instant(ends)
    return ((t("Proposals are taken until"), last),)


def _row(item: Item, t: Translator, tasks: SeeTasks | None) -> Row:
    """Show an item. ``tasks``: where the body's tasks are, for its members; whoever comes to one meeting only sees how many there are."""
    said = [item.institution] if item.institution else []
    if item.kind == "carried":
        said.append(t("from an earlier meeting"))
    if item.outcome:
        said.append(t(OUTCOMES[item.outcome]))
    see = tasks if item.kind == "open_tasks" else SeeItem(item.id)
    return Row(called(t, item), ", ".join(said), None if see is None else Action(t("See"), see))


def _to_note(uow: UnitOfWork, meeting: Meeting, standing: list[Item], t: Translator, *, orders: bool) -> tuple[str, ...]:
    """Ask whoever orders the agenda for what became of its matters."""
    left = sum(item.kind in NOTED and not item.outcome for item in standing)
    if not orders or not left or not has_begun(uow, meeting):
        return ()
    return (
        t.plural(
            "Please note what became of {n} item. What is left open goes on the next agenda.",
            "Please note what became of {n} items. What is left open goes on the next agenda.",
            left,
        ),
    )


def _own(item: Item, t: Translator) -> str:
    """Say what became of a proposal of one's own institution."""
    if item.state == "proposed":
        return t("Your proposal waits for an answer: {title}", title=item.title)
    return t("Not on the agenda: {title}. Reason: {reason}", title=item.title, reason=item.reason or "–")


def _entering(
    uow: UnitOfWork, meeting: Meeting, mine: Collection[int], t: Translator, *, orders: bool
) -> list[tuple[Action, ...]]:
    rows: list[tuple[Action, ...]] = []
    if agenda_items.takes_proposals(uow, meeting) and mine:
        names = {one.membership: one.name for one in facts.members(uow, meeting)}
        for one in mine:
            label = t("Propose an item") if len(mine) == 1 else t("Propose an item: {institution}", institution=names[one])
            rows.append((Action(label, ProposeItem(meeting.id, one), weight="" if orders else "main"),))
    if orders and meeting.status in agenda.OPEN:
        rows.append((Action(t("Add an item"), ProposeItem(meeting.id, 0)),))
    return rows


def _others(items: list[Item], t: Translator) -> list[tuple[Action, ...]]:
    """Lead whoever orders the agenda to what is not on it: proposals first, then what was taken off."""
    waiting = [item for item in items if item.state == "proposed"]
    off = [item for item in items if item.state == "declined"][-_TAKEN_OFF:]
    rows: list[tuple[Action, ...]] = [
        (Action(t("Proposal of {institution}: {title}", institution=item.institution, title=words.short(item.title)), SeeItem(item.id), weight="main"),)
        for item in waiting
    ]  # fmt: skip
    return rows + [(Action(t("Taken off: {title}", title=words.short(called(t, item))), SeeItem(item.id)),) for item in off]


def way(uow: UnitOfWork, _p: Known, meeting: Meeting, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a meeting's own screen to its agenda; say how many proposals wait, to whoever answers them."""
    waiting = sum(item.state == "proposed" for item in agenda.of(uow, meeting)) if may(held, "agenda.order") else 0
    label = t.plural("Agenda ({n} proposal waits)", "Agenda ({n} proposals wait)", waiting) if waiting else t("Agenda")
    return [(Action(label, SeeAgenda(meeting.id)),)]


# --- visits -----------------------------------------------------------------------------------------------------------


def orders(uow: UnitOfWork, person: Known, meeting: Meeting) -> bool:
    """Tell whether a person orders the agenda of a meeting."""
    return may(offices(uow, Actor(person.id), meeting.body), "agenda.order")


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeAgenda, t: Translator) -> Reply:
    return Reply(show(uow, person, facts.see(uow, Actor(person.id), intent.meeting), t), at=intent)


def _propose(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ProposeItem, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    speaker = next((one.name for one in facts.members(uow, meeting) if one.membership == intent.membership), "")
    if not intent.membership:
        held = offices(uow, Actor(person.id), meeting.body)
        speaker = words.place(t, "chair" if "coordinator" not in held and "chair" in held else "coordinator")
    subject = Subject("agenda.propose", meeting.body, meeting=meeting.id, membership=intent.membership or None)
    return begin(uow, visitor, person, subject, t, institution=speaker or meeting.body_name), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeAgenda: let_in(_see),
    ProposeItem: _propose,
}
