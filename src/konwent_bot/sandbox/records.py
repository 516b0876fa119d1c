"""What the sandbox remembers. Each record turns itself into JSON for the file and back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

from konwent_bot.sandbox.shapes import Json


class Record:
    """A dataclass stored as one JSON object; ``LOOSE`` fields live only in memory."""

    __slots__ = ()
    LOOSE: frozenset[str] = frozenset()

    def row(self) -> Json:
        """Give the record as a JSON object for the file."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.LOOSE}  # type: ignore[arg-type]  # every subclass is a dataclass

    @classmethod
    def from_row(cls, row: Json) -> Self:
        """Read a record back; fields of an older file that no longer exist are left out."""
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]  # every subclass is a dataclass
        return cls(**{name: value for name, value in row.items() if name in known})


@dataclass(slots=True)
class Person(Record):
    """Somebody with a phone. Their private chat with any bot has their id."""

    id: int
    first_name: str
    last_name: str = ""
    language_code: str = "pl"
    note: str = ""
    #: Address whose letters the page shows first on this phone; the mailbox itself is one for everybody.
    email: str = ""


@dataclass(slots=True)
class Webhook(Record):
    """Where a bot wants its updates sent."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_at: int = 0
    last_error: str = ""
    gone_since: float = 0.0


@dataclass(slots=True)
class Message(Record):
    """One message of one chat, as the server keeps it."""

    chat: str
    message_id: int
    date: int
    author: int
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    keyboard: list[list[Json]] | None = None
    document: Json | None = None
    photo: list[Json] | None = None
    reply_to: int | None = None
    edit_date: int = 0
    #: fields of a service message ("new_chat_members", "migrate_to_chat_id" and so on)
    service: Json | None = None

    @property
    def has_media(self) -> bool:
        """Whether the text is a caption."""
        return self.document is not None or self.photo is not None


@dataclass(slots=True)
class Chat(Record):
    """A private chat of a person with a bot (key ``bot:person``) or a group with a bot (key: its id)."""

    LOOSE = frozenset({"messages"})
    key: str
    kind: str
    id: int
    bot: int
    title: str = ""
    members: list[int] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    removed: bool = False
    migrated_to: int = 0
    last_message_id: int = 0
    revision: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether this is a chat of one person with the bot."""
        return self.kind == "private"


@dataclass(slots=True)
class Update(Record):
    """Something that happened and that a bot is to hear of."""

    bot: int
    #: its place in the order of delivery
    seq: int
    update_id: int
    kind: str
    payload: Json
    #: updates of one queue reach a webhook one after another
    queue: str
    born: float
    lifetime: float
    held: bool = False
    #: delivered again or out of order by a script: the offset of getUpdates forgets it only after it was delivered
    loose: bool = False
    delivered: int = 0
    confirmed: bool = False

    def body(self) -> Json:
        """The Update object of the Bot API; a raw one is whatever a script wrote."""
        if self.kind == "raw":
            return {"update_id": self.update_id, **self.payload}
        return {"update_id": self.update_id, self.kind: self.payload}


@dataclass(slots=True)
class Press(Record):
    """A callback query: a button pressed on a phone."""

    id: str
    bot: int
    person: int
    chat: str
    message_id: int
    data: str
    at: float
    answered: bool = False
    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(slots=True)
class StoredFile(Record):
    """A file a bot or a phone has sent; its body is kept apart."""

    LOOSE = frozenset({"body"})
    id: str
    unique: str
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    body: bytes = b""


@dataclass(slots=True)
class Letter(Record):
    """A letter that came by SMTP; the raw message is kept apart."""

    LOOSE = frozenset({"body"})
    id: int
    at: float
    sender: str
    recipients: list[str]
    subject: str
    body: bytes = b""


@dataclass(slots=True)
class Bot(Record):
    """A bot and what the server keeps for it."""

    LOOSE = frozenset({"pending", "held", "loose"})
    id: int
    token: str
    username: str
    name: str
    webhook: Webhook = field(default_factory=Webhook)
    allowed: list[str] = field(default_factory=list)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    last_update_id: int = 100_000
    last_seq: int = 0
    last_message_id: int = 0
    #: updates it has not confirmed, by ``seq``; held ones apart
    pending: dict[int, Update] = field(default_factory=dict)
    held: dict[int, Update] = field(default_factory=dict)
    #: how many of the pending ones are loose
    loose: int = 0
    holding: bool = False

    def row(self) -> Json:
        """Give the bot for the file, its webhook nested."""
        row = Record.row(self)
        row["webhook"] = self.webhook.row()
        return row

    @classmethod
    def from_row(cls, row: Json) -> Bot:
        """Read a bot back."""
        values: dict[str, Any] = dict(row)
        values["webhook"] = Webhook.from_row(values.get("webhook") or {})
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})
