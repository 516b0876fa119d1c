"""Words that are a vote by themselves (conversation.md, rule 10): "za", "przeciw", "wstrzymuję się". Only where nothing else can be meant.

Never in a secret ballot: what is typed into a chat stays there.
"""

from __future__ import annotations

from typing import Final

from konwent_bot.domain.decisions.tally import Choice
from konwent_bot.office.decisions import ballots
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import Vote
from konwent_bot.screens.meetings.typed import plain

#: As people type them, in small letters and without signs; whole ones, so that "za tydzień" is none.
_WORDS: Final[dict[Choice, frozenset[str]]] = {
    "for": frozenset({"za", "jestem za", "jesteśmy za", "głosuję za", "głosujemy za", "for", "in favour", "i vote for", "we vote for", "за", "я за", "ми за", "голосую за", "голосуємо за"}),
    "against": frozenset({"przeciw", "jestem przeciw", "jesteśmy przeciw", "głosuję przeciw", "głosujemy przeciw", "against", "i vote against", "we vote against", "проти", "я проти", "ми проти", "голосую проти", "голосуємо проти"}),
    "abstain": frozenset({"wstrzymuję się", "wstrzymuje sie", "wstrzymujemy się", "wstrzymujemy sie", "abstain", "i abstain", "we abstain", "утримуюсь", "утримуюся", "утримуємось", "утримуємося"}),
}  # fmt: skip


def meant(uow: UnitOfWork, person: Known, text: str) -> Vote | None:
    """Give the vote a typed text is: where exactly one ballot waits for exactly one institution of the person, and it is open."""
    choice = understood(text)
    if choice is None:
        return None
    waiting = ballots.waiting(uow, person.id)
    if len(waiting) != 1:
        return None
    ((ballot, place),) = waiting
    return None if ballot.secret else Vote(ballot.id, place.membership, choice)


def understood(text: str) -> Choice | None:
    """Read which choice a text is; ``None`` for anything else."""
    said = plain(text)
    return next((choice for choice, words in _WORDS.items() if said in words), None)
