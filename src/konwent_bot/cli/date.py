"""``konwent-bot date``: what the secretariat makes of a date as people say it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid

if TYPE_CHECKING:
    from konwent_bot.dialogue.dates import Reading
    from konwent_bot.i18n import Translator

app = common.group("Say what the secretariat makes of a date as people say it.")


@app.command()
def date(
    phrase: Annotated[str, typer.Argument(help="What a person would type: “w najbliższy czwartek o 12”.")],
    now: Annotated[
        str | None, typer.Option(help="The local time it is said at (2026-01-05T09:00); by default it is now.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--lang", help="The speaker's language (pl, en, uk); the others are understood too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print status, date, time and what would be said, as JSON.")] = False,
) -> None:
    """Read a date and say it back in full, ask about it, or say why it cannot be read. Exits 1 unless it is clear."""
    from konwent_bot import i18n
    from konwent_bot.dialogue.dates import read

    zone = ZoneInfo(common.settings().timezone)
    t = common.voice() if language is None else i18n.translator(i18n.nearest(language))
    others = (other for other in i18n.languages() if other != t.language)
    reading = read(phrase, _moment(now, zone), (t.language, *others), zone=zone)
    said = _said(reading, t)
    if as_json:
        shown = {
            "status": reading.status,
            "date": None if reading.day is None else reading.day.isoformat(),
            "time": None if reading.hour is None else f"{reading.hour:%H:%M}",
            "say": said,
        }
        common.tell(json.dumps(shown, ensure_ascii=False))
        return
    common.tell(said)
    if reading.status != "ok":
        raise typer.Exit(1)


def _moment(written: str | None, zone: ZoneInfo) -> datetime:
    """Give the local time without a zone."""
    if written is None:
        from konwent_bot.clock import SystemClock

        moment = SystemClock().now()
    else:
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            raise Invalid(N_("The value of {name} is not understood."), name="--now") from None
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def _said(reading: Reading, t: Translator) -> str:
    """Say a reading: the day in full, with its hour; or what is asked."""
    if reading.problem is not None:
        return t.say(reading.problem)
    assert reading.day is not None
    return t.day(reading.day) if reading.hour is None else t.instant(datetime.combine(reading.day, reading.hour))
