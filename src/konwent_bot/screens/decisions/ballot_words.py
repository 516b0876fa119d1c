"""Words for ballots on screens: choices, until when; ``documents.decision_words`` has rules, results and ways of deciding."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.screens import words

#: On what one presses.
_PRESSED: Final = {"for": N_("For"), "against": N_("Against"), "abstain": N_("I abstain")}
#: After the name of an institution.
_SAID: Final = {"for": N_("for"), "against": N_("against"), "abstain": N_("abstains"), "": N_("did not vote")}
#: A deadline nearer than this is said in minutes.
_SOON: Final = timedelta(hours=2)

assert tuple(_PRESSED) == CHOICES


def pressed(t: Translator, choice: str) -> str:
    """Give the words of a button: "Wstrzymuję się"."""
    return t(_PRESSED[choice])


def said(t: Translator, choice: str) -> str:
    """Say what an institution voted: "GOPS: wstrzymuje się"; for no choice that it did not."""
    return t(_SAID[choice])


def capital(text: str) -> str:
    """Give words as they begin a line."""
    return text[:1].upper() + text[1:]


def ends(t: Translator, ballot: Ballot, now: datetime) -> str:
    """Say until when a ballot takes votes, with how far that is: in minutes at a meeting, in days by circulation."""
    left = ballot.closes_at - now
    if timedelta() < left <= _SOON:
        minutes = -(-int(left.total_seconds()) // 60)
        return t.plural("{time} (in {n} minute)", "{time} (in {n} minutes)", minutes, time=t.time(ballot.closes_at))
    last = _last_day(t, ballot.closes_at)
    return t.instant(ballot.closes_at) if last is None else words.until(t, last, now.astimezone(t.zone).date())


def deadline(t: Translator, ballot: Ballot) -> str:
    """Say until when a ballot takes votes, for whoever may read it later."""
    last = _last_day(t, ballot.closes_at)
    return t.instant(ballot.closes_at) if last is None else t.day(last)


def _last_day(t: Translator, closes: datetime) -> date | None:
    """Give the day with which a deadline ends; ``None`` where it lies within one."""
    local = closes.astimezone(t.zone)
    return (local - timedelta(days=1)).date() if local.time() == time.min else None
