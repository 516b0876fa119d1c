"""Words that answer a call by themselves (conversation.md, rule 10): "będę", "nie będzie nas". Only where nothing else can be meant."""

from __future__ import annotations

import re
from typing import Final, Literal

from konwent_bot.office.meetings import matters
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.meeting_intents import AnswerMeeting

#: Sentences as people type them, in small letters and without signs; whole ones, so that "będę później" is none.
_YES: Final = frozenset(
    {
        "będę", "bede", "tak będę", "tak bede", "będziemy", "bedziemy", "tak będziemy", "tak bedziemy", "przyjdę", "przyjde",
        "przyjdziemy", "będę na spotkaniu", "będziemy na spotkaniu",
        "i will be there", "ill be there", "i will come", "ill come", "we will be there", "well be there", "we will come",
        "yes i will be there", "yes we will be there",
        "буду", "так буду", "будемо", "так будемо", "прийду", "прийдемо",
    }
)  # fmt: skip
_NO: Final = frozenset(
    {
        "nie będę", "nie bede", "nie nie będę", "nie będziemy", "nie bedziemy", "nie będzie nas", "nie bedzie nas", "nas nie będzie",
        "nie będzie mnie", "mnie nie będzie", "nie przyjdę", "nie przyjde", "nie przyjdziemy",
        "i will not be there", "i wont be there", "i will not come", "i wont come", "we will not be there", "we wont be there",
        "we will not come", "we wont come",
        "не буду", "ні не буду", "не будемо", "ні не будемо", "нас не буде", "мене не буде", "не прийду", "не прийдемо",
    }
)  # fmt: skip
_APOSTROPHES: Final = re.compile(r"['’ʼ`]")
_SIGNS: Final = re.compile(r"[^\w\s]|_")
#: A sentence longer than this is none of these.
_MOST_CHARS: Final = 60


def meant(uow: UnitOfWork, person: Known, text: str) -> AnswerMeeting | None:
    """Give the answer a typed text is: where exactly one institution of the person awaits an answer about exactly one meeting."""
    said = understood(text)
    if said is None:
        return None
    waiting = matters.unanswered(uow, person.id)
    return AnswerMeeting(waiting[0].meeting.id, waiting[0].membership, said) if len(waiting) == 1 else None


def understood(text: str) -> Literal["yes", "no"] | None:
    """Read whether a text says that somebody will be there or will not; ``None`` for anything else."""
    said = plain(text)
    if said in _YES:
        return "yes"
    return "no" if said in _NO else None


def plain(text: str) -> str:
    """Give a short text in small letters and without signs, to be held against sentences; nothing of a long one."""
    return "" if len(text) > _MOST_CHARS else " ".join(_SIGNS.sub(" ", _APOSTROPHES.sub("", text.lower())).split())
