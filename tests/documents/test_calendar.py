"""Meetings in people's calendars: what a file must say so that Outlook, Google and telephones take it, and nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.ics import Told, read

from konwent_bot.documents.calendar import MAX_LOCATION, Event, Mailbox, cancel, feed, request
from konwent_bot.documents.zones import timezone_of


def at(local: str) -> datetime:
    """Read a local time, which has no zone."""
    return datetime.fromisoformat(local)


KIS = Mailbox("Sekretariat sieci", "sekretariat@kis.example")
ANNA = Mailbox("Anna Żółw", "anna@gops.example")
MEETING = Event(
    "spotkanie-17.5@konwent.example", 0, at("2026-03-30 10:00"), at("2026-03-30 12:00"), "Europe/Warsaw",
    datetime(2026, 3, 1, 8, 15, 30, 999, tzinfo=UTC), "Spotkanie strategiczne", "Porządek:\n1. Otwarcie; kworum, lista\n\nZapraszamy",
    "Urząd Gminy, sala 7; parter", "https://konwent.example.pl/s/aZ09", KIS, ANNA,
)  # fmt: skip
HOSTILE = (
    "a\r\nATTENDEE:mailto:obcy@example.org\r\nX:y",
    "🙂👩‍👩‍👧 שלום مرحبا 漢字 e\u0301",
    "\u202eodwrotnie \x00\x07\x1b \ud800",
    'cudzysłów " i \\ ukośnik; średnik, przecinek: dwukropek ^n',
    "W" * 5_000,
    "żółw " * 1_000,
    "",
)


def test_an_invitation_says_everything_a_calendar_asks_for() -> None:
    """Who invites whom, to what, when and where, and that an answer is expected; one person and one method in a file."""
    told = read(request(MEETING))
    assert told.method == "REQUEST"
    event = told.event
    assert (event["UID"].value, event["SEQUENCE"].value) == ("spotkanie-17.5@konwent.example", "0")
    assert event["DTSTAMP"].value == "20260301T081530Z"
    assert (event["DTSTART"].value, event["DTSTART"].parameters) == ("20260330T100000", {"TZID": "Europe/Warsaw"})
    assert (event["ORGANIZER"].value, event["ORGANIZER"].parameters) == ("mailto:sekretariat@kis.example", {"CN": KIS.name})
    assert event["ATTENDEE"].value == "mailto:anna@gops.example"
    assert event["ATTENDEE"].parameters == {
        "CN": "Anna Żółw", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"
    }  # fmt: skip
    assert event["STATUS"].value == "CONFIRMED"
    assert event["LOCATION"].text == "Urząd Gminy, sala 7; parter"
    assert event["URL"].value == MEETING.url
    assert event["DESCRIPTION"].text == f"{MEETING.description}\n\n{MEETING.url}"


def test_a_guest_is_invited_without_a_vote() -> None:
    """A mayor or an expert is told like anybody else and counts as optional."""
    assert read(request(replace(MEETING, guest=True))).event["ATTENDEE"].parameters["ROLE"] == "OPT-PARTICIPANT"


def test_a_cancelled_meeting_is_off_for_whoever_was_invited() -> None:
    """The same meeting, a higher number, the word that it is off, and still who invited whom."""
    told = read(cancel(replace(MEETING, sequence=3), withdrawn=False))
    assert (told.method, told.event["STATUS"].value, told.event["SEQUENCE"].value) == ("CANCEL", "CANCELLED", "3")
    assert (told.event["UID"].value, told.event["ORGANIZER"].value) == (MEETING.uid, "mailto:sekretariat@kis.example")
    assert told.event["ATTENDEE"].value == "mailto:anna@gops.example"


def test_somebody_taken_off_the_list_is_not_told_that_the_meeting_is_off() -> None:
    """For the others it takes place, so the file has no state at all (RFC 5546 §3.2.5)."""
    told = read(cancel(replace(MEETING, sequence=1), withdrawn=True))
    assert (told.method, "STATUS" in told.event, told.event["ATTENDEE"].value) == ("CANCEL", False, "mailto:anna@gops.example")


def test_a_feed_shows_each_meeting_by_itself_and_nobody_who_was_invited() -> None:
    """Cancelled ones stay, marked; programs are told how often to ask; a calendar without meetings is a calendar."""
    second = replace(MEETING, uid="spotkanie-18.5@konwent.example", starts=at("2026-02-03 09:00"), ends=at("2026-02-03 10:00"))
    content = feed([MEETING, replace(second, status="CANCELLED")], "Moje spotkania", "Europe/Warsaw")
    told = read(content)
    assert told.method == "PUBLISH"
    assert [(event["UID"].value, event["STATUS"].value) for event in told.events] == [
        (second.uid, "CANCELLED"),
        (MEETING.uid, "CONFIRMED"),
    ]
    assert told.calendar["REFRESH-INTERVAL"].value == told.calendar["X-PUBLISHED-TTL"].value == "PT1H"
    assert told.calendar["X-WR-CALNAME"].text == "Moje spotkania"
    assert b"anna@" not in content
    assert b"RRULE" not in content.partition(b"END:VTIMEZONE")[2]
    assert feed([second, MEETING], "M", "Europe/Warsaw") == feed([MEETING, second], "M", "Europe/Warsaw")
    assert (read(feed([], "M", "Europe/Warsaw")).events, read(feed([], "M", "Europe/Warsaw")).zones) == ([], ["Europe/Warsaw"])


@pytest.mark.parametrize(
    "content", [request(MEETING), cancel(MEETING, withdrawn=False), feed([MEETING], "Ż" * 300, "Europe/Warsaw")]
)
def test_a_file_is_written_as_the_standard_asks(content: bytes) -> None:
    """CRLF at every end and nowhere doubled, no line above 75 octets, and what every reader looks for first (RFC 5545 §3.1)."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\r\r" not in content
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    told = read(content)
    assert (told.calendar["VERSION"].value, told.calendar["CALSCALE"].value) == ("2.0", "GREGORIAN")
    assert told.calendar["PRODID"].value


