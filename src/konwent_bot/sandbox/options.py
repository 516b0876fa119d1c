"""How one sandbox is started."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class BotSpec:
    """A bot the sandbox knows: its token (``<digits>:<letters>``), user name and the name people see."""

    token: str
    username: str
    name: str

    @property
    def id(self) -> int:
        """The bot's numeric id: the part of the token before the colon. ``ValueError`` if the token has no such part."""
        head, colon, tail = self.token.partition(":")
        if not (head.isascii() and head.isdigit() and colon and tail):
            raise ValueError("a bot token is <digits>:<letters>")
        return int(head)


@dataclass(frozen=True)
class SandboxOptions:
    """Everything a sandbox needs to start. Port 0 takes any free port; no ``data`` keeps everything in memory."""

    host: str = "127.0.0.1"
    port: int = 0
    mail_port: int = 0
    #: the SQLite file that holds people, chats, pending updates, webhook and clock across restarts
    data: Path | None = None
    #: a text file with the seconds the demo's clock is ahead, read by the product
    clock_file: Path | None = None
    bots: tuple[BotSpec, ...] = field(
        default=(BotSpec("7000000001:sandbox-token-for-the-demo-bot", "konwent_demo_bot", "Konwent"),)
    )
    #: refuse with 429 above Telegram's rates; ``POST /limits`` switches it while running
    limits: bool = True
    #: seconds that one unit of the webhook's back-off (0, 2, 4, 8 ... units) lasts
    webhook_backoff: float = 1.0
