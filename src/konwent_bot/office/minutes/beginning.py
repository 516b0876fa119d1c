"""Minutes begin when their meeting is closed as held, with the next number of their body and year.

A meeting that is closed as not held after all takes its draft away: wholly where nobody wrote in it, else out of sight, until it is
closed as held again. What was circulated cannot be taken back.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select

from konwent_bot.errors import N_, Refused
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.minutes import facts
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BODY, MINUTES, MINUTES_FILE, MINUTES_NOTE, TASK


def begin(uow: UnitOfWork, meeting: Meeting, actor: Actor = OPERATOR) -> Minutes:
    """Begin the minutes of a meeting that took place; those that are there stay. Asks no rights.

    Whoever calls holds the meeting's row, so that nobody else begins them at the same moment.
    """
    if uow.execute(_THERE, meeting=meeting.id).first() is None:
        year = meeting.day.year
        uow.execute(_LOCK, body=meeting.body).one()  # numbers follow one another, whoever begins at the same moment
        number = uow.execute(_NUMBER, body=meeting.body, year=year).scalar_one()
        made = uow.execute(
            _BEGIN, meeting_id=meeting.id, body_id=meeting.body, year=year, number=number, person_id=actor.person, created_at=uow.now
        ).scalar_one()  # fmt: skip
        uow.audit("minutes.begin", body=meeting.body, person=actor.person, minutes=made, meeting=meeting.id)
    found = facts.of_meeting(uow, meeting.id)
    assert found is not None, "the meeting was held"
    return found


def take_away(uow: UnitOfWork, meeting: Meeting) -> None:
    """Let a meeting that was not held have no minutes. Asks no rights; to be called before its status says so.

    Raises:
        Refused: they were circulated.
    """
    row = uow.execute(_THERE, meeting=meeting.id).one_or_none()
    if row is None:
        return
    if row.version:
        raise Refused(N_("The minutes of this meeting have been circulated, so it stays as held."))
    if uow.execute(_WRITTEN_IN, minutes=row.id).first() is None:
        uow.execute(_NO_FILES, minutes=row.id)  # one that was attached and taken away again
        uow.execute(_TAKE_AWAY, minutes=row.id)


# --- inside -----------------------------------------------------------------------------------------------------------

_M: Final = MINUTES.c
_THERE = select(_M.id, _M.version).where(_M.meeting_id == bindparam("meeting")).with_for_update()
# Not "for update": minutes, decisions and meetings refer to the body, and nobody who writes one should wait for us.
_LOCK = select(BODY.c.id).where(BODY.c.id == bindparam("body")).with_for_update(key_share=True)
_NUMBER = select(func.coalesce(func.max(_M.number), 0) + 1).where(_M.body_id == bindparam("body"), _M.year == bindparam("year"))
_BEGIN = (
    insert(MINUTES)
    .values(
        {
            **{name: bindparam(name) for name in ("meeting_id", "body_id", "year", "number", "person_id")},
            "state": "draft", "edition": 1, "points": "", "version": 0, "created_at": bindparam("created_at", type_=UtcInstant),
        }
    )
    .returning(_M.id)
)  # fmt: skip
_OF: Final = bindparam("minutes", type_=_M.id.type)
_WRITTEN_IN = select(_M.id).where(
    _M.id == _OF,
    or_(
        _M.points != "",
        exists().where(MINUTES_NOTE.c.minutes_id == _M.id),
        exists().where(MINUTES_FILE.c.minutes_id == _M.id, MINUTES_FILE.c.removed_at.is_(None)),
        exists().where(TASK.c.minutes_id == _M.id),
    ),
)
_NO_FILES = delete(MINUTES_FILE).where(MINUTES_FILE.c.minutes_id == _OF)
_TAKE_AWAY = delete(MINUTES).where(_M.id == _OF)
