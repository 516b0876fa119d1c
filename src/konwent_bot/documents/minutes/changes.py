"""What one draft says otherwise than another: paragraph by paragraph and row by row, by the facts they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from konwent_bot.documents.minutes.draft import Draft, row_line

#: What happened to a paragraph.
What: TypeAlias = Literal["added", "changed", "removed"]
#: Source of the one change that is about no paragraph: points stand in another order.
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph, a row, or a heading that is otherwise than before."""

    source: str
    #: Key of its point; empty for a line of the head, and for the order of points.
    point: str
    #: Heading of the point; for a line of the head its name.
    heading: str
    what: What
    #: What it said, and says; empty where it was not there, or is not any more.
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Atom:
    point: str
    heading: str
    said: str


def changes(before: Draft, after: Draft) -> tuple[Change, ...]:
    """Give what changed, in the order of ``after``; what was removed comes last."""
    old, new = dict(_atoms(before)), dict(_atoms(after))
    found: list[Change] = []
    order = _order(before, after)
    if order is not None:
        found.append(order)
    for source, atom in new.items():
        former = old.get(source)
        if former is None:
            found.append(Change(source, atom.point, atom.heading, "added", "", atom.said))
        elif former.said != atom.said:
            found.append(Change(source, atom.point, atom.heading, "changed", former.said, atom.said))
    gone = ((source, atom) for source, atom in old.items() if source not in new)
    found += [Change(source, atom.point, atom.heading, "removed", atom.said, "") for source, atom in gone]
    return tuple(found)


def _order(before: Draft, after: Draft) -> Change | None:
    keys = [point.key for point in before.points]
    both = [point for point in after.points if point.key in keys]
    former = [point for point in before.points if point in both or any(one.key == point.key for one in both)]
    if [point.key for point in former] == [point.key for point in both]:
        return None
    return Change(
        ORDER, "", "", "changed", "; ".join(point.heading for point in former), "; ".join(point.heading for point in both)
    )  # fmt: skip


def _atoms(draft: Draft) -> Iterator[tuple[str, _Atom]]:
    """Give everything that can change by itself: lines of the head, headings, paragraphs, rows of tables."""
    for row in draft.head:
        yield row.source, _Atom("", row.cells[0], row.cells[1])
    for point in draft.points:
        yield point.key, _Atom(point.key, point.heading, point.heading)
        for paragraph in point.paragraphs:
            if paragraph.rows:
                for row in paragraph.rows:
                    yield row.source, _Atom(point.key, point.heading, row_line(row))
            else:
                yield paragraph.source, _Atom(point.key, point.heading, "\n".join(paragraph.lines))
