"""The error tree: every error a person may meet carries a sentence for that person.

A sentence is an English msgid with ``{named}`` places (catalogue domain ``messages``) and the facts that fill them.
Nobody formats it here: the room that speaks to the person says it in that person's language (``i18n``). The sentence
names the thing and the way out; it never holds a secret, and personal text only where the reader wrote it.
"""

from __future__ import annotations

#: What may stand in a ``{place}`` of a sentence.
Fact = object


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark a msgid for extraction without translating it."""
    return msgid


class KonwentError(Exception):
    """Base of all errors with a sentence for people. ``msgid`` is English, ``facts`` fill its places."""

    #: What the command line exits with when this error ends a command.
    exit_code = 1

    def __init__(self, msgid: str, /, **facts: Fact) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.facts = facts

    def __str__(self) -> str:
        return self.msgid.format_map(self.facts) if self.facts else self.msgid


class Refused(KonwentError):
    """The act is understood and not allowed now; nothing has changed. The sentence says why and what to do."""


class NotFound(Refused):
    """There is no such thing, or not for this person: the two are never told apart (no probing of others' data)."""


class Invalid(KonwentError):
    """What a person gave cannot be read or breaks a rule of its kind; nothing has been stored."""


class Misconfigured(KonwentError):
    """The operator must mend something (setting, file, token, database) before the program can do this."""
