"""Who is at a meeting: the coordinator ticks institutions, everybody sees the quorum; hours are put right by a small form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from konwent_bot.documents import meeting_words
from konwent_bot.errors import Invalid, KonwentError, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import attendance, facts
from konwent_bot.office.meetings.attendance import TICK, Attendance, Attending, Presence
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.agenda_intents import (
    AskTimes,
    CorrectTimes,
    PrintAttendance,
    PrintCode,
    RemovePresence,
    SeeAttendance,
    SeeHere,
    SeePresence,
    SetRole,
    TickGone,
    TickHere,
)
from konwent_bot.screens.desk_words import PAGE
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.agenda_words import trail
from konwent_bot.screens.meetings.i_am_here import link
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import heading, named, there, where
from konwent_bot.screens.screen import Action, Document, Field, Form, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

PDF: Final = "application/pdf"


# --- screens ----------------------------------------------------------------------------------------------------------


def show(
    uow: UnitOfWork, found: Attendance, page: int, t: Translator, *, ticks: bool, mine: Collection[int] = (), notice: str = ""
) -> Screen:
    """Show who is there. Whoever does not tick sees the figures, and what is noted of their own institutions (``mine``)."""
    meeting = found.meeting
    known = [(t("There now") if attendance.is_under_way(uow, meeting) else t("There at the end"), there(t, found))]
    if found.spans:
        known.append((t("Quorum"), ", ".join(_span(t, meeting, one.start, one.end) for one in found.spans)))
    actions: list[tuple[Action, ...]] = []
    rows: tuple[Row, ...] = ()
    last = max(0, (len(found.institutions) - 1) // PAGE)
    page = min(page, last)
    own = [one for one in found.institutions if one.membership in mine]
    known += [(one.name, _stands(uow, meeting, one, t)) for one in own if not ticks]
    if any(not one.presences for one in own) and meeting.starts_at - attendance.DOORS_OPEN <= uow.now <= meeting.ends_at:
        actions.append((Action(t("I am here"), SeeHere(meeting.id), weight="main"),))
    if ticks:
        if meeting.code and attendance.is_under_way(uow, meeting):
            known.append((t("Today's code"), spaced(meeting.code)))
        rows = tuple(_row(uow, meeting, one, t) for one in found.institutions[page * PAGE : (page + 1) * PAGE])
        turns = []
        if page > 0:
            turns.append(Action(t("‹ Previous"), SeeAttendance(meeting.id, page - 1)))
        if page < last:
            turns.append(Action(t("Next ›"), SeeAttendance(meeting.id, page + 1)))
        if turns:
            actions.append(tuple(turns))
        actions.append((Action(t("Attendance list to be signed (PDF)"), PrintAttendance(meeting.id)),))
        if meeting.code:
            actions.append((Action(t("Code and QR for the wall (PDF)"), PrintCode(meeting.id)),))
    return Screen(
        t("Attendance"),
        context=(heading(t, meeting), meeting.body_name, *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if ticks and last else ())),
        notice=notice,
        paragraphs=(t("Choose an institution that has come: it is noted with the present hour. One that is here opens its hours."),)
        if any(row.action is not None for row in rows)
        else (),
        facts=tuple(known),
        rows=rows,
        actions=tuple(actions),
        trail=trail(t, meeting),
    )  # fmt: skip


def _row(uow: UnitOfWork, meeting: Meeting, one: Attending, t: Translator) -> Row:
    if one.presences:
        action = Action(t("Change"), SeePresence(meeting.id, one.membership))
    elif attendance.is_open(uow, meeting):
        said = t("not here; expected: {role}", role=words.place(t, one.expected))
        return Row(one.name, said, Action(t("Is here"), TickHere(meeting.id, one.membership, one.expected)))
    else:
        return Row(one.name, _stands(uow, meeting, one, t))
    return Row(one.name, _stands(uow, meeting, one, t), action)


def _stands(uow: UnitOfWork, meeting: Meeting, one: Attending, t: Translator) -> str:
    """Say whether an institution is there."""
    if not one.presences:
        return t("not here") if attendance.is_open(uow, meeting) else t("not noted")
    last = one.presences[-1]
    if last.left_at is None:
        return t("here since {time}, {role}", time=_hour(t, meeting, last.arrived_at), role=words.place(t, last.role))
    return t("left at {time}", time=_hour(t, meeting, last.left_at))


def show_one(uow: UnitOfWork, meeting: Meeting, one: Attending, t: Translator, *, notice: str = "") -> Screen:
    """Show one institution's presence to whoever ticks."""
    actions: list[tuple[Action, ...]] = []
    rows = tuple(
        Row(_span(t, meeting, each.arrived_at, each.left_at), words.place(t, each.role), Action(t("Correct"), AskTimes(each.id)))
        for each in one.presences
    )
    here = one.here
    if attendance.is_open(uow, meeting):
        if here is None:
            roles = sorted(attendance.ROLES, key=lambda role: role != one.expected)
            for role in roles:
                label = t("Is here ({role})", role=words.place(t, role))
                weight = "main" if role == one.expected else ""
                actions.append((Action(label, TickHere(meeting.id, one.membership, role), weight=weight),))  # type: ignore[arg-type]  # one of two words
        else:
            actions.append((Action(t("Leaves now"), TickGone(meeting.id, one.membership), weight="main"),))
            others = (role for role in attendance.ROLES if role != here.role)
            actions += [(Action(t("It is: {role}", role=words.place(t, role)), SetRole(here.id, role)),) for role in others]
    return Screen(
        one.name,
        context=(heading(t, meeting), meeting.body_name),
        notice=notice,
        paragraphs=() if one.presences else (t("Nobody of this institution has been noted."),),
        rows=rows,
        actions=tuple(actions),
        trail=trail(t, meeting, Action(t("Attendance"), SeeAttendance(meeting.id))),
    )


