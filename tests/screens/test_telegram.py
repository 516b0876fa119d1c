"""Any screen becomes a message Telegram takes: whole markup, at most 4,096 characters, buttons within their bounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from konwent_bot import i18n
from konwent_bot.dialogue import engine
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.dialogue.model import Fact
from konwent_bot.dialogue.values import GivenFact
from konwent_bot.dialogue.view import QuestionView, ReviewView, view
from konwent_bot.sandbox.markup import formatted
from konwent_bot.screens.intents import MOST_BYTES, Home
from konwent_bot.screens.screen import Action, Asked, Row, Screen
from konwent_bot.screens.telegram import MOST_CHARACTERS, TelegramMessage, render

#: What people and operators write, and what would break careless markup.
_HOSTILE = st.sampled_from(
    ["<b>", "</b>", "</i></b>", "&", "&amp;", "&lt", "<", ">", "{{7*7}}", "%s", "{name}", "\u202e", "\x00", "👩‍👩‍👧", '"', "'", "<a href=x>",
     "<blockquote expandable>", "</blockquote>", "\n\n\n", "ż" * 50]
)  # fmt: skip
_TEXT = st.builds(lambda words, times: words * times, _HOSTILE | st.text(max_size=12), st.sampled_from([1, 3, 40, 400]))
_LABEL = (_HOSTILE | st.text(max_size=30)).map(lambda text: text or "x")
_ACTIONS = st.lists(st.lists(st.builds(Action, _LABEL, st.just(Home())), max_size=3).map(tuple), max_size=6).map(tuple)
_SCREENS = st.builds(
    Screen,
    title=_LABEL, context=st.lists(_TEXT, max_size=3).map(tuple), notice=_TEXT, problem=_TEXT,
    paragraphs=st.lists(_TEXT, max_size=4).map(tuple), facts=st.lists(st.tuples(_TEXT, _TEXT), max_size=6).map(tuple),
    items=st.lists(_TEXT, max_size=6).map(tuple), numbered=st.booleans(), notes=st.lists(_TEXT, max_size=2).map(tuple),
    actions=_ACTIONS,
)  # fmt: skip


def sound(message: TelegramMessage) -> str:
    """Check a message against Telegram's rules (as the sandbox keeps them); give its text as read."""
    text, _ = formatted(message.html, "HTML", None)
    assert len(text) <= MOST_CHARACTERS
    buttons = [button for row in message.keyboard for button in row]
    assert len(buttons) <= 100
    assert all(1 <= len(row) <= 8 for row in message.keyboard)
    for button in buttons:
        assert button.text
        assert button.url or 1 <= len(button.data.encode()) <= MOST_BYTES
    return str(text)


@settings(max_examples=100, deadline=None)
@given(_SCREENS)
def test_any_screen_is_a_message_telegram_takes(screen: Screen) -> None:
    """Whatever stands in a roster or an answer, the message is whole and short enough; nothing written becomes markup."""
    message = render(screen, i18n.translator("pl"))
    sound(message)
    # Only our own tags are tags: as many as were opened are closed, and what looks like one in the text was written by people.
    for tag in ("b", "i", "blockquote"):
        assert message.html.count(f"<{tag}>") + message.html.count(f"<{tag} ") == message.html.count(f"</{tag}>")


@pytest.mark.parametrize("number", [1, 200, 3000])
def test_too_much_is_shortened_and_never_hangs(number: int) -> None:
    """A screen of thousands of paragraphs, or one paragraph of a hundred thousand characters, is cut to what fits."""
    t = i18n.translator("pl")
    for paragraphs in (("<&>" * 10,) * number, ("&" * 100_000,), ("x" * 100_000, "y" * 100_000)):
        message = render(Screen("Tytuł", paragraphs=paragraphs, notes=("<uwaga>" * 500,)), t)
        text = sound(message)
        assert len(text) > 500, "it is cut, not thrown away"
    assert "Tytuł" in sound(render(Screen("Tytuł", paragraphs=("a & b " * 2000,)), t))


