"""Rules of procedure are counted exactly: nothing in the room computes with binary fractions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import konwent_bot.domain

ROOM = Path(konwent_bot.domain.__file__).parent
#: What gives a float without saying so.
FLOATING = frozenset({"float", "complex", "total_seconds", "fsum", "sqrt", "timestamp", "ratio"})


def floats(program: str) -> list[str]:
    """Give the places of a program where a float comes from, with their lines.

    What a value will be is not known from its text, so ``/`` is refused altogether: ``Fraction(a, b)`` says what is meant.
    """
    found = []
    for node in ast.walk(ast.parse(program)):
        match node:
            case ast.Constant(value=float() | complex() as value):
                found.append(f"{node.lineno}: {value}")
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) if name in FLOATING:
                found.append(f"{node.lineno}: {name}")
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                found.append(f"{node.lineno}: /")
            case _:
                pass
    return found


def test_no_float_stands_in_the_rules() -> None:
    """2/3 of 9 is 6, on every machine."""
    files = sorted(ROOM.rglob("*.py"))
    assert {"rule.py", "tally.py", "quorum.py"} <= {path.name for path in files}
    assert {str(path.relative_to(ROOM)): found for path in files if (found := floats(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("quorum = 0.5", ["1: 0.5"]),
        ("many = 1e2", ["1: 100.0"]),
        ("def half(n: int) -> float:\n    return n", ["1: float"]),
        ("share = votes / base", ["1: /"]),
        ("votes = 6\nvotes /= 9", ["2: /"]),
        ("from math import sqrt", ["1: sqrt"]),
        ("away.total_seconds() > 60", ["1: total_seconds"]),
        ("Fraction(2, 3) * 9 // 1", []),
        ("text = '0.5 / 2'", []),
    ],
)
def test_a_float_would_be_found(program: str, found: list[str]) -> None:
    """The lint sees literals, the type, true division and what returns one unasked."""
    assert floats(program) == found
