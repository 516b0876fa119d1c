"""A person's calendar that receives our files: whatever happened to the meetings, it ends with what is true."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.documents.ics import read

from konwent_bot.documents.calendar import Event, Mailbox, cancel, request

KIS = Mailbox("Sekretariat", "sekretariat@kis.example")
PEOPLE = tuple(Mailbox(name, f"{name.lower()}@siec.example") for name in ("Anna", "Ola", "Ewa"))
BEGINNING = datetime(2026, 1, 1, 9, tzinfo=UTC)


@dataclass
class Client:
    """What Outlook and its kin do with a file (RFC 5546 §2.1.5): a lower or equal number is an old letter and changes nothing."""

    #: Local start and place of each meeting that stands in the calendar.
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)

    def take(self, content: bytes) -> None:
        told = read(content)
        uid, number = told.event["UID"].value, int(told.event["SEQUENCE"].value)
        if number <= self.newest.get(uid, -1):
            return
        self.newest[uid] = number
        if told.method == "CANCEL":
            self.shown.pop(uid, None)
        else:
            self.shown[uid] = (told.event["DTSTART"].value, told.event["LOCATION"].text)


class Secretariat(RuleBasedStateMachine):
    """Meetings are called, moved and cancelled, people come and go; each who is told is told by a file."""

    meetings: Bundle[str] = Bundle("meetings")

    def __init__(self) -> None:
        super().__init__()
        self.truth: dict[str, Event] = {}
        self.off: set[str] = set()
        self.invited: dict[str, set[Mailbox]] = {}
        #: What went out, by person, in order.
        self.sent: dict[Mailbox, list[bytes]] = {person: [] for person in PEOPLE}

    def tell(self, uid: str) -> None:
        for person in self.invited[uid]:
            event = replace(self.truth[uid], attendee=person)
            self.sent[person].append(cancel(event, withdrawn=False) if uid in self.off else request(event))

    def changed(self, uid: str, **what: object) -> None:
        event = self.truth[uid]
        later = event.stamp + timedelta(minutes=1)
        self.truth[uid] = replace(event, sequence=event.sequence + 1, stamp=later, **what)  # type: ignore[arg-type]  # fields by name

    @rule(target=meetings, day=st.integers(0, 1_000), people=st.sets(st.sampled_from(PEOPLE)))
    def call(self, day: int, people: set[Mailbox]) -> str:
        uid, starts = (
            f"spotkanie-{len(self.truth)}@siec.example",
            datetime.fromisoformat("2026-01-05 10:00") + timedelta(days=day),
        )
        self.truth[uid] = Event(
            uid, 0, starts, starts + timedelta(hours=2), "Europe/Warsaw", BEGINNING, "Spotkanie", "", "Sala 1", "", KIS
        )
        self.invited[uid] = people
        self.tell(uid)
        return uid

    @rule(uid=meetings, days=st.integers(1, 60), room=st.integers(1, 9))
    def move(self, uid: str, days: int, room: int) -> None:
        if uid in self.off:
            return
        starts = self.truth[uid].starts + timedelta(days=days)
        self.changed(uid, starts=starts, ends=starts + timedelta(hours=2), location=f"Sala {room}")
        self.tell(uid)

    @rule(uid=meetings)
    def call_off(self, uid: str) -> None:
        if uid not in self.off:
            self.off.add(uid)
            self.changed(uid)
            self.tell(uid)

    @rule(uid=meetings, person=st.sampled_from(PEOPLE))
    def come_or_go(self, uid: str, person: Mailbox) -> None:
        if uid in self.off:
            return
        self.changed(uid)
        event = replace(self.truth[uid], attendee=person)
        if person in self.invited[uid]:
            self.invited[uid].remove(person)
            self.sent[person].append(cancel(event, withdrawn=True))
        else:
            self.invited[uid].add(person)
            self.sent[person].append(request(event))

    @invariant()
    def every_calendar_shows_what_is_true(self) -> None:
        for person, files in self.sent.items():
            true = {
                uid: (f"{event.starts:%Y%m%dT%H%M%S}", event.location)
                for uid, event in self.truth.items()
                if person in self.invited[uid] and uid not in self.off
            }
            late = random.Random(len(files)).sample(files, len(files))  # letters overtake one another and come twice
            for order in (files, [*late, *late[:2]]):
                client = Client()
                for content in order:
                    client.take(content)
                assert client.shown == true

    @invariant()
    def one_name_for_life_and_a_rising_number(self) -> None:
        for files in self.sent.values():
            told = [read(content).event for content in files]
            assert {event["UID"].value for event in told} <= set(self.truth)
            for uid in self.truth:
                numbers = [int(event["SEQUENCE"].value) for event in told if event["UID"].value == uid]
                assert numbers == sorted(set(numbers))


def test_calendars_of_three_people_end_with_what_is_true() -> None:
    """After any twenty acts of the secretariat, with letters that come in order and out of it."""
    run_state_machine_as_test(Secretariat, settings=settings(max_examples=30, stateful_step_count=20, deadline=None))


def test_a_client_that_ignored_the_numbers_would_be_found() -> None:
    """The check above has teeth: a file that comes late with an old number would bring a cancelled meeting back."""
    starts = datetime.fromisoformat("2026-01-05 10:00")
    event = Event(
        "a@siec.example", 0, starts, starts + timedelta(hours=1), "Europe/Warsaw", BEGINNING, "S", "", "Sala", "", KIS, PEOPLE[0]
    )
    client = Client()
    for content in (cancel(replace(event, sequence=1), withdrawn=False), request(event)):
        client.take(content)
    assert client.shown == {}
    client.take(request(replace(event, sequence=2)))
    assert list(client.shown) == ["a@siec.example"]
