"""How screens and notices speak of proposals: where one stands, what happens next, what an institution may say, and the ways back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from konwent_bot.documents import decision_words
from konwent_bot.domain.decisions.consensus import StanceWord
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import facts, rules
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Place, Round
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.words import short

#: Characters of a text that are shown beside other things; the whole of a longer one has a screen of its own.
SHOWN: Final = 900

_STATES: Final = {
    "discussion": N_("discussion is open"),
    "discussed": N_("discussion is closed"),
    "consensus": N_("institutions are being asked"),
    "objected": N_("there is an objection"),
    "ballot": N_("a ballot is open"),
    "undecided": N_("the ballot decided nothing"),
    "adopted": N_("adopted"),
    "rejected": N_("not adopted"),
    "withdrawn": N_("withdrawn"),
}
_NEXT: Final = {
    "discussion": N_("Institutions say what they think. Then the discussion is closed, and we ask whether anybody objects."),
    "discussed": N_("Now institutions can be asked whether anybody objects."),
    "ballot": N_("Institutions vote. The result is shown once the ballot is over."),
    "undecided": N_("It can be discussed once more, or voted on again."),
}
#: What an institution may say, in the words of the button.
OFFERED: Final[dict[StanceWord, str]] = {
    "agree": N_("I agree"),
    "reserve": N_("I agree with a reservation"),
    "stand_aside": N_("I do not support it, but I will not block it"),
    "object": N_("I object"),
}
#: What each of them means.
MEANINGS: Final[dict[StanceWord, str]] = {
    "agree": N_("“I agree”: your institution supports this text."),
    "reserve": N_("“I agree with a reservation”: it agrees and says what to look out for. This does not stop the decision."),
    "stand_aside": N_("“I do not support it, but I will not block it”: the decision may be taken without its support."),
    "object": N_("“I object”: the text should not be adopted as it is. One objection stops it; you say why and what would help."),
}
_OUTCOMES: Final = {
    "adopted": N_("nobody objected, adopted"),
    "objected": N_("there is an objection, no consensus"),
    "void": N_("void"),
    "called_off": N_("ended without a result, because the text was changed or withdrawn"),
}


def state(t: Translator, proposal: Proposal) -> str:
    """Say where a proposal stands."""
    return t(_STATES[proposal.state])


def next_step(uow: UnitOfWork, proposal: Proposal, t: Translator) -> str:
    """Say what happens next; nothing of one that is decided or withdrawn."""
    match proposal.state:
        case "objected" if proposal.meeting is None:
            return t("The text can be amended and asked about once more, or there can be a ballot.")
        case "objected":
            return t("The text can be amended and asked about once more, put off to the next meeting, or there can be a ballot.")
        case "consensus" if proposal.answer_until is not None:
            return t(
                "Institutions answer until {day}. If nobody objects, it is adopted.", day=deadline(uow, proposal.answer_until, t)
            )
        case "consensus":
            return t("Institutions at the meeting say whether they agree. If nobody objects, it is adopted.")
        case said:
            return t(_NEXT[said]) if said in _NEXT else ""


def deadline(uow: UnitOfWork, at: datetime, t: Translator) -> str:
    """Say until when, with how far it is: a midnight is the end of the day before, as people say it."""
    local = (at - timedelta(minutes=1)).astimezone(uow.house.zone).date()
    day = t.day(local) if t.time(at) == "00:00" else t.instant(at)
    return t("{day} ({away})", day=day, away=t.relative_days((local - uow.today).days))


def where(uow: UnitOfWork, proposal: Proposal, t: Translator) -> str:
    """Say where it is decided: at which meeting, or by circulation."""
    meeting = facts.meeting_of(uow, proposal)
    return t("by circulation") if meeting is None else heading(t, meeting)


def proposer(t: Translator, proposal: Proposal) -> str:
    """Say who proposes."""
    return proposal.proposer or lead(t)


def lead(t: Translator) -> str:
    """Name whoever speaks without an institution."""
    return t("whoever coordinates or chairs")


def said(t: Translator, place: Place) -> str:
    """Say where an institution stands, with its reason and what would help."""
    parts = [decision_words.stance(place.stance, t)]
    if place.reason:
        parts.append(place.reason)
    if place.remedy:
        parts.append(t("What would help: {remedy}", remedy=place.remedy))
    return ". ".join(one.rstrip(".") for one in parts) + ("." if len(parts) > 1 else "")


def outcome(t: Translator, consensus: Round) -> str:
    """Say what a round came to, in few words."""
    return t("still open") if consensus.open else t(_OUTCOMES[consensus.outcome])


def text(t: Translator, proposal: Proposal) -> str:
    """Give the text of a proposal; a rule it asks for is said in the reader's language, as it is wherever rules are."""
    return decision_words.rule_sentence(rules.asked(proposal), t) if proposal.kind == "rule" else proposal.text


def cut(text: str, most: int = SHOWN) -> str:
    """Shorten a text to what is shown beside other things."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def paragraphs(text: str) -> tuple[str, ...]:
    """Part a text where whoever wrote it left a line empty."""
    return tuple(one for one in text.split("\n\n") if one.strip())


def labelled(t: Translator, label: str, name: str, *, several: bool) -> str:
    """Name the institution a button is about, where somebody speaks for several."""
    return t("{institution}: {label}", institution=short(name), label=label) if several else label