def ask_times(
    meeting: Meeting, presence: Presence, name: str, t: Translator, *, given: Mapping[str, str] | None = None, problem: str = ""
) -> Screen:
    """Ask for the hours of a presence."""
    left = "" if presence.left_at is None else _hour(t, meeting, presence.left_at)
    now = {"arrived": _hour(t, meeting, presence.arrived_at), "left": left} | dict(given or {})
    return Screen(
        t("Correct the hours"),
        context=(name, heading(t, meeting), meeting.body_name),
        problem=problem,
        form=Form(
            CorrectTimes(presence.id),
            (
                Field("arrived", t("Arrived at"), value=now["arrived"], hint=t("For example: {example}", example="10:05"), most_chars=5, problem=problem),
                Field("left", t("Left at"), value=now["left"], hint=t("Leave it empty for whoever stayed to the end."), required=False, most_chars=5),
            ),
            t("Save"),
            AskTimes(presence.id),
        ),
        actions=((Action(t("Was not there at all"), RemovePresence(presence.id), weight="danger"),),),
        trail=trail(t, meeting, Action(t("Attendance"), SeeAttendance(meeting.id))),
    )  # fmt: skip


def spaced(code: str) -> str:
    """Write a code as people read it out: "123 456"."""
    return f"{code[:3]} {code[3:]}"


def _hour(t: Translator, meeting: Meeting, at: datetime) -> str:
    return t.time(at.astimezone(ZoneInfo(meeting.zone)).time())


def _span(t: Translator, meeting: Meeting, start: datetime, end: datetime | None) -> str:
    since = _hour(t, meeting, start)
    return t("from {time}", time=since) if end is None else t("{start}–{end}", start=since, end=_hour(t, meeting, end))


def way(uow: UnitOfWork, _p: Known, meeting: Meeting, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a meeting's own screen to its attendance, once there is something to see; the paper list is wanted the day before."""
    if meeting.status not in ("convened", "held"):
        return []
    if may(held, TICK) or uow.now >= meeting.starts_at - attendance.DOORS_OPEN:
        return [(Action(t("Attendance"), SeeAttendance(meeting.id)),)]
    return []


# --- visits -----------------------------------------------------------------------------------------------------------


def _ticks(uow: UnitOfWork, person: Known, meeting: Meeting) -> bool:
    return may(offices(uow, Actor(person.id), meeting.body), TICK)


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeAttendance, t: Translator) -> Reply:
    found = attendance.see(uow, Actor(person.id), intent.meeting)
    mine = facts.own(uow, person.id, found.meeting)
    return Reply(show(uow, found, intent.page, t, ticks=_ticks(uow, person, found.meeting), mine=mine), at=intent)


def _one(uow: UnitOfWork, actor: Actor, meeting: int, membership: int) -> tuple[Attendance, Attending]:
    found = attendance.see(uow, actor, meeting)
    require(uow, actor, TICK, body=found.meeting.body)
    one = next((one for one in found.institutions if one.membership == membership), None)
    if one is None:
        raise NotFound(NOT_HERE)
    return found, one


def _see_one(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePresence, t: Translator) -> Reply:
    found, one = _one(uow, Actor(person.id), intent.meeting, intent.membership)
    return Reply(show_one(uow, found.meeting, one, t), at=intent)


