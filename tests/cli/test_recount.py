"""``konwent-bot recount``: anybody counts a decision again, at any console, without the installation."""

from __future__ import annotations

import json
import sys
import time
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from tests.cli.console import Console, console
from tests.cli.program import konwent
from tests.domain.decisions.test_recount import OPEN, by_hand, exported, votes

__all__ = ["console"]

SENTENCE = "Za 6, przeciw 3, wstrzymało się 2. Kworum: 11 z 14, wymagane 7. Zwykła większość: za > przeciw. Przyjęto."


def written(console: Console, **changed: object) -> str:
    """Write the example of the issue, changed, into a file; give its path."""
    return console.file("decyzja.json", json.dumps(by_hand(**changed)).encode())


def test_a_result_that_follows_is_said_with_its_rule_and_numbers(console: Console) -> None:
    """The rule, the sentence of the result, and that what is stated is what was counted."""
    rule, sentence, follows = console.ok("recount", written(console)).splitlines()
    assert rule.startswith("Kworum: co najmniej połowa uprawnionych instytucji. Zwykła większość")
    assert sentence == SENTENCE
    assert follows == "Podany wynik się zgadza: w pliku jest „passed” i z przeliczenia wychodzi to samo."


def test_a_result_that_does_not_follow_ends_with_1(console: Console) -> None:
    """What was counted is said all the same."""
    printed = console.run("recount", written(console, stated="failed"))
    assert printed.code == 1
    assert SENTENCE in printed.out
    assert printed.err == "Podany wynik nie wynika z głosów: w pliku jest „failed”, a z przeliczenia wychodzi „passed”.\n"


def test_a_machine_is_told_verdict_numbers_and_sentence(console: Console) -> None:
    """With --json, whether it follows or not; fractions as text, so that none is rounded."""
    told = json.loads(console.ok("recount", written(console), "--json"))
    assert (told["verdict"], told["stated"], told["follows"], told["sealed"]) == ("passed", "passed", True, False)
    assert told["sentence"] == SENTENCE
    assert told["numbers"] == {
        "for": 6, "against": 3, "abstain": 2, "entitled": 14, "present": 11, "quorum_needed": 7, "quorum_there": 11,
        "quorum_missing": 0, "base": 9, "threshold": "3", "needed": 4, "missing": 0, "reason": "majority", "chair": None,
    }  # fmt: skip
    printed = console.run("recount", written(console, stated="void"), "--json")
    assert (printed.code, json.loads(printed.out)["follows"], printed.err) == (1, False, "")


def test_a_round_of_consensus_is_counted_too(console: Console) -> None:
    """Its stances are its numbers."""
    totals = {"agree": 9, "reserve": 1, "stand_aside": 1, "object": 0}
    told = json.loads(console.ok("recount", written(console, method="consensus", totals=totals), "--json"))
    assert told["verdict"] == "passed"
    assert told["numbers"] == {
        **totals, "silent": 0, "unanimous": False, "entitled": 14, "present": 11, "quorum_needed": 7, "quorum_there": 11,
        "quorum_missing": 0,
    }  # fmt: skip
    assert "Przyjęto przez konsensus." in told["sentence"]


def test_what_contradicts_itself_ends_with_1(console: Console) -> None:
    """Twelve votes of eleven present."""
    path = written(console, votes=votes(*["for"] * 12), totals=None)
    assert console.refused("recount", path) == "Głosów (12) jest więcej niż instytucji, które mogły głosować (11)."
    printed = console.run("recount", path, "--json")
    assert printed.code == 1
    assert json.loads(printed.out) == {
        "verdict": None, "follows": False, "sentence": "Głosów (12) jest więcej niż instytucji, które mogły głosować (11).",
    }  # fmt: skip


def test_an_export_says_that_it_is_as_it_was_written(console: Console) -> None:
    """And one that was edited by one character, that it is not."""
    data = exported(OPEN)
    assert "Eksport jest dokładnie taki, jak go zapisano." in console.ok("recount", console.file("eksport.json", data))
    edited = console.file("eksport.json", data.replace(b'"for"', b'"fox"', 1))
    assert console.refused("recount", edited) == "Ten eksport nie jest taki, jak go zapisano: coś w nim zmieniono."


@pytest.mark.parametrize(
    "data",
    [b"", b"nic", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"entitled": NaN}', json.dumps(by_hand(entitled=14.0)).encode()],
    ids=lambda data: repr(data[:20]),
)
@pytest.mark.parametrize("option", [(), ("--json",)], ids=["people", "machine"])
def test_what_cannot_be_read_ends_with_2(console: Console, data: bytes, option: tuple[str, ...]) -> None:
    """One sentence on standard error, nothing on standard output."""
    printed = console.run("recount", console.file("plik.json", data), *option)
    assert (printed.code, printed.out) == (2, "")
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err


def test_a_file_that_is_not_there_ends_with_2(console: Console, tmp_path: Path) -> None:
    """Nor can a folder be counted, nor a name that cannot be one."""
    for path in (tmp_path / "nie-ma.json", tmp_path, "a\0b"):
        printed = console.run("recount", str(path))
        assert (printed.code, printed.out, printed.err.count("\n")) == (2, "", 1)
    assert console.run("recount").code == 2


def test_what_is_piped_is_counted(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input; a closed one says so."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(json.dumps(by_hand()).encode())))
    assert SENTENCE in console.ok("recount", "-")
    monkeypatch.setattr(sys, "stdin", None)
    printed = console.run("recount", "-")
    assert (printed.code, printed.err) == (2, "Nie ma czego czytać: standardowe wejście jest zamknięte.\n")


@pytest.mark.parametrize(("language", "said"), [("en", "Adopted."), ("uk", "Ухвалено.")])
def test_whoever_counts_chooses_the_language(console: Console, language: str, said: str) -> None:
    """Polish unless another one is asked for."""
    assert said in console.ok("recount", written(console), "--lang", language)


def test_ten_thousand_votes_are_counted_at_once(console: Console) -> None:
    """Well under a second, open or from an export's worth of names."""
    path = written(
        console, entitled=12_000, present=10_000, votes=votes(*["for", "against", "abstain", "for"] * 2500), totals=None
    )
    begun = time.process_time()
    told: dict[str, Any] = json.loads(console.ok("recount", path, "--json"))
    assert time.process_time() - begun < 1
    assert (told["numbers"]["for"], told["numbers"]["against"], told["numbers"]["abstain"]) == (5000, 2500, 2500)


def test_it_needs_no_installation(tmp_path: Path) -> None:
    """With settings that are wrong and a folder that cannot be written it counts all the same, and leaves nothing behind."""
    (tmp_path / "decyzja.json").write_text(json.dumps(by_hand()), "utf-8")
    done = konwent(
        "recount", "decyzja.json", folder=tmp_path, KONWENT_DATABASE="nowhere://", KONWENT_DATA_DIR="/nowhere", KONWENT_PORT="x"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert SENTENCE in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["decyzja.json"]
