"""What is stored for a body, in the form a roster from a file is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from konwent_bot.domain.roster_words import PostKind, SeatRole


class StoredInstitution(NamedTuple):
    """An institution of the body as it is stored."""

    name: str
    short_name: str
    stakeholder_type: str
    sector: str
    place: str


class StoredHolder(NamedTuple):
    """Who holds a stored seat or post (empty texts: vacant or unknown) and under what title."""

    title: str = ""
    name: str = ""
    email: str = ""


class SeatKey(NamedTuple):
    """A stored seat: the folded name of its institution, the role, and which of the substitutes."""

    institution: str
    role: SeatRole
    index: int = 0  # type: ignore[assignment]  # hides tuple.index, which nobody needs here


class PostKey(NamedTuple):
    """A stored post: the folded name of the holder's institution, the kind, and which of equal ones."""

    institution: str
    kind: PostKind
    index: int = 0  # type: ignore[assignment]  # hides tuple.index, which nobody needs here


@dataclass(frozen=True, slots=True)
class CurrentRoster:
    """What is stored for the body: institutions by folded name (``roster_words.fold``), seats and posts by their keys."""

    institutions: Mapping[str, StoredInstitution] = field(default_factory=dict)
    seats: Mapping[SeatKey, StoredHolder] = field(default_factory=dict)
    posts: Mapping[PostKey, StoredHolder] = field(default_factory=dict)
