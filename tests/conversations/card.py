"""A card that asks what a test wants it to ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from konwent_bot.dialogue.loading import Shelf

_FLOW: Final = """
schema = 1
id = "karta-wspolpracy"
version = 7
language = "pl"
title = "Nowa rozmowa"
intro = "Dla {{ institution }}."
thanks = "Dziękujemy."
submit = "card.submit"
minutes = 2
facts = [
  { id = "variant", type = "choice", choices = ["full", "short"] }, { id = "body", type = "text" }, { id = "institution", type = "text" },
  { id = "period", type = "text" }, { id = "closes_on", type = "date" },
]
sections = [{ id = "one", title = "Wszystko" }]
"""
_QUESTION: Final = """
[[questions]]
id = "{id}"
section = "one"
prompt = "Pytanie {id}?"
short = "Krótko {id}"
why = "Bo tak."
who_sees = "Wszyscy."
{lines}
"""


def card(folder: Path, questions: Mapping[str, str]) -> Shelf:
    """Give a shelf whose card asks these questions in order: name -> its type and what else it says of itself."""
    text = _FLOW + "".join(_QUESTION.format(id=name, lines=lines) for name, lines in questions.items())
    (folder / "karta-wspolpracy.toml").write_text(text, "utf-8")
    shelf = Shelf.load(folder)
    assert not shelf.problems
    return shelf
