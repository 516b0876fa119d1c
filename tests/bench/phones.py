"""What fifty thumbs do: read the keyboard that came, choose the next touch, and wait for the message to change.

A phone knows nothing of the bot but its keyboards. It reads the verb out of the callback data (both bots carry the same data),
answers scales, marks two choices and presses Done, types one text, confirms, and then opens the next card on its list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: What is typed where the card asks for a text.
TYPED = "Więcej wspólnych spotkań pracowników pierwszego kontaktu, najlepiej co dwa miesiące"
#: Choices that would open a question of their own, or exclude the others.
_AVOIDED = ("none", "other")
#: Choices marked before Done is pressed.
_MARKS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """A card to fill in: whose account, and the callback data that opens it."""

    telegram: int
    opens: str


@dataclass(frozen=True, slots=True)
class Touch:
    """What a phone does next: press a button (``data``) or type (``text``); ``answers`` tells whether that is an answer."""

    data: str = ""
    text: str = ""
    answers: bool = True


@dataclass(slots=True)
class Phone:
    """One phone: the person it belongs to now, the message on its screen, and what it waits for."""

    number: int
    cards: Iterator[Card]
    card: Card
    #: Message on the screen, as the JSON the stand-in made of it.
    message: str = ""
    message_id: int = 1
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    steps: int = 0
    #: Cards filled in to the end.
    finished: int = 0
    #: When the touch under way was made; 0.0 when there is none.
    touched_at: float = 0.0
    waits_for_screen: bool = False
    waits_for_commit: bool = False
    is_answer: bool = False

    @property
    def idle(self) -> bool:
        """Whether the last touch has been answered in every way."""
        return not (self.waits_for_screen or self.waits_for_commit)

    def next(self) -> Touch:
        """Choose the next touch by the keyboard on the screen. Raises ``LookupError`` for a screen it cannot go on from."""
        buttons = [str(button["callback_data"]) for row in self.keyboard for button in row if "callback_data" in button]
        if any(data.startswith("cc:") for data in buttons):  # thanks: this card is done
            self.finished += 1
            self.card = self._another()
            self.message, self.keyboard, buttons = "", [], []
        if not buttons:
            self.steps = 0
            return Touch(self.card.opens, answers=False)
        if begin := [data for data in buttons if data.startswith("r:")]:
            return Touch(begin[0], answers=False)
        self.steps += 1
        return self._answer(buttons)

    def _another(self) -> Card:
        card = next(self.cards, None)
        if card is None:
            raise LookupError(f"phone {self.number} has filled in all its cards; the bench needs more of them")
        return card

    def _answer(self, buttons: list[str]) -> Touch:
        by_verb: dict[str, list[str]] = {}
        for data in buttons:
            if data.startswith("d:"):
                by_verb.setdefault(data.split(":")[3], []).append(data)
        if answers := by_verb.get("a"):
            return Touch(answers[(self.number + self.steps) % len(answers)])
        if marks := [data for data in by_verb.get("+", ()) if data.rpartition(":")[2] not in _AVOIDED]:
            if len(by_verb.get("-", ())) >= _MARKS:
                return Touch(by_verb["n"][0])
            return Touch(marks[(self.number * 3 + self.steps) % len(marks)])
        if confirm := by_verb.get("ok"):
            return Touch(confirm[0])
        if "k" in by_verb:
            return Touch(text=TYPED)
        raise LookupError(f"phone {self.number} does not know how to go on from {buttons}")


def phones(cards: list[Card], number: int) -> list[Phone]:
    """Deal cards to phones, one person to one phone only, so that no two phones ever speak for one person."""
    everybody = sorted({card.telegram for card in cards})
    hands = []
    for at in range(number):
        people = set(everybody[at::number])
        mine = iter([card for card in cards if card.telegram in people])
        hands.append(Phone(at, mine, next(mine)))
    return hands
