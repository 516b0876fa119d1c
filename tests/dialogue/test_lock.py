"""The lock file and the fingerprints: what keeps the answers of two half-years comparable."""

from __future__ import annotations

from pathlib import Path

import pytest

from konwent_bot import resources
from konwent_bot.dialogue.loading import load
from konwent_bot.dialogue.lock import NAME, Lock
from konwent_bot.dialogue.schema import flow_schema
from konwent_bot.errors import Misconfigured
from tests.dialogue.test_broken_flows import BASE

FLOW = load(BASE.encode(), "trial.toml")
LOCK = Lock({}).with_flows([FLOW])


def told(old: str, new: str, lock: Lock = LOCK) -> list[tuple[str | None, int, str]]:
    """Compare the flow with one thing changed."""
    assert old in BASE
    flow = load(BASE.replace(old, new, 1).encode(), "trial.toml")
    return [(one.question, one.line, str(one.problem)) for one in lock.compare(flow, "trial.toml")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ile działań?", "Ile było wspólnych działań?"),
        ('label = "Zawsze"', 'label = "Zawsze w terminie"'),
        ('when = "quality <= 2"', 'when = "( quality<=2 )"'),
        ("minutes = 3", "minutes = 5"),
        ('title = "Kontakty"', 'title = "Kontakty robocze"'),
        ("version = 1", "version = 2"),
    ],
)
def test_wording_may_change_any_time(old: str, new: str) -> None:
    """A corrected word leaves the structure as it was; only the wording's fingerprint moves (the version is neither)."""
    flow = load(BASE.replace(old, new, 1).encode(), "trial.toml")
    assert flow.structure == FLOW.structure
    assert (flow.wording == FLOW.wording) == (old == "version = 1")
    if old != "version = 1":
        assert told(old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('when = "quality <= 2"', 'when = "quality <= 3"'),
        ("max = 50", "max = 60"),
        ("max_chars = 300", "max_chars = 301"),
        ("max_chars = 300", "max_chars = 300\nrequired = false"),
        ('{ id = "rarely", label = "Rzadko" },', '{ id = "rarely", label = "Rzadko" }, { id = "never", label = "Nigdy" },'),
        ('id = "spare"\ntype = "yesno"', 'id = "spare"\ntype = "number"'),
        ('submit = "trial.submit"', 'submit = "trial.send"'),
    ],
)
def test_structure_may_change_only_with_the_version(old: str, new: str) -> None:
    """What answers mean must not move under a published version."""
    line = BASE.splitlines().index("version = 1") + 1
    sentence = "Questions, choices or conditions have changed since version 1 was published; raise the version."
    assert told(old, new) == [(None, line, sentence)]


def test_a_new_version_must_be_published() -> None:
    """A version the lock does not know is not shipped by accident."""
    sentence = "Version 2 is not in the lock file yet; publish it with flows check --update-lock."
    assert told("version = 1", "version = 2") == [(None, 3, sentence)]


def test_a_version_never_goes_backwards() -> None:
    """After version 2 nobody publishes version 1 again."""
    newer = LOCK.with_flows([load(BASE.replace("version = 1", "version = 2").encode(), "trial.toml")])
    assert told("Ile działań?", "Ile?", newer) == [(None, 3, "The version goes backwards: 1, but 2 has been published.")]


def test_a_question_never_changes_its_type() -> None:
    """Not even with a new version: a number and a text of one name cannot be compared."""
    changed = (
        BASE.replace("version = 1", "version = 2").replace('type = "number"', 'type = "text"').replace("min = 0\nmax = 50\n", "")
    )
    flow = load(changed.encode(), "trial.toml")
    lock = LOCK.with_flows([flow])
    line = changed.splitlines().index('id = "actions"') + 3
    assert [(one.question, one.line, str(one.problem)) for one in lock.compare(flow, "trial.toml")] == [
        ("actions", line, "The question “actions” was of type number and is now text; give the new question a new name.")
    ]


def test_a_published_choice_is_retired_not_removed() -> None:
    """Old answers must stay readable; a retired choice is fine."""
    both = 'choices = [{ id = "staff", label = "Braki kadrowe" }, { id = "law", label = "Przepisy" }]'
    gone = (
        BASE.replace("version = 1", "version = 2")
        .replace("max = 2\n", "")
        .replace(both, 'choices = [{ id = "staff", label = "Braki kadrowe" }]')
    )
    flow = load(gone.encode(), "trial.toml")
    found = LOCK.with_flows([flow]).compare(flow, "trial.toml")
    assert [(one.question, str(one.problem)) for one in found] == [
        ("reasons", "The published choice “law” is gone; keep it with retired = true.")
    ]
    retired = (
        BASE.replace("version = 1", "version = 2")
        .replace("max = 2\n", "")
        .replace('label = "Przepisy" }', 'label = "Przepisy", retired = true }')
    )
    kept = load(retired.encode(), "trial.toml")
    assert kept.structure != FLOW.structure
    assert LOCK.with_flows([kept]).compare(kept, "trial.toml") == []


def test_publishing_never_rewrites_what_was_published() -> None:
    """Updating the lock with a changed version 1 keeps the old version 1."""
    changed = load(BASE.replace("max = 50", "max = 60").encode(), "trial.toml")
    assert LOCK.with_flows([changed]) == LOCK


def test_the_lock_file_reads_as_it_was_written(tmp_path: Path) -> None:
    """Sorted text, the same after reading; a missing file locks nothing."""
    two = LOCK.with_flows([load(BASE.replace("version = 1", "version = 10").encode(), "trial.toml")])
    (tmp_path / NAME).write_text(two.to_text(), "utf-8")
    assert Lock.read(tmp_path / NAME) == two
    assert Lock.read(tmp_path / "none") == Lock({})
    (tmp_path / "empty").write_text(Lock({}).to_text(), "utf-8")
    assert Lock.read(tmp_path / "empty") == Lock({})


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"flows": 5}', '{"flows": {"a": {"x": {}}}}', '{"flows": {"a": {"1": {"structure": "s", "questions": 1}}}}'],
)
def test_a_damaged_lock_file_says_what_to_do(text: str, tmp_path: Path) -> None:
    """Half a merge conflict is one clear sentence."""
    (tmp_path / NAME).write_text(text, "utf-8")
    with pytest.raises(Misconfigured, match="is damaged"):
        Lock.read(tmp_path / NAME)


def test_the_shipped_flows_are_published_as_they_are() -> None:
    """The committed lock knows every shipped flow, and nothing in them has moved since."""
    lock = Lock.read(resources.flows() / NAME)
    for path in sorted(resources.flows().glob("*.toml")):
        assert lock.compare(load(path), path.name) == []


def test_the_published_schema_is_the_schema_of_the_models() -> None:
    """Editors complete and check flows by this file; it is made, never written."""
    assert (resources.flows() / "schema" / "flow.schema.json").read_text("utf-8") == flow_schema()
