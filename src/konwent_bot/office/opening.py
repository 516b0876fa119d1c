"""Opening a conversation: beginning it, going on with it, or opening a sent card again to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, Row, bindparam, desc, func, select, update

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.values import Answers, GivenFact
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import cards, definitions, dialogues, people
from konwent_bot.office.acts import ACTS
from konwent_bot.office.cards import Submitted
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.people import Caller, Known, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import CARD, Subject
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
            for n in (
                "person_id", "definition_id", "subject", "body_id", "round_id", "meeting_id", "membership_id", "about",
                "state", "turn", "turned_at", "created_at",
            )
        }
        | {"status": "open"}
    ).on_conflict_do_nothing(index_elements=["person_id", "subject"]),
)  # fmt: skip
_IS_ABOUT = update(DIALOGUE).where(DIALOGUE.c.id == bindparam("dialogue")).values(about=bindparam("new_about"))
_MINE = (
    select(DIALOGUE)
    .where(DIALOGUE.c.person_id == bindparam("person"), DIALOGUE.c.subject == bindparam("about"))
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
    if talk.subject.act != CARD:
        return None
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
    return replace(talk, state=state, card=dialogues.standing_card(uow, talk.subject) if state.cursor is None else None)


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
    about = Subject(CARD, subject.body_id, round=round_id, membership=membership)
    row = uow.execute(_MINE, person=person.id, about=about.key).one_or_none()
    if card is not None and not change and (row is None or row.status == "done"):
        person = person if page else people.now_sees(uow, person, None)
        return _standing(subject, person, membership, card)
    facts = {
        "variant": subject.variant, "body": subject.body, "institution": subject.institution,
        "period": subject.period, "closes_on": subject.closes_on,
    }  # fmt: skip
    talk = _open(uow, person, about, flow, subject.definition_id, row, facts, None if card is None else card.answers, page=page)
    return replace(talk, card=card)


def begin(
    uow: UnitOfWork,
    person: Known,
    subject: Subject,
    facts: Mapping[str, GivenFact],
    *,
    answers: Answers | None = None,
    page: bool,
) -> Talk:
    """Begin or go on with a person's conversation about anything but a card. ``facts`` are those of this moment.

    ``answers``: what stands already and is to be changed. On a page (``page``) it does not come up on the person's phone.

    Raises:
        NotFound, Refused: the person may not (any more).
    """
    act = ACTS[subject.act]
    act.may(uow, Actor(person.id), subject)
    flow = uow.house.flows[act.flow]
    row = uow.execute(_MINE, person=person.id, about=subject.key).one_or_none()
    talk = _open(uow, person, subject, flow, definitions.publish(uow, flow), row, facts, answers, page=page)
    fresh = engine.start(flow, facts)[0].facts
    if talk.state.structure != flow.structure or talk.state.facts == fresh:
        return talk
    state = replace(talk.state, facts=fresh)  # what there is to choose from may have changed since the draft was begun
    dialogues.write(uow, talk.id, state, "open")
    return replace(talk, state=state)


def _open(
    uow: UnitOfWork, person: Known, about: Subject, flow: Flow, definition: int, row: Row[Any] | None,
    facts: Mapping[str, GivenFact], answers: Answers | None, *, page: bool,
) -> Talk:  # fmt: skip
    """Begin a conversation, or go on with the one there is (``row``); one that is over begins anew."""
    if row is None:
        state, _ = engine.start(flow, facts, answers)
        uow.execute(
            _BEGIN[uow.dialect], person_id=person.id, definition_id=definition, subject=about.key, body_id=about.body,
            round_id=about.round, meeting_id=about.meeting, membership_id=about.membership, about=about.about,
            state=state.to_json(), turn=state.turn, turned_at=uow.now,
            created_at=uow.now,
        )  # fmt: skip
        row = uow.execute(_MINE, person=person.id, about=about.key).one()
        state = State.from_json(row.state)
    elif row.status == "done":
        state, _ = engine.start(flow, facts, answers)
        state = replace(state, turn=row.turn + 1)  # turns never go back: buttons of the former conversation stay dead
        dialogues.write(uow, row.id, state, "open")
        uow.execute(_IS_ABOUT, dialogue=row.id, new_about=about.about)  # another revision of the same paragraph
    else:
        state = State.from_json(row.state)
        flow = definitions.of(uow, state.flow, state.version, state.structure)
    if not page:
        dialogues.comes_up(uow, person, row.id)
        person = people.now_sees(uow, person, row.id)
    return Talk(row.id, person, flow, state, (), about, row.message_id)


def _standing(subject: Row[tuple[object, ...]], person: Known, membership: int, card: Submitted) -> Standing:
    return Standing(
        person, subject.id, membership, subject.body, subject.institution, subject.period, subject.closes_on, card
    )  # fmt: skip
