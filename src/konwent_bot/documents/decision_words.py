"""The rule of a body in sentences, in the reader's language.

A proposal for another rule has them for its text, so that what is adopted is what everybody read; screens say the same.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from konwent_bot.domain.decisions.rule import DecisionRule
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
