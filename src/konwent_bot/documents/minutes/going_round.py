"""What a version says of its way round the institutions: what was changed since the one before, and who accepted it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from konwent_bot.documents.minutes.changes import ORDER, Change
from konwent_bot.documents.minutes.draft import DraftPoint, Paragraph
from konwent_bot.documents.minutes.writing import name, words
from konwent_bot.i18n import Translator

#: Keys of these parts.
CHANGES, ACCEPTANCE = "changes", "acceptance"
#: Characters of a text quoted in the list of changes: the whole stands further down.
_QUOTED: Final = 300


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark that was accepted."""

    institution: str
    #: Heading of the point it was about.
    point: str
    #: What it should say.
    text: str
    #: How it was taken up, if that was said.
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How institutions took the last version, by name."""

    accepted: tuple[str, ...]
    #: Said nothing until the deadline.
    deemed: tuple[str, ...]
    #: Had remarks that were declined.
    declined: tuple[str, ...]
    #: Last local day of answering.
    until: date


def changes_point(since: int, changes: Sequence[Change], remarks: Sequence[Remark], t: Translator) -> DraftPoint:
    """Tell what is otherwise than in an earlier version, and which remarks that follows."""
    said = []
    if remarks:
        items = tuple(_remark(remark, t) for remark in remarks)
        said.append(Paragraph("remarks", "list", t("Remarks that were accepted:"), items=items))
    if changes:
        items = tuple(_change(change, t) for change in changes)
        said.append(Paragraph("changes", "list", t("Passages that were changed:"), items=items))
    else:
        said.append(Paragraph("changes", "text", t("No passage was changed.")))
    return DraftPoint(CHANGES, t("Changes since version {n}", n=since), None, tuple(said))


def acceptance_point(acceptance: Acceptance, t: Translator) -> DraftPoint:
    """Tell who accepted the minutes, and whose silence was taken for it: each group in a sentence with its number, empty ones left out."""
    day = t.day_and_year(acceptance.until)
    said = (
        ("accepted", acceptance.accepted, t("Accepted ({n}):", n=len(acceptance.accepted))),
        ("deemed", acceptance.deemed, t("No answer until {day}, which counts as acceptance ({n}):", day=day, n=len(acceptance.deemed))),
        ("declined", acceptance.declined, t("Had remarks that were not accepted ({n}):", n=len(acceptance.declined))),
    )  # fmt: skip
    groups = [Paragraph(source, "text", f"{label} {', '.join(name(one) for one in who)}.") for source, who, label in said if who]
    nobody = Paragraph("accepted", "text", t("No institution was asked."))
    return DraftPoint(ACCEPTANCE, t("Acceptance of the minutes"), None, tuple(groups) or (nobody,))


def _remark(remark: Remark, t: Translator) -> str:
    said = t(
        "{institution}, “{point}”: “{text}”", institution=name(remark.institution), point=remark.point, text=words(remark.text)
    )
    return f"{said}. {words(remark.answer)}" if remark.answer else said


def _change(change: Change, t: Translator) -> str:
    where = t("Order of the points") if change.source == ORDER else change.heading
    before, after = _quoted(change.before), _quoted(change.after)
    match change.what:
        case "added":
            return t("{where}, added: “{after}”", where=where, after=after)
        case "removed":
            return t("{where}, removed: “{before}”", where=where, before=before)
        case "changed":
            return t("{where}, was: “{before}”, is: “{after}”", where=where, before=before, after=after)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + "…"
