"""``flows check``: everything that can be known about flow files before anybody is asked anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from konwent_bot.dialogue import acts as registry
from konwent_bot.dialogue import texts
from konwent_bot.dialogue.acts import Acts
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.lines import Lines
from konwent_bot.dialogue.loading import FlowProblem, examine
from konwent_bot.dialogue.lock import Lock
from konwent_bot.dialogue.texts import Texts
from konwent_bot.errors import N_


def check(
    paths: Iterable[Path],
    acts: Acts | None = None,
    lock: Lock | None = None,
    translations: Mapping[str, Texts] | None = None,
) -> tuple[list[FlowProblem], list[Flow]]:
    """Check files (a directory means its ``*.toml``) and give every problem, and the flows that can be read.

    ``acts`` is the registry of acts, ``lock`` what was published, ``translations`` a language's texts each; what is not
    given is not compared. Only problems that are not warnings should fail a build.
    """
    problems: list[FlowProblem] = []
    flows: dict[str, Flow] = {}
    for path in _files(paths, problems):
        flow, found = examine(path)
        problems += found
        if flow is None:
            continue
        if flow.id in flows:
            msgid = N_("The flow “{name}” stands in two files.")
            problems.append(FlowProblem(path.name, None, Lines(flow.text).of(name="id"), msgid, {"name": flow.id}))
            continue
        flows[flow.id] = flow
        if acts is not None:
            problems += registry.compare(flow, acts, path.name)
        if lock is not None:
            problems += lock.compare(flow, path.name)
        for language, said in (translations or {}).items():
            problems += texts.check_translation(flow, said, language, path.name)
    return problems, list(flows.values())


def _files(paths: Iterable[Path], problems: list[FlowProblem]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            below = sorted(path.glob("*.toml"))
            if not below:
                problems.append(FlowProblem(path.name, None, 1, N_("There are no flow files (*.toml) in this directory."), {}))
            yield from below
        elif path.exists():
            yield path
        else:
            problems.append(FlowProblem(path.name, None, 1, N_("There is no such file."), {}))
