"""A proposal in minutes: what was proposed, each round and ballot with its numbers, the decision, or that there is none."""

from __future__ import annotations

from konwent_bot.documents import decision_words
from konwent_bot.documents.minutes.draft import Paragraph
from konwent_bot.documents.minutes.facts import Ballot, Decision, Proposal, Round, Stance
from konwent_bot.documents.minutes.writing import name, words
from konwent_bot.i18n import Translator


def proposal(asked: Proposal, t: Translator) -> list[Paragraph]:
    """Say what was proposed and what came of it. The text of one that was decided stands in the decision."""
    who = t("Entered by: {institution}.", institution=name(asked.proposer)) if asked.proposer else ""
    text = "" if asked.decisions else words(asked.text)
    title = t("Proposal: {title}", title=name(asked.title))
    said = [Paragraph(f"proposal:{asked.id}", "text", "\n".join(one for one in (who, text) if one), title)]
    for act in asked.acts:
        said.append(_round(act, t) if isinstance(act, Round) else _ballot(act, t))
        if act.decision is not None:
            said.append(_decision(act.decision, t))
    if asked.state == "withdrawn":
        said.append(Paragraph(f"fate:{asked.id}", "text", t("The proposal was withdrawn.")))
    elif asked.state not in ("adopted", "rejected"):
        said.append(Paragraph(f"fate:{asked.id}", "text", t("The proposal was not decided.")))
    return said


def _round(held: Round, t: Translator) -> Paragraph:
    title = t("Check of consensus, round {n}", n=held.number)
    if held.result is None:
        return Paragraph(
            f"round:{held.id}", "text", t("It ended without a result, because the text was changed or withdrawn."), title
        )
    reasons = tuple(_stance(one, t) for one in held.stances if one.reason)
    return Paragraph(f"round:{held.id}", "list", decision_words.round_sentence(held.result, t), title, reasons)


def _stance(one: Stance, t: Translator) -> str:
    facts = {"institution": name(one.institution), "said": decision_words.stance(one.stance, t), "reason": words(one.reason)}
    if one.remedy:
        return t("{institution} {said}: “{reason}” – what would help: “{remedy}”", **facts, remedy=words(one.remedy))
    return t("{institution} {said}: “{reason}”", **facts)


def _ballot(held: Ballot, t: Translator) -> Paragraph:
    said = [decision_words.rule_sentence(held.result.rule, t), decision_words.result_sentence(held.result, t)]
    if held.early:
        said.append(t("It was closed early, because nothing could change the result any more."))
    return Paragraph(f"ballot:{held.id}", "text", "\n".join(said), _capital(decision_words.method(held.method, t)))


def _decision(entry: Decision, t: Translator) -> Paragraph:
    how = _capital(decision_words.method(entry.method, t))
    if entry.votes is not None:
        votes = t("for {a}, against {b}, abstained {c}", a=entry.votes[0], b=entry.votes[1], c=entry.votes[2])
        how = f"{how}: {votes}"
    items = [decision_words.verdict(entry.verdict, t), f"{how}."]
    if entry.replaces:
        items.append(t("It takes the place of decision {number}.", number=entry.replaces))
    title = t("Decision {number}: {title}", number=entry.number, title=name(entry.title))
    return Paragraph(f"decision:{entry.id}", "decision", words(entry.text), title, tuple(items))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
