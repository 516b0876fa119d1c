"""One screen, two renderings: whatever a chat offers in a state of a conversation, the page offers too, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.dialogue.voices import TRIAL, shipped, variants
from tests.dialogue.walking import Seen, Walk, matrix

from konwent_bot import i18n
from konwent_bot.dialogue import engine
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.loading import load
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.view import QuestionView, view
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Fill, Talk, Touch
from konwent_bot.office.people import Known
from konwent_bot.office.subjects import Subject
from konwent_bot.screens import card, days, telegram
from konwent_bot.screens.intents import Home, Intent, OpenChat, OpenPage, SeeMonth, decode
from konwent_bot.screens.screen import Asked, Screen
from konwent_bot.web.frames import Frame
from konwent_bot.web.pages import Pages

NOW = datetime.fromisoformat("2026-11-27T12:00")
#: Walks by language: all steps are met in Polish; the others differ in words only.
WALKS = {"pl": 600, "en": 20, "uk": 20}
PAGES = Pages("pl")
#: What stands around every page, and what leads to the other channel.
FRAME = Frame(csrf="k" * 64)


@dataclass
class Offered:
    """What may be answered and done on a screen, whatever it looks like."""

    #: Choices of the question, and which of them are marked.
    choices: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    #: The answer is typed.
    typed: bool = False
    #: What else may be done.
    intents: set[Intent] = field(default_factory=set)
    #: A page's fields, by name.
    fields: set[str] = field(default_factory=set)


def by_chat(screen: Screen, t: Translator) -> Offered:
    """Read the message a phone gets."""
    message, found = telegram.render(screen, t), Offered()
    found.typed = message.typed
    for button in (button for row in message.keyboard for button in row):
        intent = decode(button.data)
        assert intent is not None, button
        if isinstance(intent, Touch) and intent.verb in ("answer", "mark", "unmark"):
            found.choices.add(intent.argument)
            if button.text.startswith("✓ "):
                found.marked.add(intent.argument)
        elif not (isinstance(intent, Touch) and intent.verb == "done"):  # a page's one button does that
            found.intents.add(intent)
    return found


class Page(HTMLParser):
    """Reads the main part of a page as a browser would: fields, forms, links."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Offered()
        self.action: Intent | None = None
        self.inside = False
        self.asks = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self.inside = True
        if not self.inside:
            return
        match tag:
            case "form":
                self.action = decode((given["action"] or "").removeprefix("/s/"))
                assert self.action is not None, given
                assert given["method"] == "post"
                self.asks += isinstance(self.action, Fill)
                if not isinstance(self.action, Fill):
                    self.found.intents.add(self.action)
            case "a" if (path := given.get("href") or "").startswith("/"):
                link = Home() if path == "/" else decode(path.removeprefix("/s/"))
                assert link is not None, given
                self.found.intents.add(link)
            case "input" | "textarea" if isinstance(self.action, Fill):
                self.found.fields.add(given.get("name") or "")
                match given.get("name"):
                    case "choice":
                        self.found.choices.add(given["value"] or "")
                        if "checked" in given:
                            self.found.marked.add(given["value"] or "")
                    case "text" | "day" | "hour":
                        self.found.typed = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = False
        if tag == "form":
            self.action = None


def by_page(screen: Screen, t: Translator) -> Offered:
    """Read the page a browser gets."""
    text = PAGES.show(screen, t, FRAME).text
    assert text is not None
    page = Page()
    page.feed(text)
    assert page.asks == (screen.question is not None)
    return page.found


def same(screen: Screen, t: Translator) -> None:
    """Hold the two renderings of a screen together."""
    chat, page = by_chat(screen, t), by_page(screen, t)
    if screen.question is not None and screen.question.view.kind in days.DATED:
        fields_for_a_month(screen.question.view, chat, page)
    assert page.choices == chat.choices
    if screen.question is None or screen.question.view.kind != "confirm":  # one button on a page: nothing to be marked
        assert page.marked == chat.marked
    assert page.typed == chat.typed
    elsewhere = (OpenPage, OpenChat)
    assert {one for one in page.intents if not isinstance(one, elsewhere)} == {
        one for one in chat.intents if not isinstance(one, elsewhere)
    }


