"""The unit of work: what an act is handed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, Executable, insert
from sqlalchemy.engine import Connection

from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.store.tables import AuditEntry

#: Written once: building a statement costs more than running it.
_AUDIT = insert(AuditEntry)


@dataclass(frozen=True, slots=True)
class House:
    """What the secretariat knows of itself, apart from the store: set once when the program starts."""

    #: The flows it can hold.
    flows: Shelf
    #: Zone of local dates.
    zone: ZoneInfo
    #: Name of the bot in Telegram without the "@", once known; links to the chat are made of it.
    bot_username: str = ""
    #: Address of the pages, without a slash at the end; empty when there are none.
    public_url: str = ""
    #: Address letters come from, which is who invites in calendar files; empty when there is no mail server.
    mail_from: str = ""
    #: Who runs this installation, for the privacy notice.
    controller: str = ""
    #: How that controller is reached.
    controller_contact: str = ""
    #: The file that outlives any restore: one line a person who was erased (``office.erasures``). ``None``: nobody restores here.
    erasures: Path | None = None
    #: Flows of former structures, read from the store when a conversation still needs one.
    former: dict[tuple[str, int, str], Flow] = field(default_factory=dict)


class UnitOfWork:
    """One transaction under way: the connection, the instant it happens at, and the house it happens in."""

    def __init__(self, connection: Connection, now: datetime, house: House, *, reads: bool = False) -> None:
        self.connection = connection
        #: Only looked at: nothing can be written, so nothing has to be taken back.
        self.reads = reads
        #: Civil time of this unit of work, UTC; the same for everything it does.
        self.now = now
        self.house = house
        #: Set by an act that forgets what is personal: once committed, the door has the store wipe its traces (``Store.scrub``).
        self.wipe_traces = False

    @property
    def today(self) -> date:
        """Local date of this unit of work."""
        return self.now.astimezone(self.house.zone).date()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.connection.dialect.name

    def execute(self, statement: Executable, /, **values: Any) -> CursorResult[Any]:
        """Run a statement written with ``bindparam`` at module level: half the cost of building it anew each time."""
        return self.connection.execute(statement, values)

    def execute_all(self, statements: tuple[Executable, ...], /, **values: Any) -> None:
        """Run statements that share their parameters and give nothing back (``store.statements.together``)."""
        for statement in statements:
            self.execute(statement, **values)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Do what is inside as a whole or not at all: an error takes back what was written since, and goes on its way."""
        if self.reads:
            yield
            return
        wipes = self.wipe_traces
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            self.wipe_traces = wipes
            raise

    def audit(self, act: str, *, body: int | None, person: int | None = None, **subject: int) -> None:
        """Append an audit entry: the act, who, and opaque ids of what it was done to, never a name or a text."""
        words = " ".join(f"{name}:{number}" for name, number in subject.items())
        self.execute(_AUDIT, body_id=body, act=act, person_id=person, subject=words, at=self.now)
