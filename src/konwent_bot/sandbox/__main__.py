"""``python -m konwent_bot.sandbox``: a sandbox as its own process."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from konwent_bot.sandbox.options import BotSpec, SandboxOptions
from konwent_bot.sandbox.server import main


def _bot(text: str) -> BotSpec:
    token, _, rest = text.partition(",")
    username, _, name = rest.partition(",")
    spec = BotSpec(token, username or "konwent_demo_bot", name or username or "Konwent")
    _ = spec.id
    return spec


def _options(arguments: list[str] | None = None) -> SandboxOptions:
    parser = argparse.ArgumentParser(
        prog="python -m konwent_bot.sandbox", description="A stand-in for Telegram and a mail server."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--mail-port", type=int, default=0, help="0: any free port")
    parser.add_argument("--data", type=Path, help="SQLite file that keeps everything; none: memory")
    parser.add_argument("--clock-file", type=Path, help="file with the seconds the clock is ahead")
    parser.add_argument("--bot", type=_bot, action="append", metavar="TOKEN,USERNAME,NAME")
    parser.add_argument("--no-limits", action="store_true", help="never refuse with 429")
    parser.add_argument("--webhook-backoff", type=float, default=1.0, help="seconds of one unit of back-off")
    given = parser.parse_args(arguments)
    options = SandboxOptions(
        host=given.host,
        port=given.port,
        mail_port=given.mail_port,
        data=given.data,
        clock_file=given.clock_file,
        limits=not given.no_limits,
        webhook_backoff=given.webhook_backoff,
    )
    return replace(options, bots=tuple(given.bot)) if given.bot else options


if __name__ == "__main__":
    try:
        main(_options())
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"{getattr(problem, 'strerror', None) or problem}\n")
        sys.exit(1)
