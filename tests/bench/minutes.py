"""(j) Minutes of 60 institutions and 20 decisions, from facts to the finished file, against typst alone on the same document.

``python -m tests.bench.minutes ours|bare`` is one side: for every number on standard input it makes the minutes of that meeting and
prints milliseconds. Ours goes the whole way: draft, canonical JSON, hash and code, every text cleaned, PDF, hash of the file. The bare
side has the template and the finished data in memory and gives them to typst. Every meeting has other names and texts, because typst
remembers what it has laid out.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.bench import machine
from tests.bench.figures import Figure, median, ratios

if TYPE_CHECKING:
    from konwent_bot.documents.minutes.facts import Ballot, MeetingFacts, Point, Round

INSTITUTIONS: Final = 60
DECISIONS: Final = 20
ROUNDS: Final = 15
QUICK_ROUNDS: Final = 1
LINK: Final = "https://konwent.example.pl/sprawdz/"


def measure(rounds: int) -> list[Figure]:
    """Measure both sides by turns, meeting by meeting."""
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    on, _ = machine.cores()
    workers = {side: machine.spawn(machine.python("tests.bench.minutes", side), on=on, talk=True) for side in taken}
    try:
        for number in range(rounds + 1):
            for side, worker in workers.items():
                milliseconds = float(machine.ask(worker, str(number)))
                if number:  # the first round warms up
                    taken[side].append(milliseconds)
    finally:
        for worker in workers.values():
            machine.stopped(worker)
    return [
        *ratios(f"minutes of {INSTITUTIONS} institutions, {DECISIONS} decisions : typst", taken["ours"], taken["bare"], "<= 3"),
        Figure(f"minutes of {INSTITUTIONS} institutions, {DECISIONS} decisions", median(taken["ours"]), "ms"),
        Figure("typst alone on the same document", median(taken["bare"]), "ms"),
    ]


def ours_side() -> Callable[[int], float]:
    """Give a function that makes the minutes of a meeting and says how long it took."""
    from konwent_bot.documents.minutes import content, drafting, sheet
    from konwent_bot.i18n import translator

    t = translator("pl")

    def once(number: int) -> float:
        facts = meeting(number)
        began = time.perf_counter()
        version = content.content(drafting.draft(facts, t), t, kind="circulated", version=1, files=facts.files)
        code = content.code(number + 1, 1, hashlib.sha256(content.written(version)).hexdigest())
        pdf = sheet.make(version, t, code=code, link=LINK + code).pdf
        hashlib.sha256(pdf).hexdigest()
        taken = time.perf_counter() - began
        assert pdf.startswith(b"%PDF")
        return taken * 1000

    return once


def bare_side() -> Callable[[int], float]:
    """Give a function that lets typst alone set the same document and says how long it took."""
    import typst

    from konwent_bot import resources
    from konwent_bot.documents.minutes import content, drafting, sheet
    from konwent_bot.i18n import translator

    t = translator("pl")
    template = resources.of_room("documents", "templates", "minutes.typ")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[resources.of_room("documents", "fonts")]
    )  # fmt: skip

    def once(number: int) -> float:
        facts = meeting(number)
        version = content.content(drafting.draft(facts, t), t, kind="circulated", version=1, files=facts.files)
        code = content.code(number + 1, 1, content.sha256(version))
        data = json.dumps(sheet.prepared(version, t, code=code, link=LINK + code)[0], ensure_ascii=False)
        began = time.perf_counter()
        compiler = typst.Compiler(
            input=template, root=template.parent, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": data}
        )
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        taken = time.perf_counter() - began
        assert isinstance(pdf, bytes)
        return taken * 1000

    return once


def meeting(number: int) -> MeetingFacts:
    """Give the facts of a meeting that shares no name and no text with another one."""
    from tests.documents.minutes import examples

    facts = examples.meeting(institutions=INSTITUTIONS, decisions=DECISIONS)

    def decided(act: Round | Ballot) -> Round | Ballot:
        entry = act.decision and replace(
            act.decision, title=f"{act.decision.title} {number}", text=f"{act.decision.text} ({number})"
        )
        return replace(act, decision=entry)

    def other(point: Point) -> Point:
        asked = tuple(replace(one, title=f"{one.title} {number}", acts=tuple(map(decided, one.acts))) for one in point.proposals)
        return replace(point, title=f"{point.title} {number}" if point.kind == "own" else point.title, proposals=asked)

    return replace(
        facts,
        body=f"{facts.body} {number}",
        number=f"{number + 1}/2026",
        attended=tuple(replace(one, institution=f"{one.institution} {number}") for one in facts.attended),
        absent=tuple(replace(one, institution=f"{one.institution} {number}") for one in facts.absent),
        points=tuple(other(point) for point in facts.points),
        tasks=tuple(replace(one, what=f"{one.what} {number}") for one in facts.tasks),
    )


def main() -> None:
    """Be one side."""
    once = {"ours": ours_side, "bare": bare_side}[sys.argv[1]]()
    for line in sys.stdin:
        print(once(int(line)), flush=True)


if __name__ == "__main__":
    main()
