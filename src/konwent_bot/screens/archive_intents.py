"""Intents of whoever reads: minutes that went out and the answers to them, the archive, documents to be checked. A part of ``intents``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class SeeMinutes:
    """See minutes that went out: what they come to, until when to answer, what my institution answered. ``version`` 0: the newest."""

    minutes: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class ReadMinutes:
    """Read a version as text; pages count from 0."""

    minutes: int
    version: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class TakeMinutes:
    """Take the document of a version."""

    minutes: int
    version: int


@dataclass(frozen=True, slots=True)
class TakeMinutesFile:
    """Take a file that went out with minutes."""

    minutes: int
    version: int
    file: int


@dataclass(frozen=True, slots=True)
class AcceptMinutes:
    """Accept a version for an institution."""

    minutes: int
    version: int
    membership: int


@dataclass(frozen=True, slots=True)
class WriteRemark:
    """Say what an institution would have otherwise in minutes."""

    minutes: int
    membership: int


@dataclass(frozen=True, slots=True)
class TakeBackRemark:
    """Take back a remark nobody has settled yet."""

    remark: int


@dataclass(frozen=True, slots=True)
class SeeTask:
    """See a task: whose it is, where it comes from, until when, what was done."""

    task: int


@dataclass(frozen=True, slots=True)
class NoteTask:
    """Say in words what was done of a task."""

    task: int


@dataclass(frozen=True, slots=True)
class SeeArchive:
    """See what a body met about, wrote down and decided, the newest first; year 0 is all of them, pages count from 0."""

    body: int
    year: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class SearchArchive:
    """Look for words in all of that."""

    body: int


@dataclass(frozen=True, slots=True)
class TakeYear:
    """Take a year along as one file."""

    body: int
    year: int


@dataclass(frozen=True, slots=True)
class SeeCheck:
    """See which document a code of a footer belongs to; empty: be asked for the code or the file."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class CheckDocument:
    """Have a document checked, by its code or by the file itself."""


ArchiveIntent: TypeAlias = (
    SeeMinutes | ReadMinutes | TakeMinutes | TakeMinutesFile | AcceptMinutes | WriteRemark | TakeBackRemark | SeeTask | NoteTask
    | SeeArchive | SearchArchive | TakeYear | SeeCheck | CheckDocument
)  # fmt: skip

CODES: Final[dict[str, type[ArchiveIntent]]] = {
    "Jm": SeeMinutes, "Jr": ReadMinutes, "Jp": TakeMinutes, "Jf": TakeMinutesFile, "JA": AcceptMinutes, "JR": WriteRemark,
    "JB": TakeBackRemark, "Jt": SeeTask, "JT": NoteTask, "Ja": SeeArchive, "Js": SearchArchive, "Jy": TakeYear, "Jc": SeeCheck, "JC": CheckDocument,
}  # fmt: skip

LOOKS: Final[frozenset[type[ArchiveIntent]]] = frozenset(
    {SeeMinutes, ReadMinutes, TakeMinutes, TakeMinutesFile, SeeTask, SeeArchive, TakeYear, SeeCheck}
)
#: Largest files taken by a page, in bytes: what is larger was never ours.
LARGE_FILES: Final[Mapping[type[object], int]] = {CheckDocument: 10 * 1024 * 1024}