def test_the_same_meeting_gives_the_same_bytes() -> None:
    """What was sent can be made again and compared; the stamp comes from the act."""
    assert request(MEETING) == request(replace(MEETING))
    assert request(MEETING) != request(replace(MEETING, stamp=MEETING.stamp + timedelta(seconds=1)))


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_people_add_nothing_to_a_file(text: str) -> None:
    """Line ends, quotation marks, directions, emoji, very long places: the file has the same fields, and both readers read it."""
    content = request(
        replace(
            MEETING, summary=text, description=text, location=text, organizer=replace(KIS, name=text), attendee=replace(ANNA, name=text)
        )
    )  # fmt: skip
    told = read(content)
    assert set(told.event) <= set(read(request(MEETING)).event)
    assert told.event["ATTENDEE"].value == "mailto:anna@gops.example"
    assert len(told.event["LOCATION"].text if text else "") <= MAX_LOCATION
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert "\u202e" not in content.decode()
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == told.event["SUMMARY"].text
    assert str(event["DESCRIPTION"]).endswith(MEETING.url)


def test_an_address_cannot_leave_its_place() -> None:
    """Whatever a roster gives for an address, it stays one line and one address."""
    told = read(request(replace(MEETING, attendee=Mailbox("", "żółw?x\r\nSTATUS:CANCELLED@gops.example"))))
    assert told.event["STATUS"].value == "CONFIRMED"
    assert told.event["ATTENDEE"].value == "mailto:%C5%BC%C3%B3%C5%82w%3Fx%0D%0ASTATUS%3ACANCELLED@gops.example"


def test_an_address_in_a_file_is_the_address_of_the_letter() -> None:
    """A program finds itself among the invited by comparing the two, so a domain in Polish letters is written as mail writes it."""
    told = read(request(replace(MEETING, attendee=Mailbox("", "ola+praca@żółw.example"))))
    assert told.event["ATTENDEE"].value == "mailto:ola+praca@xn--w-uga1v8h.example"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(MEETING, attendee=None), "somebody's"),
        (replace(MEETING, ends=MEETING.starts), "ends after"),
        (replace(MEETING, status="CANCELLED"), "invites nobody"),
    ],
)
def test_what_is_no_invitation_is_not_made(wrong: Event, why: str) -> None:
    """Without a person, without a length, or to a meeting that is off."""
    with pytest.raises(ValueError, match=why):
        request(wrong)


