"""Files packed into one ZIP that tells whether it is whole: a manifest, and a list of hashes as ``sha256sum -c SHA256SUMS`` reads it.

The same files give the same bytes: nothing in it says when, where or by whom it was packed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from konwent_bot.documents import plain
from konwent_bot.domain.decisions.sealed import Plain

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
#: The earliest moment a ZIP can name, for all files alike.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
#: A file that its owner may write and everybody read (``-rw-r--r--``), as ZIP keeps it.
_MODE: Final = 0o100644 << 16
#: Who packed it, as ZIP numbers systems: one that knows such modes, wherever it was packed.
_UNIX: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A file. Its path has ``/`` between folders, and its names can be saved anywhere (``plain.file_name``)."""

    path: str
    content: bytes


def make(entries: Sequence[Entry], about: Mapping[str, Plain]) -> bytes:
    """Pack files in the order given, behind their manifest and their hashes.

    Args:
        entries: the files.
        about: what the manifest says of the whole.

    Raises ``ValueError`` for a path that leads out of the folder it is unpacked into, or that two files would share on some system.
    """
    _check(entries)
    files = [{"path": one.path, "size": len(one.content), "sha256": hashlib.sha256(one.content).hexdigest()} for one in entries]
    manifest = (json.dumps({**about, "files": files}, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    listed = [(hashlib.sha256(manifest).hexdigest(), MANIFEST), *((str(file["sha256"]), file["path"]) for file in files)]
    sums = "".join(f"{digest}  {path}\n" for digest, path in listed).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in (Entry(MANIFEST, manifest), Entry(SUMS, sums), *entries):
            info = zipfile.ZipInfo(one.path, _NO_TIME)
            info.external_attr, info.create_system, info.compress_type = _MODE, _UNIX, zipfile.ZIP_DEFLATED
            archive.writestr(info, one.content)
    return packed.getvalue()


def _check(entries: Sequence[Entry]) -> None:
    taken = {MANIFEST.lower(), SUMS.lower()}
    for one in entries:
        if any(plain.file_name(part) != part for part in one.path.split("/")):
            raise ValueError(f"no path for a file in an archive: {one.path!r}")
        if one.path.lower() in taken:
            raise ValueError(f"two files of an archive would be called {one.path!r}")
        taken.add(one.path.lower())
