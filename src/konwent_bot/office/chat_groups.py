"""A body's group chat in Telegram: linked by its coordinator, followed wherever it moves, told of meetings and of nothing else.

The desk gives a link that adds the bot to a group; what the bot then hears there (``/start`` with the link's token) links that group, if
the coordinator who asked for the link is the one who says it. A group has one body and a body one group; two unique keys hold that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, update

from konwent_bot.domain.meetings.words import MeetingKind, MeetingMode
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office import links, notices
from konwent_bot.office.links import IssuedLink
from konwent_bot.office.meetings import facts
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import BODY, CHAT_GROUP, NOTICE, PERSON

MEETING: Final = "group.meeting"
#: Characters of a group's title that are kept; Telegram allows 128.
MOST_TITLE: Final = 128
_BODY: Final = "body:"


@dataclass(frozen=True, slots=True)
class Group:
    """The group chat of a body."""

    id: int
    title: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """What was linked just now, and the language of who did it."""

    body_name: str
    language: str


@dataclass(frozen=True, slots=True)
class GroupNews(Message):
    """What a group hears of a meeting: what kind, when and where. Never who comes, why, or what is on the agenda."""

    what: Literal["called", "changed", "moved", "off"]
    body_name: str
    kind: MeetingKind
    group_name: str
    day: date
    hour: time
    ends: time
    mode: MeetingMode
    place: str
    #: Address of the private chat; empty where the bot's name is not known.
    chat: str


def of(uow: UnitOfWork, body: int) -> Group | None:
    """Give the group that is linked to a body now. Asks no rights."""
    row = uow.execute(_LIVING, body=body).one_or_none()
    return None if row is None else Group(row.id, row.title, row.linked_at)


def see(uow: UnitOfWork, actor: Actor, body: int) -> tuple[str, Group | None]:
    """Give a body's name and its group, to whoever may link one.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "chat_group.link", body=body)
    return str(uow.execute(_NAME, body=body).scalar_one()), of(uow, body)


def invite(uow: UnitOfWork, actor: Actor, body: int) -> IssuedLink:
    """Make the link that adds the bot to a group and links it. It works once, for this coordinator, for an hour.

    Raises:
        NotFound: no such body for this actor.
        Refused: the coordinator has no Telegram account here, so nobody could say it in a group.
    """
    require(uow, actor, "chat_group.link", body=body)
    assert actor.person is not None
    if uow.execute(_ACCOUNT, person=actor.person).scalar_one() is None:
        raise Refused(N_("Join your Telegram account first: the group is linked by the account it is added with."))
    uow.audit("chat_group.invite", body=body, person=actor.person)
    return links.issue(uow, actor.person, "group", place=f"{_BODY}{body}")


def link(uow: UnitOfWork, account: int, chat: int, title: str, token: str) -> Linked:
    """Link the group in which an account of Telegram has just said a link's token.

    What it refuses must be taken back whole by whoever calls (``UnitOfWork.whole``).

    Raises:
        NotFound: it is no such link, it was made for somebody else, or who made it coordinates the body no more.
        Refused: it was used, has expired, or the group is linked to another body.
    """
    row = links.usable(uow, links.find(uow, token, "group", lock=True))
    person = uow.execute(_SPEAKER, account=account).one_or_none()
    if person is None or person.id != row.person_id:
        raise NotFound(facts.NOT_HERE)
    body = int(row.place.removeprefix(_BODY))
    require(uow, Actor(person.id), "chat_group.link", body=body)
    name = str(uow.execute(_NAME_LOCKED, body=body).scalar_one())
    links.spend(uow, row)
    if uow.execute(_HERE, body=body, chat=chat).first() is not None:
        return Linked(name, person.language)
    uow.execute(_LEAVE, body=body, now=uow.now)
    made = uow.execute(
        _LINK[uow.dialect], body_id=body, chat_id=chat, title=title[:MOST_TITLE], person_id=person.id, linked_at=uow.now
    ).scalar_one_or_none()
    if made is None:
        raise Refused(N_("This group is linked to another network already."))
    uow.audit("chat_group.link", body=body, person=person.id, group=made)
    return Linked(name, person.language)


