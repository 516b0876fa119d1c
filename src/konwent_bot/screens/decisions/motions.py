"""Lists of proposals, of a body and of a meeting; entering one; and where a meeting and its agenda lead to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from konwent_bot.dialogue.values import GivenFact
from konwent_bot.domain.meetings.agenda import MATTERS
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import facts, proposals, reading
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings import working_groups
from konwent_bot.office.meetings.agenda import Item
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import RIGHTS, Actor, offices
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import SeeRegister
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.decisions.beginning import begin, how_decided, superseding
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.proposal_intents import (
    EnterMotion,
    SeeDecisionSettings,
    SeeMeetingMotions,
    SeeMotion,
    SeeMotions,
    SeeRule,
)
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home
from konwent_bot.screens.words import short

#: Proposals on one page.
PAGE: Final = 8
#: Institutions one person may propose for with a button each.
_MOST: Final = 4


def _rows(uow: UnitOfWork, found: Sequence[Proposal], t: Translator, *, at: bool) -> tuple[Row, ...]:
    """List proposals with their state; ``at``: where each is decided is said too."""
    return tuple(
        Row(
            one.title,
            " · ".join((words.state(t, one), *((words.where(uow, one, t),) if at else ()))),
            Action(t("See"), SeeMotion(one.id)),
        )
        for one in found
    )


def _turns(page: int, last: int, to: Callable[[int], Intent], t: Translator) -> tuple[tuple[Action, ...], ...]:
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), to(page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), to(page + 1)))
    return (tuple(turns),) if turns else ()


def _paged(page: int, last: int, t: Translator) -> tuple[str, ...]:
    return (t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ()


# --- of a body --------------------------------------------------------------------------------------------------------


def _see_body(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMotions, t: Translator) -> Reply:
    body, decided = intent.body, int(intent.decided > 0)
    found = reading.of_body(uow, Actor(person.id), body, open_only=not decided)
    if decided:
        found = [one for one in found if one.state in ("adopted", "rejected", "withdrawn")]
    last = max(0, (len(found) - 1) // PAGE)
    page = min(intent.page, last)
    screen = Screen(
        t("Proposals that were decided or withdrawn") if decided else t("Proposals to decide"),
        context=(working_groups.body_of(uow, Actor(person.id), body), *_paged(page, last, t)),
        paragraphs=() if found else (t("There is none."),) if decided else (t("There is no proposal to decide now."),),
        rows=_rows(uow, found[page * PAGE : (page + 1) * PAGE], t, at=True),
        actions=(
            *_turns(page, last, lambda to: SeeMotions(body, decided, to), t),
            *(() if decided else entering(uow, person, body, None, t)),
            (
                Action(t("Not decided yet"), SeeMotions(body))
                if decided
                else Action(t("Decided or withdrawn"), SeeMotions(body, 1)),
            ),
            (Action(t("Register of decisions"), SeeRegister(body)),),
            (Action(t("How we decide"), SeeRule(body)),),
            *_settings(uow, person, body, t),
        ),
        trail=(to_home(t),),
    )
    return Reply(screen, at=SeeMotions(body, decided, page))


def _settings(uow: UnitOfWork, person: Known, body: int, t: Translator) -> tuple[tuple[Action, ...], ...]:
    if RIGHTS["decision.settings"].isdisjoint(offices(uow, Actor(person.id), body)):
        return ()
    return ((Action(t("Settings of decisions"), SeeDecisionSettings(body)),),)


# --- of a meeting -----------------------------------------------------------------------------------------------------


def _see_meeting(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMeetingMotions, t: Translator) -> Reply:
    actor = Actor(person.id)
    meeting = meetings.see(uow, actor, intent.meeting)
    found = reading.of_meeting(uow, actor, meeting.id)
    last = max(0, (len(found) - 1) // PAGE)
    page = min(intent.page, last)
    screen = Screen(
        t("Proposals to decide"),
        context=(heading(t, meeting), meeting.body_name, *_paged(page, last, t)),
        paragraphs=() if found else (t("There is no proposal for this meeting yet."),),
        rows=_rows(uow, found[page * PAGE : (page + 1) * PAGE], t, at=False),
        actions=(
            *_turns(page, last, lambda to: SeeMeetingMotions(meeting.id, to), t),
            *entering(uow, person, meeting.body, meeting.id, t),
            *_whole_body(uow, person, meeting, t),
        ),
        trail=(to_home(t), Action(t("The meeting"), SeeMeeting(meeting.id))),
    )
    return Reply(screen, at=SeeMeetingMotions(meeting.id, page))


def _whole_body(uow: UnitOfWork, person: Known, meeting: Meeting, t: Translator) -> tuple[tuple[Action, ...], ...]:
    """Lead on to everything the body decides: not a substitute who is here for this meeting alone."""
    try:
        facts.require_member(uow, Actor(person.id), meeting.body)
    except NotFound:
        return ()
    return (
        (Action(t("All proposals of the network"), SeeMotions(meeting.body)),),
        (Action(t("How we decide"), SeeRule(meeting.body, meeting.id)),),
    )


def way(uow: UnitOfWork, person: Known, meeting: Meeting, _held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a meeting's own screen to what is decided there; nothing while a date is looked for, or of one that is only proposed."""
    if meeting.status not in ("planned", "convened", "held") or meeting.poll_until is not None:
        return []
    n = len(reading.of_meeting(uow, Actor(person.id), meeting.id))
    return [(Action(t("Proposals ({n})", n=n) if n else t("Proposals"), SeeMeetingMotions(meeting.id)),)]


