"""The texts of a flow and their places in the catalogues: context ``flow/question/field``, msgid the Polish source.

``-`` stands for the flow itself. Choices and points of a scale are ``choices.<id>`` and ``labels.<value>``, headings
``section.<id>``. Templates (texts with places) are title, intro, thanks, prompt, why and who_sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from konwent_bot.dialogue import prompts
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.lines import Lines
from konwent_bot.dialogue.loading import FlowProblem
from konwent_bot.dialogue.model import Confirm, FlowFile, Multi, Scale, Single
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_

#: (context, Polish source) -> the text in the reader's language; ``i18n.Translator.flow`` is one.
Texts: TypeAlias = Callable[[str, str], str]

TEMPLATES: Final = frozenset({"title", "intro", "thanks", "prompt", "why", "who_sees"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a flow: its place in the catalogue, the Polish source, its line in the file."""

    context: str
    polish: str
    line: int

    @property
    def is_template(self) -> bool:
        """Whether places are allowed in it."""
        return self.context.rpartition("/")[2] in TEMPLATES


def context(flow: str, question: str | None, field: str) -> str:
    """Give the context of a text."""
    return f"{flow}/{question or '-'}/{field}"


def every(flow: Flow) -> tuple[Text, ...]:
    """Give every text of a flow, in file order: what is extracted into the catalogues."""
    lines = Lines(flow.text)
    return tuple(_flow_texts(flow.file, lines)) + tuple(_question_texts(flow.file, lines))


def _flow_texts(file: FlowFile, lines: Lines) -> Iterator[Text]:
    for name in ("title", "intro", "thanks"):
        yield Text(context(file.id, None, name), getattr(file, name), lines.of(name=name))
    for index, section in enumerate(file.sections):
        yield Text(context(file.id, None, f"section.{section.id}"), section.title, lines.of("sections", index, "title"))


def _question_texts(file: FlowFile, lines: Lines) -> Iterator[Text]:
    for index, question in enumerate(file.questions):
        for name in ("prompt", "short", "why", "who_sees"):
            yield Text(context(file.id, question.id, name), getattr(question, name), lines.of("questions", index, name))
        match question:
            case Single() | Multi():
                for choice in question.choices:
                    line = lines.item("questions", index, "choices", choice.id)
                    yield Text(context(file.id, question.id, f"choices.{choice.id}"), choice.label, line)
            case Scale():
                ends = ("low_label", "high_label", "unknown_label") if question.allow_unknown else ("low_label", "high_label")
                for name in ends:
                    yield Text(context(file.id, question.id, name), getattr(question, name), lines.of("questions", index, name))
                for point, label in enumerate(question.labels or (), start=question.low):
                    line = lines.of("questions", index, "labels")
                    yield Text(context(file.id, question.id, f"labels.{point}"), label, line)
            case Confirm():
                yield Text(context(file.id, question.id, "label"), question.label, lines.of("questions", index, "label"))
            case _:
                pass


def check_translation(flow: Flow, texts: Texts, language: str, file: str) -> list[FlowProblem]:
    """Check a translation of a flow: a translator cannot break it. Every place must be declared; labels must fit buttons.

    A text that is not translated (the same as the source) is not a problem here.
    """
    found: list[FlowProblem] = []
    for text in every(flow):
        said = texts(text.context, text.polish)
        if said == text.polish:
            continue
        for fault in _translation_faults(text, said, flow):
            msgid = N_("The translation into {language} of {context}: {problem}")
            facts = {"language": language, "context": text.context, "problem": fault}
            question = text.context.split("/")[1]
            found.append(FlowProblem(file, None if question == "-" else question, text.line, msgid, facts))
    return found


def _translation_faults(text: Text, said: str, flow: Flow) -> list[Problem]:
    if not text.is_template:
        faults = (
            []
            if prompts.is_plain(said)
            else [problem(N_("This text is written as it is; it cannot hold {brackets}."), brackets="{{ }}")]
        )
        # Other languages run longer than Polish; a half more still fits a button of two lines.
        limit = max(60, len(text.polish)) * 3 // 2
        if len(said) > limit:
            faults.append(problem(N_("It has {length} characters; at most {limit} fit."), length=len(said), limit=limit))
        return faults
    if faults := prompts.faults(said, flow.facts):
        return faults
    missing = sorted(name for name, _ in prompts.places(text.polish) - prompts.places(said))
    return [problem(N_("The place “{name}” is missing."), name=name) for name in missing]


def renderer(
    flow: Flow, values: Mapping[str, object], texts: Texts, fmt: prompts.Format
) -> Callable[[str | None, str, str], str]:
    """Give a function (question, field, Polish source) -> the text to show, with its facts.

    A broken translation (one that was never checked) falls back to the Polish source: a person is not stopped by it.
    """

    def say(question: str | None, field: str, polish: str) -> str:
        said = texts(context(flow.id, question, field), polish)
        if field not in TEMPLATES:
            return said
        try:
            return prompts.render(said, flow.facts, values, fmt)
        except prompts.TemplateError:
            return prompts.render(polish, flow.facts, values, fmt)

    return say
