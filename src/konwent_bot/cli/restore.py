"""``konwent-bot restore``: bring an empty database to what a backup holds. All of it, or nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Misconfigured

if TYPE_CHECKING:
    from konwent_bot.i18n import Translator
    from konwent_bot.office.unit import UnitOfWork
    from konwent_bot.store.backup import Manifest

app = common.group("Bring an empty database to what a backup holds. All of it, or nothing.")

#: An erasure is written down before it is committed, so one from shortly before the backup may have been committed after it.
MARGIN = timedelta(hours=1)
#: What people type for "yes", in our languages.
_YES = frozenset({"t", "tak", "y", "yes", "т", "так"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a restore."""

    #: People erased again, because they had been erased after the backup.
    erased: int
    #: Bodies (their short words; "-" is the installation) whose chain of audit entries does not hold.
    broken: tuple[str, ...]


@app.command()
def restore(
    file: Path = typer.Argument(metavar="FILE", help="The backup, as konwent-bot backup made it, of either engine."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
) -> None:
    """Bring an empty database to what a backup holds. All of it, or nothing."""
    from konwent_bot import app as house
    from konwent_bot.office.unit import UnitOfWork
    from konwent_bot.store import backup
    from konwent_bot.store.engines import open_store

    settings = common.settings()
    path = file.expanduser().absolute()
    manifest = backup.check(path)
    t = common.voice()
    if not yes and not _agreed(manifest, t):
        common.tell(t("Nothing has been changed."))
        raise typer.Exit(1)
    known = house.house_of(settings, house.shelf_of(settings))
    now = house.clock_of(settings).now()
    erasures = erased_since(settings.data_dir / house.ERASURES, manifest.created_at - MARGIN)

    async def bring_back() -> Outcome:
        if settings.embedded:
            house.make_folder(settings.data_dir)
        store = open_store(settings.database.get_secret_value())
        try:
            outcome = await backup.restore(
                store, path, lambda connection, _manifest: _afterwards(UnitOfWork(connection, now, known), erasures)
            )
            if outcome.erased:  # what was loaded and erased in one transaction may still stand in gaps of the file
                await store.scrub()
            return outcome
        finally:
            await store.close()

    _report(manifest, asyncio.run(bring_back()), t)


def erased_since(path: Path, since: datetime) -> dict[int, datetime]:
    """Read who was erased since an instant: person -> when. What a power cut left of a last line tells of nothing that happened.

    Raises:
        Misconfigured: the list is there and cannot be read, so that whoever was erased could come back.
    """
    number = 0
    try:
        *lines, _unfinished = path.read_bytes().split(b"\n")
        found: dict[int, datetime] = {}
        for number, line in enumerate(lines, 1):  # noqa: B007 - the sentence below names it
            said = json.loads(line)
            person, at = int(said["person"]), datetime.fromisoformat(said["at"])
            if at >= since:
                found[person] = at
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Misconfigured(
            N_(
                "The list of erased people {path} cannot be read (line {line}). Without it they would come back; please mend it first."
            ),
            path=path,
            line=str(number),
        ) from error
    return found


def _agreed(manifest: Manifest, t: Translator) -> bool:
    rows = t.plural("{n} row", "{n} rows", manifest.rows)
    common.tell(
        t(
            "The backup is of {when}, made by version {program}: {rows}.",
            when=manifest.created_at,
            program=manifest.program,
            rows=rows,
        )
    )
    question = t("Restore it into the database of this installation, which must be empty? Type yes or no")
    return str(typer.prompt(question, default="", show_default=False)).strip().lower() in _YES


def _afterwards(uow: UnitOfWork, erasures: dict[int, datetime]) -> Outcome:
    """Do what belongs to the restore's own transaction: nobody who was erased may be seen again, not for a moment."""
    from konwent_bot.office import audit_chain, bodies, privacy, sessions

    sessions.end_everybodys(uow)  # those that were ended since the backup would open again
    erased = sum(privacy.erase_again(uow, person, at) for person, at in erasures.items())
    chains = {None: "-"} | {body.id: body.slug for body in bodies.everyone(uow)}
    return Outcome(erased, tuple(slug for body, slug in chains.items() if audit_chain.verify(uow, body).broken_at is not None))


def _report(manifest: Manifest, outcome: Outcome, t: Translator) -> None:
    rows = t.plural("{n} row", "{n} rows", manifest.rows)
    common.tell(t("Restored: {rows}, as of {when}.", rows=rows, when=manifest.created_at))
    if outcome.erased:
        common.tell(
            t.plural(
                "{n} person erased after the backup was erased again.",
                "{n} people erased after the backup were erased again.",
                outcome.erased,
            )
        )
    common.tell(
        t(
            "What happened after that instant is not in it: hand over again the seats that were handed over since, and expect letters that waited then to be sent once more."
        )
    )
    for slug in outcome.broken:
        typer.echo(
            t(
                "Attention: the chain of audit entries of {body} does not hold; somebody had changed the database before the backup, or the backup itself.",
                body=slug,
            ),
            err=True,
        )
