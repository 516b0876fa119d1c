"""What the tests of the desk and of one's own data share: a network with a coordinator, and visits to pages as the web room makes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, enter, seat_of
from tests.office.test_uploads import coordinator

from konwent_bot.i18n import Translator
from konwent_bot.office.door import Door
from konwent_bot.office.people import Reader
from konwent_bot.office.rights import Actor
from konwent_bot.screens import reception
from konwent_bot.screens.intents import LOOKS, Intent, decode, encode
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Given, Reply, Visitor

#: Telegram accounts: the coordinator, the head of GOPS, the coordinator of another network.
EWA, ANNA, IGOR = 2001, 2002, 2003
ROWS = (
    f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
    f"{GOPS};osoba wskazana;asystent rodziny;Jan Kos;jan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;",
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
)


@dataclass
class Desk:
    """A network and the people in it, by number."""

    body: int
    ewa: int
    post: int
    #: "GOPS Modliborzyce head" -> seat.
    seats: dict[str, int] = field(default_factory=dict)

    @property
    def anna(self) -> int:
        """Give the seat of the head of GOPS."""
        return self.seats["GOPS Modliborzyce head"]

    @property
    def jan(self) -> int:
        """Give the seat of the delegate of GOPS."""
        return self.seats["GOPS Modliborzyce delegate"]

    @property
    def maria(self) -> int:
        """Give the seat of the head of the school; the roster knows no address."""
        return self.seats["Zespół szkół head"]


async def network(door: Door, slug: str = "lsr-janow", telegram: int = EWA, rows: tuple[str, ...] = ROWS) -> Desk:
    """Enter a body with its roster and let its coordinator in."""
    from konwent_bot.office import desk, seats

    body = await enter(door, slug)
    await bring_in(door, body, *rows)
    ewa = (await coordinator(door, body, telegram)).person
    assert ewa is not None
    made = Desk(body, ewa, (await door.look(lambda uow: desk.posts(uow, Actor(ewa), body)))[0].post or 0)
    for one in await door.look(lambda uow: seats.seats_of(uow, Actor(ewa), body)):
        made.seats[f"{one.short_name} {one.role}"] = one.id
    return made


async def let_anna_in(door: Door, made: Desk, telegram: int = ANNA) -> int:
    """Let the head of GOPS accept her invitation in Telegram; give her number."""
    seat = await seat_of(door, made.body, "GOPS Modliborzyce", "head")
    return await accept(door, telegram, seat=seat.id)


async def page(door: Door, person: int | None, intent: Intent, *, file: bytes | None = None, **fields: str) -> Reply:
    """Visit a page: what only shows is looked at in a snapshot that refuses any write."""
    return (await spoken(door, person, intent, file=file, **fields))[0]


async def spoken(
    door: Door, person: int | None, intent: Intent, *, file: bytes | None = None, **fields: str
) -> tuple[Reply, Translator]:
    """Do the same and give the translator too."""
    read = decode(encode(intent))
    assert read == intent
    caller = None if person is None else Reader(person)
    visitor = Visitor(caller, "pl", Given(fields=fields, file=file), browser="c" * 43, address="192.0.2.1")
    enter_by = door.look if type(intent) in LOOKS else door.act
    return await enter_by(lambda uow: reception.answer(uow, visitor, intent))


async def press(door: Door, telegram: int, intent: Intent) -> Reply:
    """Press a button in the chat."""
    return (await door.act(lambda uow: reception.answer(uow, Visitor(telegram, "pl"), intent)))[0]


def leads_to(screen: Screen) -> list[Intent]:
    """Give everything a screen offers to go to or to do."""
    actions: list[Action] = [action for row in screen.actions for action in row]
    actions += [row.action for row in screen.rows if row.action is not None]
    found = [action.intent for action in (*actions, *screen.trail) if action.intent is not None]
    return [*found, screen.form.intent] if screen.form is not None else found


def facts(screen: Screen) -> dict[str, str]:
    """Give the facts of a screen by their label."""
    return dict(screen.facts)
