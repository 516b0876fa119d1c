"""What a version of minutes says, word for word, as canonical JSON; its hash, and the code that its pages print.

The same content gives the same bytes anywhere: sorted keys, UTF-8, an indent of one space. Whoever has the content of a version and
the code on its pages can compute one from the other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from konwent_bot.documents.minutes.changes import Change
from konwent_bot.documents.minutes.draft import Draft, DraftPoint, Paragraph
from konwent_bot.documents.minutes.facts import File
from konwent_bot.documents.minutes.going_round import Acceptance, Remark, acceptance_point, changes_point
from konwent_bot.errors import N_, Invalid
from konwent_bot.i18n import Translator

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: What a document is: a look at it before it goes out, one that asks for an answer, the one that was accepted, a later correction.
Kind: TypeAlias = Literal["draft", "circulated", "final", "annex"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: Hexadecimal digits of a code: enough that nobody finds another content with them.
_DIGITS: Final = 12
_CODE: Final = re.compile(r"([0-9A-Z]{1,13})-([1-9][0-9]{0,3})-([0-9A-F]{12})")
_BASE_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of the body's chain of records when the document was made: how many there are, and the seal of the last one."""

    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Content:
    """A version."""

    kind: Kind
    #: 1, 2, 3...; 0 of a draft.
    version: int
    #: "wersja 1", as it stands on every page; empty of an annex.
    edition: str
    #: The same in sentences, with what is asked of the reader.
    status: str
    #: What stands under a point of which nothing was noted.
    nothing: str
    draft: Draft
    #: What is told before the minutes, and after them: changes since the version before; who accepted them.
    before: tuple[DraftPoint, ...]
    after: tuple[DraftPoint, ...]
    files: tuple[File, ...]
    chain: Chain | None
    #: Local day it went out.
    circulated_on: date | None
    #: Last local day on which institutions may answer.
    answer_until: date | None

    @property
    def points(self) -> tuple[DraftPoint, ...]:
        """Everything it says, in order."""
        return (*self.before, *self.minutes, *self.after)

    @property
    def minutes(self) -> tuple[DraftPoint, ...]:
        """The minutes themselves; a point of which nothing was noted says that."""
        nothing = (Paragraph("", "text", self.nothing),)
        return tuple(point if point.paragraphs else replace(point, paragraphs=nothing) for point in self.draft.points)


def content(
    draft: Draft, t: Translator, *, kind: Kind, version: int, files: Sequence[File] = (), chain: Chain | None = None,
    circulated_on: date | None = None, answer_until: date | None = None, since: int = 0, changes: Sequence[Change] = (),
    remarks: Sequence[Remark] = (), acceptance: Acceptance | None = None,
) -> Content:  # fmt: skip
    """Put a version together.

    Args:
        draft: the minutes, or an annex.
        t: in whose language; of the minutes always the body's.
        kind: what it is.
        version: its number; 0 of a draft.
        files: those that go with it.
        chain: the end of the body's chain.
        circulated_on: local day it goes out.
        answer_until: last local day of answering; ``None`` where nobody is asked.
        since: the version before, where there is one that was circulated.
        changes: what is otherwise than in that one.
        remarks: those of that one that were accepted.
        acceptance: who accepted it, of a final one.
    """
    return Content(
        kind=kind, version=version, edition=_edition(kind, version, t), status=_status(kind, version, circulated_on, answer_until, t),
        nothing=t("Nothing was noted under this point."), draft=draft,
        before=(changes_point(since, changes, remarks, t),) if since else (),
        after=() if acceptance is None else (acceptance_point(acceptance, t),),
        files=tuple(files), chain=chain, circulated_on=circulated_on, answer_until=answer_until,
    )  # fmt: skip


def written(content: Content) -> bytes:
    """Write a content as canonical JSON."""
    plain = _adapter().dump_python(content, mode="json")
    return (json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read(text: str | bytes) -> Content:
    """Read what ``written`` wrote. Raises ``Invalid`` for anything else."""
    try:
        return _adapter().validate_json(text)
    except ValueError:
        raise Invalid(N_("This is not the content of minutes.")) from None


def sha256(content: Content) -> str:
    """Give the SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(written(content)).hexdigest()


def code(minutes: int, version: int, content_sha256: str) -> str:
    """Give the code of a version: "7PS-2-0123456789AB"."""
    letters = ""
    while minutes or not letters:
        minutes, digit = divmod(minutes, 36)
        letters = _BASE_36[digit] + letters
    return f"{letters}-{version}-{content_sha256[:_DIGITS].upper()}"


def code_of(text: str) -> str | None:
    """Give the code somebody typed as it is written, whatever they did to case and spaces; ``None`` for what cannot be one."""
    plain = re.sub(r"\s+", "", text).replace("–", "-").replace("—", "-").upper()
    return plain if _CODE.fullmatch(plain) else None


def _edition(kind: Kind, version: int, t: Translator) -> str:
    match kind:
        case "draft":
            return t("draft of minutes")
        case "circulated":
            return t("version {n}", n=version)
        case "final":
            return t("final version")
        case "annex":
            return ""


def _status(kind: Kind, version: int, on: date | None, until: date | None, t: Translator) -> str:
    day = "" if on is None else t.day_and_year(on)
    match kind:
        case "draft":
            return t("Draft. It has not been sent to anybody yet.")
        case "circulated":
            said = t("Version {n} of {day}, for acceptance.", n=version, day=day)
            asked = (
                t("Institutions may accept it or ask for a correction until {day}.", day=t.day_and_year(until)) if until else ""
            )
            return f"{said} {asked}".strip()
        case "final":
            return t("Final version of {day}.", day=day)
        case "annex":
            return t("Annex of {day}. The final version of the minutes stays as it is.", day=day)


@cache
def _adapter() -> TypeAdapter[Content]:
    from pydantic import TypeAdapter  # only who writes or reads a version pays for it

    return TypeAdapter(Content)
