"""Remarks of institutions, and what the coordinator answers: taken up in the next version, or declined with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import facts, remarks, roll, versions
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.minutes.roll import Remark
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes.draft import written_by
from konwent_bot.screens.minutes.version_words import became, called
from konwent_bot.screens.minutes_intents import (
    AcceptRemark,
    DeclineRemark,
    SeePoint,
    SeeRemark,
    SeeRemarks,
    in_button,
)
from konwent_bot.screens.screen import Action, Row, Screen, Section
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Remarks on one page, and characters of each that a list shows.
PAGE: Final = 8
_SHOWN: Final = 120
#: Characters of the point as it stands in the version that are shown beside a remark.
_POINT: Final = 1500
#: What is not settled first.
_ORDER: Final = {"open": 0, "accepted": 1, "declined": 2}


def show(uow: UnitOfWork, minutes: Minutes, page: int, t: Translator, *, notice: str = "") -> Screen:
    """Show the remarks on all versions of minutes, those that wait first."""
    every = [one for version in range(minutes.version, 0, -1) for one in roll.of(uow, minutes.id, version).remarks]
    found = sorted(every, key=lambda one: _ORDER[one.state])
    last = max(0, (len(found) - 1) // PAGE)
    page = min(page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeRemarks(minutes.id, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeRemarks(minutes.id, page + 1)))
    open_ = sum(one.state == "open" for one in found)
    return Screen(
        t("Remarks of institutions"),
        context=(*words.below(uow, minutes, t), *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ())),
        notice=notice,
        paragraphs=() if found else (t("There are no remarks."),),
        facts=((t("Wait for an answer"), str(open_)),) if open_ else (),
        rows=tuple(_row(uow, one, t) for one in found[page * PAGE : (page + 1) * PAGE]),
        actions=((tuple(turns),) if turns else ()),
        trail=words.trail(t, minutes),
    )


def _row(uow: UnitOfWork, one: Remark, t: Translator) -> Row:
    text = one.body if len(one.body) <= _SHOWN else one.body[: _SHOWN - 1].rstrip() + "…"
    return Row(f"{one.institution}, {_heading(uow, one)}", f"{text} ({became(t, one)})", Action(t("See"), SeeRemark(one.id)))


def _heading(uow: UnitOfWork, one: Remark) -> str:
    """Name the point a remark is about, as the version has it."""
    known = dict(versions.points(versions.get(uow, one.minutes, one.version)))
    return known.get(one.point, one.point)


def show_one(uow: UnitOfWork, person: Known, minutes: Minutes, one: Remark, t: Translator, *, notice: str = "") -> Screen:
    """Show a remark beside what the version says, and let whoever settles it do so."""
    settles = may(offices(uow, Actor(person.id), minutes.body), CIRCULATE) and not minutes.locked
    heading = _heading(uow, one)
    return Screen(
        t("Remark of {institution}", institution=one.institution),
        context=words.below(uow, minutes, t),
        notice=notice,
        facts=(
            (t("Point of the minutes"), heading),
            (t("Version"), str(one.version)),
            (t("Came on"), t.instant(one.created_at)),
            (t("State"), became(t, one)),
        ),
        sections=(
            Section(t("What it should say"), tuple(one.body.split("\n\n"))),
            *_as_it_stands(uow, one, heading),
        ),
        actions=(*(_settling(one, t) if settles and one.state == "open" else ()), *_mending(minutes, one, t)),
        trail=(*words.trail(t, minutes), Action(t("Remarks of institutions"), SeeRemarks(minutes.id))),
    )


def _as_it_stands(uow: UnitOfWork, one: Remark, heading: str) -> tuple[Section, ...]:
    """Give the point as the version has it, cut to what a phone shows."""
    point = versions.get(uow, one.minutes, one.version).content.draft.point(one.point)
    if point is None:
        return ()
    text = "\n".join(line for paragraph in point.paragraphs for line in paragraph.lines)
    text = text if len(text) <= _POINT else text[: _POINT - 1].rstrip() + "…"
    return (Section(heading, (text,), "pl"),) if text else ()


def _settling(one: Remark, t: Translator) -> tuple[tuple[Action, ...], ...]:
    return (
        (Action(t("Accept the remark"), AcceptRemark(one.id), weight="main"),),
        (Action(t("Decline, with a reason"), DeclineRemark(one.id)),),
    )


def _mending(minutes: Minutes, one: Remark, t: Translator) -> tuple[tuple[Action, ...], ...]:
    """Lead to the point, where a remark is put into the next version."""
    if minutes.locked:
        return ()
    return ((Action(t("This point in the draft"), SeePoint(minutes.id, in_button(one.point))),),)


# --- visits -----------------------------------------------------------------------------------------------------------


def _list(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeRemarks, t: Translator) -> Reply:
    minutes = written_by(uow, person, intent.minutes)
    return Reply(show(uow, minutes, intent.page, t), at=intent)


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeRemark, t: Translator) -> Reply:
    return Reply(show_one(uow, person, *roll.see_remark(uow, Actor(person.id), intent.remark), t), at=intent)


def _accept(uow: UnitOfWork, _v: Visitor, person: Known, intent: AcceptRemark, t: Translator) -> Reply:
    one = remarks.accept(uow, Actor(person.id), intent.remark)
    minutes = facts.get(uow, one.minutes)
    said = t("The remark is accepted, and the institution is told. Please put it into the draft now: the next version has it.")
    screen = show_one(uow, person, minutes, one, t, notice=said)
    return Reply(screen, at=SeeRemark(one.id))


def _decline(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: DeclineRemark, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    minutes, one = roll.see_remark(uow, Actor(person.id), intent.remark)
    if not may(offices(uow, Actor(person.id), minutes.body), CIRCULATE):
        raise NotFound(NOT_HERE)
    subject = Subject("minutes.decline", minutes.body, minutes=minutes.id, remark=one.id)
    given = {
        "body": minutes.body_name, "minutes": called(t, minutes), "institution": one.institution, "point": _heading(uow, one)[:200],
        "remark": one.body[:200],
    }  # fmt: skip
    talk = opening.begin(uow, person, subject, given, page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeRemarks: let_in(_list),
    SeeRemark: let_in(_see),
    AcceptRemark: let_in(_accept),
    DeclineRemark: _decline,
}
