"""``konwent-bot run``: the real thing."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from konwent_bot.cli import common

app = common.group("Run the secretariat until it is told to stop (Ctrl-C, SIGTERM). Everything is set by KONWENT_* variables.")


@app.command()
def run(
    roles: Annotated[str | None, typer.Option(help="Parts to run, separated by commas: chat, web, courier, clockwork.")] = None,
    host: Annotated[str | None, typer.Option(help="Where the web server listens.")] = None,
    port: Annotated[int | None, typer.Option(help="Its port; 0 takes a free one.")] = None,
) -> None:
    """Run the secretariat until it is told to stop (Ctrl-C, SIGTERM). Everything is set by KONWENT_* variables."""
    from konwent_bot import app as house

    asyncio.run(house.run(common.settings(quiet=False, roles=roles, host=host, port=port)))
