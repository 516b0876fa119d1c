"""The rule and the result in sentences, with every number the verdict follows from (conversation.md 14)."""

from __future__ import annotations

from konwent_bot.documents.decision_words import part, rule_sentence
from konwent_bot.domain.decisions.consensus import RoundResult
from konwent_bot.domain.decisions.tally import Result, Verdict
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

__all__ = ["part", "result_sentence", "round_sentence", "rule_sentence", "verdict"]

#: Why there is nothing to count a majority of.
_NOTHING = {
    "cast": N_("Nobody cast a vote."),
    "for_and_against": N_("Nobody voted for or against."),
    "present": N_("No institution was there."),
    "entitled": N_("There is no entitled institution."),
}
_VERDICTS: dict[Verdict, str] = {"passed": N_("Adopted."), "failed": N_("Not adopted."), "void": N_("The ballot is void.")}
_CHOICES = {"for": N_("for"), "against": N_("against")}


def verdict(word: Verdict, t: Translator) -> str:
    """Say a verdict in a sentence: "Przyjęto."."""
    return t(_VERDICTS[word])


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
