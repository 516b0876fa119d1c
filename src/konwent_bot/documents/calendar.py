"""Meetings as calendar files that Outlook, Google and telephones accept (iCalendar: RFC 5545, 5546, 6047).

A file holds one meeting for one person and one method: people who are invited do not see one another's addresses. Whoever calls
gives everything, the stamp included, so the same meeting gives the same bytes; ``uid`` stays for the life of a meeting and
``sequence`` rises with every change of time, place or state, the cancelling too. A meeting stands in the file as the local time
people agreed on, with its zone described, so that a change of the law moves the instant and not the meeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress, vUri
from icalendar import Event as Component

from konwent_bot.documents import plain
from konwent_bot.documents.zones import timezone_of

#: What wrote the file (RFC 5545 §3.7.3).
_PRODUCT: Final = "-//konwent-bot//Meetings//EN"
#: How often somebody's calendar asks for a feed again; programs take it as a wish.
REFRESH: Final = timedelta(hours=1)
#: Characters of each text; a longer one is cut and says so.
MAX_SUMMARY, MAX_LOCATION, MAX_DESCRIPTION, MAX_NAME = 250, 500, 8_000, 200
#: Signs of an address that stand in a ``mailto:`` as they are (RFC 6068 §2).
_SAFE: Final = "!$'*+@"

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody with an address. The name may be empty."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting as one person's calendar shows it."""

    #: The same for the life of the meeting, and of no other one.
    uid: str
    #: Rises with every change that is told.
    sequence: int
    #: Local time without a zone; an hour that the clock skips or repeats means the first of the two (RFC 5545 §3.3.5).
    starts: datetime
    ends: datetime
    #: Name of the zone both are in ("Europe/Warsaw").
    zone: str
    #: The instant of the act that made this file, with a zone.
    stamp: datetime
    summary: str
    #: Paragraphs; ``url`` is added as the last line, because not every calendar shows it otherwise.
    description: str
    location: str
    #: A page about the meeting; may be empty.
    url: str
    #: Whose mailbox the letter comes from: the address must be that of ``From:``.
    organizer: Mailbox
    #: Whose calendar it is; a feed leaves it out.
    attendee: Mailbox | None = None
    #: Invited and informed, without a vote. Not ``NON-PARTICIPANT``: Outlook takes such people for rooms.
    guest: bool = False
    status: Status = "CONFIRMED"


def request(event: Event) -> bytes:
    """Invite one person, or tell that person of a change (RFC 5546 §3.2.2).

    Raises ``ValueError`` for a meeting without an attendee, for a cancelled one (``cancel`` says so), and for one that ends
    before it starts.
    """
    if event.status == "CANCELLED":
        raise ValueError("a cancelled meeting invites nobody")
    return _file("REQUEST", [_component(event, _attended(event), event.status)], [event])


def cancel(event: Event, *, withdrawn: bool) -> bytes:
    """Take a meeting out of one person's calendar (RFC 5546 §3.2.5).

    Args:
        event: as it was last told, with a higher ``sequence``.
        withdrawn: the meeting takes place, without this person: the file does not say that it is off.

    Raises ``ValueError`` as ``request`` does.
    """
    return _file("CANCEL", [_component(event, _attended(event), None if withdrawn else "CANCELLED")], [event])


def feed(events: Sequence[Event], name: str, zone: str) -> bytes:
    """Publish the meetings of one person's calendar, each by itself (no rules of repetition: bodies move single meetings).

    Cancelled ones stay for as long as the caller gives them, marked as such. Nobody's attendance is in it (RFC 5546 §3.2.1).

    Args:
        events: the meetings, in any order.
        name: what the calendar is called.
        zone: of a calendar without meetings.
    """
    ordered = sorted(events, key=lambda event: (event.starts, event.uid))
    return _file("PUBLISH", [_component(event, None, event.status) for event in ordered], ordered, name=name, zone=zone)


def _attended(event: Event) -> Mailbox:
    if event.attendee is None:
        raise ValueError("an invitation is somebody's")
    return event.attendee


def _file(method: str, components: Iterable[Component], events: Sequence[Event], *, name: str = "", zone: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if method == "PUBLISH":
        calendar.add("x-wr-calname", plain.line(name, MAX_NAME))
        calendar.add("x-wr-timezone", zone)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    years = [moment.year for event in events for moment in (event.starts, event.ends)] or [1996]
    for used in sorted({event.zone for event in events} or {zone}):
        calendar.add_component(timezone_of(used, min(years), max(years)))
    for component in components:
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


def _component(event: Event, attendee: Mailbox | None, status: Status | None) -> Component:
    if event.ends <= event.starts:
        raise ValueError("a meeting ends after it starts")
    component = Component()
    zone, link = ZoneInfo(event.zone), plain.line(event.url, MAX_DESCRIPTION)
    component.add("uid", plain.line(event.uid, MAX_NAME))
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.stamp.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", event.starts.replace(microsecond=0, tzinfo=zone))
    component.add("dtend", event.ends.replace(microsecond=0, tzinfo=zone))
    component.add("summary", plain.line(event.summary, MAX_SUMMARY))
    component.add("organizer", _mailbox(event.organizer))
    if attendee is not None:
        component.add("attendee", _invited(attendee, guest=event.guest))
    if said := _description(event.description, link):
        component.add("description", said)
    if place := plain.line(event.location, MAX_LOCATION):
        component.add("location", place)
    if link:
        component.add("url", vUri(quote(link, safe="%/:?#[]@!$&'()*+,;=~")))
    if status is not None:
        component.add("status", status)
    return component


def _description(text: str, link: str) -> str:
    """Give the words of a meeting and its link; however long the words, the link stays whole."""
    words = plain.paragraphs(text, MAX_DESCRIPTION)
    return words if not link or link in words else f"{words}\n\n{link}".strip()


def _mailbox(box: Mailbox) -> vCalAddress:
    address = vCalAddress(_mailto(box.email))
    if name := plain.line(box.name, MAX_NAME).replace('"', "'"):  # a quotation mark cannot stand in a parameter (RFC 5545 §3.2)
        address.params["CN"] = name
    return address


def _mailto(email: str) -> str:
    """Write an address as a letter's head writes it (its domain by RFC 5890), so that a program knows whose calendar it is."""
    local, at, domain = email.strip().rpartition("@")
    with suppress(UnicodeError):  # what is no domain stays as it is; no letter goes there
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    return "mailto:" + quote(f"{local}{at}{domain}", safe=_SAFE)


def _invited(box: Mailbox, *, guest: bool) -> vCalAddress:
    address = _mailbox(box)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "OPT-PARTICIPANT" if guest else "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "TRUE"
    return address
