"""Hostile flow files: refused quickly with a sentence; the reader never hangs, never crashes, never runs anything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from konwent_bot.dialogue import limits, prompts
from konwent_bot.dialogue.conditions import ConditionError, parse
from konwent_bot.dialogue.loading import Shelf, examine
from tests.dialogue.test_broken_flows import BASE
from tests.dialogue.voices import TRIAL

#: Seconds on a slow, busy machine; the slowest of these takes about three on an ordinary one.
PATIENCE = 20.0


def _many(count: int) -> str:
    head, _, tail = BASE.partition("[[questions]]")
    block = '[[questions]]\nid = "q{n}"\nsection = "contact"\ntype = "yesno"\nprompt = "p"\nshort = "s"\nwhy = "w"\nwho_sees = "w"\n\n'
    del tail
    return head + "".join(block.format(n=n) for n in range(count))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a hundred thousand brackets": lambda: b"a = " + b"[" * 100_000,
    "a hundred thousand closed brackets": lambda: b"a = " + b"[" * 100_000 + b"]" * 100_000,
    "tables in tables": lambda: b"a = " + b"{a = " * 50_000,
    "a key of half a million parts": lambda: b"a" + b".a" * 400_000 + b" = 1",
    "a header of half a million parts": lambda: b"[a" + b".a" * 400_000 + b"]",
    "a key of quoted parts": lambda: b'""' + b' . ""' * 100_000 + b" = 1",
    "many keys of twenty-five parts": lambda: b"\n".join(b"k%d" % n + b".a" * 25 + b" = 1" for n in range(12_000)),
    "a line of quotes": lambda: b"a = " + b'"' * 900_000,
    "a line of apostrophes": lambda: b"a = " + b"'" * 900_001,
    "words and spaces": lambda: b"a " * 450_000,
    "a word and spaces": lambda: b"a" + b" " * 900_000,
    "pairs of words": lambda: b"a.b " * 220_000,
    "nineteen long words": lambda: b".".join([b"a" * 45_000] * 19) + b" ",
    "escapes": lambda: b'a = "' + b"\\\\" * 200_000 + b'"',
    "a text of a megabyte": lambda: b'a = """' + b"\n\n" * 400_000 + b'"""',
    "sixty thousand fields": lambda: b"".join(b"f%d = 1\n" % n for n in range(60_000)),
    "sixty thousand tables": lambda: b"".join(b"[t%d]\n" % n for n in range(60_000)),
    "a hundred thousand rows": lambda: b"[[questions]]\n" * 65_000,
    "more than a megabyte": lambda: b"#" * (limits.MAX_FILE_BYTES + 1),
    "not UTF-8": lambda: BASE.encode("utf-16"),
    "bytes of a picture": lambda: bytes(range(256)) * 100,
    "a nul in the middle": lambda: BASE.encode().replace(b"Wszyscy", b"W\x00"),
    "a number of a million digits": lambda: BASE.replace("max = 50", "max = " + "9" * 800_000).encode(),
    "a hexadecimal number of a million digits": lambda: BASE.replace("max = 50", "max = 0x" + "f" * 800_000).encode(),
    "a number with a huge exponent": lambda: BASE.replace("max = 50", "max = 1e999999999").encode(),
    "a number with a tiny exponent": lambda: BASE.replace("max = 50", "max = 1e-999999999").encode(),
    "not a number": lambda: BASE.replace("max = 50", "max = nan").encode(),
    "infinity": lambda: BASE.replace("max = 50", "max = -inf").encode(),
    "a prompt of a megabyte": lambda: BASE.replace("Jak często?", "x" * 900_000).encode(),
    "a condition of a megabyte": lambda: BASE.replace("quality <= 2", "(" * 900_000).encode(),
    "a template of brackets": lambda: BASE.replace("{{ body }}", "{{ " + "(" * 700 + " }}").encode(),
    "a template of a thousand ifs": lambda: BASE.replace("{{ body }}", "{% if spare %}" * 90 + "{% endif %}" * 90).encode(),
    "a billion laughs": lambda: BASE.replace(
        "{{ body }}", "{% set a = 'ha' * 1000 %}{% set b = a * 1000 %}{% set c = b * 1000 %}{{ c }}"
    ).encode(),
    "a macro calling itself": lambda: BASE.replace("{{ body }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").encode(),
    "more questions than allowed": lambda: _many(limits.MAX_QUESTIONS + 1).encode(),
    "ten thousand questions": lambda: _many(7_000).encode(),
    "more choices than allowed": lambda: BASE.replace(
        'choices = [{ id = "staff"',
        "choices = [" + ", ".join(f'{{ id = "c{n}", label = "{n}" }}' for n in range(101)) + ', { id = "staff"',
    ).encode(),
    "a hundred thousand choices": lambda: BASE.replace(
        'choices = [{ id = "staff"', "choices = [" + "{}, " * 100_000 + '{ id = "staff"'
    ).encode(),
    "empty choices in every question": lambda: b"".join(
        b"[[questions]]\ntype = 'multi'\nchoices = [" + b"{}," * 990 + b"]\n" for _ in range(200)
    ),
    "unknown fields in every choice": lambda: b"".join(
        b"[[questions]]\ntype = 'multi'\nchoices = [" + b"{labell=1,idd=2}," * 250 + b"]\n" for _ in range(200)
    ),
    "questions that are numbers": lambda: BASE.split("[[questions]]")[0].encode() + b"\n",
    "questions that are text": lambda: b'questions = "x"\nsections = 5\nfacts = true\nid = []\nschema = {}\n',
    "rows that are numbers": lambda: (
        b"questions = [1, [2], {}, {id = 5}, {type = []}, {type = 'multi', choices = 5}]\nfacts = [1]\nsections = [[]]\n"
    ),
    "nothing at all": lambda: b"",
}


@pytest.mark.parametrize("story", HOSTILE)
def test_a_hostile_file_is_refused_quickly(story: str) -> None:
    """Whatever a file holds, the answer is a bounded list of sentences in a few seconds."""
    raw = HOSTILE[story]()
    began = time.perf_counter()
    flow, problems = examine(raw, "hostile.toml")
    assert time.perf_counter() - began < PATIENCE
    assert flow is None
    assert 1 <= len(problems) <= limits.MAX_PROBLEMS
    for one in problems:
        assert len(str(one)) < 1000
        assert one.line >= 1
        assert "pydantic" not in str(one)
        assert "Input should" not in str(one)


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("a hundred thousand brackets", "The file has more than 20 tables or lists inside one another."),
        ("a key of half a million parts", "The file has more than 20 tables or lists inside one another."),
        ("more than a megabyte", "The file is larger than 1000000 bytes."),
        ("not UTF-8", "The file is not written in UTF-8. Save it as UTF-8."),
        ("a number of a million digits", "The file holds a number that is too long."),
        ("more questions than allowed", "“questions” has 201 items; at most 200 are allowed."),
        ("more choices than allowed", "“choices” has 103 items; at most 100 are allowed."),
        ("a billion laughs", "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}."),
    ],
)
def test_a_limit_is_named(story: str, said: str) -> None:
    """The sentence says which limit was passed."""
    _, problems = examine(HOSTILE[story](), "hostile.toml")
    assert said in {str(one.problem) for one in problems}


def test_depth_is_bounded_where_the_parser_is_not() -> None:
    """Thirty lists in lists parse well and are refused all the same."""
    _, problems = examine(b"a = " + b"[" * 30 + b"]" * 30, "deep.toml")
    assert [str(one.problem) for one in problems] == ["The file has more than 20 tables or lists inside one another."]


def test_a_file_that_is_not_there_and_a_directory_are_refused(tmp_path: Path) -> None:
    """A path that cannot be read gives a sentence, not a traceback."""
    for path in (tmp_path / "none.toml", tmp_path):
        assert [str(one.problem) for one in examine(path)[1]] == ["The file cannot be read."]


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem() -> None:
    """A flow saved by a Windows editor is the same flow."""
    plain, _ = examine(BASE.encode(), "a.toml")
    windows, problems = examine(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode(), "a.toml")
    assert problems == ()
    assert plain is not None
    assert windows is not None
    assert (windows.structure, windows.wording) == (plain.structure, plain.wording)


def test_a_shelf_keeps_good_flows_beside_bad_ones(tmp_path: Path) -> None:
    """One broken file does not take the others off the shelf; the same flow in two files stands once."""
    (tmp_path / "a.toml").write_text(BASE, "utf-8")
    (tmp_path / "b.toml").write_text(BASE, "utf-8")
    (tmp_path / "c.toml").write_text("x", "utf-8")
    (tmp_path / "d.toml").write_bytes(TRIAL.read_bytes())
    shelf = Shelf.load(tmp_path)
    assert sorted(shelf.flows) == ["trial", "wszystko"]
    assert [(one.file, str(one.problem)[:40]) for one in shelf.problems if not one.warning] == [
        ("b.toml", "The flow “trial” stands in two files."),
        ("c.toml", "The file is not valid TOML here: check q"),
    ]


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_file_damaged_anywhere_never_crashes_the_reader(chance: random.Random) -> None:
    """Bytes of a good file replaced, cut and doubled at random: a flow or sentences, never an exception."""
    raw = bytearray(TRIAL.read_bytes())
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randint(1, 60)]
            case 2:
                raw[at:at] = raw[at : at + chance.randint(1, 60)]
            case _:
                raw[at:at] = chance.choice(
                    [b"[", b"{", b'"', b"'", b"\n", b"= ", b"{{ ", b"%}", b"[[questions]]\n", b"1e9", b"-"]
                )
    flow, problems = examine(bytes(raw), "damaged.toml")
    assert flow is not None or any(not one.warning for one in problems)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("abq ()[]{}<>=!'\"0123456789.,|+-*/%~_\nnotandorinis")), max_size=200))
def test_any_text_is_a_condition_or_is_refused(source: str) -> None:
    """The parser of conditions raises nothing but its own error."""
    with suppress(ConditionError):
        parse(source)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(["{{", "}}", "{%", "%}", "{#", "#}", "if ", "else", "endif", "for x in y", " body ", "|day", "'", "(", "-", "\n", "raw"]),
                max_size=20).map("".join))  # fmt: skip
def test_any_text_is_a_template_or_is_refused(source: str) -> None:
    """The parser of templates raises nothing but its own error."""
    with suppress(prompts.TemplateError):
        prompts.parse(source)