def test_a_long_text_is_cut_between_characters() -> None:
    """A cut never leaves half an escaped character."""
    t = i18n.translator("pl")
    for length in range(4050, 4110):
        sound(render(Screen("T", paragraphs=("x" * (length - 60) + "&<>" * 40,)), t))


#: An answer to each kind of question that has nothing to choose from.
_VALUES: Final[dict[str, object]] = {"date": "2026-12-28", "moment": "2026-12-28T10:00", "time": "10:00"}


def _answer(shown: QuestionView, hostile: str) -> object:
    """Give an answer to a question, of the worst kind where it is a text."""
    match shown.kind:
        case "text":
            return hostile[: min(400, shown.max_chars or 400)]
        case "number":
            return int(shown.low or 3)
        case "multi" | "slots":
            return (shown.choices[-1].value,)
        case _:
            return _VALUES.get(shown.kind) or shown.choices[-1].value


def _given(fact: Fact, hostile: str) -> GivenFact:
    """Give a fact of a flow as the office would, with a hostile name in it."""
    match fact.type:
        case "choice":
            return (fact.choices or ("",))[0]
        case "date":
            return date(2027, 1, 22) if fact.id in ("last", "latest", "until") else date(2026, 12, 22)
        case "instant":
            return datetime(2026, 12, 22, 9, tzinfo=UTC)
        case "number":
            return 3
        case "yesno":
            return True
        case "slots":
            return [{"id": "one", "label": f"Jeden {hostile}"[:60]}, {"id": "two", "label": "Dwa"}]
        case _:
            return "2026-H2" if fact.id == "period" else f"Sieć {hostile}"


def _walk(shelf: Shelf, *, hostile: str, language: str) -> Iterator[Screen]:
    """Give every question and the review of every flow as screens, with hostile names in the facts."""
    t = i18n.translator(language)
    for flow in shelf.flows.values():
        state, _ = engine.start(flow, {name: _given(fact, hostile) for name, fact in flow.facts.items()})
        while True:
            shown = view(flow, state, t.flow, t)
            match shown:
                case QuestionView():
                    yield Screen("T", context=(f"{hostile}",), question=Asked(2**62, shown), notes=(shown.why, shown.who_sees))
                    value = _answer(shown, hostile)
                    state, effects = engine.apply(flow, state, engine.Answer(state.turn, shown.id, value))
                    assert not isinstance(effects[0], engine.Reject), effects
                case ReviewView():
                    yield Screen("T", items=tuple(f"{row.short}: {row.answer}" for row in shown.rows), numbered=True)
                    break
                case _:
                    break


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("hostile", ["zwykły tekst", "<b>{{7*7}}</b> %s {name} & \u202eabc", "<" * 400, "👩‍👩‍👧" * 60])
def test_every_question_of_the_flows_is_a_message_telegram_takes(shelf: Shelf, hostile: str, language: str) -> None:
    """Every question as shipped, in every language, with names and answers of the worst kind, shown as they were written."""
    t = i18n.translator(language)
    for screen in _walk(shelf, hostile=hostile, language=language):
        text = sound(render(screen, t))
        if screen.context:
            assert hostile in text
        if screen.question is not None:
            # the prompt stands whole: what is cut, if anything, is something else
            assert screen.question.view.prompt.strip() in text


def test_what_people_wrote_is_shown_literally() -> None:
    """Markup, templates and format signs in names are characters like any others."""
    t = i18n.translator("uk")
    nasty = "<script>alert(1)</script> & {x} {{7*7}} %s %(a)s \\u0041"
    screen = Screen(
        nasty, context=(nasty,), notice=nasty, problem=nasty, paragraphs=(nasty,), facts=((nasty, nasty),), items=(nasty, nasty),
        numbered=True, rows=(Row(nasty, nasty),), notes=(nasty,),
    )  # fmt: skip
    message = render(screen, t)
    assert sound(message).count(nasty) == 12
    assert "<script" not in message.html
    assert "49" not in message.html