def instants(content: bytes) -> tuple[datetime, datetime]:
    """Give the instants of both readers: ``icalendar``, and ours that knows only what stands in the file."""
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    theirs: datetime = event.decoded("DTSTART")
    return theirs.astimezone(UTC), read(content).instant("DTSTART")


@given(
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)), hour=st.integers(6, 22),
    zone=st.sampled_from(["Europe/Warsaw", "Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Africa/Casablanca", "Australia/Lord_Howe"]),
)  # fmt: skip
def test_a_meeting_is_at_its_hour_in_summer_and_in_winter(day: date, hour: int, zone: str) -> None:
    """Any hour of any day, here and in zones with other rules: both readers understand the instant that was meant."""
    starts = at(f"{day} {hour:02}:00")
    content = request(replace(MEETING, starts=starts, ends=starts + timedelta(hours=2), zone=zone))
    meant = starts.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert instants(content) == (meant, meant)


@pytest.mark.parametrize(
    ("starts", "utc"),
    [
        (at("2026-03-28 10:00"), 9), (at("2026-03-29 10:00"), 8), (at("2026-10-24 10:00"), 8), (at("2026-10-25 10:00"), 9),
        (at("2027-03-27 10:00"), 9), (at("2027-03-28 10:00"), 8), (at("2027-10-30 10:00"), 8), (at("2027-10-31 10:00"), 9),
        (at("2028-03-25 10:00"), 9), (at("2028-03-26 10:00"), 8), (at("2028-10-28 10:00"), 8), (at("2028-10-29 10:00"), 9),
    ],
)  # fmt: skip
def test_ten_o_clock_in_warsaw_around_the_changes_of_the_clocks(starts: datetime, utc: int) -> None:
    """Ten in the morning is 9:00 UTC in winter and 8:00 in summer, on the last day before a change and on the first after it."""
    content = request(replace(MEETING, starts=starts, ends=starts + timedelta(hours=1)))
    meant = starts.replace(hour=utc, tzinfo=UTC)
    assert instants(content) == (meant, meant)


def test_the_zone_of_poland_is_short_and_has_no_end() -> None:
    """A rule, not a list of years: a file sent today is right in thirty years if the law stays."""
    described = timezone_of("Europe/Warsaw", 2026, 2026).to_ical()
    assert len(described) < 400
    far = at("2056-07-03 10:00")
    content = request(replace(MEETING, starts=far, ends=far + timedelta(hours=1)))
    assert read(content).instant("DTSTART") == datetime(2056, 7, 3, 8, tzinfo=UTC)


def test_a_change_of_the_clocks_is_written_in_the_time_that_ends() -> None:
    """New York moves its clocks when they show two, in spring and in autumn: that is the hour the standard asks for (§3.6.5)."""
    described = timezone_of("America/New_York", 2026, 2026).to_ical()
    assert b"DTSTART:20260308T020000\r\n" in described
    assert b"DTSTART:20261101T020000\r\n" in described


def test_a_zone_is_told_once_however_many_meetings_are_in_it() -> None:
    """A feed of two zones has two descriptions."""
    abroad = replace(MEETING, uid="inne@konwent.example", zone="Europe/Kyiv")
    content = feed([MEETING, abroad, replace(MEETING, uid="trzecie@konwent.example")], "M", "Europe/Warsaw")
    assert read(content).zones == ["Europe/Kyiv", "Europe/Warsaw"]


def test_told_reads_what_is_folded() -> None:
    """Our own reader of these tests joins lines as the standard says, inside a letter too."""
    assert isinstance(read(request(MEETING)), Told)
    assert read(b"BEGIN:VCALENDAR\r\nMETHOD:PU\r\n BLISH\r\nEND:VCALENDAR\r\n").method == "PUBLISH"
