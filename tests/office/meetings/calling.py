"""What the tests of calling share: a network with institutions of every kind, its coordinator, another network, and a courier in hand.

Everything is made through office acts. The courier claims, asks whether it is still wanted, and records, as the real one does; only
the line to the outside is not there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_args

from sqlalchemy import select
from tests.documents.ics import Told as File
from tests.documents.ics import read
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, enter, seat_of
from tests.screens.test_refusals import words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.domain.meetings.words import Answer
from konwent_bot.office import dispatch, housekeeping, seats
from konwent_bot.office.deliveries import Claim
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import answers, convening, entering, facts, substitutes
from konwent_bot.office.meetings.convening import MeetingCancelled, MeetingChange
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.substitutes import SubstituteNamed
from konwent_bot.office.occasion import Channel
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import messages
from konwent_bot.store.tables import INSTITUTION, MEMBERSHIP, NOTICE, SEAT

#: Occasions that are about meetings.
ABOUT: Final = ("meeting.", "poll.", "group.")
#: A Monday morning on which everybody may be written to.
MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: A Tuesday three weeks later, ten o'clock in Warsaw.
WHEN: Final = "2026-12-15T10:00"
BEGINS: Final = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)

LIBRARY: Final = "Biblioteka Publiczna w Modliborzycach;Biblioteka;C;kultura;Modliborzyce"
OPS: Final = "Ośrodek Pomocy Społecznej w Janowie;OPS Janów;B;pomoc społeczna;Janów Lubelski"
PARISH: Final = "Parafia w Modliborzycach;Parafia;C;społeczność;Modliborzyce"
#: GOPS has both its people; the school lacks a delegate, the library a head; the head of OPS and the parish cannot be reached by anything.
ROWS: Final = (
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
    f"{GOPS};zwierzchnik;kierownik;Anna Żak;anna@gops.example",
    f"{GOPS};osoba wskazana;asystent rodziny;Bogdan Kos;bogdan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;maria@szkola.example",
    f"{LIBRARY};osoba wskazana;bibliotekarz;Celina Mak;celina@biblioteka.example",
    f"{OPS};zwierzchnik;dyrektor;Adam Bez;",
    f"{OPS};osoba wskazana;pracownik socjalny;Olga Sowa;olga@ops.example",
    f"{PARISH};zwierzchnik;proboszcz;Jan Cichy;",
)
CLUB: Final = "Dom Kultury w Modliborzycach;Dom Kultury;C;kultura;Modliborzyce"
ANNA, BOGDAN, OLGA, EWA, IDA, IGOR = 3001, 3002, 3003, 3004, 3005, 3006
#: Short names.
GOPS_M, SCHOOL_M, LIBRARY_M, OPS_J, PARISH_M, KIS_J = (
    "GOPS Modliborzyce",
    "Zespół szkół",
    "Biblioteka",
    "OPS Janów",
    "Parafia",
    "KIS Janów",
)


@dataclass(frozen=True)
class Sent:
    """A message that went out."""

    recipient: str
    occasion: str
    subject: str
    channel: str
    address: str
    #: Everything it says, in Polish.
    said: str
    files: tuple[File, ...]
    #: Names of the other files that went along.
    along: tuple[str, ...]


@dataclass
class Calling:
    """A network, and everything its coordinator does about meetings."""

    door: Door
    clock: FixedClock
    body: int
    ewa: Actor
    #: Telegram account -> person.
    persons: dict[int, int] = field(default_factory=dict)

    # --- who is where ---

    async def seat(self, institution: str, role: str, number: int = 1) -> int:
        """Give the number of a place."""
        return (await seat_of(self.door, self.body, institution, role, number)).id

    async def seat_names(self) -> dict[str, str]:
        """Give every place of the body by what notices name it by: "GOPS Modliborzyce head"."""
        found = (
            select(SEAT.c.id, SEAT.c.role, INSTITUTION.c.short_name)
            .select_from(SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id).join(INSTITUTION))
            .where(MEMBERSHIP.c.body_id == self.body)
        )
        rows = await self.door.look(lambda uow: uow.execute(found).all())
        return {f"seat:{row.id}": f"{row.short_name} {row.role}" for row in rows}

    def by(self, who: int) -> Actor:
        """Give somebody as who acts."""
        return Actor(self.persons[who])

    # --- what the coordinator does ---

    async def enter(self, when: str = WHEN, **given: Any) -> int:
        """Enter a meeting; give its number."""
        values = {
            "kind": "strategic",
            "when": when,
            "length": "m120",
            "mode": "in_person",
            "place": "Urząd Gminy, sala 7",
        } | given
        entered = MeetingEntered.model_validate(values)
        done = await self.door.act(lambda uow: entering.enter(uow, self.ewa, Subject("meeting.enter", self.body), entered))
        assert done.meeting is not None
        return done.meeting

    async def call(self, meeting: int) -> Meeting:
        """Call everybody to a meeting."""
        return await self.door.act(lambda uow: convening.convene(uow, self.ewa, meeting))

    async def called(self, when: str = WHEN, **given: Any) -> int:
        """Enter a meeting, call everybody to it and let them be told; give its number."""
        meeting = await self.enter(when, **given)
        await self.call(meeting)
        await self.deliver()
        return meeting

    async def change(self, meeting: int, **given: Any) -> None:
        """Change a meeting."""
        change = MeetingChange.model_validate({"reason": "Tak wyszło"} | given)
        subject = Subject("meeting.change", self.body, meeting=meeting)
        await self.door.act(lambda uow: convening.change(uow, self.ewa, subject, change))

    async def cancel(self, meeting: int) -> None:
        """Call a meeting off."""
        subject = Subject("meeting.cancel", self.body, meeting=meeting)
        said = MeetingCancelled(reason="Sala jest zajęta")
        await self.door.act(lambda uow: convening.cancel(uow, self.ewa, subject, said))

    async def import_rows(self, *rows: str) -> None:
        """Import another roster."""
        await bring_in(self.door, self.body, *rows)

    async def hand_over(self, institution: str, role: str, name: str, email: str) -> None:
        """Give a place to somebody else."""
        seat = await self.seat(institution, role)
        await self.door.act(lambda uow: seats.hand_over(uow, self.ewa, seat, name=name, email=email))

    # --- what members do ---

    async def answer(self, meeting: int, institution: str, said: Answer, who: int | None = None) -> None:
        """Let an institution answer: by somebody of it, or by word of mouth to the coordinator."""
        assert said in get_args(Answer)
        membership = await self.membership_of(institution)
        if who is None:
            await self.door.act(lambda uow: answers.answer_for(uow, self.ewa, meeting, membership, said))
        else:
            await self.door.act(lambda uow: answers.answer(uow, self.by(who), meeting, membership, said))

    async def substitute(self, meeting: int, institution: str, who: int, email: str, term: str = "once") -> int:
        """Let somebody name a substitute; give the place made for them."""
        subject = Subject("meeting.substitute", self.body, meeting=meeting, membership=await self.membership_of(institution))
        named = SubstituteNamed.model_validate({"name": "Zofia Zastępcza", "email": email, "term": term})
        done = await self.door.act(lambda uow: substitutes.name(uow, self.by(who), subject, named))
        assert done.made is not None
        return done.made

    async def membership_of(self, institution: str) -> int:
        """Give the number of an institution, whatever places it has."""
        rows = await self.door.look(lambda uow: seats.seats_of(uow, OPERATOR, self.body))
        seat = next(one.id for one in rows if one.short_name == institution)
        found = select(MEMBERSHIP.c.id).join(SEAT, SEAT.c.membership_id == MEMBERSHIP.c.id).where(SEAT.c.id == seat)
        return int(await self.door.look(lambda uow: uow.execute(found).scalar_one()))

    # --- time, the courier, and what stands ---

    def at(self, when: datetime | str) -> None:
        """Let it be this instant; a text is local time in Warsaw."""
        instant = when if isinstance(when, datetime) else datetime.fromisoformat(f"{when}:00+01:00")
        self.clock.move(instant - self.clock.now())

    async def tick(self) -> None:
        """Let the clock do everything that is due now."""
        while (await self.door.act(housekeeping.tick)).more:
            pass

    async def deliver(self, *, refused: Collection[str] = ()) -> list[Sent]:
        """Let the courier send what is due; ``refused``: addresses that take nothing. Invitations to the network go out unseen."""
        sent: list[Sent] = []
        lanes: tuple[Channel, ...] = get_args(Channel)
        for _ in range(3):  # what one channel refuses, the next one gets
            for channel in lanes:
                while claims := await self.door.act(
                    lambda uow, channel=channel: dispatch.claim(uow, real=uow.now, most=50, channel=channel)  # type: ignore[misc]  # mypy sees no default
                ):
                    for claim in claims:
                        one = await self.door.act(lambda uow, claim=claim: _carry(uow, claim, refused))  # type: ignore[misc]  # mypy sees no default
                        if one is not None:
                            sent.append(one)
        return [one for one in sent if one.occasion.startswith(ABOUT)]

    async def told(self, *, refused: Collection[str] = ()) -> list[tuple[str, str]]:
        """Let the courier send what is due; give who was told what: ("GOPS Modliborzyce head", "invitation"), sorted."""
        names = await self.seat_names()
        sent = await self.deliver(refused=refused)
        return sorted((names.get(one.recipient, one.recipient), one.occasion.removeprefix("meeting.")) for one in sent)

    async def meeting(self, meeting: int) -> Meeting:
        """Give a meeting as it stands."""
        return await self.door.look(lambda uow: facts.get(uow, meeting))

    async def answered(self, meeting: int) -> dict[str, str]:
        """Give what was answered, by institution."""

        def work(uow: UnitOfWork) -> dict[str, str]:
            names = {one.membership: one.name for one in facts.members(uow, facts.get(uow, meeting))}
            return {names[number]: one.answer for number, one in answers.of(uow, meeting).items()}

        return await self.door.look(work)


def _carry(uow: UnitOfWork, claim: Claim, refused: Collection[str]) -> Sent | None:
    """Send one message, as the courier does; ``None`` when it was not wanted any more, or refused."""
    made = dispatch.prepare(uow, claim, real=uow.now)
    if made is None:
        return None
    notice = uow.execute(select(NOTICE).where(NOTICE.c.id == claim.notice)).one()
    if made.reader.address in refused:
        dispatch.record(uow, made.claim, "refused", real=uow.now, reason="550")
        return None
    dispatch.record(uow, made.claim, "sent", real=uow.now)
    t = i18n.translator("pl")
    said = words(messages.screen(made, t), t) if notice.occasion.startswith(ABOUT) else ""
    files = tuple(read(one.content) for one in made.enclosures if one.media_type == "text/calendar")
    along = tuple(one.name for one in made.enclosures if one.media_type != "text/calendar")
    return Sent(notice.recipient, notice.occasion, notice.subject, claim.channel, made.reader.address, said, files, along)


async def gather(door: Door, clock: FixedClock) -> Calling:
    """Make the network on a Monday morning: Anna, Bogdan, Olga and Ewa use Telegram; Maria and Celina have e-mail only."""
    clock.move(MONDAY - clock.now())
    body = await enter(door)
    await bring_in(door, body, *ROWS)
    posts = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    ewa = await accept(door, EWA, post=posts[0].id)
    made = Calling(door, clock, body, Actor(ewa), {EWA: ewa})
    for who, institution, role in ((ANNA, GOPS_M, "head"), (BOGDAN, GOPS_M, "delegate"), (OLGA, OPS_J, "delegate")):
        made.persons[who] = await accept(door, who, seat=await made.seat(institution, role))
    return made


async def elsewhere(made: Calling) -> Calling:
    """Make another network with its coordinator, Igor, and its head, Ida."""
    body = await enter(made.door, "lsr-ilawa")
    rows = (
        f"{GOPS};zwierzchnik;kierownik;Ida Bór;ida@gops.example".replace("Modliborzy", "Iław"),
        f"{KIS};koordynator;;Igor Żuk;igor@kis.example",
    )
    await bring_in(made.door, body, *rows)
    posts = await made.door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    igor = await accept(made.door, IGOR, post=posts[0].id)
    other = Calling(made.door, made.clock, body, Actor(igor), {IGOR: igor})
    ida = next(one for one in await made.door.look(lambda uow: seats.seats_of(uow, OPERATOR, body)) if one.role == "head")
    other.persons[IDA] = await accept(made.door, IDA, seat=ida.id)
    return other


def wait(made: Calling, **step: float) -> None:
    """Let time pass."""
    made.clock.move(timedelta(**step))
