"""What proposals ask of people at home: whether their institution objects, what is discussed, and of whoever leads what is to become of it."""

from __future__ import annotations

from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import reading, rounds
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.proposal_intents import AskStance, SeeMotion, SeeRound
from konwent_bot.screens.screen import Action
from konwent_bot.screens.words import short


def waiting(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the rounds in which an institution a person speaks for has said nothing."""
    found = []
    asked = rounds.waiting(uow, person.id)
    for proposal, one, place in asked:
        if one.closes_at is None:
            text = t("{institution}, {body}: does anybody object? “{title}”. Asked at the meeting now.",
                     institution=place.name, body=proposal.body_name, title=proposal.title)  # fmt: skip
        else:
            text = t("{institution}, {body}: does anybody object? “{title}”. Until {until}.",
                     institution=place.name, body=proposal.body_name, title=proposal.title, until=words.deadline(uow, one.closes_at, t))  # fmt: skip
        several = sum(other.id == one.id for _, other, _ in asked) > 1
        way = AskStance(one.id, place.membership) if several else SeeRound(one.id)
        label = words.labelled(t, t("Say whether you agree: {title}", title=short(proposal.title)), place.name, several=several)
        found.append(Matter(one.closes_at or one.opened_at, text, (Action(label, way, weight="main"),)))
    return found


def discussed(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the proposals under discussion: nobody must say anything, but the time to is now."""
    found = []
    for proposal in reading.discussed(uow, person.id):
        text = t("{body}: the proposal “{title}” is being discussed.", body=proposal.body_name, title=proposal.title)
        way = Action(t("See the discussion: {title}", title=short(proposal.title)), SeeMotion(proposal.id))
        found.append(Matter(proposal.answer_until, text, (way,), asked=False))
    return found


def to_lead(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the proposals a person who coordinates or chairs has to carry on."""
    found = []
    for proposal in reading.to_lead(uow, person.id):
        text = t("{body}: the proposal “{title}” waits for you ({state}).",
                 body=proposal.body_name, title=proposal.title, state=words.state(t, proposal))  # fmt: skip
        way = Action(t("Carry on: {title}", title=short(proposal.title)), SeeMotion(proposal.id), weight="main")
        found.append(Matter(proposal.answer_until, text, (way,)))
    return found
