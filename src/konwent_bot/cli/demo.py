"""``konwent-bot demo``: everything on this computer, with phones to hold and no Telegram."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from konwent_bot.cli import common

if TYPE_CHECKING:
    from konwent_bot.demo.stage import Open

app = common.group("Show everything on this computer, with phones to hold and no Telegram.")

#: Where the phones are unless it is told otherwise; the pages are one port above.
PORT = 8077


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65534, help="Port of the page with the phones; 0 takes a free one.")] = PORT,
    data: Annotated[
        Path | None, typer.Option(help="Folder that keeps everything for the next time; without it nothing is kept.")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Print the address and that it is ready, nothing more.")] = False,
) -> None:
    """Start a local network with a round of cooperation cards open, and print one address to look at."""
    from konwent_bot import app as house
    from konwent_bot import demo as stage

    def opened(shown: Open) -> None:
        t = common.voice()
        common.tell(shown.address)
        if headless:
            common.tell(t("The demo is ready."))
            return
        common.tell()
        common.tell(t("Open this address in a browser. It shows phones: choose whose you hold."))
        common.tell(
            t(
                "Two people have accepted already: whoever coordinates, and the head of GOPS Modliborzyce. The others have an invitation in the mailbox (Poczta)."
            )
        )
        common.tell(
            t(
                "The head of Ośrodek zdrowia Godziszów has no phone: in the letter, follow the other link and go on in the browser."
            )
        )
        common.tell(
            t("Everything is kept in: {path}", path=data.absolute())
            if data
            else t("Nothing is kept. To keep everything: --data FOLDER")
        )
        common.tell(t("To end the demo press Ctrl-C."))

    with ExitStack() as kept:
        if data is not None:
            house.make_folder(data.expanduser())
        folder = data or Path(kept.enter_context(TemporaryDirectory(prefix="konwent-demo-", ignore_cleanup_errors=True)))
        settings = stage.demo_settings(folder, port)
        common.configure(settings)
        asyncio.run(stage.show(settings, port, opened))
