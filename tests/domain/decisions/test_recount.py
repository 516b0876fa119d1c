"""Counting a decision again from its file: what it follows from, what contradicts itself, what was changed."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.decisions.cases import CASES, Case
from tests.domain.decisions.test_tally import CHAIRS, ballots, rules

from konwent_bot.domain.decisions.consensus import STANCES, RoundKind, StanceWord, settle_round
from konwent_bot.domain.decisions.consensus import counted as stances_of
from konwent_bot.domain.decisions.record import Record
from konwent_bot.domain.decisions.recount import counted, recount, written_export
from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule, written
from konwent_bot.domain.decisions.sealed import DoesNotAddUp, Plain, Unreadable
from konwent_bot.domain.decisions.tally import VERDICTS, Assembly, CastingVote, Choice, Verdict, decide
from konwent_bot.domain.decisions.tally import counted as votes_of

DECISION: Final[dict[str, Plain]] = {
    "body": "LSR Janów",
    "number": "3/2027",
    "title": "Punkt doradczy w bibliotece „Pod Lipą”",
    "tasks": [],
}
CHAIN: Final[dict[str, Plain]] = {"head": "9f" * 32, "entries": 214}
NAMES: Final = ("CIS Janów", "GOPS Modliborzyce", "KIS Janów", "PUP Janów", "Szkoła Łążek", "Biblioteka", "OPS Batorz", "PCPR", "WTZ", "ŚDS", "ZAZ", "Spółdzielnia")  # fmt: skip
OPEN: Final = Record(
    rule=DEFAULT_RULE, entitled=5, present=4, present_at_close=4, stated="passed", method="open", roll=NAMES[:4],
    votes=((NAMES[2], "for"), (NAMES[0], "for"), (NAMES[1], "against")),
)  # fmt: skip
SECRET: Final = replace(
    OPEN, method="secret", votes=None, papers=("for", "against", "for"), turnout=(NAMES[2], NAMES[0], NAMES[1])
)


def by_hand(**changed: object) -> dict[str, Any]:
    """Give the example of the issue, as somebody would write it by hand."""
    given = {
        "rule": written(DEFAULT_RULE),
        "entitled": 14,
        "present": 11,
        "totals": {"for": 6, "against": 3, "abstain": 2},
        "stated": "passed",
    }
    return {key: value for key, value in {**given, **changed}.items() if value is not ...}


def found(given: object) -> Any:
    return recount(json.dumps(given).encode())


def votes(*choices: str) -> list[dict[str, str]]:
    return [{"institution": f"Instytucja {number}", "choice": choice} for number, choice in enumerate(choices)]


def exported(record: Record) -> bytes:
    return written_export(record, decision=DECISION, chain=CHAIN)


# --- what follows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.of)
def test_a_case_written_by_hand_is_counted_as_the_body_counts(case: Case) -> None:
    """Totals, or the same votes by institution, give the verdict of the table; any other stated verdict does not follow."""
    counts = case.counts
    given = by_hand(
        rule=written(case.rule), entitled=case.assembly.entitled, present=case.assembly.present, chair=case.chair, stated=case.verdict,
        present_at_close=case.assembly.present_at_close, by_circulation=case.assembly.by_circulation,
        totals={"for": counts.in_favour, "against": counts.against, "abstain": counts.abstain},
    )  # fmt: skip
    one_by_one = votes(*["abstain"] * counts.abstain, *["against"] * counts.against, *["for"] * counts.in_favour)
    assert found(given).result == found({**given, "votes": one_by_one, "totals": None}).result == case.result()
    assert found({**given, "votes": one_by_one}).follows
    for stated in {"passed", "failed", "void"} - {case.verdict}:
        assert not found({**given, "stated": stated}).follows


@given(ballot=ballots(), rule=rules, chair=st.sampled_from(CHAIRS), how=st.sampled_from(["open", "secret", "by_hand"]))
def test_the_export_of_any_ballot_is_counted_as_it_was_decided(
    ballot: tuple[Assembly, list[Choice]], rule: DecisionRule, chair: CastingVote | None, how: str
) -> None:
    """Open, secret or noted by hand: the file says what the body decided, and it follows."""
    assembly, choices = ballot
    result = decide(rule, assembly, votes_of(choices), chair)
    roll = NAMES[: assembly.present]
    record = Record(
        rule=rule, entitled=assembly.entitled, present=assembly.present, present_at_close=assembly.present_at_close,
        by_circulation=assembly.by_circulation, chair=chair, stated=result.verdict, roll=roll,
    )  # fmt: skip
    match how:
        case "open":
            record = replace(record, method="open", votes=tuple(zip(roll, choices, strict=False)))
        case "secret":
            record = replace(record, method="secret", papers=tuple(choices), turnout=roll[: len(choices)])
        case _:
            counts = result.counts
            totals = {"for": counts.in_favour, "against": counts.against, "abstain": counts.abstain}
            record = replace(record, method="by_hand", totals=totals)
    again = recount(exported(record))
    assert (again.result, again.follows, again.sealed) == (result, True, True)


@given(stances=st.lists(st.sampled_from(STANCES), max_size=8), rule=rules, tacit=st.booleans(), meeting=st.booleans())
def test_the_export_of_any_round_is_counted_as_it_was_settled(
    stances: list[StanceWord], rule: DecisionRule, tacit: bool, meeting: bool
) -> None:
    """Adopted, objected to or void; by institution or by number."""
    meeting = meeting and not tacit
    asked = 8 if meeting else 10
    kind: RoundKind = "tacit" if tacit else "meeting" if meeting else "circulation"
    settled = settle_round(rule, kind=kind, entitled=10, asked=asked, stances=stances_of(stances))
    of_round: dict[str, Verdict] = {"adopted": "passed", "objected": "failed", "void": "void"}
    record = Record(
        rule=rule, entitled=10, present=asked, by_circulation=not meeting, stated=of_round[settled.outcome],
        method="tacit" if tacit else "consensus", roll=NAMES[:asked],
        stances=tuple(zip(NAMES, stances, strict=False)),
    )  # fmt: skip
    again = recount(exported(record))
    assert (again.result, again.follows) == (settled, True)
    totals: dict[str, int] = {word: stances.count(word) for word in STANCES}
    assert recount(exported(replace(record, stances=None, totals=totals))).result == settled


def test_what_else_a_file_says_is_passed_over() -> None:
    """A remark harms nobody."""
    assert found(by_hand(remark="protokół, s. 3", votes=None)).follows


def test_a_byte_order_mark_is_no_reason_to_refuse() -> None:
    """Editors put one before the text."""
    assert recount(b"\xef\xbb\xbf" + json.dumps(by_hand()).encode()).follows


# --- the seal ---------------------------------------------------------------------------------------------------------


def test_an_export_is_plain_text_whose_hash_anybody_can_compute() -> None:
    """All its lines but that of the hash, through SHA-256: grep and sha256sum do."""
    lines = exported(OPEN).splitlines(keepends=True)
    [seal] = [line for line in lines if line.startswith(b' "sha256"')]
    rest = b"".join(line for line in lines if line is not seal)
    assert seal == f' "sha256": "{hashlib.sha256(rest).hexdigest()}",\n'.encode()
    assert json.loads(rest)["decision"]["title"] == DECISION["title"]
    assert "„Pod Lipą”".encode() in rest


@pytest.mark.parametrize("record", [OPEN, SECRET], ids=["open", "secret"])
def test_one_altered_character_of_an_export_is_found(record: Record) -> None:
    """Whichever of them it is, and also one that is left out or added."""
    whole = exported(record)
    assert recount(whole).sealed
    for place in range(len(whole)):
        before, after = whole[:place], whole[place + 1 :]
        for other in (
            b"",
            b" ",
            b"0",
            b"f",
            b"\n",
            b'"',
            bytes([whole[place] ^ 1]),
            bytes([whole[place] ^ 0x20]),
            whole[place : place + 1] * 2,
        ):
            if other != whole[place : place + 1]:
                with pytest.raises((Unreadable, DoesNotAddUp)):
                    recount(before + other + after)
    for more in (whole + b"\n", b" " + whole, b"\xef\xbb\xbf" + whole, whole.replace(b"\n", b"\r\n")):
        with pytest.raises(DoesNotAddUp):
            recount(more)


def test_an_export_stripped_of_its_seal_is_no_export_any_more() -> None:
    """Without hash or format the rest is refused, unless nothing claims to be an export."""
    given = json.loads(exported(OPEN))
    for key in ("sha256", "format", "version"):
        with pytest.raises(DoesNotAddUp):
            found({name: value for name, value in given.items() if name != key})
    plain = {name: value for name, value in given.items() if name not in {"sha256", "format", "version"}}
    assert not found(plain).sealed


def test_an_export_tells_nothing_by_its_order() -> None:
    """Votes stand by name, papers by choice, whatever order they came in."""
    given = json.loads(exported(OPEN))
    assert [vote["institution"] for vote in given["votes"]] == ["CIS Janów", "GOPS Modliborzyce", "KIS Janów"]
    secret = json.loads(exported(SECRET))
    assert (secret["papers"], secret["turnout"]) == (["against", "for", "for"], ["CIS Janów", "GOPS Modliborzyce", "KIS Janów"])
    assert "votes" not in secret
    assert exported(replace(SECRET, papers=("for", "for", "against"), turnout=NAMES[:3])) == exported(SECRET)


def test_an_export_nobody_could_count_is_not_written() -> None:
    """A record that contradicts itself is a mistake of whoever hands it over."""
    for wrong in (
        replace(OPEN, roll=None),
        replace(OPEN, method=None),
        replace(OPEN, votes=None),
        replace(OPEN, roll=NAMES[:3]),
        replace(SECRET, votes=OPEN.votes),
        replace(SECRET, turnout=None),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            exported(wrong)


# --- what contradicts itself ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"present": 15},
        {"present": 10},
        {"present_at_close": 12},
        {"by_circulation": True},
        {"totals": {"for": 10, "against": 1, "abstain": 1}},
        {"votes": votes("for", "against")},
        {"votes": votes(*["for"] * 12), "totals": None},
        {"votes": [*votes("for"), *votes("against")], "totals": None},
        {"votes": [{"institution": "GOPS", "choice": "for"}, {"institution": " gops ", "choice": "for"}], "totals": None},
        {"votes": [{"institution": "Ćwik", "choice": "for"}, {"institution": "C\u0301wik", "choice": "for"}], "totals": None},
        {"votes": votes("for"), "totals": None, "roll": ["GOPS"], "present": 1},
        {"votes": votes("for"), "totals": None, "roll": ["Instytucja 0", "GOPS"]},
        {"roll": ["GOPS", "GOPS"], "present": 2},
        {"papers": ["for", "against"], "totals": None},
        {"papers": ["against", "for"], "turnout": ["GOPS"], "totals": None},
        {"papers": ["for"], "turnout": ["GOPS"], "roll": ["KIS"], "present": 1, "totals": None},
        {"method": "consensus", "totals": {"agree": 9, "reserve": 1, "stand_aside": 1, "object": 1}},
        {"method": "consensus", "totals": None, "stances": [{"institution": "GOPS", "stance": "agree"}] * 2},
        {
            "method": "consensus",
            "totals": {"agree": 2, "reserve": 0, "stand_aside": 0, "object": 0},
            "stances": [{"institution": "GOPS", "stance": "agree"}],
        },
    ],
)
def test_what_contradicts_itself_is_said_so(changed: dict[str, object]) -> None:
    """More votes than voters, an institution twice, strangers, totals that differ: exit 1."""
    with pytest.raises(DoesNotAddUp) as refused:
        found(by_hand(**changed))
    assert refused.value.exit_code == 1


# --- what cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["rule", "entitled", "present", "totals", "stated"])
@pytest.mark.parametrize("value", [..., None, [], 0.5, "x", True, -1, {}], ids=str)
def test_an_entry_that_is_missing_or_of_another_kind_is_named(key: str, value: object) -> None:
    """Everything the minimal file has is needed, and true is no number."""
    with pytest.raises(Unreadable) as refused:
        found(by_hand(**{key: value}))
    assert refused.value.exit_code == 2
    assert str(refused.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": {**written(DEFAULT_RULE), "quorum": "101%"}},
        {"rule": {**written(DEFAULT_RULE), "quorum": 0.5}},
        {"rule": {**written(DEFAULT_RULE), "majority": "0"}},
        {"rule": {**written(DEFAULT_RULE), "strict": 1}},
        {"totals": {"for": 6, "against": 3}},
        {"totals": {"for": 6, "against": 3, "abstain": 2, "invalid": 1}},
        {"totals": {"for": 6, "against": 3, "abstain": True}},
        {"totals": {"for": 6, "against": 3, "abstain": -2}},
        {"votes": votes("yes")},
        {"votes": votes("For")},
        {"votes": ["for"]},
        {"votes": [{"choice": "for"}]},
        {"votes": [{"institution": " ", "choice": "for"}]},
        {"votes": [{"institution": 7, "choice": "for"}]},
        {"votes": [{"institution": "GOPS"}]},
        {"votes": {"GOPS": "for"}},
        {"papers": [["for"]]},
        {"turnout": "GOPS"},
        {"roll": [None]},
        {"chair": "abstain"},
        {"chair": True},
        {"by_circulation": 0},
        {"present_at_close": "4"},
        {"method": "lottery"},
        {"method": "open"},
        {"method": "secret"},
        {"method": "secret", "papers": ["for"], "totals": None},
        {
            "method": "secret",
            "papers": ["for"],
            "turnout": ["KIS"],
            "totals": None,
            "votes": [{"institution": "KIS", "choice": "for"}],
        },
        {"method": "consensus", "totals": None},
        {"method": "tacit"},
        {"remark": 0.78},
        {"entitled": 10**30},
    ],
)
def test_what_nobody_could_count_is_refused(changed: dict[str, object]) -> None:
    """Unknown choices, floats, names that are none, a rule that cannot be: exit 2."""
    with pytest.raises(Unreadable):
        found(by_hand(**changed))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\x01", b"null", b"[]", b"7", b'"passed"', b"{", b"{}", b"\xff\xfe{\x00}\x00", b'{"stated": "\xb9"}', b"[" * 100_000,
        b'{"a":' * 100_000, b'{"stated": NaN}', b'{"stated": -Infinity}', b'{"entitled": 1e2}', b'{"entitled": ' + b"9" * 100_000 + b"}",
        b'{"stated": "passed", "stated": "failed"}', b'{"rule": {"tie": "none", "tie": "chair"}}', b"%PDF-1.7", b'{"a": 1} {"b": 2}',
    ],
    ids=lambda data: repr(data[:24]),
)  # fmt: skip
def test_what_is_no_such_file_is_refused_in_a_sentence(data: bytes) -> None:
    """Not JSON, not UTF-8, a name twice, no number, too deep, too long: one short sentence each."""
    with pytest.raises(Unreadable) as refused:
        recount(data)
    assert 0 < len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("once", "twice"), [('"stated": "passed"', '"stated": "passed", "stated": "passed"'), ('"for": 6', '"for": 5, "for": 6')]
)
def test_a_key_that_stands_twice_is_refused_though_all_else_is_right(once: str, twice: str) -> None:
    """Readers differ in which of the two they take."""
    text = json.dumps(by_hand())
    assert recount(text.encode()).follows
    with pytest.raises(Unreadable):
        recount(text.replace(once, twice).encode())


@given(data=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps({text: text}).encode()))
def test_nothing_that_comes_in_breaks_the_recount(data: bytes) -> None:
    """Whatever it is, it is refused as what it is."""
    with pytest.raises((Unreadable, DoesNotAddUp)):
        recount(data)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 20) | st.sampled_from(["for", "GOPS", "passed", "1/2", ""]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["for", "institution", "choice", "tie"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    key=st.sampled_from(
        [
            "rule",
            "entitled",
            "present",
            "present_at_close",
            "totals",
            "votes",
            "papers",
            "turnout",
            "roll",
            "stances",
            "method",
            "chair",
            "stated",
        ]
    ),
    value=values,
)
def test_an_entry_of_any_kind_is_counted_or_refused(key: str, value: object) -> None:
    """No entry, whatever stands in it, makes the program fail."""
    with suppress(Unreadable, DoesNotAddUp):
        assert found(by_hand(**{key: value})).verdict in VERDICTS


def test_names_from_outside_cannot_draw_on_a_terminal() -> None:
    """What is shown of a name is one short line that can be printed."""
    name = "\x1b[2J\n" + "x" * 500 + "\ud800"
    with pytest.raises(DoesNotAddUp) as refused:
        found(by_hand(votes=[{"institution": name, "choice": "for"}] * 2, totals=None))
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 150


def test_the_fraction_of_a_file_is_exact() -> None:
    """55 % of 100 is 55, however it is written."""
    for majority in ("55%", "55/100", "11/20", "0.55"):
        rule = {**written(DEFAULT_RULE), "majority": majority, "strict": False}
        again = found(by_hand(rule=rule, entitled=100, present=100, totals={"for": 55, "against": 45, "abstain": 0}))
        assert (again.verdict, again.result.threshold) == ("passed", Fraction(55))


def test_counted_says_of_values_what_a_recount_says_of_their_file() -> None:
    """Whoever has the values need not write them first."""
    assert counted(OPEN) == recount(exported(OPEN)).result
