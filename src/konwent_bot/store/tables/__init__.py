"""All tables of the house, one module a noun. Importing this package fills ``SQLModel.metadata``."""

from konwent_bot.store.tables.audit import AuditEntry
from konwent_bot.store.tables.bodies import Body, Institution, Membership
from konwent_bot.store.tables.cards import Card, CardRound, CardVersion, RoundRoll
from konwent_bot.store.tables.dialogues import Dialogue, DialogueEvent, FlowDefinition, SeenUpdate
from konwent_bot.store.tables.people import Invitation, Person, Post, Seat

__all__ = [
    "AuditEntry",
    "Body",
    "Card",
    "CardRound",
    "CardVersion",
    "Dialogue",
    "DialogueEvent",
    "FlowDefinition",
    "Institution",
    "Invitation",
    "Membership",
    "Person",
    "Post",
    "RoundRoll",
    "Seat",
    "SeenUpdate",
]
