"""The demo network in the store: body, roster, round, and two people who have accepted already. One unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from konwent_bot import resources
from konwent_bot.documents.tables import read_table
from konwent_bot.domain.roster import Post, Roster, Seat, read_roster
from konwent_bot.errors import NotFound
from konwent_bot.office import bodies, invitations, notices, rosters, rounds
from konwent_bot.office.rights import OPERATOR
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


#: Who has accepted before the demo opens: whoever coordinates, and one head (institution, kind).
WELCOMED = frozenset({("KIS Janów Lubelski", "coordinator"), ("GOPS Modliborzyce", "head")})

#: A head who has no Telegram, as in many public offices: a letter and the pages are all they need.
WITHOUT_PHONE = ("Ośrodek zdrowia Godziszów", "head")


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
    """Let the network in unless it is there, and give the body's number. ``phones``: (institution, kind) -> whose phone it is."""
    try:
        return bodies.find(uow, SLUG).id
    except NotFound:
        body = bodies.create(uow, OPERATOR, slug=SLUG, name=NAME)
    rosters.import_roster(uow, OPERATOR, body, read)
    rounds.open_round(uow, OPERATOR, body)
    for place in invitations.vacant(uow, body):
        if (place.institution, place.kind) in WELCOMED:
            issued = invitations.issue(uow, OPERATOR, seat=place.seat, post=place.post)
            invitations.accept(uow, issued.token, caller=phones[place.institution, place.kind], language="pl")
    return body


def invite(uow: UnitOfWork, body: int) -> None:
    """Announce an invitation by mail to every place nobody has accepted, each once however often the demo starts."""
    for place in invitations.vacant(uow, body):
        notices.invite(uow, OPERATOR, seat=place.seat, post=place.post, once=True)
