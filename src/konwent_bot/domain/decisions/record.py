"""A decision as a file holds it: the rule, who could vote, what was voted, the verdict that is stated.

Only its shape is read here; whether it adds up is for ``recount``. ``docs/recount.md`` describes the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar, get_args

from konwent_bot.domain.decisions import rule as rules
from konwent_bot.domain.decisions.consensus import STANCES, StanceWord
from konwent_bot.domain.decisions.rule import DecisionRule
from konwent_bot.domain.decisions.sealed import Plain, Unreadable, shown
from konwent_bot.domain.decisions.tally import CHOICES, VERDICTS, CastingVote, Choice, Verdict
from konwent_bot.errors import N_, Invalid

#: How a decision was reached.
Method: TypeAlias = Literal["consensus", "tacit", "open", "secret", "by_hand"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
CASTING_VOTES: Final[tuple[CastingVote, ...]] = get_args(CastingVote)
#: The methods that are rounds of consensus.
ROUNDS: Final = ("consensus", "tacit")

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Record:
    """What a recount needs. Institutions go by name; their order means nothing.

    A ballot has ``votes`` (by institution), ``papers`` with ``turnout`` (secret), or ``totals`` alone; a round has ``stances`` or
    ``totals``.
    """

    rule: DecisionRule
    entitled: int
    #: When it opened, who could vote.
    present: int
    stated: Verdict
    method: Method | None = None
    #: When it closed, where that was noted.
    present_at_close: int | None = None
    by_circulation: bool = False
    #: The chair's casting vote.
    chair: CastingVote | None = None
    #: Who could vote, by name.
    roll: tuple[str, ...] | None = None
    votes: tuple[tuple[str, Choice], ...] | None = None
    #: What was voted in secret, without who.
    papers: tuple[Choice, ...] | None = None
    #: Who voted in secret, without what.
    turnout: tuple[str, ...] | None = None
    stances: tuple[tuple[str, StanceWord], ...] | None = None
    #: Numbers by choice, or by stance.
    totals: Mapping[str, int] | None = None

    @property
    def is_round(self) -> bool:
        """Whether it was a round of consensus, not a ballot."""
        return self.method in ROUNDS


def written(record: Record) -> dict[str, Plain]:
    """Write a record as plain values: sorted, so that no order tells anything; what there is not is left out."""
    given: dict[str, Plain] = {
        "rule": dict(rules.written(record.rule)),
        "entitled": record.entitled,
        "present": record.present,
        "present_at_close": record.present_at_close,
        "by_circulation": record.by_circulation,
        "stated": record.stated,
        "method": record.method,
        "chair": record.chair,
        "roll": None if record.roll is None else sorted(record.roll),
        "votes": _named(record.votes, "choice"),
        "papers": None if record.papers is None else sorted(record.papers),
        "turnout": None if record.turnout is None else sorted(record.turnout),
        "stances": _named(record.stances, "stance"),
        "totals": None if record.totals is None else dict(record.totals),
    }
    return {key: value for key, value in given.items() if value is not None}


def read(given: Mapping[str, object]) -> Record:
    """Read a record from what JSON gave; what else stands there is passed over.

    Raises:
        Unreadable: something is missing or of another kind; the sentence names it.
    """
    rule = given.get("rule")
    if not isinstance(rule, dict):
        raise _wrong("rule", N_("“{key}” must be there, an object with names."))
    try:
        read_rule = rules.read(rule)
    except Invalid as error:
        facts = {name: shown(fact) if isinstance(fact, str) else fact for name, fact in error.facts.items()}
        raise Unreadable(error.msgid, **facts) from None
    method = None if given.get("method") is None else _one_of(given, "method", METHODS)
    words: tuple[str, ...] = STANCES if method in ROUNDS else CHOICES
    return Record(
        rule=read_rule,
        entitled=_number(given, "entitled"),
        present=_number(given, "present"),
        stated=_one_of(given, "stated", VERDICTS),
        method=method,
        present_at_close=None if given.get("present_at_close") is None else _number(given, "present_at_close"),
        by_circulation=_flag(given, "by_circulation"),
        chair=None if given.get("chair") is None else _one_of(given, "chair", CASTING_VOTES),
        roll=_names(given, "roll"),
        votes=_by_institution(given, "votes", "choice", CHOICES),
        papers=_papers(given),
        turnout=_names(given, "turnout"),
        stances=_by_institution(given, "stances", "stance", STANCES),
        totals=_totals(given, words),
    )


def _named(said: tuple[tuple[str, _Word], ...] | None, word: str) -> list[Plain] | None:
    return None if said is None else [{"institution": name, word: choice} for name, choice in sorted(said)]


def _wrong(key: str, sentence: str, **facts: object) -> Unreadable:
    return Unreadable(sentence, key=key, **facts)


def _number(given: Mapping[str, object], key: str) -> int:
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(key, N_("“{key}” must be there, a whole number."))
    return value


def _flag(given: Mapping[str, object], key: str) -> bool:
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key, N_("“{key}” must be true or false."))
    return value


def _one_of(given: Mapping[str, object], key: str, choices: tuple[_Word, ...]) -> _Word:
    for choice in choices:
        if given.get(key) == choice:
            return choice
    raise _wrong(key, N_("“{key}” must be there, one of: {choices}."), choices=choices)


def _list(given: Mapping[str, object], key: str) -> list[object] | None:
    value = given.get(key)
    if value is None or isinstance(value, list):
        return value
    raise _wrong(key, N_("“{key}” must be a list."))


def _name(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(key, N_("Every institution in “{key}” must have a name."))
    return value


def _names(given: Mapping[str, object], key: str) -> tuple[str, ...] | None:
    values = _list(given, key)
    return None if values is None else tuple(_name(value, key) for value in values)


def _papers(given: Mapping[str, object]) -> tuple[Choice, ...] | None:
    values = _list(given, "papers")
    return None if values is None else tuple(_one_of({"papers": value}, "papers", CHOICES) for value in values)


def _by_institution(
    given: Mapping[str, object], key: str, word: str, choices: tuple[_Word, ...]
) -> tuple[tuple[str, _Word], ...] | None:
    values = _list(given, key)
    if values is None:
        return None
    found = []
    for value in values:
        if not isinstance(value, dict):
            raise _wrong(key, N_("“{key}” must hold objects with names."))
        found.append((_name(value.get("institution"), key), _one_of(value, word, choices)))
    return tuple(found)


def _totals(given: Mapping[str, object], words: tuple[str, ...]) -> Mapping[str, int] | None:
    value = given.get("totals")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _wrong("totals", N_("“{key}” must be there, an object with names."))
    for unknown in set(value) - set(words):
        raise _wrong(shown(unknown), N_("“{key}” is nothing that can be voted. There are: {choices}."), choices=words)
    return {word: _number(value, word) for word in words}
