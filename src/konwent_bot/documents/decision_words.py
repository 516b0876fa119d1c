"""The rule of a body and what ballots and rounds came to in sentences, in the reader's language (conversation.md 14).

A proposal for another rule has them for its text, so that what is adopted is what everybody read; screens, minutes and the command
line say the same, with every number a verdict follows from.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal

from konwent_bot.domain.decisions.consensus import RoundResult, StanceWord
from konwent_bot.domain.decisions.rule import DecisionRule
from konwent_bot.domain.decisions.tally import Result, Verdict
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

#: What a majority is counted of, in a rule.
_BASES: Final = {
    "cast": N_("of the votes cast, abstentions included"),
    "for_and_against": N_("of the votes for and against"),
    "present": N_("of the institutions present"),
    "entitled": N_("of the entitled institutions"),
}
#: Parts whose denominator is at most this are said as fractions, others as per cent where that is exact.
_PLAIN: Final = 9
#: Why there is nothing to count a majority of.
_NOTHING: Final = {
    "cast": N_("Nobody cast a vote."),
    "for_and_against": N_("Nobody voted for or against."),
    "present": N_("No institution was there."),
    "entitled": N_("There is no entitled institution."),
}
_VERDICTS: Final[dict[Verdict, str]] = {"passed": N_("Adopted."), "failed": N_("Not adopted."), "void": N_("The ballot is void.")}
_CHOICES: Final = {"for": N_("for"), "against": N_("against")}
#: How a decision was reached, and what it came to, within a sentence or a cell.
_METHODS: Final = {
    "consensus": N_("consensus"),
    "tacit": N_("tacit consent"),
    "open": N_("open ballot"),
    "secret": N_("secret ballot"),
    "by_hand": N_("show of hands"),
}
_BECAME: Final = {"passed": N_("adopted"), "failed": N_("not adopted"), "void": N_("void ballot")}
#: What an institution says in a round; empty where it has said nothing yet.
_STANCES: Final[dict[StanceWord | Literal[""], str]] = {
    "": N_("no answer yet"),
    "agree": N_("agrees"),
    "reserve": N_("agrees with a reservation"),
    "stand_aside": N_("does not support it, but does not block it"),
    "object": N_("objects"),
}


def part(value: Fraction, t: Translator) -> str:
    """Say a part of a whole: "połowa", "2/3", "55%"."""
    if value == Fraction(1, 2):
        return t("half")
    if 100 % value.denominator == 0 and (value.denominator > _PLAIN or value.denominator == 1):
        return t("{n}%", n=int(value * 100))
    return f"{value.numerator}/{value.denominator}"


def rule_sentence(rule: DecisionRule, t: Translator) -> str:
    """Say a rule: quorum, majority, what a tie is."""
    return " ".join(said for said in (_quorum_rule(rule, t), _majority_rule(rule, t), _tie_rule(rule, t)) if said)


def verdict(word: Verdict, t: Translator) -> str:
    """Say a verdict in a sentence: "Przyjęto."."""
    return t(_VERDICTS[word])


def method(how: str, t: Translator) -> str:
    """Name a way of deciding: "głosowanie jawne"."""
    return t(_METHODS[how])


def became(word: str, t: Translator) -> str:
    """Say a verdict in a word: "przyjęto"."""
    return t(_BECAME[word])


def stance(word: StanceWord | Literal[""], t: Translator) -> str:
    """Say what an institution says in a round, after its name: "zgłasza sprzeciw"."""
    return t(_STANCES[word])


def result_sentence(result: Result, t: Translator) -> str:
    """Say a result: the votes, the quorum, the majority with its base and threshold, what was missing, the verdict."""
    counts = result.counts
    said = [
        t("For {a}, against {b}, abstained {c}.", a=counts.in_favour, b=counts.against, c=counts.abstain),
        _quorum(result, t),
    ]
    if result.verdict == "void":
        said.append(_missing_for_quorum(result.quorum_missing, t))
    else:
        said += [_majority(result, t), _why(result, t)]
    return " ".join(one for one in (*said, verdict(result.verdict, t)) if one)


def round_sentence(result: RoundResult, t: Translator) -> str:
    """Say what a consensus round came to: the stances, the quorum, whether there was an objection."""
    stances = result.stances
    said = [
        t("Agree {a}, agree with a reservation {b}, stand aside {c}, object {d}, said nothing {e}.",
          a=stances.agree, b=stances.reserve, c=stances.stand_aside, d=stances.object, e=result.silent),
        t("Quorum: {there} of {whole}, needed {needed}.",
          there=result.quorum_there, whole=result.entitled, needed=result.quorum_needed),
    ]  # fmt: skip
    match result.outcome:
        case "objected":
            said.append(
                t.plural(
                    "{n} institution objects: there is no consensus.",
                    "{n} institutions object: there is no consensus.",
                    stances.object,
                )
            )
        case "void":
            if result.quorum_missing:  # none is where silence could not be consent, because somebody was not told
                said.append(_missing_for_quorum(result.quorum_missing, t))
            said.append(t("The check of consensus is void."))
        case "adopted" if result.unanimous:
            said.append(t("Nobody objects, all agree. Adopted unanimously, by consensus."))
        case "adopted" if result.kind == "tacit":
            said.append(t("Nobody objected until the deadline, and silence is consent. Adopted by tacit consent."))
        case "adopted":
            said.append(t("Nobody objects. Adopted by consensus."))
    return " ".join(said)


# --- a rule -----------------------------------------------------------------------------------------------------------


def _quorum_rule(rule: DecisionRule, t: Translator) -> str:
    if not rule.quorum:
        return t("No quorum is needed.")
    if rule.quorum_base == "entitled":
        return t("Quorum: at least {part} of the entitled institutions.", part=part(rule.quorum, t))
    return t("Quorum: at closing, at least {part} of the institutions present at opening.", part=part(rule.quorum, t))


def _majority_rule(rule: DecisionRule, t: Translator) -> str:
    if rule.majority == "simple":
        return t("Simple majority: more votes for than against; abstentions do not count.")
    whole = t(_BASES[rule.base])
    if rule.majority == "absolute":
        return t("Absolute majority: votes for must be more than half {whole}.", whole=whole)
    of = part(rule.majority, t)
    if rule.strict:
        return t("Required majority: votes for must be more than {part} {whole}.", part=of, whole=whole)
    return t("Required majority: votes for must be at least {part} {whole}.", part=of, whole=whole)


def _tie_rule(rule: DecisionRule, t: Translator) -> str:
    if not rule.knows_ties:
        return ""
    if rule.tie == "chair":
        return t("When there are as many votes for as against, the chair's casting vote decides.")
    return t("When there are as many votes for as against, the proposal is not adopted.")


# --- a result ---------------------------------------------------------------------------------------------------------


def _quorum(result: Result, t: Translator) -> str:
    rule, assembly, needed = result.rule, result.assembly, result.quorum_needed
    if not rule.quorum:
        return t("No quorum is needed.")
    if assembly.by_circulation or (rule.quorum_base == "entitled" and assembly.at_close == assembly.present):
        return t("Quorum: {there} of {whole}, needed {needed}.",
                 there=result.quorum_there, whole=assembly.entitled, needed=needed)  # fmt: skip
    if rule.quorum_base == "entitled":
        return t("Quorum: {there} of {whole}, {closing} at closing, needed {needed}.",
                 there=assembly.present, whole=assembly.entitled, closing=assembly.at_close, needed=needed)  # fmt: skip
    return t("Quorum: at closing {there} of {whole} present, needed {needed}.",
             there=assembly.at_close, whole=assembly.present, needed=needed)  # fmt: skip


def _missing_for_quorum(missing: int, t: Translator) -> str:
    return t.plural("{n} institution was missing for the quorum.", "{n} institutions were missing for the quorum.", missing)


def _majority(result: Result, t: Translator) -> str:
    rule = result.rule
    if rule.majority == "simple":
        return t("Simple majority: for > against.")
    of, needed = _of(result, t), t.plural("{n} vote for is needed", "{n} votes for are needed", result.needed)
    if rule.majority == "absolute":
        return t("Absolute majority: more than half {of}, {needed}.", of=of, needed=needed)
    if rule.strict:
        return t("Required majority: more than {part} {of}, {needed}.", part=part(rule.majority, t), of=of, needed=needed)
    return t("Required majority: at least {part} {of}, {needed}.", part=part(rule.majority, t), of=of, needed=needed)


def _of(result: Result, t: Translator) -> str:
    """Say of how many a majority is counted."""
    n = result.base
    match result.rule.base:
        case "cast":
            return t.plural("of {n} vote cast", "of {n} votes cast", n)
        case "for_and_against":
            return t.plural("of {n} vote for or against", "of {n} votes for and against", n)
        case "present" if not result.assembly.by_circulation:
            return t.plural("of {n} institution present", "of {n} institutions present", n)
        case _:
            return t.plural("of {n} entitled institution", "of {n} entitled institutions", n)


def _why(result: Result, t: Translator) -> str:
    """Say why it was not adopted, or that the chair decided; nothing of a majority."""
    match result.reason:
        case "zero_base":
            base = "for_and_against" if result.rule.majority == "simple" else result.rule.base
            return t(_NOTHING[base])
        case "casting_vote" if result.chair is not None:
            return t(
                "As many votes for as against, the chair's casting vote decided: {choice}.", choice=t(_CHOICES[result.chair])
            )
        case "tie" if result.rule.tie == "chair":
            return t("As many votes for as against and no casting vote: 1 vote for was missing.")
        case "tie":
            return t("As many votes for as against, 1 vote for was missing.")
        case "short":
            return t.plural("{n} vote for was missing.", "{n} votes for were missing.", result.missing)
        case _:
            return ""
