"""Who was erased, in a file that no restore takes back: a restored copy is older than the erasures made since.

One JSON line a person, ``{"person": 12, "at": "2026-11-22T09:00:00+00:00"}``: a number that means nothing to anybody else, and when.
``konwent-bot restore`` reads it and hands each line to ``privacy.erase_again``.

The line is on disk **before** the erasure is committed. Were it written after, a kill in between would leave an erasure that a
restore undoes unseen. Written before, a kill (or a unit of work that is run twice, the one thing acts are told not to allow for)
leaves at worst a second line, or a line of a person whose erasure was asked for, allowed, and not finished. Such a line does
nothing by itself: it counts only when a copy made before it is restored, and then does what that person had asked for.
"""

from __future__ import annotations

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path

from konwent_bot.errors import N_, Refused

#: Only the program's own user may read it.
_MODE = 0o600


def write_down(path: Path, person: int, at: datetime) -> None:
    """Add a line and wait until it is on disk. What a power cut left of a line is taken off first: it never counted.

    Raises:
        Refused: it cannot be written; then nobody may be erased.
    """
    line = json.dumps({"person": person, "at": at.isoformat()}).encode("ascii") + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, _MODE), "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the bot and the command line may both be erasing; closing lets go
            whole = file.read().rpartition(b"\n")
            file.seek(len(whole[0]) + len(whole[1]))
            file.truncate()
            file.write(line)
            os.fsync(file.fileno())
        if new:  # after a power cut a new file is there only if its folder was written too
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
