"""A second reader of calendar files for tests: written from RFC 5545 alone, it shares no code with what writes them.

Zones are read by ``dateutil`` from the file itself, so a file that leaves its zone out, or describes it wrongly, is found.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dateutil.tz import tzical


@dataclass(frozen=True)
class Field:
    """A property: what stands before its colon and after it."""

    value: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """The value as a TEXT (§3.3.11)."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Told:
    """A file as a calendar understands it."""

    content: str
    calendar: dict[str, Field] = field(default_factory=dict)
    events: list[dict[str, Field]] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)

    @property
    def method(self) -> str:
        """The method of the file."""
        return self.calendar["METHOD"].value

    @property
    def event(self) -> dict[str, Field]:
        """The one event; a file with more is a mistake."""
        (event,) = self.events
        return event

    def instant(self, name: str) -> datetime:
        """Give the UTC instant of a local time of the event, by the zone that stands in the file."""
        local = self.event[name]
        zone = tzical(io.StringIO(self.content)).get(local.parameters["TZID"])
        return datetime.strptime(local.value, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


def read(content: bytes) -> Told:
    """Read a file. A property that stands twice in one place, or a line that is no property, is an error."""
    unfolded = re.sub(rb"\r\n[ \t]", b"", content).decode("utf-8")
    told, inside = Told(unfolded), []
    for line in unfolded.removesuffix("\r\n").split("\r\n"):
        name, found = _property(line)
        if name == "BEGIN":
            inside.append(found.value)
            if found.value == "VEVENT":
                told.events.append({})
        elif name == "END":
            assert inside.pop() == found.value
        elif inside[-1] in ("VCALENDAR", "VEVENT"):
            where = told.calendar if inside[-1] == "VCALENDAR" else told.events[-1]
            assert name not in where, f"{name} stands twice"
            where[name] = found
        elif name == "TZID":
            told.zones.append(found.value)
    assert not inside
    return told


def _property(line: str) -> tuple[str, Field]:
    matched = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):([^\x00-\x1f]*)', line)
    assert matched, f"not a property: {line!r}"
    pairs = re.findall(r';([A-Z-]+)=(?:"([^"]*)"|([^";:,]*))', matched[2])
    return matched[1], Field(matched[3], {name: quoted or bare for name, quoted, bare in pairs})
