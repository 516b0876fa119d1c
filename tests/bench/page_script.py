"""Writes down, once a run, what our pages of the full card say, for the bare page to say the same.

``python -m tests.bench.page_script DATABASE_URL FOLDER`` fills in the first card of ``FOLDER/visits.json`` by way of the reception
(in a copy of the database, which it spoils) and writes ``FOLDER/pages.json``: words and paths only, no markup. A path holds
``{card}`` and ``{turn}`` where a conversation's number and turn stand.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from konwent_bot import i18n
from konwent_bot.clock import SystemClock
from konwent_bot.office.dialogues import Fill, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.people import Reader
from konwent_bot.screens import reception
from konwent_bot.screens.intents import Begin, Intent, Resume, decode
from konwent_bot.screens.visiting import Given, Reply, Visitor
from konwent_bot.store.engines import open_store
from konwent_bot.web.frames import Frame, around, words
from konwent_bot.web.layout import Act, Laid, laid_out
from konwent_bot.web.questions import Asking, Option
from tests.bench.data import house
from tests.bench.phones import TYPED

#: Some end of a session; its place in the sentence is kept open.
_NOON: Final = datetime(2026, 1, 1, 11, 44, tzinfo=UTC)
#: Paths that name a conversation and its turn, and paths that name a conversation.
_TURN: Final = re.compile(r"^(/s/(?:d|f|x|X):)[0-9a-z]+:[0-9a-z]+")
_ONE: Final = re.compile(r"^(/s/(?:t|r|cb):|/s/ey:(?:r|cb)\.)[0-9a-z]+$")


@dataclass
class Filler:
    """Somebody who fills in one card and keeps what the pages say."""

    door: Door
    person: int
    pages: list[dict[str, Any]] = field(default_factory=list)

    async def carry_out(self, intent: Intent, written: Written | None = None) -> Reply:
        """Send a form."""
        visitor = Visitor(Reader(self.person), "pl", given=Given(written or Written()))
        reply, _ = await self.door.act(lambda uow: reception.answer(uow, visitor, intent))
        assert reply.refusal is None, reply.refusal
        assert reply.talk is None or reply.talk.problem is None, reply.talk
        return reply

    async def look(self, intent: Intent) -> Laid:
        """Look at a page and write it down."""
        visitor = Visitor(Reader(self.person), "pl")
        reply, t = await self.door.look(lambda uow: reception.answer(uow, visitor, intent))
        frame = Frame(here=intent, csrf="k", signed_in=True, ends_at=_NOON)
        laid, frames = laid_out(reply.screen, t, frame), around(t, frame, there=True)
        self.pages.append(self._written(laid) | {"stay": _path(frames.stay)})
        return laid

    def _written(self, laid: Laid) -> dict[str, Any]:
        screen, ask = laid.screen, laid.asking
        said: dict[str, Any] = {
            "head": laid.head, "heading": laid.heading, "context": screen.context, "facts": screen.facts, "notes": screen.notes,
            "items": screen.items, "numbered": screen.numbered,
            "paragraphs": () if ask is not None else screen.paragraphs,
            "lines": [{"label": line.label, "value": line.value, "act": line.act and _act(line.act)} for line in laid.lines],
            "acts": [[_act(act) for act in row] for row in laid.acts],
            "asking": None if ask is None else _asking(ask),
        }  # fmt: skip
        return said


def _asking(ask: Asking) -> dict[str, Any]:
    return {
        "place": ask.place, "hints": ask.hints, "several": ask.several, "rows": ask.rows, "described": ask.described,
        "kind": ask.kind, "path": _path(ask.path), "options": _options(ask.options), "apart": _options(ask.apart),
    }  # fmt: skip


def _options(options: Sequence[Option]) -> list[dict[str, str]]:
    return [{"id": one.id, "value": one.value, "label": one.label} for one in options]


def _act(act: Act) -> dict[str, Any]:
    return {"label": act.label, "path": _path(act.path), "get": act.get, "weight": act.weight, "about": act.about}


def _path(path: str) -> str:
    """Put ``{card}`` and ``{turn}`` in where a path names the conversation and its turn."""
    return _ONE.sub(r"\1{card}", _TURN.sub(r"\1{card}:{turn}", path))


async def written(filler: Filler, opens: str) -> dict[str, Any]:
    """Fill in the card; give the script: the beginning, every question, the review, the card that was sent."""
    card = decode(opens)
    assert card is not None
    reply = await filler.carry_out(card)
    assert isinstance(reply.at, Begin), reply
    await filler.look(reply.at)
    here, shorts = Resume(reply.at.dialogue), []
    while (ask := (laid := await filler.look(here)).asking) is not None:
        fill = decode(ask.path.removeprefix("/s/"))
        assert isinstance(fill, Fill), ask.path
        said = Written(text=TYPED) if ask.kind == "lines" else Written(choices=(ask.options[0].value,))
        talk = (await filler.carry_out(fill, said)).talk
        assert talk is not None
        assert talk.saved is not None
        shorts.append(talk.flow.question(talk.saved).short)
    confirm = decode(next(act.path for row in laid.acts for act in row if act.path.endswith(":ok")).removeprefix("/s/"))
    assert isinstance(confirm, Touch)
    thanks = (await filler.carry_out(confirm)).screen.notice
    await filler.look(here)
    begin, *questions, review, done = filler.pages
    for question, short in zip(questions, shorts, strict=True):
        question["short"] = short
    assert [line["label"].rpartition(". ")[2] for line in review["lines"]] == shorts, (
        "the review is not in the order of the questions"
    )
    return {"frame": _frame(here), "begin": begin, "questions": questions, "review": review, "done": done, "thanks": thanks}


def _frame(here: Intent) -> dict[str, Any]:
    """Write the words around every page."""
    t = i18n.translator("pl")
    frames = around(t, Frame(here=here, csrf="k", signed_in=True, ends_at=_NOON), there=True)
    return {
        "say": words(t), "menu": [(link.label, link.path) for link in frames.menu],
        "foot": [(link.label, link.path) for link in frames.foot],
        "session": frames.session.replace(t.time(_NOON), "{time}"), "sign_out": frames.sign_out,
        "saved": t("Saved. {question}: {answer}", question="{question}", answer="{answer}"),
    }  # fmt: skip


async def write(url: str, folder: Path) -> None:
    """Write the script to a file."""
    store = open_store(url)
    try:
        visit = json.loads((folder / "visits.json").read_text(encoding="utf-8"))[0]
        filler = Filler(Door(store, SystemClock(), house()), visit["person"])
        script = await written(filler, visit["opens"][0])
        (folder / "pages.json").write_text(json.dumps(script, ensure_ascii=False), encoding="utf-8")
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], Path(sys.argv[2])))
