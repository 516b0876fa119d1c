"""``flows/flows.lock``: what has been published, so that answers of two half-years stay comparable.

For every published (flow, version) it holds the structure fingerprint and each question's type and choices. Written by
``flows check --update-lock``, committed, compared on every check. It refuses: a structure changed without a new version, a
version going backwards, a question that changes its type (ODK's rule), a choice removed instead of retired.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.lines import Lines
from konwent_bot.dialogue.loading import FlowProblem
from konwent_bot.dialogue.model import Multi, Question, Single
from konwent_bot.errors import N_, Misconfigured

#: The lock's own name, beside the flows it locks.
NAME = "flows.lock"


@dataclass(frozen=True, slots=True)
class Asked:
    """A published question: its type, and the ids of its choices in order (none for types without)."""

    type: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A published version of a flow."""

    structure: str
    questions: Mapping[str, Asked]


@dataclass(frozen=True, slots=True)
class Lock:
    """Everything published: flow id -> version -> what it was."""

    flows: Mapping[str, Mapping[int, Published]]

    @classmethod
    def read(cls, path: Path) -> Lock:
        """Read a lock file; a missing one locks nothing. Raises ``Misconfigured`` for one that cannot be read."""
        try:
            raw = path.read_text("utf-8")
        except FileNotFoundError:
            return cls({})
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(N_("The lock file {path} cannot be read."), path=path) from error
        try:
            return cls({name: _versions(versions) for name, versions in json.loads(raw)["flows"].items()})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Misconfigured(
                N_(
                    "The lock file {path} is damaged. Restore it from the repository, or write it anew with flows check --update-lock."
                ),
                path=path,
            ) from error

    def to_text(self) -> str:
        """Write the lock: sorted, one question a line, so that a change reads well in a diff."""
        flows = ",\n".join(f"  {json.dumps(name)}: {{\n{_told(versions)}\n  }}" for name, versions in sorted(self.flows.items()))
        return f'{{\n "flows": {{\n{flows}\n }}\n}}\n'

    def compare(self, flow: Flow, file: str) -> list[FlowProblem]:
        """Give what is wrong with a flow, knowing what was published before."""
        versions = self.flows.get(flow.id, {})
        lines = Lines(flow.text)
        at_version = lines.of(name="version")
        if versions and flow.version < max(versions):
            msgid = N_("The version goes backwards: {version}, but {published} has been published.")
            return [FlowProblem(file, None, at_version, msgid, {"version": flow.version, "published": max(versions)})]
        found: list[FlowProblem] = []
        same = versions.get(flow.version)
        if same is None:
            msgid = N_("Version {version} is not in the lock file yet; publish it with flows check --update-lock.")
            found.append(FlowProblem(file, None, at_version, msgid, {"version": flow.version}))
        elif same.structure != flow.structure:
            msgid = N_("Questions, choices or conditions have changed since version {version} was published; raise the version.")
            found.append(FlowProblem(file, None, at_version, msgid, {"version": flow.version}))
        for index, question in enumerate(flow.questions):
            found += _question_problems(question, index, versions.values(), file, lines)
        return found

    def with_flows(self, flows: Iterable[Flow]) -> Lock:
        """Give the lock with these flows published too. A version already there is never rewritten."""
        told: dict[str, Mapping[int, Published]] = dict(self.flows)
        for flow in flows:
            told[flow.id] = {flow.version: _published(flow), **told.get(flow.id, {})}
        return Lock(told)


def _told(versions: Mapping[int, Published]) -> str:
    rows: list[str] = []
    for version, published in sorted(versions.items()):
        questions = ",\n".join(
            f"     {json.dumps(name)}: {json.dumps([asked.type, *asked.choices])}" for name, asked in published.questions.items()
        )
        structure = json.dumps(published.structure)
        rows.append(f'   "{version}": {{\n    "structure": {structure},\n    "questions": {{\n{questions}\n    }}\n   }}')
    return ",\n".join(rows)


def _versions(versions: Mapping[str, Mapping[str, object]]) -> Mapping[int, Published]:
    read: dict[int, Published] = {}
    for version, told in versions.items():
        questions = told["questions"]
        if not isinstance(questions, dict):
            raise TypeError(version)
        asked = {name: Asked(str(row[0]), tuple(str(choice) for choice in row[1:])) for name, row in questions.items()}
        read[int(version)] = Published(str(told["structure"]), asked)
    return read


def _published(flow: Flow) -> Published:
    return Published(flow.structure, {question.id: Asked(question.type, _choices(question)) for question in flow.questions})


def _choices(question: Question) -> tuple[str, ...]:
    return tuple(choice.id for choice in question.choices) if isinstance(question, (Single, Multi)) else ()


def _question_problems(
    question: Question, index: int, versions: Iterable[Published], file: str, lines: Lines
) -> Iterable[FlowProblem]:
    gone: dict[str, None] = {}
    types: dict[str, None] = {}
    for published in versions:
        before = published.questions.get(question.id)
        if before is None:
            continue
        if before.type != question.type:
            types[before.type] = None
        else:
            gone |= dict.fromkeys(choice for choice in before.choices if choice not in _choices(question))
    for kind in types:
        msgid = N_("The question “{name}” was of type {before} and is now {type}; give the new question a new name.")
        told = {"name": question.id, "before": kind, "type": question.type}
        yield FlowProblem(file, question.id, lines.of("questions", index, "type"), msgid, told)
    for choice in gone:
        msgid = N_("The published choice “{choice}” is gone; keep it with retired = true.")
        yield FlowProblem(file, question.id, lines.of("questions", index, "choices"), msgid, {"choice": choice})
