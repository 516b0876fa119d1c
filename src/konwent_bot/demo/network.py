"""The demo network in the store: body, roster, round, the people who have accepted already, and one meeting they are called to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from konwent_bot import resources
from konwent_bot.documents.tables import read_table
from konwent_bot.domain.meetings.days_off import is_day_off
from konwent_bot.domain.roster import Post, Roster, Seat, read_roster
from konwent_bot.errors import NotFound
from konwent_bot.office import bodies, invitations, notices, rosters, rounds
from konwent_bot.office.meetings import convening, entering
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork

SLUG = "lsr-janow-lubelski"
NAME = "LSR Janów Lubelski"
ROSTER = "lsr-janow-lubelski.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the roster: somebody's place. ``kind`` is a seat's role or a post's kind."""

    #: Line of the file; the phone's number is made of it.
    row: int
    institution: str
    kind: str
    title: str
    #: Where the invitation goes; empty when the roster gives no address.
    email: str = ""


#: Who has accepted before the demo opens (institution, kind): enough to meet and to have a quorum. The head of the OPS has not, the
#: school has sent only its pedagogue, and one head reads nothing but e-mail.
WELCOMED: Final = frozenset(
    {
        ("KIS Janów Lubelski", "coordinator"), ("KIS Janów Lubelski", "case_manager"), ("KIS Janów Lubelski", "head"),
        ("OPS Janów Lubelski", "delegate"), ("GOPS Modliborzyce", "head"), ("GOPS Modliborzyce", "delegate"),
        ("PCPR Janów Lubelski", "head"), ("PCPR Janów Lubelski", "delegate"), ("Spółdzielnia socjalna", "head"),
        ("Ośrodek kultury", "head"), ("Biblioteka Modliborzyce", "head"), ("Zespół szkół Modliborzyce", "delegate"),
        ("Stowarzyszenie Godziszów", "head"), ("KGW Godziszów", "head"),
    }
)  # fmt: skip

#: Heads who have no Telegram, as in many public offices: letters and the pages are all they need.
WITHOUT_PHONE: Final = frozenset({("Ośrodek zdrowia Godziszów", "head"), ("Biblioteka Modliborzyce", "head")})

#: The meeting people are called to is so many days away at least, so that every reminder is still to come.
AHEAD: Final = timedelta(days=16)
_THURSDAY: Final = 3


def roster() -> Roster:
    """Read the demo's roster with the reader every roster is read with."""
    return read_roster(read_table(resources.of_room("demo", ROSTER).read_bytes()))


def places(read: Roster) -> list[Place]:
    """Give every place of the roster in the order of its lines."""

    def place(one: Seat | Post, kind: str) -> Place:
        email = one.person.email if one.person else ""
        return Place(one.row, read.institutions[one.institution].short_name, kind, one.title, email)

    found = [place(seat, seat.role) for seat in read.seats] + [place(post, post.kind) for post in read.posts]
    return sorted(found, key=lambda one: one.row)


def build(uow: UnitOfWork, read: Roster, phones: Mapping[tuple[str, str], int]) -> int:
    """Let the network in unless it is there, announce what each of its people is sent first, and give the body's number.

    Args:
        uow: one unit of work for all of it, so that a kill leaves everything or nothing.
        read: the roster.
        phones: (institution, kind) -> whose phone it is.
    """
    try:
        return bodies.find(uow, SLUG).id
    except NotFound:
        body = bodies.create(uow, OPERATOR, slug=SLUG, name=NAME)
    rosters.import_roster(uow, OPERATOR, body, read)
    rounds.open_round(uow, OPERATOR, body)
    for place in invitations.vacant(uow, body):
        whose = (place.institution, place.kind)
        if whose in WELCOMED:
            issued = invitations.issue(uow, OPERATOR, seat=place.seat, post=place.post)
            invitations.accept(uow, issued.token, caller=phones.get(whose), language="pl")
    _invite(uow, body)
    _call(uow, body)
    return body


# --- inside -----------------------------------------------------------------------------------------------------------


def _invite(uow: UnitOfWork, body: int) -> None:
    """Announce an invitation by mail to every place nobody has accepted."""
    for place in invitations.vacant(uow, body):
        notices.invite(uow, OPERATOR, seat=place.seat, post=place.post, once=True)


def _call(uow: UnitOfWork, body: int) -> None:
    """Call the network to its first meeting."""
    given = MeetingEntered(
        kind="strategic",
        when=datetime.combine(_thursday(uow.today + AHEAD), time(10)),
        length="m120",
        mode="in_person",
        place="KIS Janów Lubelski, ul. Zamoyskiego 1, sala 2",
    )
    made = entering.enter(uow, OPERATOR, Subject("meeting.enter", body), given).meeting
    assert made is not None
    convening.convene(uow, OPERATOR, made)


def _thursday(day: date) -> date:
    """Give the first Thursday from a day on that is no day off."""
    while day.weekday() != _THURSDAY or is_day_off(day):
        day += timedelta(days=1)
    return day
