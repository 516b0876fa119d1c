"""``flows check``: files against the acts they submit to, and against their translations."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from konwent_bot.dialogue import texts
from konwent_bot.dialogue.acts import compare
from konwent_bot.dialogue.check import check
from konwent_bot.dialogue.loading import load
from konwent_bot.dialogue.lock import Lock
from tests.dialogue.test_broken_flows import BASE
from tests.dialogue.voices import TRIAL, translated, trial

FLOW = trial()


class Trial(BaseModel):
    """The input of the act the trial flow submits to: one field a question, defaults where it may stay unanswered."""

    model_config = ConfigDict(extra="forbid", strict=True)

    frequency: Literal["always", "mostly", "rarely"]
    reasons: tuple[Literal["staff", "law", "data", "none"], ...] = ()
    law_detail: Annotated[str, Field(max_length=120)] | None = None
    quality: int | Literal["unknown"]
    quality_why: str | None = None
    actions: Annotated[int, Field(ge=0)]
    cost: Decimal | None = None
    host: bool | None = None
    host_day: date | None = None
    host_hour: time | None = None
    visit: datetime | None = None
    slots: tuple[str, ...] = ()
    agree: Literal[True] | None = None


def told(act: type[BaseModel]) -> list[tuple[str | None, str]]:
    return [(one.question, str(one.problem)) for one in compare(FLOW, {"trial.submit": act}, "wszystko.toml")]


def test_a_flow_that_fits_its_act_has_nothing_to_mend() -> None:
    """Names, types, choices and what may be missing agree."""
    assert told(Trial) == []


class Short(Trial):
    law_detail: Annotated[str, Field(max_length=100)] | None = None


class Whole(Trial):
    quality: int


class Fewer(Trial):
    frequency: Literal["always", "rarely"]


class Needing(Trial):
    cost: Decimal
    signature: str


class Missing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    frequency: str


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


class Renamed(Trial):
    host_day: date | None = Field(default=None, alias="start")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Short, [("law_detail", f"The act “trial.submit” would refuse the answer {'ą' * 40} to “law_detail”.")]),
        (Whole, [("quality", "The act “trial.submit” would refuse the answer unknown to “quality”.")]),
        (Fewer, [("frequency", "The act “trial.submit” would refuse the answer mostly to “frequency”.")]),
        (
            Needing,
            [
                ("cost", "“cost” may stay without an answer, but the act “trial.submit” always needs it."),
                (None, "The act “trial.submit” needs “signature”, and no question asks for it."),
            ],
        ),
        (Renamed, [("host_day", "The act “trial.submit” does not take an answer to “host_day”.")]),
        (Anything, []),
    ],
)
def test_a_flow_that_disagrees_with_its_act_is_told_where(act: type[BaseModel], said: list[tuple[str | None, str]]) -> None:
    """Missing, extra, always needed, of another type: each names the question."""
    assert told(act) == said


def test_questions_the_act_does_not_take_are_told_one_by_one() -> None:
    """Every question without a field has its sentence."""
    assert [name for name, _ in told(Missing)] == [question.id for question in FLOW.questions if question.id != "frequency"]


def test_an_act_that_does_not_exist_is_told() -> None:
    """A misspelt act is recognised."""
    assert [str(one.problem) for one in compare(FLOW, {"trial.submitt": Trial}, "x")] == [
        "There is no act “trial.submit”; did you mean “trial.submitt”?"
    ]
    assert [(one.line, str(one.problem)[:50]) for one in compare(FLOW, {"card.x": Trial}, "x")] == [
        (10, "There is no act “trial.submit”; there are: ('card.")
    ]


def test_every_text_has_its_own_context_and_line() -> None:
    """The extractor finds each text once, at its line, stripped as it is shown."""
    found = texts.every(FLOW)
    assert len({one.context for one in found}) == len(found)
    lines = TRIAL.read_text("utf-8").splitlines()
    for one in found:
        assert one.polish == one.polish.strip()
        if "\n" not in one.polish and not one.context.endswith("unknown_label"):
            assert one.polish in lines[one.line - 1]
    assert {"wszystko/-/title", "wszystko/-/section.contact", "wszystko/frequency/choices.always", "wszystko/quality/labels.1",
            "wszystko/agree/label", "wszystko/quality/unknown_label"} <= {one.context for one in found}  # fmt: skip


@pytest.mark.parametrize(
    ("context", "said", "problem"),
    [
        ("wszystko/frequency/prompt", "How often did {{ partnr }} reply?",
         "The translation into en of wszystko/frequency/prompt: The text names “partnr”, which is not a declared fact; did you mean “partner”?"),
        ("wszystko/frequency/prompt", "How often?", "The translation into en of wszystko/frequency/prompt: The place “partner” is missing."),
        ("wszystko/frequency/prompt", "How often did {{ partner reply?",
         "The translation into en of wszystko/frequency/prompt: The text has a place that cannot be read: check {{ }} {% %}."),
        ("wszystko/frequency/choices.always", "Always {{ partner }}",
         "The translation into en of wszystko/frequency/choices.always: This text is written as it is; it cannot hold {{ }}."),
        ("wszystko/frequency/choices.always", "A" * 91,
         "The translation into en of wszystko/frequency/choices.always: It has 91 characters; at most 90 fit."),
    ],
)  # fmt: skip
def test_a_translation_cannot_break_a_flow(context: str, said: str, problem: str) -> None:
    """Every place of every translation is checked before anybody reads it."""
    found = texts.check_translation(FLOW, translated({context: said}), "en", "wszystko.toml")
    assert [(one.question, str(one.problem)) for one in found] == [("frequency", problem)]


def test_a_good_translation_has_nothing_to_mend() -> None:
    """Places in another order, with a filter, are fine."""
    said = translated({"wszystko/frequency/prompt": "{{ partner }}: how often?", "wszystko/frequency/choices.always": "Always"})
    assert texts.check_translation(FLOW, said, "en", "wszystko.toml") == []


def test_checking_goes_through_everything_at_once(tmp_path: Path) -> None:
    """Files, acts, the lock and translations in one list; directories mean their flows; what is missing is said."""
    (tmp_path / "a.toml").write_text(BASE, "utf-8")
    (tmp_path / "b.toml").write_text(BASE.replace("max = 50", "max = -1"), "utf-8")
    (tmp_path / "c.toml").write_text(BASE, "utf-8")
    (tmp_path / "empty").mkdir()
    broken = translated({"trial/actions/prompt": "{{ x }}"})
    problems, flows = check(
        [tmp_path, tmp_path / "empty", tmp_path / "none.toml"], {"trial.submit": Anything}, Lock({}), {"en": broken}
    )
    assert [(one.file, str(one.problem)) for one in problems] == [
        ("a.toml", "Version 1 is not in the lock file yet; publish it with flows check --update-lock."),
        ("a.toml", "The translation into en of trial/actions/prompt: The text names “x”, which is not a declared fact."),
        ("b.toml", "“min” must not be larger than “max”."),
        ("c.toml", "The flow “trial” stands in two files."),
        ("empty", "There are no flow files (*.toml) in this directory."),
        ("none.toml", "There is no such file."),
    ]
    assert [flow.id for flow in flows] == ["trial"]
    assert check([tmp_path / "a.toml"])[0] == []
    assert load(tmp_path / "a.toml").version == 1
