"""Opening the conversation about a card: beginning it, going on with it, or opening a sent card again to change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, Row, bindparam, desc, func, select

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.state import State
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import cards, definitions, dialogues, people
from konwent_bot.office.cards import Submitted
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.people import Caller, Known, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import (
    BODY,
    CARD_ROUND,
    DIALOGUE,
    DIALOGUE_EVENT,
    FLOW_DEFINITION,
    INSTITUTION,
    MEMBERSHIP,
    PERSON,
    ROUND_ROLL,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A card already submitted, shown before anybody changes it."""

    person: Known
    round_id: int
    membership_id: int
    body: str
    institution: str
    period: str
    closes_on: date
    card: Submitted


@dataclass(frozen=True, slots=True)
class Colleague:
    """A draft of the same card that the institution's other representative has under way."""

    #: By whose seat they speak.
    role: str
    #: How many questions they have answered, and when last.
    answers: int
    at: datetime
    state: State


_SUBJECT = (
    select(
        CARD_ROUND.c.id, CARD_ROUND.c.body_id, CARD_ROUND.c.variant, CARD_ROUND.c.period, CARD_ROUND.c.closes_on,
        CARD_ROUND.c.closes_at, CARD_ROUND.c.definition_id, FLOW_DEFINITION.c.flow, FLOW_DEFINITION.c.version,
        FLOW_DEFINITION.c.structure, BODY.c.name.label("body"), INSTITUTION.c.short_name.label("institution"), dialogues.ROLE.label("role"),
    )
    .select_from(
        ROUND_ROLL.join(CARD_ROUND, CARD_ROUND.c.id == ROUND_ROLL.c.round_id)
        .join(FLOW_DEFINITION, FLOW_DEFINITION.c.id == CARD_ROUND.c.definition_id)
        .join(MEMBERSHIP, MEMBERSHIP.c.id == ROUND_ROLL.c.membership_id)
        .join(BODY, BODY.c.id == MEMBERSHIP.c.body_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .join(PERSON, PERSON.c.id == bindparam("person"))
    )
    .where(ROUND_ROLL.c.round_id == bindparam("round"), ROUND_ROLL.c.membership_id == bindparam("membership"))
)  # fmt: skip
_BEGIN = upsert(
    DIALOGUE,
    lambda new: new.values(
        {
            n: bindparam(n)
            for n in ("person_id", "definition_id", "round_id", "membership_id", "state", "turn", "turned_at", "created_at")
        }
        | {"status": "open"}
    ).on_conflict_do_nothing(index_elements=["person_id", "round_id", "membership_id"]),
)
_MINE = (
    select(DIALOGUE)
    .where(
        DIALOGUE.c.person_id == bindparam("person"),
        DIALOGUE.c.round_id == bindparam("round"),
        DIALOGUE.c.membership_id == bindparam("membership"),
    )
    .with_for_update()
)


_OWN = DIALOGUE.alias("own")


def _last_said(dialogue: FromClause) -> Any:
    """Select when something was last said in a conversation (looking at it moves ``turned_at``, and so would not tell)."""
    return select(func.max(DIALOGUE_EVENT.c.at)).where(DIALOGUE_EVENT.c.dialogue_id == dialogue.c.id).scalar_subquery()


_COLLEAGUE = (
    select(
        DIALOGUE.c.state, dialogues.ROLE.label("role"), _last_said(DIALOGUE).label("said_at"), _last_said(_OWN).label("mine_at")
    )
    .select_from(
        DIALOGUE.join(PERSON, PERSON.c.id == DIALOGUE.c.person_id)
        .join(MEMBERSHIP, MEMBERSHIP.c.id == DIALOGUE.c.membership_id)
        .join(_OWN, _OWN.c.id == bindparam("own"))
    )
    .where(
        DIALOGUE.c.round_id == _OWN.c.round_id,
        DIALOGUE.c.membership_id == _OWN.c.membership_id,
        DIALOGUE.c.person_id != _OWN.c.person_id,
        DIALOGUE.c.status == "open",
        dialogues.ROLE.is_not(None),
    )
    .order_by(desc("said_at"), DIALOGUE.c.id)
)


def colleague(uow: UnitOfWork, talk: Talk) -> Colleague | None:
    """Give the draft somebody else who speaks for the same institution has gone further with, or ``None``.

    Both see it: a card is the institution's, and its draft is open to whoever may send it.
    """
    for row in uow.execute(_COLLEAGUE, own=talk.id):
        theirs = State.from_json(row.state)
        newer = row.said_at is not None and (row.mine_at is None or row.said_at > row.mine_at)
        if newer and theirs.answers and theirs.answers != talk.state.answers and theirs.structure == talk.state.structure:
            return Colleague(row.role, len(theirs.answers), row.said_at, theirs)
    return None


def take_over(uow: UnitOfWork, caller: Caller, dialogue: int, turn: int) -> Talk:
    """Go on from what the other representative has answered: it takes the place of one's own draft. Theirs stays as it is.

    With a ``turn`` that is not the current one nothing changes, and the talk is stale.

    Raises:
        NotFound: it is not this person's conversation, or there is no such draft.
        Refused: the round is closed.
    """
    talk = dialogues.hold(uow, caller, dialogue)
    if talk.state.turn != turn or talk.state.mode == "done":
        return replace(talk, effects=(engine.Stale(),))
    theirs = colleague(uow, talk)
    if theirs is None:
        raise NotFound(dialogues.NOT_HERE)
    state = replace(theirs.state, turn=turn + 1, facts=talk.state.facts)
    dialogues.write(uow, dialogue, state, "open")
    if isinstance(caller, Reader) and talk.person.dialogue == dialogue:
        people.now_sees(uow, talk.person, None)  # their phone shows a question of the draft that is gone
    uow.audit("draft.take_over", body=None, person=talk.person.id, dialogue=dialogue)
    return replace(talk, state=state, card=cards.find(uow, talk.round_id, talk.membership_id) if state.cursor is None else None)


def see_card(uow: UnitOfWork, person: Known, round_id: int, membership: int) -> Standing:
    """Give an institution's card that has been sent, for somebody who speaks for it now. Changes nothing.

    Raises:
        NotFound: the person does not speak for this institution, it is not on the round's roll, or no card has been sent.
        Refused: the round is closed.
    """
    subject = uow.execute(_SUBJECT, person=person.id, round=round_id, membership=membership).one_or_none()
    card = cards.find(uow, round_id, membership)
    if subject is None or subject.role is None or card is None:
        raise NotFound(dialogues.NOT_HERE)
    if subject.closes_at <= uow.now:
        raise Refused(dialogues.CLOSED, day=subject.closes_on)
    return _standing(subject, person, membership, card)


def open_card(
    uow: UnitOfWork, person: Known, round_id: int, membership: int, *, change: bool = False, page: bool = False
) -> Talk | Standing:
    """Begin, go on with, or (with ``change``) open again the person's conversation about an institution's card.

    On a page (``page``) it does not come up on the person's phone. Gives ``Standing`` when the institution's card is submitted and the person has no draft of their own.

    Raises:
        NotFound: the person does not speak for this institution, or it is not on the round's roll.
        Refused: the round is closed.
    """
    subject = uow.execute(_SUBJECT, person=person.id, round=round_id, membership=membership).one_or_none()
    if subject is None or subject.role is None:
        raise NotFound(dialogues.NOT_HERE)
    if subject.closes_at <= uow.now:
        raise Refused(dialogues.CLOSED, day=subject.closes_on)
    flow = definitions.of(uow, subject.flow, subject.version, subject.structure)
    card = cards.find(uow, round_id, membership)
    mine = {"person": person.id, "round": round_id, "membership": membership}
    row = uow.execute(_MINE, **mine).one_or_none()
    if card is not None and not change and (row is None or row.status == "done"):
        person = person if page else people.now_sees(uow, person, None)
        return _standing(subject, person, membership, card)
    facts = {
        "variant": subject.variant, "body": subject.body, "institution": subject.institution,
        "period": subject.period, "closes_on": subject.closes_on,
    }  # fmt: skip
    if row is None:
        state, _ = engine.start(flow, facts, None if card is None else card.answers)
        uow.execute(
            _BEGIN[uow.dialect], person_id=person.id, definition_id=subject.definition_id, round_id=round_id,
            membership_id=membership, state=state.to_json(), turn=state.turn, turned_at=uow.now, created_at=uow.now,
        )  # fmt: skip
        row = uow.execute(_MINE, **mine).one()
    elif row.status == "done":
        state, _ = engine.start(flow, facts, None if card is None else card.answers)
        state = replace(state, turn=row.turn + 1)  # turns never go back: buttons of the former conversation stay dead
        dialogues.write(uow, row.id, state, "open")
    state = State.from_json(row.state) if row.status == "open" else state
    if not page:
        dialogues.comes_up(uow, person, row.id)
        person = people.now_sees(uow, person, row.id)
    return Talk(row.id, person, flow, state, (), round_id, membership, row.message_id, card)


def _standing(subject: Row[tuple[object, ...]], person: Known, membership: int, card: Submitted) -> Standing:
    return Standing(
        person, subject.id, membership, subject.body, subject.institution, subject.period, subject.closes_on, card
    )  # fmt: skip