def of_item(uow: UnitOfWork, person: Known, meeting: Meeting, item: Item, t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a matter of an agenda to the proposals that belong to it, and to a new one."""
    if item.state != "accepted" or item.kind not in MATTERS:
        return []
    found = [one for one in reading.of_meeting(uow, Actor(person.id), meeting.id) if one.item == item.id]
    rows: list[tuple[Action, ...]] = [
        (Action(t("Proposal: {title}", title=short(one.title)), SeeMotion(one.id), weight="main"),) for one in found
    ]
    return rows + list(entering(uow, person, meeting.body, meeting.id, t, weight=""))


# --- entering ---------------------------------------------------------------------------------------------------------


def entering(
    uow: UnitOfWork, person: Known, body: int, meeting: int | None, t: Translator, *, weight: str = "main"
) -> tuple[tuple[Action, ...], ...]:
    """Offer to enter a proposal: for each institution a person speaks for, and as whoever leads."""
    whom = proposals.may_enter_for(uow, person.id, body, meeting)
    if not whom:
        return ()
    known = names(uow, body, meeting)
    label = t("Enter a proposal") if meeting is not None else t("Enter a proposal, decided by circulation")
    found = []
    for one in whom[:_MOST]:
        name = words.lead(t) if one is None else known[one]
        said = words.labelled(t, label, name, several=len(whom) > 1)
        act = EnterMotion(body, meeting or 0, one or 0)
        found.append((Action(said[:1].upper() + said[1:], act, weight="main" if weight and len(whom) == 1 else ""),))
    return tuple(found)


def _enter(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: EnterMotion, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    subject = Subject("proposal.enter", intent.body, meeting=intent.meeting or None, membership=intent.membership or None)
    proposals.may_enter(uow, Actor(person.id), subject)
    given = {**decided_where(uow, person, subject, t), **superseding(uow, intent.body), "at_meeting": subject.meeting is not None}
    return begin(uow, visitor, person, subject, t, {"proposer": speaker(uow, subject, t), **given}, opens=True), t


def speaker(uow: UnitOfWork, subject: Subject, t: Translator) -> str:
    """Name whoever proposes. Asks no rights."""
    if subject.membership is None:
        return words.lead(t)
    return names(uow, subject.body, subject.meeting)[subject.membership]


def decided_where(uow: UnitOfWork, person: Known, subject: Subject, t: Translator) -> dict[str, GivenFact]:
    """Give what a flow that makes a proposal is told of where it is decided, and by whom."""
    at = None if subject.meeting is None else meetings.get(uow, subject.meeting)
    name = at.body_name if at is not None else working_groups.body_of(uow, Actor(person.id), subject.body)
    return {"body": name, **how_decided(uow, subject.body, at, t)}


def names(uow: UnitOfWork, body: int, meeting: int | None) -> dict[int, str]:
    """Name the institutions that may propose at a meeting, or by circulation. Asks no rights."""
    members = meetings.members_of_body(uow, body) if meeting is None else meetings.members(uow, meetings.get(uow, meeting))
    return {one.membership: one.name for one in members}


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMotions: let_in(_see_body),
    SeeMeetingMotions: let_in(_see_meeting),
    EnterMotion: _enter,
}
