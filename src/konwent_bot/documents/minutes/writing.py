"""What people wrote, as it may stand in minutes: without signs that act instead of being read, with an end."""

from __future__ import annotations

from typing import Final

from konwent_bot.documents import plain

#: Characters of a name or a title; what is longer is cut.
_NAME: Final = 300
#: Characters of a text: more than any field takes, so that nothing is cut.
_TEXT: Final = 50_000


def name(text: str) -> str:
    """Give a name or a title as one line."""
    return plain.line(text, _NAME)


def words(text: str) -> str:
    """Give a text with its line breaks."""
    return plain.paragraphs(text, _TEXT)
