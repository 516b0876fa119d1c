"""Conversations: taking what a person says in one, and putting it away; ``opening`` begins them.

Every touch locks the conversation's row, asks the engine, and writes the new state and what happened in the same unit of work;
who may speak, and whether the round is still open, is looked up each time. A touch that answers another screen changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Row, and_, bindparam, case, delete, func, insert, select, update

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.engine import Answer, Back, Confirm, Done, Edit, Effects, Event, Mark, Reject, Skip, Stale, Submit
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.hearing import DayHeard, Heard
from konwent_bot.dialogue.model import Confirm as ConfirmQuestion
from konwent_bot.dialogue.model import MomentQuestion, Multi, Question, Scale, Single, Slots, TimeQuestion, YesNo
from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.texts import Texts
from konwent_bot.dialogue.values import accept
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import cards, definitions, hearing, people
from konwent_bot.office.acts import ACTS
from konwent_bot.office.cards import Submitted
from konwent_bot.office.people import Caller, Known, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import CARD, Outcome, Subject, things
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import together
from konwent_bot.store.tables import (
    CARD_ROUND,
    DIALOGUE,
    DIALOGUE_EVENT,
    MEMBERSHIP,
    PERSON,
    SEAT,
)

#: By how much Telegram's clock and ours may differ; nobody reads a question and types an answer to it sooner, either.
CLOCK_SLACK = timedelta(seconds=2)

Verb = Literal["answer", "mark", "unmark", "done", "skip", "back", "edit", "confirm"]


@dataclass(frozen=True, slots=True)
class Touch:
    """A press of a button (or a field of a page) in a conversation: what to do, on which turn, with what.

    All of it comes from outside and may be forged; ``argument`` is a choice id, a number of a scale or a question id.
    """

    dialogue: int
    turn: int
    verb: Verb
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """A form of a page that answers a conversation's question on this turn, whole. All of it comes from outside."""

    dialogue: int
    turn: int


