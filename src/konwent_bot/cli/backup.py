"""``konwent-bot backup``: all that the database holds, in one file; the program may go on working meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Misconfigured

if TYPE_CHECKING:
    from konwent_bot.settings import Settings
    from konwent_bot.store.backup import Made

app = common.group("Copy everything the database holds into one file, while the program works.")

#: Folder in ``data_dir`` where backups go by themselves.
FOLDER = "backups"


@app.command()
def backup(
    to: Path | None = typer.Option(
        None, metavar="FILE|FOLDER", help="Where to; by default the folder backups in the data folder."
    ),
    keep: int | None = typer.Option(
        None, min=1, max=3650, metavar="DAYS", help="Then delete backups in that folder older than this."
    ),
) -> None:
    """Copy everything the database holds into one file, while the program works."""
    from konwent_bot import __version__
    from konwent_bot import app as house
    from konwent_bot.store.backup import back_up, rotate
    from konwent_bot.store.engines import open_store

    settings = common.settings()
    now = house.clock_of(settings).now()
    place = _own_folder(settings) if to is None else to.expanduser().absolute()

    async def copy() -> Made:
        store = open_store(settings.database.get_secret_value())
        try:
            return await back_up(store, place, now=now, program=__version__)
        finally:
            await store.close()

    made = asyncio.run(copy())
    gone = [] if keep is None else rotate(made.path.parent, now=now, keep=timedelta(days=keep))
    t = common.voice()
    rows = t.plural("{n} row", "{n} rows", made.manifest.rows)
    common.tell(t("The backup is ready: {path} ({size} kB, {rows}).", path=made.path, size=-(-made.size // 1000), rows=rows))
    if gone:
        common.tell(t.plural("{n} older backup was deleted.", "{n} older backups were deleted.", len(gone)))
    common.tell(
        t(
            "It holds names, addresses and answers, and it is not encrypted. Guard it like the database, and keep a copy on another machine."
        )
    )


def _own_folder(settings: Settings) -> Path:
    """Give our own folder for backups, which nobody else may look into."""
    folder = settings.data_dir / FOLDER
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            N_("Nothing can be written into the folder {path} ({reason}). Check the rights, or choose another one."),
            path=folder,
            reason=error.strerror or type(error).__name__,
        ) from error
    return folder
