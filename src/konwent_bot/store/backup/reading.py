"""Reading a backup that anybody may have handed us: nothing in it is believed until it has been looked at.

Everything is bounded. The zip's directory is measured before it is read, members are known by the manifest and never by the
names they claim (nothing is unpacked into a folder), and tables are read line by line: a bomb costs time, not memory or disk.
"""

from __future__ import annotations

import errno
import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from pydantic import ValidationError

from konwent_bot.errors import N_, Invalid, Misconfigured
from konwent_bot.store.backup.format import FORMAT, LINE_BYTES, MANIFEST, WHAT, Manifest, TableFacts, decode
from konwent_bot.store.migrate import knows

#: Bounds far above anything we write: the manifest and the zip's directory, in bytes.
_MANIFEST_BYTES: Final = 1024 * 1024
_DIRECTORY_BYTES: Final = 1024 * 1024
_CHUNK: Final = 256 * 1024
#: What zipfile, zlib and json raise at bytes that are not what they should be.
_DAMAGES: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, KeyError, OverflowError, RuntimeError,
)  # fmt: skip

_FOREIGN = N_("{path} is not a backup of this program. Nothing has been changed.")
_DAMAGED = N_("The backup {path} is damaged, or was not copied whole. Nothing has been changed; please take another backup.")
_UNREADABLE = N_("The file {path} cannot be read. Check that it is a file and that you may open it.")
_NEWER = N_("The backup {path} was made by a newer version of this program. Install that version; nothing has been changed.")


class Archive:
    """An open backup. What it hands out has been checked as far as it was read; a fault raises ``Invalid``."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._zipped = zipped

    def rows(self, table: TableFacts) -> Iterator[tuple[tuple[Any, ...], int]]:
        """Give the rows of a table, each with its size as written in bytes; the end is reached only if all of them are right.

        Raises:
            Invalid: the table is not as the manifest says. Whatever was made of the rows before must be thrown away.
        """
        kinds = [kind for _, kind in table.columns]
        digest, rows = hashlib.sha256(), 0
        with _held_to_its_word(self.path):
            with self._zipped.open(table.member) as member:
                for line in _lines(member, digest):
                    values = json.loads(line)
                    if not isinstance(values, list) or len(values) != len(kinds):
                        raise ValueError("not a row")
                    rows += 1
                    yield tuple(decode(kind, value) for kind, value in zip(kinds, values, strict=True)), len(line)
            if (rows, digest.hexdigest()) != (table.rows, table.sha256):
                raise ValueError("other rows than were written")

    def read_through(self) -> None:
        """Read everything once. Raises ``Invalid`` if anything is wrong."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass


def check(path: Path) -> Manifest:
    """Read a backup from its beginning to its end and give what it says of itself.

    Raises:
        Invalid: there is no such file, it is no backup, or it is damaged.
        Misconfigured: it is of a newer program.
    """
    with opened(path) as archive:
        archive.read_through()
        return archive.manifest


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup and read its manifest; the tables are read when they are asked for. Raises as ``check`` does."""
    try:
        if not path.exists():
            raise Invalid(N_("There is no file {path}."), path=path)
        if not path.is_file():  # a folder, a pipe, a device without an end
            raise Invalid(_FOREIGN, path=path)
        file = path.open("rb")
    except OSError as error:
        raise Invalid(_UNREADABLE, path=path) from error
    with file:
        zipped = _zip(path, file)
        with _held_to_its_word(path):
            manifest = _manifest(path, zipped)
        yield Archive(path, zipped, manifest)


@contextmanager
def _held_to_its_word(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # EINVAL: the zip sent us to a place before the beginning of the file
        raise Invalid(_DAMAGED if error.errno == errno.EINVAL else _UNREADABLE, path=path) from error
    except _DAMAGES as error:
        raise Invalid(_DAMAGED, path=path) from error


def _zip(path: Path, file: IO[bytes]) -> zipfile.ZipFile:
    with _held_to_its_word(path):
        if file.read(4) != b"PK\x03\x04":
            raise Invalid(_FOREIGN, path=path)
        if _directory_size(file) > _DIRECTORY_BYTES:
            raise Invalid(_FOREIGN, path=path)
        return zipfile.ZipFile(file)


def _directory_size(file: IO[bytes]) -> int:
    """Give how many bytes the zip says its directory has, before the library reads that many (APPNOTE.TXT §4.3.14-16).

    Both records of the end may say it, the old and the 64-bit one; the larger counts, whichever the library believes.
    """
    length = file.seek(0, 2)
    tail_at = max(0, length - 65_557)  # a comment of at most 65,535 bytes may follow
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise zipfile.BadZipFile("no end of the directory")
    size = int(struct.unpack_from("<I", tail, at + 12)[0])
    size = 0 if size == 0xFFFFFFFF else size
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        place = struct.unpack_from("<Q", tail, at - 12)[0]
        if place + 56 > length:
            raise zipfile.BadZipFile("no such place")
        # The library looks right before the locator, whatever the locator says; a zip in which they differ is none of ours.
        if place != tail_at + at - 20 - 56:
            raise zipfile.BadZipFile("the records of the end are not in a row")
        file.seek(place)
        size = max(size, int(struct.unpack_from("<Q", file.read(56), 40)[0]))
    file.seek(0)
    return size


def _manifest(path: Path, zipped: zipfile.ZipFile) -> Manifest:
    names = zipped.namelist()
    if MANIFEST not in names:
        raise Invalid(_FOREIGN, path=path)
    with zipped.open(MANIFEST) as member:
        said = json.loads(member.read(_MANIFEST_BYTES))
    match said:
        case {"what": what, "format": int() as form} if what == WHAT:
            if form > FORMAT:
                raise Misconfigured(_NEWER, path=path)
        case _:
            raise Invalid(_FOREIGN, path=path)
    try:
        manifest = Manifest.model_validate_json(json.dumps(said))
    except ValidationError as error:
        raise ValueError("a manifest that is none") from error
    if not knows(manifest.revision):
        raise Misconfigured(_NEWER, path=path)
    if sorted(names) != sorted([MANIFEST, *(table.member for table in manifest.tables)]):
        raise ValueError("other members than the manifest names")
    if any(
        info.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED) or info.flag_bits & 1 for info in zipped.filelist
    ):
        raise ValueError("packed in a way we never use")
    return manifest


def _lines(member: IO[bytes], digest: Any) -> Iterator[bytes]:
    """Give the lines of a member; the last must have its end too."""
    rest: list[bytes] = []
    held = 0
    while chunk := member.read(_CHUNK):
        digest.update(chunk)
        first, *others = chunk.split(b"\n")
        rest.append(first)
        held += len(first)
        if held > LINE_BYTES:
            raise ValueError("a line without an end")
        if others:
            yield b"".join(rest)
            yield from others[:-1]
            rest, held = [others[-1]], len(others[-1])
    if any(rest):
        raise ValueError("the last line has no end")
