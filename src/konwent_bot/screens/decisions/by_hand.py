"""A show of hands as it is written down: by institution, or only how many were raised. What was counted is read back before it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from konwent_bot.documents.decision_words import rule_sentence
from konwent_bot.domain.decisions.tally import CHOICES, Choice
from konwent_bot.errors import N_, Invalid, KonwentError, NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import by_hand, register, rules
from konwent_bot.office.decisions.ballots import Place
from konwent_bot.office.decisions.by_hand import ByInstitution, ByTotals, Hands
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AskBallot, AskHands, NoteHands, SeeDecision
from konwent_bot.screens.decisions import ballot_words, decision
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Institutions a form by institution holds; of more only the numbers are noted.
MOST: Final = 50
#: The fields of numbers, in the order of ``CHOICES``.
_TOTALS: Final = ("in_favour", "against", "abstain")
_CHAIR: Final = "chair"
_NUMBER: Final = N_("Please write how many hands were raised, 0 if none.")


@dataclass(frozen=True, slots=True)
class _Counting:
    """A proposal on which hands are shown, and who is here."""

    proposal: Proposal
    here: tuple[Place, ...]
    how: str
    #: The rule lets the chair decide a tie.
    casting: bool


def _counting(uow: UnitOfWork, person: Known, number: int, how: str) -> _Counting:
    proposal, here = by_hand.may_note(uow, Actor(person.id), number)
    if how not in ("names", "totals"):
        raise NotFound(NOT_HERE)
    if how == "names" and len(here) > MOST:
        raise Invalid(N_("So many institutions are here that only the numbers can be written down."))
    rule = rules.of(uow, proposal.body)
    return _Counting(proposal, here, how, rule.knows_ties and rule.tie == "chair")


def _ask(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskHands, t: Translator) -> Reply:
    return Reply(_form(uow, _counting(uow, person, intent.proposal, intent.how), {}, {}, t), at=intent)


def _note(uow: UnitOfWork, visitor: Visitor, person: Known, intent: NoteHands, t: Translator) -> Reply:
    asked = _counting(uow, person, intent.proposal, intent.how)
    here = AskHands(asked.proposal.id, asked.how)
    given = visitor.given.fields
    if not visitor.page:  # what is written comes by pages only
        return Reply(_form(uow, asked, {}, {}, t), at=here)
    hands = _read(asked, given)
    if isinstance(hands, dict):
        wrong = Invalid(_NUMBER)
        return Reply(
            _form(uow, asked, given, {name: t.say(one) for name, one in hands.items()}, t, wrong), at=here, refusal=wrong
        )
    if intent.sure != 1:
        return Reply(_read_back(asked, given, hands, t))
    chair = given.get(_CHAIR, "")
    try:
        made = by_hand.note(
            uow, Actor(person.id), asked.proposal.id, hands, chair="for" if chair == "for" else "against" if chair == "against" else ""
        )  # fmt: skip
    except NotFound:
        raise
    except Invalid as wrong:
        return Reply(_form(uow, asked, given, {_TOTALS[0]: t.say(wrong)}, t, wrong), at=here, refusal=wrong)
    entry = register.of_proposal(uow, made.proposal.id)[-1]
    screen = decision.show(uow, person, entry, t, notice=t("Written down. Everybody is being told of the result."))
    return Reply(screen, at=SeeDecision(entry.id))


# --- inside -----------------------------------------------------------------------------------------------------------


def _form(
    uow: UnitOfWork, asked: _Counting, given: Mapping[str, str], problems: Mapping[str, str], t: Translator,
    wrong: KonwentError | None = None,
) -> Screen:  # fmt: skip
    proposal = asked.proposal
    fields = [replace(one, value=given.get(one.name, one.value), problem=problems.get(one.name, "")) for one in _fields(asked, t)]
    return Screen(
        t("Show of hands"),
        context=(proposal.body_name, proposal.title),
        problem="" if wrong is None else t.say(wrong),
        paragraphs=(
            rule_sentence(rules.of(uow, proposal.body), t),
            t("Please ask who is for, who is against and who abstains, and count the hands each time."),
        ),
        facts=((t("Institutions present"), str(len(asked.here))),),
        form=Form(NoteHands(proposal.id, asked.how, 0), tuple(fields), t("Go on"), AskHands(proposal.id, asked.how)),
        actions=((Action(t("Choose another way"), AskBallot(proposal.id)), to_home(t)),),
    )


def _fields(asked: _Counting, t: Translator) -> Sequence[Field]:
    choices = tuple((choice, ballot_words.said(t, choice)) for choice in CHOICES)
    if asked.how == "names":
        options = (*choices, ("", ballot_words.said(t, "")))
        fields = [Field(f"m{one.membership}", one.name, kind="choice", options=options) for one in asked.here]
    else:
        labels = (t("Hands for"), t("Hands against"), t("Hands that abstain"))
        fields = [Field(name, label, most_chars=4) for name, label in zip(_TOTALS, labels, strict=True)]
    if asked.casting:
        fields.append(
            Field(
                _CHAIR, t("The chair, in case of a tie"), kind="choice", required=False, options=(*choices[:2], ("", t("says nothing")))
            )
        )  # fmt: skip
    return fields


def _read(asked: _Counting, given: Mapping[str, str]) -> Hands | dict[str, Invalid]:
    """Read what was written down; or say at which fields something is wrong.

    Raises:
        NotFound: a choice that is none.
    """
    if any(value not in ("", *CHOICES) for name, value in given.items() if name not in _TOTALS):
        raise NotFound(NOT_HERE)
    if asked.how == "names":
        return ByInstitution(
            {one.membership: cast(Choice, said) for one in asked.here if (said := given.get(f"m{one.membership}", ""))}
        )  # the words have just been looked at
    texts = {name: given.get(name, "").strip() for name in _TOTALS}
    wrong = {name: Invalid(_NUMBER) for name, text in texts.items() if not (text.isascii() and text.isdigit() and len(text) <= 4)}
    return wrong or ByTotals(*(int(texts[name]) for name in _TOTALS))


def _read_back(asked: _Counting, given: Mapping[str, str], hands: Hands, t: Translator) -> Screen:
    counted = _counted(hands)
    labels = (t("For"), t("Against"), t("Abstain"))
    facts = [(label, f"{counted[choice]}{_named(asked, hands, choice)}") for choice, label in zip(CHOICES, labels, strict=True)]
    if chair := given.get(_CHAIR, ""):
        facts.append((t("The chair, in case of a tie"), ballot_words.said(t, chair)))
    proposal = asked.proposal
    hidden = tuple(Field(name, "", kind="hidden", value=value) for name, value in given.items())
    back = AskHands(proposal.id, asked.how)
    return Screen(
        t("Is this what you counted?"),
        context=(proposal.body_name, proposal.title),
        paragraphs=(t("Once it is written down it is a decision of the body, and only another decision changes it."),),
        facts=tuple(facts),
        form=Form(NoteHands(proposal.id, asked.how, 1), hidden, t("Yes, write it down"), back),
        actions=((Action(t("Count again"), back), to_home(t)),),
    )


def _counted(hands: Hands) -> Mapping[str, int]:
    if isinstance(hands, ByTotals):
        return {"for": hands.in_favour, "against": hands.against, "abstain": hands.abstain}
    said = list(hands.votes.values())
    return {choice: said.count(choice) for choice in CHOICES}


def _named(asked: _Counting, hands: Hands, choice: str) -> str:
    """Name the institutions behind a number, where they were written down."""
    if isinstance(hands, ByTotals):
        return ""
    names = [one.name for one in asked.here if hands.votes.get(one.membership) == choice]
    return f" ({', '.join(names)})" if names else ""


VISITS: Final[Mapping[type[Intent], Visit]] = {AskHands: let_in(_ask), NoteHands: let_in(_note)}
