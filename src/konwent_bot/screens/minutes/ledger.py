"""Who was sent the minutes, how they arrived, whether they were opened, what was answered: institution by institution, the silent first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import notices
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import roll, versions
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.minutes.roll import Place, Roll
from konwent_bot.office.notices import Told
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeTold
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.told import went
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes.draft import written_by
from konwent_bot.screens.minutes.version_words import answered, proof, until
from konwent_bot.screens.minutes_intents import AskRemindSilent, SeeAnswers, SeeRemarks
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Institutions on one page.
PAGE: Final = 15
#: The silent first, then whoever has remarks.
_ORDER: Final = {"": 0, "remarks": 1, "deemed": 2, "accepted": 3}
#: What brings the minutes themselves, and what only reminds of them.
_SENT: Final = ("minutes.circulated", "minutes.final")


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeAnswers, t: Translator) -> Reply:
    minutes = written_by(uow, person, intent.minutes)
    held = offices(uow, Actor(person.id), minutes.body)
    found = _answered(uow, minutes)
    told = _told(uow, minutes, found.version)
    places = sorted(found.places, key=lambda one: _ORDER[one.answer])
    last = max(0, (len(places) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeAnswers(minutes.id, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeAnswers(minutes.id, page + 1)))
    pages = (t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ()
    screen = Screen(
        t("Who has answered"),
        context=(*words.below(uow, minutes, t), *pages),
        paragraphs=() if places else (t("Nothing has been sent yet."),),
        facts=_counted(uow, found, t),
        rows=tuple(_row(one, found, told, held, t) for one in places[page * PAGE : (page + 1) * PAGE]),
        notes=(proof(t, versions.get(uow, minutes.id, found.version)),) if places else (),
        actions=(
            *((tuple(turns),) if turns else ()),
            *_reminding(uow, minutes, found, held, t),
            *(((Action(t("Remarks of institutions"), SeeRemarks(minutes.id)),),) if found.remarks else ()),
        ),
        trail=words.trail(t, minutes),
    )
    return Reply(screen, at=SeeAnswers(minutes.id, page))


def _reminding(
    uow: UnitOfWork, minutes: Minutes, found: Roll, held: Collection[str], t: Translator
) -> tuple[tuple[Action, ...], ...]:
    """Offer to remind the silent, while they may still answer."""
    if minutes.locked or not found.silent or found.is_over(uow.now) or not may(held, CIRCULATE):
        return ()
    return ((Action(t("Remind those who have not answered"), AskRemindSilent(minutes.id), weight="main"),),)


def _answered(uow: UnitOfWork, minutes: Minutes) -> Roll:
    """Give the roll of the newest version that was to be answered: a final one and an annex ask for no answer."""
    version = minutes.version
    found = roll.of(uow, minutes.id, version)
    while not found.places and version > 1:
        version -= 1
        found = roll.of(uow, minutes.id, version)
    return found


def _told(uow: UnitOfWork, minutes: Minutes, version: int) -> Mapping[int, Told]:
    """Give, by institution, how the version reached it: the newest notice to any of its places."""
    whose = {f"seat:{place.id}": one.membership for one in meetings.members_of_body(uow, minutes.body) for place in one.places}
    found: dict[int, Told] = {}
    for one in notices.of_subject(uow, minutes.subject):
        if one.occasion in _SENT and one.revision == version and one.recipient in whose:
            found.setdefault(whose[one.recipient], one)
    return found


def _counted(uow: UnitOfWork, found: Roll, t: Translator) -> tuple[tuple[str, str], ...]:
    if not found.places:
        return ()
    count = [one.answer for one in found.places].count
    lines = [
        (t("Version"), str(found.version)),
        (t("Accept it"), str(count("accepted"))),
        (t("Have remarks"), str(count("remarks"))),
    ]
    if count("deemed"):
        lines.append((t("Silent until the deadline, so they accept"), str(count("deemed"))))
    if count(""):
        lines.append((t("No answer yet"), str(count(""))))
    if found.until is not None:
        lines.append((t("Answers until"), until(t, found.until, uow.now)))
    return tuple(lines)


def _row(one: Place, found: Roll, told: Mapping[int, Told], held: Collection[str], t: Translator) -> Row:
    parts = [answered(t, one, len(found.remarks_of(one.membership))), went(t, told.get(one.membership))]
    parts.append(t("not opened here") if one.opened_at is None else t("opened {when}", when=t.short_day(one.opened_at)))
    see = Action(t("See"), SeeTold(one.membership)) if may(held, "meeting.ledger") else None
    return Row(one.name, "; ".join(parts), see)


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeAnswers: let_in(_see)}
