"""The cooperation card: one per institution and round, whoever of its people submits it (R8, G16)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, insert, select

from konwent_bot.dialogue.values import Answers
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import CARD, CARD_VERSION

#: Scale S5 of domain.md §5.2: 1 definitely not ... 5 definitely yes; "unknown" is never counted.
Likert = Annotated[int, Field(ge=1, le=5)] | Literal["unknown"]
Marks = tuple[str, ...]


class CardAnswers(BaseModel):
    """What the act ``card.submit`` takes: the items of domain.md §5.2 by code. Those outside the short variant may be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    goals: Likert
    composition: Likert
    engagement: Likert
    trust: Likert
    management: Likert
    plan: Likert
    communication: Likert
    resources: Likert
    openness: Likert | None = None
    contribution: Likert | None = None
    offer: Likert | None = None
    strategic_meetings: Likert | None = None
    operational_meetings: Likert | None = None
    decisions: Likert | None = None
    minutes: Likert | None = None
    contact_forms: Marks | None = None
    barriers: Marks
    barriers_other: str | None = Field(default=None, max_length=500)
    conclusion: str | None = Field(default=None, max_length=500)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A card that stands: which version, by whose seat, when, and its answers."""

    id: int
    version: int
    role: str
    submitted_at: datetime
    answers: Answers


_FIND = select(CARD.c.id, CARD.c.version, CARD.c.role, CARD.c.submitted_at, CARD.c.answers).where(
    CARD.c.round_id == bindparam("round"), CARD.c.membership_id == bindparam("membership")
)
_FIELDS = ("round_id", "membership_id", "answers", "role", "person_id", "submitted_at")
_SUBMIT = upsert(
    CARD,
    lambda new: (
        new.values({name: bindparam(name) for name in _FIELDS} | {"version": 1})
        .on_conflict_do_update(
            index_elements=["round_id", "membership_id"],
            set_={name: new.excluded[name] for name in ("answers", "role", "person_id", "submitted_at")}
            | {"version": CARD.c.version + 1},
        )
        .returning(CARD.c.id, CARD.c.version)
    ),
)
_KEEP = insert(CARD_VERSION)


def find(uow: UnitOfWork, round_id: int, membership: int) -> Submitted | None:
    """Give the card of an institution in a round, if it has been submitted."""
    row = uow.execute(_FIND, round=round_id, membership=membership).one_or_none()
    return None if row is None else Submitted(row.id, row.version, row.role, row.submitted_at, _read(row.answers))


def submit(uow: UnitOfWork, *, round_id: int, membership: int, body: int, person: int, role: str, answers: Answers) -> Submitted:
    """Make or replace the card of an institution; every version is kept.

    The caller has checked that the person represents the institution and that the round is open. Two people of one institution
    submitting at once leave one card with two versions: the database's unique key decides, not a look beforehand.
    """
    checked = CardAnswers.model_validate(dict(answers)).model_dump(exclude_none=True)
    text = json.dumps(checked, ensure_ascii=False)
    row = uow.execute(
        _SUBMIT[uow.dialect],
        round_id=round_id, membership_id=membership, answers=text, role=role, person_id=person, submitted_at=uow.now,
    ).one()  # fmt: skip
    uow.execute(_KEEP, card_id=row.id, version=row.version, answers=text, role=role, submitted_at=uow.now)
    uow.audit("card.submit", body=body, person=person, card=row.id, version=row.version)
    return Submitted(row.id, row.version, role, uow.now, _read(text))


def _read(text: str) -> Answers:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}
