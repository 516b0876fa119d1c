"""(b) One step of the engine, its state through JSON both ways, against one update in the bare bot's dispatcher.

``python -m tests.bench.steps engine|bare SCRIPT`` is one side: for every line on standard input it prints microseconds a step.
Both sides go from JSON to done: the state's text through the engine to the new state's text, and an update's text through
``Dispatcher.feed_raw_update`` to its two calls of Telegram, which end in memory (nothing is built, sent or read for them).
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from tests.bench import machine
from tests.bench.figures import Figure, median, ratios

ROUNDS: Final = 15
QUICK_ROUNDS: Final = 2
#: Cards a side goes through in one round.
CARDS: Final = 25


def measure(script: Path, rounds: int) -> list[Figure]:
    """Measure both sides by turns; ``script`` as ``tests.bench.script`` wrote it."""
    taken: dict[str, list[float]] = {"engine": [], "bare": []}
    on, _ = machine.cores()
    workers = {side: machine.spawn(machine.python("tests.bench.steps", side, str(script)), on=on, talk=True) for side in taken}
    try:
        for number in range(rounds + 1):
            for side, worker in workers.items():
                microseconds = float(machine.ask(worker, "go"))
                if number:  # the first round warms up
                    taken[side].append(microseconds)
    finally:
        for worker in workers.values():
            machine.stopped(worker)
    return [
        *ratios("engine step and JSON : bare update", taken["engine"], taken["bare"], "< 0.10"),
        Figure("engine step and JSON", median(taken["engine"]), "µs"),
        Figure("update in the bare dispatcher", median(taken["bare"]), "µs"),
    ]


def engine_side() -> Callable[[], float]:
    """Give a function that fills in cards by the engine alone and says microseconds a step."""
    from konwent_bot.dialogue import engine
    from konwent_bot.dialogue.engine import Answer, Confirm, Done, Event, Mark
    from konwent_bot.dialogue.model import Multi, Scale
    from konwent_bot.dialogue.state import State
    from konwent_bot.dialogue.values import GivenFact
    from tests.bench.data import house
    from tests.bench.phones import TYPED

    flow = house().flows["karta-wspolpracy"]
    facts: dict[str, GivenFact] = {
        "variant": "full",
        "body": "Sieć",
        "institution": "OPS",
        "period": "2026-H2",
        "closes_on": date(2026, 12, 22),
    }
    first, _ = engine.start(flow, facts)
    events: list[Event] = []
    state = first
    while state.mode != "done":
        if state.cursor is None:
            more: list[Event] = [Confirm(state.turn)]
        else:
            question = flow.question(state.cursor)
            match question:
                case Scale():
                    more = [Answer(state.turn, question.id, 3)]
                case Multi():
                    more = [Mark(state.turn, question.id, question.choices[0].id, on=True), Done(state.turn + 1, question.id)]
                case _:
                    more = [Answer(state.turn, question.id, TYPED)]
        for event in more:
            state, _ = engine.apply(flow, state, event)
        events += more
    beginning, end = first.to_json(), state.to_json()

    def once() -> float:
        began = time.perf_counter()
        for _ in range(CARDS):
            text = beginning
            for event in events:
                text = engine.apply(flow, State.from_json(text), event)[0].to_json()
        taken = time.perf_counter() - began
        assert text == end
        return taken / (CARDS * len(events)) * 1e6

    return once


def bare_side(script: dict[str, Any]) -> Callable[[], float]:
    """Give a function that presses buttons of the bare bot in process and says microseconds an update."""
    from collections.abc import AsyncGenerator

    from aiogram import Bot
    from aiogram.client.default import DefaultBotProperties
    from aiogram.client.session.base import BaseSession
    from aiogram.methods import TelegramMethod
    from aiogram.types import Message

    from tests.bench.bare_bot import Script, dispatcher
    from tests.bench.telegram import TOKEN

    class Nowhere(BaseSession):
        """Answers every call at once, from memory."""

        calls = 0

        async def close(self) -> None:
            pass

        async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 - its shape
            self.calls += 1
            return True if method.__api_method__ == "answerCallbackQuery" else message

        async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
            raise NotImplementedError
            yield b""

    session = Nowhere()
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    who = {"id": 5, "is_bot": False, "first_name": "Anna"}
    chat = {"id": 5, "type": "private", "first_name": "Anna"}
    shown: dict[str, Any] = {"message_id": 7, "date": 1795320000, "chat": chat, "text": script["questions"][0]["text"]}
    buttons = [[{"text": one["text"], "callback_data": "d:1:1:a:3"} for one in row] for row in script["questions"][0]["rows"]]
    shown["reply_markup"] = {"inline_keyboard": buttons}
    message = Message.model_validate(shown, context={"bot": bot})

    def press(number: int, data: str) -> str:
        query = {"id": str(number), "from": who, "chat_instance": "1", "message": shown, "data": data}
        return json.dumps({"update_id": number, "callback_query": query})

    scales = [question for question in script["questions"] if question["kind"] == "scale"]
    updates = [press(1, "c:1:1"), *(press(turn + 1, f"d:1:{turn}:a:3") for turn in range(1, len(scales)))]
    made = dispatcher(Script(script))

    async def cards() -> None:
        for _ in range(CARDS):
            for update in updates:
                await made.feed_raw_update(bot, json.loads(update))

    def once() -> float:
        session.calls = 0
        began = time.perf_counter()
        loop.run_until_complete(cards())
        taken = time.perf_counter() - began
        assert session.calls == 2 * CARDS * len(updates), "the bare bot did not answer every update"
        return taken / (CARDS * len(updates)) * 1e6

    loop = asyncio.new_event_loop()
    return once


if __name__ == "__main__":
    side = bare_side(json.loads(Path(sys.argv[2]).read_text("utf-8"))) if sys.argv[1] == "bare" else engine_side()
    gc.collect()
    gc.freeze()
    for _ in sys.stdin:
        print(side(), flush=True)
