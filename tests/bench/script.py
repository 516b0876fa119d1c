"""Writes down, once a run, what our house says in the full card, for the bare bot to say the same.

``python -m tests.bench.script DATABASE_URL FOLDER`` fills in the first card of ``FOLDER/cards.json`` by way of the reception (in a
copy of the database, which it spoils) and writes ``FOLDER/script.json``. So the two bots cannot drift apart: a changed wording
changes both, while ``bare_bot.py`` itself stays as it is.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any, Final

from konwent_bot import i18n
from konwent_bot.clock import SystemClock
from konwent_bot.dialogue.model import Multi, Scale
from konwent_bot.dialogue.view import answer
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.door import Door
from konwent_bot.screens import reception, telegram
from konwent_bot.screens.intents import decode
from konwent_bot.screens.reception import Visitor
from konwent_bot.screens.telegram import TelegramMessage
from konwent_bot.store.engines import open_store
from tests.bench.data import house
from tests.bench.phones import TYPED

#: The measured bot has pages too, so its screens offer to go on there.
SOMEWHERE: Final = "http://127.0.0.1"


@dataclass
class Reader:
    """Somebody who fills in one card and writes down what they see."""

    door: Door
    visitor: Visitor
    shown: TelegramMessage = field(default_factory=lambda: TelegramMessage(""))
    talk: Talk | None = None

    async def press(self, data: str) -> None:
        """Press a button."""
        intent = decode(data)
        assert intent is not None, data
        self._see(await self.door.act(lambda uow: reception.answer(uow, self.visitor, intent)))

    async def say(self, text: str) -> None:
        """Type."""
        self._see(
            await self.door.act(lambda uow: reception.hear(uow, self.visitor, text, message=None, written_at=uow.now))
        )  # fmt: skip

    def _see(self, said: tuple[reception.Reply, i18n.Translator]) -> None:
        reply, t = said
        self.shown, self.talk = telegram.render(reply.screen, t), reply.talk

    def data(self, verb: str) -> str:
        """Give the data of the first button with a verb."""
        return next(data for data in self.buttons if data.startswith("d:") and data.split(":")[3] == verb)

    @property
    def buttons(self) -> list[str]:
        """All callback data on the screen."""
        return [button.data for row in self.shown.keyboard for button in row]

    def rows(self) -> list[list[dict[str, str]]]:
        """Give the keyboard with its data taken apart: verb and argument of a touch, or the data as it is."""
        rows = []
        for row in self.shown.keyboard:
            buttons = []
            for button in row:
                code, *rest = button.data.split(":")
                if code == "d":
                    buttons.append({"text": button.text, "verb": rest[2], "argument": ":".join(rest[3:])})
                else:
                    buttons.append({"text": button.text, "verb": "", "data": button.data})
            rows.append(buttons)
        return rows


async def written(reader: Reader, opens: str) -> dict[str, Any]:
    """Fill in the card; give the script: the beginning, every question, the review, the thanks."""
    await reader.press(opens)
    beginning = {"text": reader.shown.html, "rows": reader.rows()}
    await reader.press(next(data for data in reader.buttons if data.startswith("r:")))
    questions = []
    while reader.talk is not None and reader.talk.state.cursor is not None:
        questions.append(await _question(reader, reader.talk))
    return {
        "saved": _saved(),
        "beginning": beginning,
        "questions": questions,
        "review": _review(reader),
        "thanks": await _thanks(reader),
    }


def _saved() -> str:
    t = i18n.translator("pl")
    return f"<i>{escape(t('Saved. {question}: {answer}', question='{question}', answer='{answer}'))}</i>\n\n"


async def _question(reader: Reader, talk: Talk) -> dict[str, Any]:
    """Write a question down without what was said of the last answer, and answer it."""
    assert talk.state.cursor is not None
    question = talk.flow.question(talk.state.cursor)
    html = reader.shown.html
    text = html.partition("\n\n")[2] if talk.saved is not None else html
    said: dict[str, Any] = {"id": question.id, "short": question.short, "kind": question.type, "text": text}
    said["rows"] = reader.rows()
    match question:
        case Scale():
            answers = [button for row in said["rows"] for button in row if button["verb"] == "a"]
            said["labels"] = {button["argument"]: _told(talk, question.id, button["argument"]) for button in answers}
            await reader.press(reader.data("a"))
        case Multi():
            said["labels"] = {choice.id: choice.label for choice in question.choices}
            lines = [f"{number}. {escape(one.label)}" for number, one in enumerate(question.choices, start=1)]
            if lines[-1] in text:
                said["before"], _, said["after"] = text.partition("\n".join(lines))
            await reader.press(reader.data("+"))
            said["done"] = next(one["text"] for row in reader.rows() for one in row if one["verb"] == "n")
            await reader.press(reader.data("n"))
        case _:
            await reader.say(TYPED)
    return said


def _told(talk: Talk, question: str, argument: str) -> str:
    """Give an answer on a scale as it is read back."""
    t = i18n.translator("pl")
    value = int(argument) if argument.isdigit() else argument
    state = replace(talk.state, answers={**talk.state.answers, question: value})
    return answer(talk.flow, state, question, t.flow, t)[1]


def _review(reader: Reader) -> dict[str, Any]:
    html = reader.shown.html.partition("\n\n")[2]
    numbered = [line for line in html.split("\n") if line[:1].isdigit()]
    before, _, rest = html.partition(numbered[0])
    between = rest[: rest.index(numbered[1])]
    return {"before": before, "between": between, "after": rest.partition(numbered[-1])[2], "rows": reader.rows()}


async def _thanks(reader: Reader) -> dict[str, Any]:
    await reader.press(reader.data("ok"))
    return {"text": reader.shown.html, "rows": reader.rows()}


async def write(url: str, folder: Path) -> None:
    """Write the script to a file."""
    store = open_store(url)
    try:
        card = json.loads((folder / "cards.json").read_text(encoding="utf-8"))[0]
        reader = Reader(Door(store, SystemClock(), replace(house(), public_url=SOMEWHERE)), Visitor(card["telegram"], "pl"))
        script = await written(reader, card["opens"])
        (folder / "script.json").write_text(json.dumps(script, ensure_ascii=False), encoding="utf-8")
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], Path(sys.argv[2])))
