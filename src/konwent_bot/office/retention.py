"""How long what is for: a body's rule about its cards, and what the clock forgets by itself (GDPR art. 5(1)(e); domain.md G27).

The sources of the rules of procedure say nothing of retention, so a body may choose. Until it does, 60 months count: ten half-yearly
rounds to look back upon, which is a choice of ours (docs/decisions.md). What goes, and when:

* drafts, 30 days after their round closed: nobody can send them any more; conversations about anything but a card, finished or not,
  30 days after their last turn: what they led to stands elsewhere;
* versions of cards, conversations about them and the free texts of the cards, when the body's months are over. Answers on scales
  and marks stay: they name nobody, and the body compares its half-years by them;
* files somebody was looking over, after an hour;
* the place of a substitute named for one meeting, seven days after that meeting: it opens nothing any more;
* guests of a meeting, the addresses people were called to it at, and reasons why somebody could not come, twelve months after it:
  by then its minutes are adopted, and a year's meetings can still be looked back upon. What institutions answered and who was there
  stays;
* people who hold no place anywhere, 30 days after the clock first saw that: what the privacy notice promises ("as long as you
  represent the institution"). The days are for a hand-over that was a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, exists, or_, select, true, tuple_, update

from konwent_bot.errors import N_, Invalid, NotFound
from konwent_bot.office import forgetting, seats
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    BODY,
    CARD,
    CARD_ROUND,
    CARD_VERSION,
    DIALOGUE,
    DIALOGUE_EVENT,
    MEETING,
    MEETING_ANSWER,
    MEETING_CALL,
    MEETING_GUEST,
    PERSON,
    POST,
    SEAT,
    UPLOAD,
)

#: Months that count where a body has chosen none, and between which it may choose.
DEFAULT_MONTHS: Final = 60
LEAST_MONTHS, MOST_MONTHS = 6, 240
#: How long after its round (or its last turn) a draft is kept, a file somebody looks over, and a person without a place.
DRAFTS_KEPT: Final = timedelta(days=30)
FILES_KEPT: Final = timedelta(hours=1)
PEOPLE_KEPT: Final = timedelta(days=30)
#: How long after a meeting's end a place named for it alone is somebody's.
SUBSTITUTES_KEPT: Final = timedelta(days=7)
#: Months after a meeting for which its guests are known, where people were called to it, and why somebody could not come.
GUEST_MONTHS: Final = 12
#: Rows, rounds and people dealt with in one unit of work.
BATCH: Final = 500
PEOPLE: Final = 20
#: Answers of a card that are free text (``cards.CardAnswers``).
FREE_TEXTS: Final = ("barriers_other", "conclusion")

_SETTING = "retention_months"


def months(uow: UnitOfWork, body: int) -> int:
    """Say for how many months after a round the texts of its cards are kept. Asks no rights.

    Raises:
        NotFound: there is no such body.
    """
    settings = uow.execute(_SETTINGS, body=body).scalar_one_or_none()
    if settings is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    return _months(settings)


def choose(uow: UnitOfWork, actor: Actor, body: int, number: int) -> None:
    """Keep the texts of a body's cards for ``number`` months after each round from now on.

    Raises:
        NotFound: no such body for this actor.
        Invalid: fewer or more months than make sense.
    """
    require(uow, actor, "body.retention", body=body)
    if not LEAST_MONTHS <= number <= MOST_MONTHS:
        raise Invalid(
            N_("Cards can be kept for {least} to {most} months after their round."),
            least=str(LEAST_MONTHS),
            most=str(MOST_MONTHS),
        )
    settings = uow.execute(_SETTINGS.with_for_update(), body=body).scalar_one_or_none()
    if settings is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    uow.execute(update(BODY).where(BODY.c.id == body).values(settings={**settings, _SETTING: number}))
    uow.audit("body.retention", body=body, person=actor.person, months=number)


def forget(uow: UnitOfWork) -> int:
    """Forget a bounded part of what has had its time; give how many rows that were. For ``housekeeping.tick``.

    Running it twice, or twice at once, does no harm: each statement finds what is due by itself, and passes over what is locked.
    """
    forgotten = sum(part(uow) for part in _PARTS)
    uow.execute(_HOLDS_NOTHING, now=uow.now)
    uow.execute(_HOLDS_AGAIN)
    return forgotten


# --- inside -----------------------------------------------------------------------------------------------------------

_SETTINGS = select(BODY.c.settings).where(BODY.c.id == bindparam("body"))
_BEFORE = bindparam("before", type_=UtcInstant)
_DRAFTS = (
    select(DIALOGUE.c.id)
    .join_from(DIALOGUE, CARD_ROUND)
    .where(CARD_ROUND.c.closes_at < _BEFORE, or_(DIALOGUE.c.status == "open", DIALOGUE.c.kept.is_not(None)))
    .order_by(DIALOGUE.c.id)
    .limit(BATCH)
    .with_for_update(of=DIALOGUE, skip_locked=True)
)
_OTHER_TALKS = (
    select(DIALOGUE.c.id)
    .where(DIALOGUE.c.round_id.is_(None), DIALOGUE.c.turned_at < _BEFORE)
    .order_by(DIALOGUE.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_FOR_ONE_MEETING = (
    select(SEAT.c.id)
    .join_from(SEAT, MEETING, MEETING.c.id == SEAT.c.meeting_id)
    .where(MEETING.c.ends_at < _BEFORE, or_(SEAT.c.person_id.is_not(None), SEAT.c.name != "", SEAT.c.email != ""))
    .order_by(SEAT.c.id)
    .limit(PEOPLE)
)
_OF_OLD_MEETINGS = {
    column: select(column)
    .join(MEETING, MEETING.c.id == column.table.c.meeting_id)
    .where(MEETING.c.ends_at < _BEFORE, said)
    .order_by(column)
    .limit(BATCH)
    .with_for_update(of=column.table, skip_locked=True)
    for column, said in ((MEETING_GUEST.c.id, true()), (MEETING_CALL.c.id, MEETING_CALL.c.email != ""))
}
_REASONS = (
    select(MEETING_ANSWER.c.meeting_id, MEETING_ANSWER.c.membership_id)
    .join(MEETING, MEETING.c.id == MEETING_ANSWER.c.meeting_id)
    .where(MEETING.c.ends_at < _BEFORE, MEETING_ANSWER.c.reason != "")
    .order_by(MEETING_ANSWER.c.meeting_id, MEETING_ANSWER.c.membership_id)
    .limit(BATCH)
    .with_for_update(of=MEETING_ANSWER, skip_locked=True)
)
_FILES = select(UPLOAD.c.id).where(UPLOAD.c.at < _BEFORE).order_by(UPLOAD.c.id).limit(BATCH).with_for_update(skip_locked=True)
#: Rounds that may be over their months, whatever their body chose; those are few, and the rest is looked at one by one.
_ROUNDS = (
    select(CARD_ROUND.c.id, CARD_ROUND.c.closes_at, BODY.c.settings)
    .join_from(CARD_ROUND, BODY)
    .where(
        CARD_ROUND.c.closes_at < _BEFORE,
        or_(
            exists().where(DIALOGUE.c.round_id == CARD_ROUND.c.id),
            exists().where(CARD.c.round_id == CARD_ROUND.c.id, CARD_VERSION.c.card_id == CARD.c.id),
        ),
    )
    .order_by(CARD_ROUND.c.id)
)
_TALKS = (
    select(DIALOGUE.c.id)
    .where(DIALOGUE.c.round_id == bindparam("round"))
    .order_by(DIALOGUE.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_CARDS = (
    select(CARD.c.id, CARD.c.answers)
    .where(CARD.c.round_id == bindparam("round"), exists().where(CARD_VERSION.c.card_id == CARD.c.id))
    .order_by(CARD.c.id)
    .limit(BATCH)
    .with_for_update(of=CARD, skip_locked=True)
)
_NO_VERSIONS = delete(CARD_VERSION).where(CARD_VERSION.c.card_id == bindparam("card"))
_WITHOUT_TEXTS = update(CARD).where(CARD.c.id == bindparam("card")).values(answers=bindparam("left"))

_PLACELESS = tuple(~exists().where(table.c.person_id == PERSON.c.id) for table in (SEAT, POST))
_HOLDS_NOTHING = (
    update(PERSON)
    .where(PERSON.c.placeless_since.is_(None), PERSON.c.erased_at.is_(None), *_PLACELESS)
    .values(placeless_since=bindparam("now"))
)
_HOLDS_AGAIN = (
    update(PERSON)
    .where(
        PERSON.c.placeless_since.is_not(None),
        or_(*(exists().where(table.c.person_id == PERSON.c.id) for table in (SEAT, POST))),
    )
    .values(placeless_since=None)
)
_LONG_PLACELESS = (
    select(PERSON.c.id).where(PERSON.c.placeless_since < _BEFORE, *_PLACELESS).order_by(PERSON.c.placeless_since, PERSON.c.id)
).limit(PEOPLE)


def _drafts(uow: UnitOfWork) -> int:
    before = uow.now - DRAFTS_KEPT
    return sum(_delete_talks(uow, list(uow.execute(old, before=before).scalars())) for old in (_DRAFTS, _OTHER_TALKS))


def _files(uow: UnitOfWork) -> int:
    # Not worth a rewriting of the whole file each hour: pages of a blob are zeroed when they are freed.
    return int(uow.execute(delete(UPLOAD).where(UPLOAD.c.id.in_(_FILES)), before=uow.now - FILES_KEPT).rowcount)


def _substitutes(uow: UnitOfWork) -> int:
    found = uow.execute(_FOR_ONE_MEETING, before=uow.now - SUBSTITUTES_KEPT).scalars().all()
    done = sum(seats.expire(uow, seat) for seat in found)
    uow.wipe_traces = uow.wipe_traces or done > 0
    return done


def _meetings(uow: UnitOfWork) -> int:
    """Take who came to an old meeting from outside, at which addresses people were called, and why somebody could not come."""
    before = months_before(uow.now, GUEST_MONTHS)
    guests, calls = (list(uow.execute(old, before=before).scalars()) for old in _OF_OLD_MEETINGS.values())
    forgetting.guests(uow, guests)
    if calls:
        uow.execute(update(MEETING_CALL).where(MEETING_CALL.c.id.in_(calls)).values(email=""))
    reasons = uow.execute(_REASONS, before=before).all()
    if reasons:
        mine = tuple_(MEETING_ANSWER.c.meeting_id, MEETING_ANSWER.c.membership_id).in_([tuple(one) for one in reasons])
        uow.execute(update(MEETING_ANSWER).where(mine).values(reason=""))
    done = len(guests) + len(calls) + len(reasons)
    uow.wipe_traces = uow.wipe_traces or done > 0
    return done


def _cards(uow: UnitOfWork) -> int:
    """Take texts, versions and conversations of the oldest round that is over its months."""
    for row in uow.execute(_ROUNDS, before=months_before(uow.now, LEAST_MONTHS)).all():
        if row.closes_at >= months_before(uow.now, _months(row.settings)):
            continue
        cards = uow.execute(_CARDS, round=row.id).all()
        for card in cards:
            left = {name: value for name, value in json.loads(card.answers).items() if name not in FREE_TEXTS}
            uow.execute(_WITHOUT_TEXTS, card=card.id, left=json.dumps(left, ensure_ascii=False))
            uow.execute(_NO_VERSIONS, card=card.id)
        if done := len(cards) + _delete_talks(uow, list(uow.execute(_TALKS, round=row.id).scalars())):
            uow.wipe_traces = True
            return done
    return 0


def _people(uow: UnitOfWork) -> int:
    done = 0
    for person in uow.execute(_LONG_PLACELESS, before=uow.now - PEOPLE_KEPT).scalars().all():
        row = forgetting.lock(uow, person)
        if row is not None and row.erased_at is None and uow.execute(_STILL_PLACELESS, person=person).first() is not None:
            forgetting.everything(uow, row, at=uow.now)
            uow.audit("person.expire", body=None, erased=person)
            done += 1
    return done


_STILL_PLACELESS = select(PERSON.c.id).where(PERSON.c.id == bindparam("person"), *_PLACELESS)
_PARTS: Final[tuple[Callable[[UnitOfWork], int], ...]] = (_drafts, _files, _substitutes, _meetings, _cards, _people)


def _delete_talks(uow: UnitOfWork, talks: list[int]) -> int:
    if talks:
        uow.execute(update(PERSON).where(PERSON.c.dialogue_id.in_(talks)).values(dialogue_id=None))
        uow.execute(delete(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id.in_(talks)))
        uow.execute(delete(DIALOGUE).where(DIALOGUE.c.id.in_(talks)))
        uow.wipe_traces = True
    return len(talks)


def _months(settings: Mapping[str, Any]) -> int:
    return int(settings.get(_SETTING, DEFAULT_MONTHS))


def months_before(moment: datetime, number: int) -> datetime:
    """Give the same day and hour so many months earlier; where that month is shorter, its last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - number, 12)
    first_of_next = moment.replace(year=year + (month + 1) // 12, month=(month + 1) % 12 + 1, day=1)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, (first_of_next - timedelta(days=1)).day))
