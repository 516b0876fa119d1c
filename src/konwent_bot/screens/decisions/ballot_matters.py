"""What ballots and decisions ask of people at home: a vote of their institution, a task to be done."""

from __future__ import annotations

from konwent_bot.documents import decision_words
from konwent_bot.i18n import Translator
from konwent_bot.office import rounds, tasks
from konwent_bot.office.decisions import ballots
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import SeeTask
from konwent_bot.screens.ballot_intents import SeeBallot
from konwent_bot.screens.decisions import ballot_words, task_words
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.screen import Action
from konwent_bot.screens.words import short


def to_vote(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the ballots in which an institution of the reader has not voted."""
    found = []
    for ballot, place in ballots.waiting(uow, person.id):
        proposal = ballot.proposal
        text = t(
            "{institution}, {body}: {kind}, “{title}”. Until {until}. It takes a minute.",
            institution=place.name, body=proposal.body_name, kind=decision_words.method(ballot.method, t), title=proposal.title,
            until=ballot_words.ends(t, ballot, uow.now),
        )  # fmt: skip
        vote = Action(t("Vote: {title}", title=short(proposal.title)), SeeBallot(ballot.id), weight="main")
        found.append(Matter(ballot.closes_at, text, (vote,)))
    return found


def to_do(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the tasks of the reader's institutions that are not done."""
    found = []
    for task in tasks.own_open(uow, person.id):
        about = {
            "institution": task.institution, "body": task.body_name, "what": task.what, "number": task.name,
            "until": task_words.when(uow, task, t),
        }  # fmt: skip
        if task.decision is not None:
            text = t("{institution}, {body}: {what}. Task of decision {number}, {until}.", **about)
        else:
            text = t("{institution}, {body}: {what}. Task of minutes {number}, {until}.", **about)
        see = Action(t("See the task: {what}", what=short(task.what)), SeeTask(task.id))
        found.append(Matter(rounds.end_of_day(uow, task.due_on), text, (see,)))
    return found
