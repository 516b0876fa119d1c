"""Who was erased, in a file that no restore takes back: a restored copy is older than the erasures made since.

One JSON line a person, ``{"person": 12, "at": "2026-11-22T09:00:00+00:00"}``: a number that means nothing to anybody else, and when.

The line is on disk **before** the erasure is committed. Were it written after, a kill in between would leave an erasure that a
restore undoes unseen. Written before, a kill (or a unit of work that is run twice, the one thing acts are told not to allow for)
leaves at worst a second line, or a line of a person whose erasure was asked for, allowed, and not finished. Such a line does
nothing by itself: it counts only when a copy made before it is restored, and then does what that person had asked for.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from konwent_bot.errors import N_, Refused

#: Only the program's own user may read it.
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Erasure:
    """One line."""

    #: Number of the person in the store.
    person: int
    #: When, UTC.
    at: datetime


def write_down(path: Path, person: int, at: datetime) -> None:
    """Add a line and wait until it is on disk.

    Raises:
        Refused: it cannot be written; then nobody may be erased.
    """
    line = json.dumps({"person": person, "at": at.isoformat()}).encode("ascii") + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _MODE), "r+b", buffering=0) as file:
            torn = file.seek(0, os.SEEK_END) > 0 and _last_byte(file.fileno()) != b"\n"  # a power cut in the middle of a line
            file.write(b"\n" + line if torn else line)
            os.fsync(file.fileno())
        if new:  # a file is only there after a power cut if its folder was written too
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise Refused(
            N_(
                "The erasure could not be written down ({reason}), so nothing was erased: a restored backup would bring it back. Please tell the operator of this installation."
            ),
            reason=error.strerror or type(error).__name__,
        ) from error


def written_down(path: Path) -> list[Erasure]:
    """Give all lines, oldest first; none where there is no file. A line that was torn by a power cut is passed over.

    Hand all of them to ``privacy.erase_again`` after a restore, whatever the age of the backup: it passes over whoever is not there,
    and whoever came to be after the line was written.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    found = []
    for line in text.splitlines():
        try:
            said = json.loads(line)
            one = Erasure(int(said["person"]), datetime.fromisoformat(said["at"]))
        except (ValueError, TypeError, KeyError):
            continue
        if one.at.tzinfo is not None:
            found.append(one)
    return found


def _last_byte(file: int) -> bytes:
    return os.pread(file, 1, os.lseek(file, 0, os.SEEK_END) - 1)
