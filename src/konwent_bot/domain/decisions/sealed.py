"""JSON that is read strictly, and JSON that carries the hash of itself.

A sealed text is JSON with sorted keys, indented by one space, in UTF-8; its line ``"sha256"`` is the SHA-256 of all its other lines, as
``grep -v '^ "sha256"' FILE | sha256sum`` computes it. So a change of any character is found, though not one by somebody who seals anew:
who must be sure compares the hash, or the chain's head, with what the body has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn, TypeAlias

from konwent_bot.errors import N_, Invalid

#: What a sealed text is made of.
Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"
#: How many digits a number may have: enough for more institutions than there are people.
_DIGITS: Final = 10
#: What stands around the 64 hexadecimal digits of a seal.
_SEAL: Final = b'\n "sha256": "'
_SEAL_END: Final = b'",\n'
_HEX: Final = 64


class Unreadable(Invalid):
    """What was given cannot be read at all, so nothing can be said of it."""

    exit_code = 2


class DoesNotAddUp(Invalid):
    """What was given can be read and contradicts itself."""


def sealed(value: Mapping[str, Plain]) -> bytes:
    """Write a sealed text. ``value`` must have a key that sorts behind ``sha256``."""
    hashed = hashlib.sha256(_written(value)).hexdigest()
    return _written({**value, "sha256": hashed})


def seal_holds(data: bytes) -> bool:
    """Whether a text is exactly as it was sealed."""
    before, _, after = data.partition(_SEAL)
    said, end, rest = after[:_HEX], after[_HEX : _HEX + len(_SEAL_END)], after[_HEX + len(_SEAL_END) :]
    return end == _SEAL_END and hashlib.sha256(before + b"\n" + rest).hexdigest().encode() == said


def loaded(data: bytes) -> dict[str, object]:
    """Read a JSON object: no key twice in one place, no numbers but whole ones of at most ten digits.

    Raises:
        Unreadable: it is none; the sentence says where or why.
    """
    try:
        value = json.loads(
            data.decode("utf-8-sig"),  # an editor may have put a byte order mark before it
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError:
        raise Unreadable(N_("This is no text in UTF-8.")) from None
    except json.JSONDecodeError as error:
        raise Unreadable(N_("This is no JSON (line {line}, column {column})."), line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Unreadable(N_("This JSON is nested too deeply.")) from None
    if not isinstance(value, dict):
        raise Unreadable(N_("This JSON is no object with names."))
    return value


def shown(text: str) -> str:
    """Give a text from outside as it may be shown on a terminal: one line of at most 80 characters that can be printed."""
    return "".join(character if character.isprintable() else "�" for character in text[:80])


def _written(value: Mapping[str, Plain]) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(N_("“{key}” stands there twice."), key=shown(twice))
    return found


def _whole(text: str) -> int:
    if len(text.removeprefix("-")) > _DIGITS:
        _no_number(text)
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise Unreadable(N_("Only whole numbers of at most ten digits are counted with, not {text}."), text=shown(text))
