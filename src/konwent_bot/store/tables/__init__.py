"""All tables of the house, one module a noun. Importing this package fills ``SQLModel.metadata``.

Each class says what its columns mean; the constant of the same name in capitals is its table, for statements that are written
once at module level (``PERSON.c.language``): half the cost of building them anew, and typed without tricks.
"""

from typing import Final, cast

from sqlalchemy import Table
from sqlmodel import SQLModel

from konwent_bot.store.tables.audit import AuditEntry
from konwent_bot.store.tables.bodies import Body, Institution, Membership
from konwent_bot.store.tables.cards import Card, CardRound, CardVersion, RoundRoll
from konwent_bot.store.tables.dialogues import Dialogue, DialogueEvent, FlowDefinition, SeenUpdate
from konwent_bot.store.tables.entering import PersonalLink, Throttle, Upload, WebSession
from konwent_bot.store.tables.notices import Delivery, Enclosure, Notice, SendingPause, SentFile
from konwent_bot.store.tables.people import Invitation, Person, Post, Seat


def _of(model: type[SQLModel]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]  # SQLModel sets it at class creation and does not say so


AUDIT_ENTRY: Final = _of(AuditEntry)
BODY: Final = _of(Body)
CARD: Final = _of(Card)
CARD_ROUND: Final = _of(CardRound)
CARD_VERSION: Final = _of(CardVersion)
DELIVERY: Final = _of(Delivery)
DIALOGUE: Final = _of(Dialogue)
DIALOGUE_EVENT: Final = _of(DialogueEvent)
ENCLOSURE: Final = _of(Enclosure)
FLOW_DEFINITION: Final = _of(FlowDefinition)
INSTITUTION: Final = _of(Institution)
INVITATION: Final = _of(Invitation)
MEMBERSHIP: Final = _of(Membership)
NOTICE: Final = _of(Notice)
PERSON: Final = _of(Person)
PERSONAL_LINK: Final = _of(PersonalLink)
POST: Final = _of(Post)
ROUND_ROLL: Final = _of(RoundRoll)
SEAT: Final = _of(Seat)
SEEN_UPDATE: Final = _of(SeenUpdate)
SENDING_PAUSE: Final = _of(SendingPause)
SENT_FILE: Final = _of(SentFile)
THROTTLE: Final = _of(Throttle)
UPLOAD: Final = _of(Upload)
WEB_SESSION: Final = _of(WebSession)

__all__ = [
    "AUDIT_ENTRY",
    "BODY",
    "CARD",
    "CARD_ROUND",
    "CARD_VERSION",
    "DELIVERY",
    "DIALOGUE",
    "DIALOGUE_EVENT",
    "ENCLOSURE",
    "FLOW_DEFINITION",
    "INSTITUTION",
    "INVITATION",
    "MEMBERSHIP",
    "NOTICE",
    "PERSON",
    "PERSONAL_LINK",
    "POST",
    "ROUND_ROLL",
    "SEAT",
    "SEEN_UPDATE",
    "SENDING_PAUSE",
    "SENT_FILE",
    "THROTTLE",
    "UPLOAD",
    "WEB_SESSION",
    "AuditEntry",
    "Body",
    "Card",
    "CardRound",
    "CardVersion",
    "Delivery",
    "Dialogue",
    "DialogueEvent",
    "Enclosure",
    "FlowDefinition",
    "Institution",
    "Invitation",
    "Membership",
    "Notice",
    "Person",
    "PersonalLink",
    "Post",
    "RoundRoll",
    "Seat",
    "SeenUpdate",
    "SendingPause",
    "SentFile",
    "Throttle",
    "Upload",
    "WebSession",
]