@dataclass(frozen=True, slots=True)
class Written:
    """What stood in such a form: the choices that were marked, and what was typed."""

    choices: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation after a touch: what to show now, and what came of the touch."""

    id: int
    person: Known
    flow: Flow
    state: State
    effects: Effects
    #: What it is about.
    subject: Subject
    #: Telegram's message that shows it, if one does.
    message_id: int | None
    #: The card as it stands, when there is one to speak of (in the review and after submitting).
    card: Submitted | None = None
    #: The question this touch gave an answer to, to be read back.
    saved: str | None = None
    #: What came of it, once this touch has submitted anything but a card.
    outcome: Outcome | None = None
    #: What a typed date may mean, to be read back: it is no answer before it is confirmed.
    heard: Heard | None = None
    #: An answer to the current question that came too late to count and waits in the form.
    kept: Written | None = None

    @property
    def problem(self) -> Problem | None:
        """What was wrong with the answer, if it was not taken."""
        return next((effect.problem for effect in self.effects if isinstance(effect, Reject)), None)

    @property
    def stale(self) -> bool:
        """Whether the touch answered another screen."""
        return any(isinstance(effect, Stale) for effect in self.effects)

    @property
    def submitted(self) -> bool:
        """Whether this touch submitted it."""
        return any(isinstance(effect, Submit) for effect in self.effects)


#: By which seat a person speaks for an institution now: head before designated person before substitute; none: not at all.
ROLE = (
    select(SEAT.c.role)
    .where(
        SEAT.c.membership_id == MEMBERSHIP.c.id,
        SEAT.c.person_id == PERSON.c.id,
        SEAT.c.meeting_id.is_(None),
        MEMBERSHIP.c.left_on.is_(None),
    )
    .order_by(case((SEAT.c.role == "head", 1), (SEAT.c.role == "delegate", 2), else_=3))
    .limit(1)
    .correlate(MEMBERSHIP, PERSON)
    .scalar_subquery()
)
NOT_HERE = N_("There is no such matter here, or it is not open to you.")
_UNCLEAR = N_(
    "It is not clear whether this answers the question below or another one, so nothing was saved. Please answer once more."
)
CLOSED = N_("This round closed on {day}. Cards can no longer be filled in or changed.")


_TALK = (
    select(
        DIALOGUE.c.id, DIALOGUE.c.state, DIALOGUE.c.status, DIALOGUE.c.message_id, DIALOGUE.c.turned_at, DIALOGUE.c.round_id, DIALOGUE.c.kept,
        DIALOGUE.c.subject, DIALOGUE.c.body_id, DIALOGUE.c.meeting_id, DIALOGUE.c.membership_id, DIALOGUE.c.about,
        PERSON.c.id.label("person"), PERSON.c.language, PERSON.c.dialogue_id,
        CARD_ROUND.c.closes_on, CARD_ROUND.c.closes_at, ROLE.label("role"),
    )
    .select_from(
        PERSON.join(DIALOGUE, DIALOGUE.c.person_id == PERSON.c.id)
        .outerjoin(CARD_ROUND, CARD_ROUND.c.id == DIALOGUE.c.round_id)
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == DIALOGUE.c.membership_id)
    )
)  # fmt: skip
_BY_PHONE = _TALK.where(PERSON.c.telegram_id == bindparam("caller"), DIALOGUE.c.id == bindparam("dialogue"))
_BY_PAGE = _TALK.where(
    PERSON.c.id == bindparam("caller"), PERSON.c.accepted_at.is_not(None), DIALOGUE.c.id == bindparam("dialogue")
)
_TOUCHED_BY_PHONE, _TOUCHED_BY_PAGE = (one.with_for_update(of=DIALOGUE) for one in (_BY_PHONE, _BY_PAGE))
_SHOWN_NOW = _TALK.with_for_update(of=DIALOGUE).where(
    PERSON.c.telegram_id == bindparam("telegram"), DIALOGUE.c.id == PERSON.c.dialogue_id
)
_ANSWERED_BY = _TALK.with_for_update(of=DIALOGUE).join(
    DIALOGUE_EVENT, and_(DIALOGUE_EVENT.c.dialogue_id == DIALOGUE.c.id, DIALOGUE_EVENT.c.message_id == bindparam("message"))
).where(PERSON.c.telegram_id == bindparam("telegram")).add_columns(DIALOGUE_EVENT.c.question)  # fmt: skip
_WRITE = (
    update(DIALOGUE)
    .where(DIALOGUE.c.id == bindparam("dialogue"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "turn", "status", "turned_at")})
)
_HAPPENED = insert(DIALOGUE_EVENT).values(
    {n: bindparam(f"event_{n}") for n in ("dialogue_id", "turn", "kind", "question", "value", "message_id", "at")}
)
_KEEP = together(_WRITE, _HAPPENED)
_FORGET = update(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id == bindparam("dialogue")).values(value=None)
_SET_KEPT = update(DIALOGUE).where(DIALOGUE.c.id == bindparam("dialogue")).values(kept=bindparam("new_kept"))
_SHOWS = (
    update(DIALOGUE)
    .where(DIALOGUE.c.id == bindparam("dialogue"), DIALOGUE.c.turn == bindparam("shown_turn"))
    .values(message_id=bindparam("message"))
)
_SHOWS_ANEW = _SHOWS.values(turned_at=bindparam("long_ago"))
_COMES_UP = update(DIALOGUE).where(DIALOGUE.c.id == bindparam("dialogue")).values(turned_at=bindparam("now"))
_LAST_TEXT = select(func.max(DIALOGUE_EVENT.c.message_id)).where(DIALOGUE_EVENT.c.dialogue_id == bindparam("dialogue"))
_ELSEWHERE = select(DIALOGUE.c.state).where(
    DIALOGUE.c.person_id == bindparam("person"), DIALOGUE.c.id != bindparam("dialogue"), DIALOGUE.c.status == "open"
)


def touch(uow: UnitOfWork, caller: Caller, touched: Touch) -> Talk:
    """Take a press of a button. A press that answers another turn changes nothing and shows where the conversation stands.

    Raises:
        NotFound: it is not this person's conversation, or they no longer speak for the institution.
        Refused: the round is closed.
    """
    row, talk = _held(uow, caller, touched.dialogue)
    event = _event(talk.flow, talk.state, touched)
    return replace(talk, effects=(Stale(),)) if event is None else _take(uow, row, talk, event, page=isinstance(caller, Reader))


def fill(uow: UnitOfWork, caller: Caller, form: Fill, written: Written, texts: Texts) -> Talk:
    """Take a form of a page as a whole answer to the current question; a form of another turn changes nothing.

    Raises:
        NotFound, Refused: as ``touch``.
    """
    row, talk = _held(uow, caller, form.dialogue)
    state = talk.state
    if form.turn != state.turn or state.cursor is None:
        return replace(talk, effects=(Stale(),))
    value = _form_value(uow, talk, state.cursor, written, texts)
    if isinstance(value, Problem):
        return replace(talk, effects=(Reject(state.cursor, value),), kept=written)
    if isinstance(value, Heard):
        return replace(talk, heard=value, kept=written)
    if isinstance(value, DayHeard):
        return _take_day(uow, row, talk, state.cursor, value, page=True)
    taken = _take(uow, row, talk, Answer(state.turn, state.cursor, value), page=True)
    return replace(taken, kept=written) if taken.problem is not None else taken


def keep(uow: UnitOfWork, reader: Reader, form: Fill, written: Written, texts: Texts) -> bool:
    """Keep a form that came after its session had ended, for its writer to find in the form again; tell whether it is kept.

    It counts as nothing until it is sent again. What holds personal data, or answers no question of this turn, is not kept.
    """
    row = uow.execute(_TOUCHED_BY_PAGE, caller=reader.person, dialogue=form.dialogue).one_or_none()
    try:
        row = _checked(uow, row)
    except Refused:  # (``NotFound`` is a refusal too)
        return False
    if row.status != "open":
        return False
    talk = _talk(uow, row)
    cursor = talk.state.cursor
    if cursor is None or form.turn != talk.state.turn or isinstance(_form_value(uow, talk, cursor, written, texts), Problem):
        return False
    uow.execute(_SET_KEPT, dialogue=row.id, new_kept=json.dumps([form.turn, written.choices, written.text], ensure_ascii=False))
    return True


def say(uow: UnitOfWork, telegram: int, text: str, texts: Texts, *, message: int | None, written_at: datetime) -> Talk | None:
    """Take a typed text as an answer to the question the person was last shown; ``None`` when they are shown none.

    A text older than that question (by Telegram's message numbers, or by when it was written) answers an earlier one: it is
    stale and changes nothing. A question that took an earlier one's place in the same message has no number of its own: a text
    written around that moment, or while nobody knows what the phone shows, is asked about if it could answer another question.

    Raises:
        NotFound, Refused: as ``touch``.
    """
    found = uow.execute(_SHOWN_NOW, telegram=telegram).one_or_none()
    if found is None or found.status != "open":
        return None
    row = _checked(uow, found)
    talk = _talk_on_phone(uow, row)
    if talk.state.cursor is None:
        return talk  # the review asks for a button; whatever was typed, it is shown again
    older = message is not None and row.message_id is not None and message < row.message_id
    if older or written_at < row.turned_at - CLOCK_SLACK:
        return replace(talk, effects=(Stale(),))
    if (_unseen(uow, row) or written_at < row.turned_at + CLOCK_SLACK) and _may_answer_another(uow, row, talk, text, texts):
        return replace(talk, effects=(Reject(talk.state.cursor, Problem(_UNCLEAR)),))
    return _read(uow, row, talk, talk.state.cursor, text, texts, message)


def correct(uow: UnitOfWork, telegram: int, text: str, texts: Texts, *, message: int) -> Talk | None:
    """Take an edited message as a new answer to the question that message answered; ``None`` when it answered none.

    Raises:
        NotFound, Refused: as ``touch``.
    """
    found = uow.execute(_ANSWERED_BY, telegram=telegram, message=message).all()
    if not found or found[-1].status != "open":
        return None
    row = _checked(uow, found[-1])
    talk = _talk_on_phone(uow, row)
    if talk.state.cursor != row.question:
        moved = _take(uow, row, talk, Edit(talk.state.turn, row.question))
        if moved.stale:
            return moved
        talk = moved
    return _read(uow, row, talk, row.question, text, texts, message)


def pause(uow: UnitOfWork, person: Known) -> None:
    """Break off: the draft is kept, and typed text belongs to nothing until the person comes back."""
    people.now_sees(uow, person, None)


def discard(uow: UnitOfWork, caller: Caller, dialogue: int, turn: int) -> Talk:
    """Delete a draft with everything said in it. A submitted card stays as it is. Gives the conversation as it was.

    With a ``turn`` that is not the current one nothing is deleted, and the talk is stale.

    Raises:
        NotFound, Refused: as ``touch``.
    """
    row, talk = _held(uow, caller, dialogue)
    if talk.state.turn != turn or row.status != "open":
        return replace(talk, effects=(Stale(),))
    uow.execute(delete(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id == dialogue))
    uow.execute(delete(DIALOGUE).where(DIALOGUE.c.id == dialogue))
    people.now_sees(uow, talk.person, None)
    uow.audit("draft.discard", body=row.body_id, person=row.person, dialogue=dialogue)
    return talk


def peek(uow: UnitOfWork, caller: Caller, dialogue: int) -> Talk:
    """Give a conversation as it stands. Raises ``NotFound`` and ``Refused`` as ``touch``.

    On a phone it thereby comes up on the screen, and typed text belongs to it; for a reader of pages nothing is changed.
    """
    if isinstance(caller, Reader):
        return _talk(uow, _checked(uow, uow.execute(_BY_PAGE, caller=caller.person, dialogue=dialogue).one_or_none()))
    return _held(uow, caller, dialogue)[1]


def hold(uow: UnitOfWork, caller: Caller, dialogue: int) -> Talk:
    """Give a conversation to be changed: nobody else changes it before this unit of work ends. Raises as ``touch``."""
    return _held(uow, caller, dialogue)[1]


def shown(uow: UnitOfWork, dialogue: int, turn: int, message: int | None, *, anew: bool) -> None:
    """Remember which message of Telegram's shows a turn (nothing happens when the conversation has gone on since).

    ``anew``: the message was made for it, so that its number tells which texts came after it. ``None``: showing it failed, and
    nobody knows what the phone shows.
    """
    if anew and message is not None:
        # The number decides now; the time need not, so it is put well behind.
        uow.execute(_SHOWS_ANEW, dialogue=dialogue, shown_turn=turn, message=message, long_ago=uow.now - 3 * CLOCK_SLACK)
    else:
        uow.execute(_SHOWS, dialogue=dialogue, shown_turn=turn, message=message)


def unshown(uow: UnitOfWork, telegram: int, dialogue: int | None, *, pressed: int | None = None) -> Talk | None:
    """Give a conversation whose newest screen may not have reached the phone, or ``None``.

    ``dialogue`` and ``pressed``: it was touched on that message, which shows it unless a later one does. Without a dialogue: the
    one the person is shown, if a typed answer was taken and no message after it is known.

    Raises:
        NotFound, Refused: as ``touch``.
    """
    if dialogue is not None:
        row, talk = _held(uow, telegram, dialogue)
        return talk if row.message_id in (None, pressed) else None
    found = uow.execute(_SHOWN_NOW, telegram=telegram).one_or_none()
    if found is None or found.status != "open" or not _unseen(uow, found):
        return None
    return _talk_on_phone(uow, _checked(uow, found))


# --- inside -----------------------------------------------------------------------------------------------------------


def _held(uow: UnitOfWork, caller: Caller, dialogue: int) -> tuple[Row[tuple[object, ...]], Talk]:
    """Lock a conversation of the caller's; on a phone it comes up on the screen."""
    if isinstance(caller, Reader):
        row = _checked(uow, uow.execute(_TOUCHED_BY_PAGE, caller=caller.person, dialogue=dialogue).one_or_none())
        return row, _talk(uow, row)
    row = _checked(uow, uow.execute(_TOUCHED_BY_PHONE, caller=caller, dialogue=dialogue).one_or_none())
    return row, _talk_on_phone(uow, row)


def _checked(uow: UnitOfWork, row: Row[tuple[object, ...]] | None) -> Row[tuple[object, ...]]:
    """Check a conversation's row against who asks.

    For a card that is the right ``card.fill_in`` of ``rights.RIGHTS``, asked in the statement that found the row, because every
    press of every card comes this way; other acts ask for themselves.
    """
    if row is None:
        raise NotFound(NOT_HERE)
    if row.round_id is None:
        subject = _subject(row)
        ACTS[subject.act].may(uow, Actor(row.person), subject)
        return row
    if row.role is None:
        raise NotFound(NOT_HERE)
    if row.closes_at <= uow.now:
        raise Refused(CLOSED, day=row.closes_on)
    return row


def _subject(row: Row[tuple[object, ...]]) -> Subject:
    act = row.subject.partition(":")[0]
    return Subject(
        act, row.body_id, round=row.round_id, meeting=row.meeting_id, membership=row.membership_id, **things(row.about)
    )  # fmt: skip


def _talk(uow: UnitOfWork, row: Row[tuple[object, ...]]) -> Talk:
    state = State.from_json(row.state)
    flow = definitions.of(uow, state.flow, state.version, state.structure)
    person = Known(row.person, row.language, row.dialogue_id)
    return Talk(row.id, person, flow, state, (), _subject(row), row.message_id, kept=_kept(row.kept, state))


def _unseen(uow: UnitOfWork, row: Row[tuple[object, ...]]) -> bool:
    """Tell whether showing the question may have failed, or we went down before: a typed answer is newer than its message."""
    last = uow.execute(_LAST_TEXT, dialogue=row.id).scalar_one()
    return row.message_id is None or (last is not None and last > row.message_id)


def _talk_on_phone(uow: UnitOfWork, row: Row[tuple[object, ...]]) -> Talk:
    talk = _talk(uow, row)
    if row.status != "open":
        return talk
    comes_up(uow, talk.person, row.id)
    return replace(talk, person=people.now_sees(uow, talk.person, row.id))


def _kept(stored: str | None, state: State) -> Written | None:
    """Read a kept form, if it still is for the question the conversation is at."""
    if stored is None:
        return None
    turn, choices, text = json.loads(stored)
    return Written(tuple(choices), text) if turn == state.turn else None


def comes_up(uow: UnitOfWork, person: Known, dialogue: int) -> None:
    """Note when a conversation takes the place of another screen: what was typed before was not meant for it."""
    if person.dialogue != dialogue:
        uow.execute(_COMES_UP, dialogue=dialogue, now=uow.now)


def _may_answer_another(uow: UnitOfWork, row: Row[tuple[object, ...]], talk: Talk, text: str, texts: Texts) -> bool:
    """Tell whether a text would also do for another question this person may have had before them a moment ago."""
    state = talk.state
    asked = []
    if state.turn > 1:  # before the first question nothing has been on the screen
        path = talk.flow.path(state.answers, state.facts)
        after = path.index(state.cursor) + 1 if state.cursor in path else len(path)  # one question on: they may have gone back
        before = [question for question in path if question in state.answers or question in state.skipped]
        asked = [(talk.flow, state, question) for question in {*before, *path[after : after + 1]} - {state.cursor}]
    for (held,) in uow.execute(_ELSEWHERE, person=row.person, dialogue=talk.id):
        other = State.from_json(held)
        if other.cursor is not None:
            asked.append((definitions.of(uow, other.flow, other.version, other.structure), other, other.cursor))
    language = talk.person.language
    return any(
        not isinstance(hearing.hear(uow, flow, held, question, text, texts, language=language), Problem)
        for flow, held, question in asked
    )


def _event(flow: Flow, state: State, touched: Touch) -> Event | None:
    """Make the engine's event of a press; ``None`` when it cannot be meant for the screen the conversation is at."""
    turn, argument = touched.turn, touched.argument
    if touched.verb == "back":
        return Back(turn)
    if touched.verb == "confirm":
        return Confirm(turn)
    if touched.verb == "edit":
        return Edit(turn, argument) if argument in flow.position else None
    if state.cursor is None:
        return None
    question = flow.question(state.cursor)
    match touched.verb:
        case "answer":
            return Answer(turn, question.id, _choice(question, argument))
        case "mark" | "unmark":
            has_marks = isinstance(question, Multi | Slots | MomentQuestion)
            return Mark(turn, question.id, argument, on=touched.verb == "mark") if has_marks else None
        case "done":
            return Done(turn, question.id)
        case "skip":
            return Skip(turn, question.id)


def _form_value(uow: UnitOfWork, talk: Talk, question: str, written: Written, texts: Texts) -> object | Problem:
    """Read a form as an answer: marks as they stand, one choice, or typed text by the rules of typing."""
    asked = talk.flow.question(question)
    match asked:
        case Multi() | Slots():
            return accept(asked, written.choices, talk.state.facts)
        case Single() | Scale() | YesNo() | ConfirmQuestion():
            value = _choice(asked, written.choices[0]) if len(written.choices) == 1 else None
            return accept(asked, value, talk.state.facts)
        case _:
            return hearing.hear(uow, talk.flow, talk.state, question, written.text, texts, language=talk.person.language)


def _choice(question: Question, argument: str) -> object:
    """Give the value a choice stands for."""
    if isinstance(question, Scale) and argument.isascii() and argument.isdigit() and len(argument) < 10:
        return int(argument)
    if isinstance(question, YesNo | ConfirmQuestion):
        return {"yes": True, "no": False}.get(argument)
    if isinstance(question, MomentQuestion | TimeQuestion):
        return argument.replace(".", ":")  # what a button carries has colons of its own
    return argument


def _read(
    uow: UnitOfWork, row: Row[tuple[object, ...]], talk: Talk, question: str, text: str, texts: Texts, message: int | None
) -> Talk:
    value = hearing.hear(uow, talk.flow, talk.state, question, text, texts, language=talk.person.language)
    if isinstance(value, Problem):
        return replace(talk, effects=(Reject(question, value),))
    if isinstance(value, Heard):
        return replace(talk, heard=value)
    if isinstance(value, DayHeard):
        return _take_day(uow, row, talk, question, value)
    return _take(uow, row, talk, Answer(talk.state.turn, question, value), message)


def _take_day(
    uow: UnitOfWork, row: Row[tuple[object, ...]], talk: Talk, question: str, said: DayHeard, *, page: bool = False
) -> Talk:
    """Note the day of a moment, whose hour is asked next; with what stood in the way of the hour that was said."""
    taken = _take(uow, row, talk, Mark(talk.state.turn, question, said.day.isoformat(), on=True), page=page)
    return taken if said.problem is None else replace(taken, effects=(*taken.effects, Reject(question, said.problem)))


def _take(
    uow: UnitOfWork, row: Row[tuple[object, ...]], talk: Talk, event: Event, message: int | None = None, *, page: bool = False
) -> Talk:
    """Hand an event to the engine and keep what comes of it.

    ``page``: it came from a page, so a phone that shows this conversation now shows an earlier question, and what is typed
    there must not answer the next one: it belongs to nothing until the person goes on there.
    """
    state, effects = engine.apply(talk.flow, talk.state, event)
    if state is talk.state:
        return replace(talk, effects=effects)
    if page and talk.person.dialogue == talk.id:
        people.now_sees(uow, talk.person, None)
    if row.kept is not None:
        uow.execute(_SET_KEPT, dialogue=talk.id, new_kept=None)
    submitting = next((effect for effect in effects if isinstance(effect, Submit)), None)
    card, outcome = None, None
    kept, value = state, _said(event)
    if submitting is not None:
        try:
            card, outcome = _submit(uow, row, talk, submitting)
        except (Refused, Invalid) as refusal:
            if isinstance(refusal, NotFound):
                raise
            # What was answered is kept, and the review says what stands in the way.
            return replace(talk, effects=(Reject("", Problem(refusal.msgid, refusal.facts)),))
        # What was made of the answers holds them now; the draft and the log of what was said keep none.
        kept, value = replace(state, answers={}, skipped=(), marks={}), None
        uow.execute(_FORGET, dialogue=talk.id)
        people.now_sees(uow, talk.person, None)
    uow.execute_all(
        _KEEP[uow.dialect], **_fields(talk.id, kept, "open" if submitting is None else "done", uow.now),
        event_dialogue_id=talk.id, event_turn=talk.state.turn, event_kind=type(event).__name__.lower(),
        event_question=getattr(event, "question", ""), event_value=value, event_message_id=message, event_at=uow.now,
    )  # fmt: skip
    if submitting is None and state.cursor is None:
        card = standing_card(uow, talk.subject)  # the review says when somebody has submitted meanwhile
    saved = event.question if isinstance(event, Answer | Done) else None
    return replace(talk, state=state, effects=effects, card=card, outcome=outcome, saved=saved, kept=None)


def _submit(
    uow: UnitOfWork, row: Row[tuple[object, ...]], talk: Talk, submitting: Submit
) -> tuple[Submitted | None, Outcome | None]:
    subject = talk.subject
    if subject.round is None or subject.membership is None:
        with uow.whole():
            return None, ACTS[subject.act].submit(uow, Actor(talk.person.id), subject, submitting.answers)
    card = cards.submit(
        uow, round_id=subject.round, membership=subject.membership, body=subject.body, person=talk.person.id, role=row.role,
        answers=submitting.answers,
    )  # fmt: skip
    return card, None


def standing_card(uow: UnitOfWork, subject: Subject) -> Submitted | None:
    """Give the card that has been sent about this, if this is about a card."""
    if subject.act != CARD or subject.round is None or subject.membership is None:
        return None
    return cards.find(uow, subject.round, subject.membership)


def write(uow: UnitOfWork, dialogue: int, state: State, status: str) -> None:
    """Keep a conversation's new state."""
    uow.execute(_WRITE, **_fields(dialogue, state, status, uow.now))


def _fields(dialogue: int, state: State, status: str, now: datetime) -> dict[str, object]:
    return {
        "dialogue": dialogue, "new_state": state.to_json(), "new_turn": state.turn, "new_status": status, "new_turned_at": now,
    }  # fmt: skip


def _said(event: Event) -> str | None:
    match event:
        case Answer(value=value):
            return json.dumps(value, ensure_ascii=False)
        case Mark(choice=choice, on=on):
            return json.dumps({choice: on})
        case _:
            return None
