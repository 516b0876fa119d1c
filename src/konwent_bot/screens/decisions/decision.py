"""A decision: what it says, how it was reached with every number of it, who voted how where that is open, and what is to be done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot.documents import decision_words
from konwent_bot.i18n import Translator
from konwent_bot.office import tasks
from konwent_bot.office.decisions import ballots, export, register, rounds, votes
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.meetings import belonging
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AttachTask, SeeDecision, SeeRegister, TakeDecision
from konwent_bot.screens.decisions import ballot_words, task_words
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.proposal_intents import SeeMotion, SeeRound
from konwent_bot.screens.screen import Action, Document, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def show(
    uow: UnitOfWork, person: Known, entry: Entry, t: Translator, *, notice: str = "", problem: str = ""
) -> Screen:  # fmt: skip
    """Show a decision to somebody who may see it."""
    actor = Actor(person.id)
    held = offices(uow, actor, entry.body)
    found = tasks.of(uow, entry.id)
    cast = () if entry.ballot is None else votes.of(uow, actor, entry.ballot)
    return Screen(
        entry.title,
        context=(entry.body_name, f"{named(t, entry)}: {decision_words.became(entry.verdict, t)}"),
        notice=notice,
        problem=problem,
        paragraphs=(entry.text, *_why(uow, entry, t)),
        facts=tuple(_facts(uow, entry, t)),
        items=tuple(f"{one.name}: {ballot_words.said(t, one.choice)}" for one in cast),
        rows=tuple(task_words.row(uow, person, task, held, t) for task in found),
        notes=(
            t("The file of the decision holds the rule, the roll and the votes. Anybody can count it again without us: konwent-bot recount (how: docs/recount.md)."),
        ),
        actions=_ways(uow, entry, held, t),
        trail=(to_home(t), *_above(uow, person, entry, t)),
    )  # fmt: skip


def named(t: Translator, entry: Entry) -> str:
    """Name an entry of the register: "Decyzja 3/2026"."""
    return t("Decision {number}", number=entry.name)


# --- inside -----------------------------------------------------------------------------------------------------------


def _why(uow: UnitOfWork, entry: Entry, t: Translator) -> tuple[str, ...]:
    """Say the rule and the numbers that led to it."""
    if entry.ballot is not None:
        ballot = ballots.get(uow, entry.ballot)
        result = () if ballot.result is None else (decision_words.result_sentence(ballot.result, t),)
        return (decision_words.rule_sentence(ballot.rule, t), *result)
    found = None if entry.round is None else rounds.get(uow, entry.round)
    return () if found is None or found.result is None else (decision_words.round_sentence(found.result, t),)


def _facts(uow: UnitOfWork, entry: Entry, t: Translator) -> list[tuple[str, str]]:
    where = t("by circulation") if entry.meeting is None else heading(t, meetings.get(uow, entry.meeting))
    lines = [
        (t("How it was decided"), decision_words.method(entry.method, t)),
        (t("Taken"), t.instant(entry.taken_at)),
        (t("Where"), where),
    ]
    if entry.superseded_by is not None:
        lines.append((t("Replaced by"), register.get(uow, entry.superseded_by).name))
    if entry.supersedes is not None:
        lines.append((t("Takes the place of"), register.get(uow, entry.supersedes).name))
    return lines


def _ways(uow: UnitOfWork, entry: Entry, held: Collection[str], t: Translator) -> tuple[tuple[Action, ...], ...]:
    rows: list[tuple[Action, ...]] = []
    if entry.stands and may(held, tasks.DECISION_TASK):
        rows.append((Action(t("Add a task"), AttachTask(entry.id)),))
    for number in (entry.superseded_by, entry.supersedes):
        if number is not None:
            other = register.get(uow, number)
            rows.append((Action(t("See decision {number}", number=other.name), SeeDecision(other.id)),))
    asked = () if entry.round is None else (Action(t("How institutions stood"), SeeRound(entry.round)),)
    rows.append((Action(t("The proposal"), SeeMotion(entry.proposal)), *asked))
    rows.append((Action(t("Take the file to count again"), TakeDecision(entry.id)),))
    return tuple(rows)


def _above(uow: UnitOfWork, person: Known, entry: Entry, t: Translator) -> tuple[Action, ...]:
    """Lead to the register whoever may see it: not somebody who came to one meeting instead of another."""
    if belonging.belongs(uow, person.id, entry.body):
        return (Action(t("Register of decisions"), SeeRegister(entry.body)),)
    return ()


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeDecision, t: Translator) -> Reply:
    return Reply(show(uow, person, register.see(uow, Actor(person.id), intent.decision), t), at=intent)


def _take(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeDecision, t: Translator) -> Reply:
    actor = Actor(person.id)
    file = export.decision(uow, actor, intent.decision)
    shown = show(uow, person, register.see(uow, actor, intent.decision), t)
    return Reply(shown, at=SeeDecision(intent.decision), document=Document(file.name, file.media_type, file.content))


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeDecision: let_in(_see), TakeDecision: let_in(_take)}