def _listed(uow: UnitOfWork, actor: Actor, meeting: int, membership: int, t: Translator) -> Reply:
    """Show the list again, at the page of an institution."""
    found = attendance.see(uow, actor, meeting)
    place = next((at for at, one in enumerate(found.institutions) if one.membership == membership), 0)
    return Reply(show(uow, found, place // PAGE, t, ticks=True, notice=t("Saved.")), at=SeeAttendance(meeting, place // PAGE))


def _tick(uow: UnitOfWork, _v: Visitor, person: Known, intent: TickHere, t: Translator) -> Reply:
    actor = Actor(person.id)
    attendance.come(uow, actor, intent.meeting, intent.membership, intent.role)
    return _listed(uow, actor, intent.meeting, intent.membership, t)


def _gone(uow: UnitOfWork, _v: Visitor, person: Known, intent: TickGone, t: Translator) -> Reply:
    actor = Actor(person.id)
    attendance.leave(uow, actor, intent.meeting, intent.membership)
    return _listed(uow, actor, intent.meeting, intent.membership, t)


def _set_role(uow: UnitOfWork, _v: Visitor, person: Known, intent: SetRole, t: Translator) -> Reply:
    actor = Actor(person.id)
    _, presence = attendance.one(uow, actor, intent.presence)
    meeting = attendance.set_role(uow, actor, intent.presence, intent.role)
    return _listed(uow, actor, meeting.id, presence.membership, t)


def _name_of(uow: UnitOfWork, meeting: Meeting, membership: int) -> str:
    return next((one.name for one in facts.members(uow, meeting) if one.membership == membership), "")


def _ask_times(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskTimes, t: Translator) -> Reply:
    meeting, presence = attendance.one(uow, Actor(person.id), intent.presence)
    return Reply(ask_times(meeting, presence, _name_of(uow, meeting, presence.membership), t), at=intent)


def _correct(uow: UnitOfWork, visitor: Visitor, person: Known, intent: CorrectTimes, t: Translator) -> Reply:
    actor, given = Actor(person.id), visitor.given.fields
    meeting, presence = attendance.one(uow, actor, intent.presence)
    if not visitor.page:  # hours are written on a page
        return Reply(ask_times(meeting, presence, _name_of(uow, meeting, presence.membership), t))
    try:
        attendance.correct(uow, actor, intent.presence, given.get("arrived", ""), given.get("left", ""))
    except (Invalid, Refused) as wrong:
        if isinstance(wrong, NotFound):
            raise
        return _wrong(uow, meeting, presence, given, wrong, t)
    return _listed(uow, actor, meeting.id, presence.membership, t)


def _wrong(
    uow: UnitOfWork, meeting: Meeting, presence: Presence, given: Mapping[str, str], wrong: KonwentError, t: Translator
) -> Reply:
    name = _name_of(uow, meeting, presence.membership)
    return Reply(ask_times(meeting, presence, name, t, given=given, problem=t.say(wrong)), refusal=wrong)


def _remove(uow: UnitOfWork, _v: Visitor, person: Known, intent: RemovePresence, t: Translator) -> Reply:
    actor = Actor(person.id)
    _, presence = attendance.one(uow, actor, intent.presence)
    meeting = attendance.remove(uow, actor, intent.presence)
    return _listed(uow, actor, meeting.id, presence.membership, t)


def _print(uow: UnitOfWork, visitor: Visitor, person: Known, intent: PrintAttendance, t: Translator) -> Reply:
    found = _to_print(uow, person, intent.meeting)
    shown = Reply(show(uow, found, 0, t, ticks=True), at=SeeAttendance(intent.meeting))
    if not visitor.page or not found.institutions:  # a chat hands over no file
        return shown
    from konwent_bot.documents import attendance_list  # only who prints pays for the typesetter

    meeting = found.meeting
    rows = [attendance_list.Attending(one.name, words.place(t, one.expected)) for one in found.institutions]
    what = attendance_list.Meeting(
        meeting.body_name, named(t, meeting), _when(t, meeting), where(t, meeting), link(uow, meeting), spaced(meeting.code) if meeting.code else ""
    )  # fmt: skip
    return Reply(
        shown.screen, at=shown.at, document=Document(t("attendance-list") + ".pdf", PDF, attendance_list.make(t, what, rows).pdf)
    )


def _print_code(uow: UnitOfWork, visitor: Visitor, person: Known, intent: PrintCode, t: Translator) -> Reply:
    found = _to_print(uow, person, intent.meeting)
    meeting = found.meeting
    shown = Reply(show(uow, found, 0, t, ticks=True), at=SeeAttendance(intent.meeting))
    if not visitor.page or not meeting.code:
        return shown
    from konwent_bot.documents import code_sheet  # only who prints pays for the typesetter

    pdf = code_sheet.make(
        t,
        body=meeting.body_name,
        meeting=named(t, meeting),
        when=_when(t, meeting),
        code=spaced(meeting.code),
        link=link(uow, meeting),
    )
    return Reply(shown.screen, at=shown.at, document=Document(t("code") + ".pdf", PDF, pdf))


def _to_print(uow: UnitOfWork, person: Known, meeting: int) -> Attendance:
    actor = Actor(person.id)
    found = attendance.see(uow, actor, meeting)
    require(uow, actor, TICK, body=found.meeting.body)
    return found


def _when(t: Translator, meeting: Meeting) -> str:
    return meeting_words.when(t, meeting.day, meeting.hour, meeting.wall_end.time())


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeAttendance: let_in(_see),
    SeePresence: let_in(_see_one),
    TickHere: let_in(_tick),
    TickGone: let_in(_gone),
    SetRole: let_in(_set_role),
    AskTimes: let_in(_ask_times),
    CorrectTimes: let_in(_correct),
    RemovePresence: let_in(_remove),
    PrintAttendance: let_in(_print),
    PrintCode: let_in(_print_code),
}
