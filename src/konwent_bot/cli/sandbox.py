"""``konwent-bot sandbox``: the stand-in for Telegram and a mail server, alone."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Annotated

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Misconfigured

app = common.group("Run the stand-in for Telegram and a mail server alone; docs/sandbox.md says how to speak with it.")


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page and the Bot API; 0 takes a free one.")] = 8081,
    mail_port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the mail server; 0 takes a free one.")] = 0,
    data: Annotated[Path | None, typer.Option(help="A file that keeps everything; without it nothing is kept.")] = None,
    clock_file: Annotated[
        Path | None, typer.Option(help="A file for the seconds the clock was moved (KONWENT_CLOCK_FILE).")
    ] = None,
) -> None:
    """Run the stand-in for Telegram and a mail server alone; docs/sandbox.md says how to speak with it."""
    from konwent_bot import app as house
    from konwent_bot.sandbox.options import SandboxOptions
    from konwent_bot.sandbox.server import main

    options = SandboxOptions(host=host, port=port, mail_port=mail_port, data=data, clock_file=clock_file)
    try:
        main(options)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise house.cannot_listen(error, host, port) from error
        raise Misconfigured(N_("The sandbox cannot start: {reason}"), reason=error.strerror or str(error)) from error
