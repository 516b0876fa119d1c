"""The rule a body decides by, in words, and the way to propose another one; what else it chose about its decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.documents.decision_words import rule_sentence
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import proposals, register, rule_proposals, rules, settings
from konwent_bot.office.decisions.settings import DecisionSettings
from konwent_bot.office.meetings import working_groups
from konwent_bot.office.people import Known
from konwent_bot.office.rights import RIGHTS, Actor, offices, require
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import SeeDecision
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.decisions.beginning import begin
from konwent_bot.screens.decisions.motions import decided_where, names
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import (
    ChooseDecisionSetting,
    ProposeRule,
    SeeDecisionSettings,
    SeeMeetingMotions,
    SeeMotions,
    SeeRule,
)
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Settings and the values that are offered, as ``settings.written`` has them. Others are chosen at the command line.
OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "proposers": ("any", "coordinator"),
    "tacit": ("no", "yes"),
    "circulation_days": ("3", "7", "14", "21"),
    "ballot_minutes": ("5", "10", "15", "30"),
}
_NAMES: Final = {
    "proposers": N_("Who may enter a proposal"),
    "tacit": N_("By circulation, silence until the deadline"),
    "circulation_days": N_("By circulation, time for an answer"),
    "ballot_minutes": N_("A ballot at a meeting lasts"),
}
_WORDS: Final = {
    ("proposers", "any"): N_("every institution"),
    ("proposers", "coordinator"): N_("only whoever coordinates or chairs"),
    ("tacit", "no"): N_("is no answer"),
    ("tacit", "yes"): N_("is consent"),
}


def _see_rule(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeRule, t: Translator) -> Reply:
    name = working_groups.body_of(uow, Actor(person.id), intent.body)
    standing = rules.standing(uow, intent.body)
    chosen = settings.of(uow, intent.body)
    rows: list[tuple[Action, ...]] = []
    facts = [(t(_NAMES[one]), _value(one, value, t)) for one, value in settings.written(chosen).items()]
    if standing.decision is not None and standing.since is not None:
        entry = register.get(uow, standing.decision)
        facts.insert(0, (t("In force since"), t.instant(standing.since)))
        rows.append((Action(t("See the decision {number}", number=entry.name), SeeDecision(entry.id)),))
    meeting = intent.meeting or None
    whom = proposals.may_enter_for(uow, person.id, intent.body, meeting)
    known = names(uow, intent.body, meeting) if whom else {}
    for one in whom:
        said = words.labelled(t, t("Propose another rule"), words.lead(t) if one is None else known[one], several=len(whom) > 1)
        rows.append((Action(said[:1].upper() + said[1:], ProposeRule(intent.body, intent.meeting, one or 0)),))
    if not RIGHTS["decision.settings"].isdisjoint(offices(uow, Actor(person.id), intent.body)):
        rows.append((Action(t("Settings of decisions"), SeeDecisionSettings(intent.body)),))
    screen = Screen(
        t("How we decide"),
        context=(name,),
        paragraphs=(
            t("First we discuss, then we ask whether anybody objects. There is a ballot only where somebody does. One institution has one vote."),
            rule_sentence(standing.rule, t),
            t("Only a decision of the network changes this rule.") if standing.decision is not None
            else t("This is the rule every network begins with. Only a decision of the network changes it."),
        ),
        facts=tuple(facts),
        actions=tuple(rows),
        trail=(to_home(t), Action(t("Proposals to decide"), SeeMotions(intent.body) if meeting is None or not whom else SeeMeetingMotions(meeting))),
    )  # fmt: skip
    return Reply(screen, at=intent)


def _propose(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ProposeRule, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    subject = Subject("rule.propose", intent.body, meeting=intent.meeting or None, membership=intent.membership or None)
    rule_proposals.may_propose(uow, Actor(person.id), subject)
    given = {**decided_where(uow, person, subject, t), "way": "circulation" if subject.meeting is None else "meeting"}
    return begin(uow, visitor, person, subject, t, given, opens=True), t


# --- settings ---------------------------------------------------------------------------------------------------------


def _value(name: str, value: str, t: Translator) -> str:
    match name:
        case "circulation_days":
            return t.plural("{n} day", "{n} days", int(value))
        case "ballot_minutes":
            return t.plural("{n} minute", "{n} minutes", int(value))
        case _:
            return t(_WORDS[name, value])


def show_settings(uow: UnitOfWork, person: Known, body: int, t: Translator, *, notice: str = "") -> Screen:
    """Show the settings of a body's decisions to whoever may choose them."""
    require(uow, Actor(person.id), "decision.settings", body=body)
    now = settings.written(settings.of(uow, body))
    return Screen(
        t("Settings of decisions"),
        context=(working_groups.body_of(uow, Actor(person.id), body),),
        notice=notice,
        facts=tuple((t(_NAMES[name]), _value(name, value, t)) for name, value in now.items()),
        notes=(
            t("Silence is never consent while a message about the proposal has not reached an institution."),
            t("Rounds and ballots that are open keep what held when they began."),
        ),
        actions=tuple(_choices(body, name, now[name], t) for name in OFFERED),
        trail=(to_home(t), Action(t("How we decide"), SeeRule(body))),
    )


def _choices(body: int, name: str, now: str, t: Translator) -> tuple[Action, ...]:
    """Offer the values of a setting in one row; the one that stands is ticked."""
    return tuple(
        Action(("✓ " if value == now else "") + _label(name, value, t), ChooseDecisionSetting(body, name, value))
        for value in OFFERED[name]
    )


def _label(name: str, value: str, t: Translator) -> str:
    match name, value:
        case "proposers", "any":
            return t("Every institution proposes")
        case "proposers", _:
            return t("Only whoever leads proposes")
        case "tacit", "no":
            return t("Silence is no answer")
        case "tacit", _:
            return t("Silence is consent")
        case _:
            return _value(name, value, t)


def _see_settings(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeDecisionSettings, t: Translator) -> Reply:
    return Reply(show_settings(uow, person, intent.body, t), at=intent)


def _choose(uow: UnitOfWork, _v: Visitor, person: Known, intent: ChooseDecisionSetting, t: Translator) -> Reply:
    found: DecisionSettings = settings.change(uow, Actor(person.id), intent.body, {intent.setting: intent.value})
    said = t(
        "Saved. {setting}: {value}.",
        setting=t(_NAMES[intent.setting]),
        value=_value(intent.setting, settings.written(found)[intent.setting], t),
    )
    return Reply(show_settings(uow, person, intent.body, t, notice=said), at=SeeDecisionSettings(intent.body))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeRule: let_in(_see_rule),
    ProposeRule: _propose,
    SeeDecisionSettings: let_in(_see_settings),
    ChooseDecisionSetting: let_in(_choose),
}
