"""A meeting that came in a letter, told in a few facts, as a mail program tells it above the words.

The file was written by somebody else: it is read with limits, and one that cannot be read is an attachment like any other.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage

from icalendar import Calendar, Component

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.shapes import Json


def meeting_in(message: EmailMessage) -> Json | None:
    """Give the meeting a letter brings: its first part of type ``text/calendar`` that is not a file to be saved."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar" and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True)
            return meeting(content) if isinstance(content, bytes) else None
    return None


def meeting(content: bytes) -> Json | None:
    """Read the first meeting of a calendar file; ``None`` when there is none to be read."""
    if len(content) > bounds.CALENDAR_BYTES:
        return None
    try:
        calendar = Calendar.from_ical(content)
        event = next(iter(calendar.walk("VEVENT")), None)
        return None if event is None else _facts(calendar, event)
    except Exception:  # noqa: BLE001 - a foreign file, a foreign parser: whatever it trips over, the letter is shown
        return None


def _facts(calendar: Component, event: Component) -> Json:
    return {
        "method": _text(calendar, "METHOD"),
        "summary": _text(event, "SUMMARY"),
        "starts": _instant(event, "DTSTART"),
        "ends": _instant(event, "DTEND"),
        "location": _text(event, "LOCATION"),
        "status": _text(event, "STATUS"),
        "sequence": int(event.get("SEQUENCE", 0)),
        "uid": _text(event, "UID"),
    }


def _text(component: Component, name: str) -> str:
    return str(component.get(name, ""))[: bounds.CALENDAR_TEXT_CHARS]


def _instant(event: Component, name: str) -> str | None:
    """Give an instant as the rest of the sandbox writes it; a day without an hour, or an hour without a zone, is taken as UTC."""
    value = event.decoded(name, None)
    if not isinstance(value, date):
        return None
    when = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
