"""Bodies: entering one, finding one by the word the command line knows it by, and what its operator sees of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import BODY, CARD, CARD_ROUND, MEMBERSHIP, POST, ROUND_ROLL

#: Steps of the ladder, from the ground up (the CHECK of ``body.level`` names the same).
LEVELS: Final = ("local", "county", "regional", "national")
#: A word for the command line. It begins with a letter, so that it is never taken for a body's number.
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_LONGEST_SLUG, _LONGEST_NAME = 60, 300


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A body as it stands now."""

    id: int
    slug: str
    name: str
    kind: str
    #: One of ``LEVELS``.
    level: str
    #: Short word of the body above; empty when there is none.
    parent: str
    #: How many institutions belong to it today.
    institutions: int


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A card round of a body as it stands now."""

    id: int
    #: Half-year asked about, ``2026-H2``.
    period: str
    #: ``full`` or ``short``.
    variant: str
    #: Last local day for answers.
    closes_on: date
    open: bool
    received: int
    asked: int


def create(
    uow: UnitOfWork, actor: Actor, *, slug: str, name: str, kind: str = "lsr", level: str = "local", parent: str | None = None
) -> int:
    """Enter a body and give its number. ``parent`` is the short word (or number) of the body above.

    Raises:
        NotFound: the actor may not, or there is no such parent.
        Invalid: short word, name, kind or level is not one.
        Refused: the short word belongs to another body.
    """
    require(uow, actor, "body.create", body=0)
    name = " ".join(name.split())
    if not _SLUG.match(slug) or len(slug) > _LONGEST_SLUG:
        raise Invalid(
            N_("{slug} cannot be the short word of a body. Use small letters a-z, digits and hyphens, for example lsr-janow."),
            slug=slug,
        )
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise Invalid(N_("The name of a body needs 1 to 300 characters in one line."))
    if not _KIND.match(kind):
        raise Invalid(N_("{kind} cannot be a kind of body. Use one word in small letters, for example lsr."), kind=kind)
    if level not in LEVELS:
        raise Invalid(N_("There is no level {level}. There are: {levels}."), level=level, levels=LEVELS)
    above = None if parent is None else find(uow, parent).id
    values: dict[str, object] = {
        "slug": slug,
        "name": name,
        "kind": kind,
        "level": level,
        "parent_id": above,
        "settings": {},
        "created_at": uow.now,
    }
    # Not look-then-insert: of two programs that enter the same word at once, one is told.
    new = uow.execute(_ENTER[uow.dialect], **values).scalar_one_or_none()
    if new is None:
        raise Refused(N_("There is already a body called {slug}. Choose another short word."), slug=slug)
    uow.audit("body.create", body=new, person=actor.person)
    return int(new)


def find(uow: UnitOfWork, slug_or_id: str | int) -> BodyFacts:
    """Give a body by its short word or number. Asks no rights: the acts done with it do.

    Raises:
        NotFound: there is none.
    """
    word = str(slug_or_id).strip()
    # A number longer than an id can be is a wrong word, not an error of the database.
    numeric = word.isascii() and word.isdigit() and len(word) < 19
    found = uow.execute(_FACTS.where(BODY.c.id == int(word) if numeric else BODY.c.slug == word.lower())).mappings().one_or_none()
    if found is None:
        raise NotFound(N_("There is no body {body}. To see all of them: konwent-bot body list."), body=word)
    return BodyFacts(**found)


def everyone(uow: UnitOfWork) -> list[BodyFacts]:
    """Give all bodies of the installation, for its operator, in the order they were entered."""
    return [BodyFacts(**row) for row in uow.execute(_FACTS.order_by(BODY.c.id)).mappings()]


def coordinated(uow: UnitOfWork, person: int) -> list[tuple[int, str]]:
    """Give number and name of every body a person coordinates now, by name."""
    return [(row.id, row.name) for row in uow.execute(_COORDINATED, person=person)]


def rounds_of(uow: UnitOfWork, actor: Actor, body: int) -> list[RoundFacts]:
    """Give the card rounds of a body, the newest first.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "round.coverage", body=body)
    return [
        RoundFacts(row.id, row.period, row.variant, row.closes_on, row.closes_at > uow.now, row.received, row.asked)
        for row in uow.execute(_ROUNDS, body=body)
    ]


# --- inside -----------------------------------------------------------------------------------------------------------

_COLUMNS = ("slug", "name", "kind", "level", "parent_id", "settings", "created_at")
_ENTER = upsert(
    BODY, lambda new: new.values({name: bindparam(name) for name in _COLUMNS}).on_conflict_do_nothing().returning(BODY.c.id)
)
_ABOVE = BODY.alias("above")
_FACTS: Final[Select[Any]] = select(
    BODY.c.id,
    BODY.c.slug,
    BODY.c.name,
    BODY.c.kind,
    BODY.c.level,
    func.coalesce(_ABOVE.c.slug, "").label("parent"),
    select(func.count())
    .select_from(MEMBERSHIP)
    .where(MEMBERSHIP.c.body_id == BODY.c.id, MEMBERSHIP.c.left_on.is_(None))
    .scalar_subquery()
    .label("institutions"),
).select_from(BODY.outerjoin(_ABOVE, _ABOVE.c.id == BODY.c.parent_id))


_COORDINATED = (
    select(BODY.c.id, BODY.c.name)
    .where(BODY.c.id.in_(select(POST.c.body_id).where(POST.c.person_id == bindparam("person"), POST.c.kind == "coordinator")))
    .order_by(BODY.c.name, BODY.c.id)
)
_ROUNDS: Final[Select[Any]] = (
    select(
        CARD_ROUND.c.id, CARD_ROUND.c.period, CARD_ROUND.c.variant, CARD_ROUND.c.closes_on, CARD_ROUND.c.closes_at,
        select(func.count()).select_from(CARD).where(CARD.c.round_id == CARD_ROUND.c.id).scalar_subquery().label("received"),
        select(func.count()).select_from(ROUND_ROLL).where(ROUND_ROLL.c.round_id == CARD_ROUND.c.id).scalar_subquery().label("asked"),
    )
    .where(CARD_ROUND.c.body_id == bindparam("body"))
    .order_by(CARD_ROUND.c.opened_at.desc(), CARD_ROUND.c.id.desc())
)  # fmt: skip