def fields_for_a_month(shown: QuestionView, chat: Offered, page: Offered) -> None:
    """Hold a month of buttons, or the hours of one day, to the fields a page has instead; takes them out of what the chat offers.

    A page takes any day and hour in its fields. So the chat may offer nothing but days that may be chosen, and all of the month it shows:
    what lies in another month is a press on an arrow away.
    """
    assert {"day", "month", "year", "text"} <= page.fields
    assert {"hour", "minute"} <= page.fields or shown.kind == "date"
    turns = {one.month for one in chat.intents if isinstance(one, SeeMonth)}
    if not turns:  # the question alone, without what a conversation puts under it
        assert not chat.choices
    elif shown.day is not None:
        assert turns == {days.month_of(shown.day)}, "another day can be chosen"
        assert chat.choices <= {f"{shown.day}T{hour:02}.00" for hour in range(24)}
    else:
        offered = {date.fromisoformat(one) for one in chat.choices}
        (month,) = {days.month_of(one) for one in offered}
        first, last = (date.fromisoformat(bound) if bound else None for bound in (shown.low, shown.high))
        if shown.to_come:
            first = max(first or NOW.date(), NOW.date())
        begins = min(offered).replace(day=1)
        whole = [one for one in (begins + timedelta(number) for number in range(31)) if days.month_of(one) == month]
        assert offered == {one for one in whole if (first is None or first <= one) and (last is None or one <= last)}
        before = {month - 1} if first is None or first < begins else set()
        after = {month + 1} if last is None or last > whole[-1] else set()
        assert turns == {month} | before | after
    chat.choices = set()
    chat.intents = {one for one in chat.intents if not isinstance(one, SeeMonth)}


def states(flow: Flow, facts: dict[str, object], chance: random.Random, seen: Seen) -> Iterator[State]:
    """Walk as people do, and give every state on the way."""
    walk = Walk(flow, facts, chance, seen)  # type: ignore[arg-type]  # the facts of the variants
    yield walk.state
    for step in range(160):
        if walk.state.mode == "done":
            return
        before = walk.state
        walk.step(wander=step < 40)
        if walk.state is not before:
            yield walk.state


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_conversation_offers_the_same_everywhere(path: Path, language: str) -> None:
    """Every question with every kind of answer, skipped, gone back to and changed, and every review: the same in both channels."""
    flow, t = load(path), i18n.translator(language)
    about = Subject(flow.file.submit, 1, round=1, membership=1)
    chance, seen = random.Random(20261122), Seen()
    facts = [dict(one) for one in variants(flow)]
    for one in facts:
        if "period" in one:
            one["period"] = "2026-H2"
    met: set[tuple[str | None, str]] = set()
    compared: set[tuple[object, ...]] = set()
    for number in range(WALKS[language]):
        for state in states(flow, facts[number % len(facts)], chance, seen):  # type: ignore[arg-type]
            here = state.cursor or ""
            shape = (
                here,
                state.mode,
                str(state.answers.get(here)),
                str(state.marks.get(here)),
                here in state.skipped,
                here or len(state.answers),
            )
            if shape not in compared:
                compared.add(shape)
                talk = Talk(7, Known(1, language, None), flow, state, (), about, None)
                screen = card.conversation(talk, t, NOW)
                same(screen, t)
                if screen.question is not None and screen.question.view.kind in days.DATED:
                    assert by_chat(screen, t).choices, "a month, or the hours of a day"
            met.add((state.cursor, state.mode))
    if language != "pl":
        return
    names = [question.id for question in flow.questions]
    assert {(name, mode) for name in names for mode in ("ask", "edit")} <= met
    assert {(None, "review"), (None, "done")} <= met


def test_every_type_of_question_is_offered_the_same_everywhere() -> None:
    """The same over the trial flow, which has every type of question there is."""
    flow, t = load(TRIAL), i18n.translator("pl")
    chance, seen = random.Random(7), Seen()
    facts = [dict(one) for one in variants(flow)]
    kinds = set()
    for number in range(60):
        for state in states(flow, facts[number % len(facts)], chance, seen):  # type: ignore[arg-type]
            shown = view(flow, state, t.flow, t)
            if isinstance(shown, QuestionView):
                kinds.add(shown.kind)
                same(Screen(shown.title, question=Asked(7, shown)), t)
    assert kinds == {"single", "multi", "scale", "number", "text", "date", "moment", "time", "yesno", "confirm", "slots"}
    started, _ = engine.start(flow, facts[0])
    assert not {step for step in matrix(flow, started) if step[1] == "edit"} - set(seen.met), "the walks met every question again"


def test_the_comparison_notices_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that lacked a choice would not pass."""
    flow, t = load(TRIAL), i18n.translator("pl")
    state, _ = engine.start(flow, next(iter(variants(flow))))
    shown = view(flow, state, t.flow, t)
    assert isinstance(shown, QuestionView)
    assert len(shown.choices) > 1
    screen = Screen(shown.title, question=Asked(7, shown))
    same(screen, t)
    lacking = Screen(shown.title, question=Asked(7, replace(shown, choices=shown.choices[1:])))
    page = by_page(lacking, t)
    monkeypatch.setitem(globals(), "by_page", lambda _screen, _t: page)
    with pytest.raises(AssertionError):
        same(screen, t)
