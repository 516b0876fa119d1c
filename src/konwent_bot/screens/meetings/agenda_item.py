"""One item of an agenda: what it is about, and what whoever orders the agenda does with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from konwent_bot.domain.meetings.agenda import MATTERS
from konwent_bot.errors import Invalid
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import agenda, agenda_items
from konwent_bot.office.meetings.agenda import Item
from konwent_bot.office.meetings.agenda_items import MOST_REASON, NOTED
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import (
    AcceptItem,
    AskDecline,
    DeclineItem,
    MoveItem,
    NoteItem,
    SeeAgenda,
    SeeItem,
    SeeReport,
)
from konwent_bot.screens.decisions import motions
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.agenda import orders, show
from konwent_bot.screens.meetings.agenda_words import OUTCOMES, called, has_begun, trail
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: What the rules keep on every agenda that has it (``domain.meetings.agenda.check``).
_FIXED: Final = frozenset({"opening_and_quorum", "status_report"})


def show_item(uow: UnitOfWork, person: Known, meeting: Meeting, item: Item, t: Translator, *, notice: str = "") -> Screen:
    """Show one item, and what may be done with it."""
    known = []
    if item.institution:
        known.append((t("Proposed by"), item.institution))
    match item.state:
        case "proposed":
            known.append((t("State"), t("waits for an answer")))
        case "declined":
            known.append((t("State"), t("not on the agenda")))
        case _:
            place = next((at for at, one in enumerate(agenda.shown(uow, meeting), start=1) if one.id == item.id), 0)
            known.append((t("Place on the agenda"), str(place)))
    if item.reason:
        known.append((t("Reason"), item.reason))
    if item.outcome:
        known.append((t("What became of it"), t(OUTCOMES[item.outcome])))
    rows = motions.of_item(uow, person, meeting, item, t)
    rows += _doing(uow, meeting, item, t) if orders(uow, person, meeting) else []
    if item.kind == "status_report":
        rows.insert(0, (Action(t("See the report"), SeeReport(meeting.id), weight="main"),))
    return Screen(
        called(t, item),
        context=(heading(t, meeting), meeting.body_name),
        notice=notice,
        paragraphs=tuple(item.detail.split("\n\n")) if item.detail else (),
        facts=tuple(known),
        actions=tuple(rows),
        trail=trail(t, meeting, Action(t("Agenda"), SeeAgenda(meeting.id))),
    )


def _doing(uow: UnitOfWork, meeting: Meeting, item: Item, t: Translator) -> list[tuple[Action, ...]]:
    """Offer what whoever orders the agenda may do with an item now."""
    rows: list[tuple[Action, ...]] = []
    if meeting.status in agenda.OPEN:
        if item.state == "accepted":
            rows += _ordering(uow, meeting, item, t)
        else:
            label = t("Put it on the agenda") if item.state == "proposed" else t("Put it back on the agenda")
            rows.append((Action(label, AcceptItem(item.id), weight="main"),))
        if item.state == "proposed" or (item.state == "accepted" and item.kind not in _FIXED):
            label = t("Decline") if item.state == "proposed" else t("Take it off")
            rows.append((Action(label, DeclineItem(item.id) if item.membership is None else AskDecline(item.id)),))
    if has_begun(uow, meeting) and item.state == "accepted" and item.kind in NOTED:
        rows.append(
            (
                Action(_ticked(t("Done"), item.outcome == "done"), NoteItem(item.id, "done")),
                Action(_ticked(t("Left open"), item.outcome in ("open", "carried")), NoteItem(item.id, "open")),
            )
        )
    return rows


def _ordering(uow: UnitOfWork, meeting: Meeting, item: Item, t: Translator) -> list[tuple[Action, ...]]:
    """Offer to move an item: not the opening, and nothing before it."""
    order = [one.id for one in agenda.standing(uow, meeting)]
    if item.kind == "opening_and_quorum" or item.id not in order:
        return []
    place = order.index(item.id) + 1
    row = []
    if place > 2:
        row.append(Action(t("Earlier"), MoveItem(item.id, place, "up")))
    if place < len(order):
        row.append(Action(t("Later"), MoveItem(item.id, place, "down")))
    return [tuple(row)] if row else []


def _ticked(label: str, now: bool) -> str:
    return f"✓ {label}" if now else label


def ask_decline(meeting: Meeting, item: Item, t: Translator, *, written: str = "", problem: str = "") -> Screen:
    """Ask why an item is declined or taken off; the institution it came from is told."""
    reason = Field(
        "reason", t("Why is it not on the agenda?"), value=written, problem=problem, most_chars=MOST_REASON,
        hint=t("{institution} is told this. Please write nothing about people supported by the club.", institution=item.institution),
    )  # fmt: skip
    return Screen(
        t("Decline the proposal") if item.state == "proposed" else t("Take the item off"),
        context=(heading(t, meeting), meeting.body_name),
        problem=problem,
        facts=((t("Item"), item.title), (t("Proposed by"), item.institution)),
        form=Form(DeclineItem(item.id), (reason,), t("Do it and tell the institution"), AskDecline(item.id)),
        trail=trail(t, meeting, Action(t("Agenda"), SeeAgenda(meeting.id))),
    )


# --- visits -----------------------------------------------------------------------------------------------------------


def _see_item(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeItem, t: Translator) -> Reply:
    meeting, item = agenda_items.find(uow, Actor(person.id), intent.item)
    return Reply(show_item(uow, person, meeting, item, t), at=intent)


def _accept(uow: UnitOfWork, _v: Visitor, person: Known, intent: AcceptItem, t: Translator) -> Reply:
    meeting = agenda_items.accept(uow, Actor(person.id), intent.item)
    return Reply(show(uow, person, meeting, t, notice=t("The item is on the agenda.")), at=SeeAgenda(meeting.id))


def _ask_decline(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskDecline, t: Translator) -> Reply:
    meeting, item = agenda_items.find_to_order(uow, Actor(person.id), intent.item)
    return Reply(ask_decline(meeting, item, t), at=intent)


def _decline(uow: UnitOfWork, visitor: Visitor, person: Known, intent: DeclineItem, t: Translator) -> Reply:
    actor, written = Actor(person.id), visitor.given.fields.get("reason", "")
    meeting, item = agenda_items.find_to_order(uow, actor, intent.item)
    try:
        meeting = agenda_items.decline(uow, actor, intent.item, written)
    except Invalid as wrong:
        return Reply(ask_decline(meeting, item, t, written=written, problem=t.say(wrong)), refusal=wrong)
    told = item.kind in MATTERS and item.membership is not None
    said = (
        t("The item is not on the agenda. {institution} is told why.", institution=item.institution)
        if told
        else t("The item is off the agenda. It can be put back.")
    )
    return Reply(show(uow, person, meeting, t, notice=said), at=SeeAgenda(meeting.id))


def _move(uow: UnitOfWork, _v: Visitor, person: Known, intent: MoveItem, t: Translator) -> Reply:
    actor = Actor(person.id)
    step: Literal[1, -1] = -1 if intent.way == "up" else 1
    moved = agenda_items.move(uow, actor, intent.item, intent.place, step)
    meeting, item = agenda_items.find(uow, actor, intent.item)
    said = t("Moved.") if moved else t("The agenda had changed meanwhile, so nothing was moved. This is how it is now.")
    return Reply(show_item(uow, person, meeting, item, t, notice=said), at=SeeItem(item.id))


def _note(uow: UnitOfWork, _v: Visitor, person: Known, intent: NoteItem, t: Translator) -> Reply:
    outcome: Literal["done", "open"] = "done" if intent.outcome == "done" else "open"
    meeting = agenda_items.note(uow, Actor(person.id), intent.item, outcome)
    return Reply(show(uow, person, meeting, t, notice=t("Saved.")), at=SeeAgenda(meeting.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeItem: let_in(_see_item),
    AcceptItem: let_in(_accept),
    AskDecline: let_in(_ask_decline),
    DeclineItem: let_in(_decline),
    MoveItem: let_in(_move),
    NoteItem: let_in(_note),
}
