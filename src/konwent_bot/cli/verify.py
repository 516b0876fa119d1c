"""``konwent-bot verify``: whether a document is one that went out from here, byte for byte, also years later."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from konwent_bot.cli import common

if TYPE_CHECKING:
    from konwent_bot.office.minutes.versions import Verdict
    from konwent_bot.office.unit import UnitOfWork
    from konwent_bot.screens.screen import Screen

app = common.group("Say whether a document is one of ours, as it was sent.")

#: What is said of a file -> the exit code.
_CODES: Final = {"known": 0, "altered": 1, "unknown": 2}
#: Bytes that are read of a file: no document that went out is so large.
_MOST: Final = 64 * 1024 * 1024


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The document as you have it; - reads what is piped.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what it is as JSON.")] = False,
) -> None:
    """Say which minutes a file is, and whether it was altered. Exits 0 as it was sent, 1 altered, 2 unknown or not to be read."""
    from konwent_bot.office.minutes import versions
    from konwent_bot.screens.minutes import verifying

    data, t = common.read(file, _MOST), common.voice()

    def work(uow: UnitOfWork) -> tuple[Verdict, Screen]:
        return versions.verify(uow, data), verifying.of_file(uow, data, t)

    found, shown = common.look(work)
    if as_json:
        common.tell(json.dumps(_told(found, data), ensure_ascii=False))
    else:
        common.tell("\n".join((shown.title, *shown.paragraphs, *(f"{label}: {value}" for label, value in shown.facts))))
    if code := _CODES[found.state]:
        raise typer.Exit(code)


def _told(found: Verdict, data: bytes) -> dict[str, object]:
    """Tell a machine: of an altered file, what it says it is."""
    told: dict[str, object] = {"state": found.state, "sha256": hashlib.sha256(data).hexdigest()}
    if found.minutes is None or found.version is None:
        return told
    minutes, version = found.minutes, found.version
    return told | {
        "body": minutes.body_name, "minutes": minutes.name, "version": version.version, "kind": version.kind,
        "final": version.kind == "final", "newest": found.newest, "code": version.code, "sent_at": version.created_at.isoformat(),
        "sent_sha256": version.pdf_sha256,
    }  # fmt: skip
