"""What buttons carry: written and read by one codec, which trusts nothing it reads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.domain.meetings.polls import POLL_ANSWERS
from konwent_bot.domain.meetings.words import ANSWERS
from konwent_bot.office.decisions import settings
from konwent_bot.office.dialogues import Touch, Verb
from konwent_bot.screens import intents
from konwent_bot.screens.intents import MOST_BYTES, Intent, decode, encode
from konwent_bot.store.tables.decisions import STANCES
from konwent_bot.store.tables.people import CHANNELS, SEAT_ROLES

#: Ids the store can give out and the codec can carry; words are tokens, languages, choice and question ids.
_IDS = st.integers(min_value=0, max_value=36**12 - 1)
_SMALL = st.integers(min_value=0, max_value=10**6)
#: The words of the house: field -> what may stand in it. Whoever gives an intent a word of another name says here which there are.
_WORDS: dict[str, st.SearchStrategy[str]] = {
    "token": st.text("ABCdef019_-", min_size=24, max_size=24),
    "language": st.sampled_from(["", "pl", "en", "uk"]),
    "place": st.sampled_from(["", "h", "r.1z", "k.5.2"]),
    "verb": st.sampled_from(get_args(Verb)),
    "argument": st.from_regex(r"[a-z][a-z0-9_]{0,29}", fullmatch=True) | st.just(""),
    "answer": st.sampled_from(["", *ANSWERS, *POLL_ANSWERS]),
    "channel": st.sampled_from(CHANNELS),
    "choice": st.sampled_from(["", *CHOICES]),
    "code": st.from_regex(r"[0-9]{6}", fullmatch=True) | st.just(""),
    "file": st.sampled_from(["json", "xlsx"]),
    "how": st.sampled_from(["names", "totals"]),
    "method": st.sampled_from(["open", "secret"]),
    "outcome": st.sampled_from(["done", "open"]),
    "point": st.sampled_from(["attendance", "tasks", "end", "open_tasks"]) | _IDS.map(lambda number: f"item-{number}"),
    "role": st.sampled_from(["", *SEAT_ROLES]),
    "setting": st.sampled_from(sorted(settings.written(settings.DecisionSettings()))),
    "stance": st.sampled_from(STANCES),
    "text": st.sampled_from(["mine", "theirs", "both"]),
    "value": st.sampled_from(["any", "coordinator", "yes", "no", "7", "240"]),
    "way": st.sampled_from(["up", "down"]),
}


def _values(kind: type[Intent]) -> st.SearchStrategy[Intent]:
    hints = get_type_hints(kind)
    strategies: dict[str, st.SearchStrategy[Any]] = {}
    for one in fields(kind):
        if hints[one.name] is int:
            strategies[one.name] = _IDS if kind is not Touch else _SMALL
        else:
            assert one.name in _WORDS, (kind, one.name)
            strategies[one.name] = _WORDS[one.name]
    return st.builds(kind, **strategies)


_ANY = st.one_of([_values(kind) for kind in get_args(Intent)])


@given(_ANY)
def test_what_is_written_is_read_back(intent: Intent) -> None:
    """Every button of every kind means after the way through Telegram what it meant before, in at most 64 bytes."""
    data = encode(intent)
    assert 1 <= len(data.encode()) <= MOST_BYTES
    assert decode(data) == intent


@given(st.text(max_size=80) | st.from_regex(r"(d|c|cc|i|ia|k|r|x|X|sl|z|\?)(:[a-zA-Z0-9_+-]{0,14}){0,5}", fullmatch=True))
def test_anything_may_come_and_nothing_breaks(data: str) -> None:
    """Forged and mangled data is read as nothing, or as an intent that could have been written."""
    read = decode(data)
    if read is not None:
        assert decode(encode(read)) == read


@pytest.mark.parametrize(
    "data",
    [
        "", ":", "d", "d:", "d:1", "d:1:1", "d:1:1:", "d:1:1:zz", "d:1:1:a:b:c", "d:-1:1:a", "d:1:1:a:ż", "d:１:1:a", "h:", "h:1",
        "c:1", "c:1:2:3", "c:a b:1", "c:1:" + "z" * 13, "k:1:", "i:tok", "i:tok:pl:x", "nonsense", "\x00", "d:1:1:a\n", "c:1:2\n",
        "sl:" + "x" * 41, "D:1:1:a", "🙂",
    ],
)  # fmt: skip
def test_what_is_not_ours_is_nothing(data: str) -> None:
    """Data of other shapes, other alphabets and other lengths is not ours."""
    assert decode(data) is None


def test_every_choice_of_every_flow_fits_a_button(shelf: object) -> None:
    """The longest id in the flows as shipped, in the largest conversation, still fits the 64 bytes of a button."""
    for flow in shelf.flows.values():  # type: ignore[attr-defined]  # the fixture's type lives in conftest
        for question in flow.questions:
            ids = [question.id, *(choice.id for choice in getattr(question, "choices", ()))]
            for name in ids:
                intent = Touch(2**62, 10**9, "confirm", name)
                assert decode(encode(intent)) == intent


def test_codes_are_told_apart() -> None:
    """No two kinds share a code, so a button of one can never be read as another."""
    kinds = set(get_args(Intent)) - {Touch}
    assert len(intents._NAMES) == len(intents._CODES) == len(kinds)
    assert "d" not in intents._CODES
