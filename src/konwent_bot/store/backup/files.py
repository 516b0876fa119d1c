"""Backups as files: one appears whole or not at all, nobody else may read it, and old ones go when they are told to."""

from __future__ import annotations

import fcntl
import io
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from konwent_bot.errors import N_, Misconfigured, Refused
from konwent_bot.store.backup.format import Manifest
from konwent_bot.store.backup.writing import write
from konwent_bot.store.engines import Store
from konwent_bot.store.sqlite import SqliteStore

if TYPE_CHECKING:  # it stands in the standard library from Python 3.12 on
    from typing_extensions import Buffer

_NAME: Final = "konwent-bot-%Y%m%dT%H%M%SZ.zip"
_OURS: Final = re.compile(r"konwent-bot-(\d{8}T\d{6})Z\.zip")
_PART: Final = (".konwent-bot-", ".part")
#: From when an unfinished file may be swept away; by then its maker has locked it, or is no more.
_PART_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    path: Path
    #: Size in bytes.
    size: int
    manifest: Manifest


async def back_up(store: Store, place: Path, *, now: datetime, program: str) -> Made:
    """Copy a store into a file; the program may go on working on it. ``place``: a folder (the file is then named by the instant), or a file.

    The file has the rights 0600 and is on disk when it is there. What a killed maker left unfinished is swept away.

    Raises:
        Refused: the file is there already, or there is nothing to copy.
        Misconfigured: nothing can be written there, or the database is of a newer program.
    """
    target = _target(place, now)
    if isinstance(store, SqliteStore) and not store.path.exists():  # to open it would make it
        raise Refused(N_("There is no database of this program yet, so there is nothing to back up."))
    try:
        _sweep(target.parent)
        with _appearing(target) as file:
            manifest = await store.read(lambda connection: write(connection, file, now=now, program=program))
        return Made(target, target.stat().st_size, manifest)
    except FileExistsError as error:
        raise Refused(N_("The file {path} is there already; a backup never replaces another."), path=target) from error
    except OSError as error:
        raise _unwritten(target, error) from error


def rotate(folder: Path, *, now: datetime, keep: timedelta) -> list[Path]:
    """Delete the backups of a folder that are older than ``keep``, by the instant in their names; give what was deleted.

    Only files that are named as we name them are touched, and only their names count: a copy keeps its age.
    """
    gone = []
    for path in sorted(folder.iterdir()):
        named = _OURS.fullmatch(path.name)
        if named is None or not path.is_file() or path.is_symlink():
            continue
        with suppress(ValueError):  # digits that are no date: not our name after all
            if datetime.strptime(f"{named[1]}+0000", "%Y%m%dT%H%M%S%z") < now - keep:
                path.unlink()
                gone.append(path)
    return gone


def _target(place: Path, now: datetime) -> Path:
    return place / now.astimezone(UTC).strftime(_NAME) if place.is_dir() else place


def _unwritten(target: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        N_("The backup cannot be written to {path} ({reason}). Check the rights and the room on the disk."),
        path=target,
        reason=error.strerror or type(error).__name__,
    )


class _File(io.FileIO):
    """A file whose faults say that they are the file's: an OSError out of a unit of work would be taken for the database's."""

    def __init__(self, descriptor: int, target: Path) -> None:
        super().__init__(descriptor, "r+b")
        self._target = target

    def write(self, data: Buffer, /) -> int:
        """Write; raises ``Misconfigured`` when the disk is full or gone."""
        try:
            return super().write(data) or 0
        except OSError as error:
            raise _unwritten(self._target, error) from error


@contextmanager
def _appearing(target: Path) -> Iterator[IO[bytes]]:
    """Give a file that becomes ``target`` when the block ends well, and is gone otherwise. Raises ``FileExistsError``."""
    if target.exists():
        raise FileExistsError(target)
    descriptor, name = tempfile.mkstemp(prefix=_PART[0], suffix=_PART[1], dir=target.parent)  # with the rights 0600
    try:
        with io.BufferedRandom(_File(descriptor, target), 256 * 1024) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # held for as long as somebody works on it
            yield file
            file.flush()
            os.fsync(file.fileno())
            try:
                os.link(name, target)  # unlike a renaming it replaces nothing
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                os.rename(name, target)  # noqa: PTH104 - beside os.link
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)  # noqa: PTH108 - beside os.link
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sweep(folder: Path) -> None:
    """Take away unfinished files that nobody works on any more."""
    for path in folder.glob(f"{_PART[0]}*{_PART[1]}"):
        with suppress(OSError), path.open("rb") as file:  # somebody else's, or gone by now
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - os.fstat(file.fileno()).st_mtime > _PART_SECONDS:
                path.unlink()
