"""A flow made ready to run: what ``loading`` gives and every other module of the room takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from konwent_bot.dialogue import conditions, fingerprints
from konwent_bot.dialogue.conditions import Condition, Predicate
from konwent_bot.dialogue.model import Fact, FlowFile, Question, Section
from konwent_bot.dialogue.values import Answers, Facts


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """An immutable, checked flow. ``text`` is the file as read, to be stored with its structure.

    ``questions``, ``conditions`` and ``predicates`` are parallel, in file order; ``position`` finds a question by id.
    """

    file: FlowFile
    text: str
    structure: str
    wording: str
    questions: tuple[Question, ...]
    conditions: tuple[Condition | None, ...]
    predicates: tuple[Predicate | None, ...]
    position: Mapping[str, int]
    facts: Mapping[str, Fact]
    sections: Mapping[str, Section]
    #: For the question at a position: no question after it depends on it or on a later one, so the total cannot change.
    steady: tuple[bool, ...]
    #: (id, predicate) in file order; the loop of ``path`` runs over this alone.
    steps: tuple[tuple[str, Predicate | None], ...]

    @property
    def id(self) -> str:
        """The flow's id."""
        return self.file.id

    @property
    def version(self) -> int:
        """The flow's version; raised whenever the structure changes."""
        return self.file.version

    def question(self, question: str) -> Question:
        """Give a question by id. Raises ``KeyError``."""
        return self.questions[self.position[question]]

    def path(self, answers: Answers, facts: Facts) -> tuple[str, ...]:
        """Give the ids of the questions that apply, in file order.

        Conditions look only back, so one pass is enough; an answer to a question that does not apply counts as absent.
        """
        known: dict[str, object] = dict(facts)
        found: list[str] = []
        for question, test in self.steps:
            if test is None or test(known):
                found.append(question)
                if question in answers:
                    known[question] = answers[question]
        return tuple(found)


def ready(file: FlowFile, text: str) -> Flow:
    """Make a checked file ready to run. The caller (``loading``) has seen to it that every condition parses."""
    parsed = tuple(None if question.when is None else conditions.parse(question.when) for question in file.questions)
    tests = tuple(None if condition is None else conditions.predicate(condition) for condition in parsed)
    position = {question.id: index for index, question in enumerate(file.questions)}
    return Flow(
        file=file,
        text=text,
        structure=fingerprints.structure(file, parsed),
        wording=fingerprints.wording(file),
        questions=file.questions,
        conditions=parsed,
        predicates=tests,
        position=MappingProxyType(position),
        facts=MappingProxyType({fact.id: fact for fact in file.facts}),
        sections=MappingProxyType({section.id: section for section in file.sections}),
        steady=_steady(parsed, position),
        steps=tuple((question.id, test) for question, test in zip(file.questions, tests, strict=True)),
    )


def _steady(parsed: tuple[Condition | None, ...], position: Mapping[str, int]) -> tuple[bool, ...]:
    steering = [
        max((position[name] for name in conditions.names(condition) if name in position), default=-1) if condition else -1
        for condition in parsed
    ]
    return tuple(all(last < here for last in steering[here + 1 :]) for here in range(len(parsed)))