def unlink(uow: UnitOfWork, actor: Actor, body: int) -> None:
    """Announce nothing in a body's group any more. Without a group, or done twice, it does nothing.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "chat_group.link", body=body)
    found = of(uow, body)
    if found is not None:
        uow.execute(_UNLINK, group=found.id, now=uow.now)
        uow.audit("chat_group.unlink", body=body, person=actor.person, group=found.id)


def tell(uow: UnitOfWork, meeting: Meeting) -> None:
    """Announce to the body's group, if it has one, that people were called to a meeting, or that it was changed or called off.

    Which of these, is said when it is sent: a group that was never told of a meeting hears of no change.
    """
    found = of(uow, meeting.body)
    if found is not None:
        notices.announce(uow, recipient=f"group:{found.id}", occasion=MEETING, subject=meeting.subject, body=meeting.body)


# --- the occasion -----------------------------------------------------------------------------------------------------


def _make(uow: UnitOfWork, due: Due, _reader: Reader) -> GroupNews | None:
    meeting = _still(uow, due)
    if meeting is None:
        return None
    told = uow.execute(_TOLD, whom=due.recipient, which=due.subject, notice=due.notice).scalar_one()
    bot = uow.house.bot_username
    return GroupNews(
        _what(meeting, told=bool(told)), meeting.body_name, meeting.kind, meeting.group_name, meeting.day, meeting.hour,
        meeting.wall_end.time(), meeting.mode, meeting.place, f"https://t.me/{bot}" if bot else "",
    )  # fmt: skip


def _what(meeting: Meeting, *, told: bool) -> Literal["called", "changed", "moved", "off"]:
    if meeting.status == "cancelled":
        return "off"
    if not told:
        return "called"
    return "moved" if meeting.moved_from is not None else "changed"


def _still(uow: UnitOfWork, due: Due) -> Meeting | None:
    """Give the meeting, if there is still something to say of it."""
    try:
        meeting = facts.get(uow, due.about)
    except NotFound:
        return None
    if meeting.starts_at <= uow.now:
        return None
    if meeting.status == "cancelled":
        told = uow.execute(_TOLD, whom=due.recipient, which=due.subject, notice=due.notice).scalar_one()
        return meeting if told else None
    return meeting if meeting.status == "convened" else None


def _wanted(uow: UnitOfWork, due: Due) -> bool:
    return _still(uow, due) is not None


def _same_day(uow: UnitOfWork, due: Due) -> bool:
    meeting = _still(uow, due)
    return meeting is not None and meeting.day == uow.now.astimezone(ZoneInfo(meeting.zone)).date()


OCCASIONS: Final = (Occasion(MEETING, _make, _wanted, repeat_uncertain=True, urgent=_same_day),)

# --- inside -----------------------------------------------------------------------------------------------------------

_G = CHAT_GROUP.c
_LIVING = select(_G.id, _G.title, _G.linked_at).where(_G.body_id == bindparam("body"), _G.unlinked_at.is_(None))
_NAME = select(BODY.c.name).where(BODY.c.id == bindparam("body"))
#: Of two groups linked to one body at the same moment the second takes the place of the first.
_NAME_LOCKED = _NAME.with_for_update(key_share=True)
_ACCOUNT = select(PERSON.c.telegram_id).where(PERSON.c.id == bindparam("person"))
_SPEAKER = select(PERSON.c.id, PERSON.c.language).where(PERSON.c.telegram_id == bindparam("account"))
_HERE = _LIVING.where(_G.chat_id == bindparam("chat"))
_LEAVE = (
    update(CHAT_GROUP)
    .where(_G.body_id == bindparam("body"), _G.unlinked_at.is_(None))
    .values(unlinked_at=bindparam("now", type_=_G.unlinked_at.type))
)
_COLUMNS: Final = ("body_id", "chat_id", "title", "person_id", "linked_at")
_LINK = upsert(
    CHAT_GROUP,
    lambda new: new.values({name: bindparam(name) for name in _COLUMNS}).on_conflict_do_nothing().returning(_G.id),
)
_UNLINK = (
    update(CHAT_GROUP)
    .where(_G.id == bindparam("group"), _G.unlinked_at.is_(None))
    .values(unlinked_at=bindparam("now", type_=_G.unlinked_at.type))
)
_TOLD = select(func.count()).where(
    NOTICE.c.recipient == bindparam("whom"), NOTICE.c.subject == bindparam("which"), NOTICE.c.occasion == MEETING,
    NOTICE.c.id < bindparam("notice"), NOTICE.c.outcome.in_(("sent", "uncertain")),
)  # fmt: skip
