"""Browsers people are let in by, on both engines: one browser a link, for a while, and not a moment after a place is taken away."""

from __future__ import annotations

import asyncio
import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update
from tests.office.rosters import GOPS, accept, bring_in, dump, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import housekeeping, links, people, seats, sessions, throttle
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.sessions import Entered, Session
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import NOTICE, PERSON, PERSONAL_LINK, SEAT, THROTTLE, WEB_SESSION

#: Cookies of two browsers nobody has been let in by.
HERS, HIS = "a" * 43, "b" * 43


async def network(door: Door) -> tuple[int, int, int]:
    """Enter a body; give Anna, its GOPS's head, and Jan, its delegate, who have accepted, and the head's seat."""
    body = await enter(door)
    await bring_in(
        door,
        body,
        f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
        f"{GOPS};osoba wskazana;;Jan Kos;jan@gops.example",
    )
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    delegate = await seat_of(door, body, "GOPS Modliborzyce", "delegate")
    return await accept(door, 501, seat=head.id), await accept(door, 502, seat=delegate.id), head.id


async def link(door: Door, person: int, place: str = "") -> str:
    return (await door.act(lambda uow: links.issue(uow, person, "enter", place=place))).token


async def come_in(door: Door, token: str, browser: str = HERS) -> Entered:
    return await door.act(lambda uow: sessions.enter(uow, token, browser=browser))


async def find(door: Door, token: str) -> Session | None:
    return await door.look(lambda uow: sessions.find(uow, token))


async def former(door: Door, token: str) -> Known | None:
    return await door.look(lambda uow: sessions.former(uow, token))


async def let_in(door: Door, person: int, browser: str = HERS) -> str:
    """Let a person in by a fresh link; give the cookie."""
    return (await come_in(door, await link(door, person), browser)).token


# --- getting in -------------------------------------------------------------------------------------------------------


async def test_a_link_lets_a_browser_in(door: Door, clock: FixedClock) -> None:
    """Whoever uses a link is known from then on by a cookie, in their language, and is led where the link leads."""
    anna, _, _ = await network(door)
    entered = await come_in(door, await link(door, anna, "card:1"))
    found = await find(door, entered.token)
    assert entered.place == "card:1"
    assert found is not None
    assert found.person == await door.look(lambda uow: people.find(uow, people.Reader(anna)))
    assert (found.ends_at, found.absolute_at) == (clock.now() + timedelta(hours=2), clock.now() + timedelta(hours=24))
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", entered.token)


async def test_no_cookie_is_stored(door: Door) -> None:
    """Whoever reads the database, or a backup of it, is let in nowhere: it holds neither cookie nor link."""
    anna, _, _ = await network(door)
    token = await link(door, anna)
    cookie = (await come_in(door, token)).token
    stored = str(await dump(door))
    for secret in (cookie, token, HERS):
        assert secret not in stored
        assert hashlib.sha256(secret.encode()).hexdigest() in stored


async def test_a_used_link_is_refused_to_another_browser(door: Door) -> None:
    """Whoever finds a used link in a mailbox is refused in words, changes nothing, and whoever used it stays in."""
    anna, _, _ = await network(door)
    token = await link(door, anna)
    cookie = (await come_in(door, token)).token
    before = await dump(door)
    for browser in (HIS, "", "x", HERS[:-1], HERS + "\n", "ą" * 43):
        with pytest.raises(Refused, match="already been used"):
            await come_in(door, token, browser)
    assert await dump(door) == before
    assert await find(door, cookie) is not None


async def test_the_same_form_sent_twice_is_answered_twice(door: Door, clock: FixedClock) -> None:
    """A double tap, or a page sent again because the answer was lost: in again, with the first answer's cookie worth nothing."""
    anna, _, _ = await network(door)
    token = await link(door, anna, "card:1")
    first = await come_in(door, token)
    clock.move(timedelta(minutes=9, seconds=59))
    second = await come_in(door, token)
    assert second.place == "card:1"
    assert await find(door, first.token) is None
    assert await former(door, first.token) is None
    found = await find(door, second.token)
    assert found is not None
    assert found.person.id == anna
    assert found.absolute_at == clock.now() - timedelta(minutes=9, seconds=59) + timedelta(hours=24)  # no longer for it
    clock.move(timedelta(seconds=1))
    with pytest.raises(Refused, match="already been used"):
        await come_in(door, token)
    assert await find(door, second.token) == found


async def test_going_back_and_sending_again_is_answered_too(door: Door) -> None:
    """Whoever has the new cookie already, goes back and presses again, twice at once even, is not told that the link is used."""
    anna, _, _ = await network(door)
    token = await link(door, anna)
    cookie = (await come_in(door, token)).token
    done = await asyncio.gather(*(come_in(door, token, cookie) for _ in range(3)))
    alive = [one for one in done if await find(door, one.token) is not None]
    assert len(alive) == 1
    for stranger in (HIS, HERS):  # what the browser showed at first is not shown by it any more
        with pytest.raises(Refused, match="already been used"):
            await come_in(door, token, stranger)


async def test_another_links_browser_is_no_proof(door: Door) -> None:
    """Jan, let in by his own link a moment ago, cannot use up Anna's used one with his cookie."""
    anna, jan, _ = await network(door)
    token = await link(door, anna)
    await come_in(door, token)
    his = await let_in(door, jan, HIS)
    for browser in (HIS, his):
        with pytest.raises(Refused, match="already been used"):
            await come_in(door, token, browser)


async def test_an_unknown_browser_is_never_let_in_again(door: Door) -> None:
    """Browsers without a cookie are all alike, so none of them is taken for the one that used the link."""
    anna, _, _ = await network(door)
    token = await link(door, anna)
    await come_in(door, token, "")
    for browser in ("", "x"):
        with pytest.raises(Refused, match="already been used"):
            await come_in(door, token, browser)
        assert await door.act(lambda uow, b=browser: sessions.again(uow, browser=b, came_by="link:1")) is None  # type: ignore[misc]


@pytest.mark.parametrize("ended", ["signed out", "everything ended", "left"])
async def test_no_double_tap_brings_back_what_was_ended(door: Door, ended: str) -> None:
    """After signing out, a hand-over or leaving, the link does not open again, not even to its own browser a moment later."""
    anna, _, _ = await network(door)
    token = await link(door, anna)
    cookie = (await come_in(door, token)).token
    match ended:
        case "signed out":
            await door.act(lambda uow: sessions.end(uow, cookie))
        case "everything ended":
            await door.act(lambda uow: sessions.end_all(uow, anna))
        case _:
            gone = update(PERSON).where(PERSON.c.id == anna).values(telegram_id=None, accepted_at=None)
            await door.act(lambda uow: uow.execute(gone) and None)
    for browser in (HERS, cookie):
        with pytest.raises(Refused, match="already been used"):
            await come_in(door, token, browser)


@pytest.mark.parametrize("purpose", ["connect", "email"])
async def test_a_link_for_something_else_lets_nobody_in(door: Door, purpose: links.Purpose) -> None:
    """A link that joins an account or confirms an address opens no session, and is answered like none of ours."""
    anna, _, _ = await network(door)
    email = "anna@nowa.example" if purpose == "email" else ""
    issued = await door.act(lambda uow: links.issue(uow, anna, purpose, email=email))
    before = await dump(door)
    said = []
    for token in (issued.token, "A" * 24, "x", ""):
        with pytest.raises(NotFound) as caught:
            await come_in(door, token)
        said.append(str(caught.value))
    assert len(set(said)) == 1
    assert await dump(door) == before


async def test_of_many_browsers_at_once_one_gets_in(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """A forwarded link opened by ten people at the same moment, through two programs, lets in exactly one of them."""
    anna, _, _ = await network(door)
    other = open_store(database_url)
    second = Door(other, clock, house)
    for _ in range(3):
        token = await link(door, anna)
        done = await asyncio.gather(
            *(come_in(second if n % 2 else door, token, chr(ord("c") + n) * 43) for n in range(10)), return_exceptions=True
        )
        assert sum(isinstance(one, Entered) for one in done) == 1
        assert all(isinstance(one, Entered | Refused) for one in done), done
    count = select(func.count()).select_from(WEB_SESSION)
    assert await door.look(lambda uow: uow.execute(count).scalar_one()) == 3
    await other.close()


async def test_a_double_tap_at_once_leaves_one_session(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """The same browser sending the same form six times at once is let in each time and ends with one session, the last one's."""
    anna, _, _ = await network(door)
    other = open_store(database_url)
    second = Door(other, clock, house)
    token = await link(door, anna)
    done = await asyncio.gather(*(come_in(second if n % 2 else door, token) for n in range(6)))
    alive = [one.token for one in done if await find(door, one.token) is not None]
    assert (len(done), len(alive)) == (6, 1)
    await other.close()


async def test_a_browser_let_in_anew_leaves_no_session_behind(door: Door) -> None:
    """On a shared computer, whoever comes in after somebody else ends that session: its cookie is gone and nobody else could."""
    anna, jan, _ = await network(door)
    hers = await let_in(door, anna)
    his = await let_in(door, jan, hers)
    assert await find(door, hers) is None
    found = await find(door, his)
    assert found is not None
    assert found.person.id == jan


async def test_an_invitation_begins_a_session_and_a_double_tap_is_answered(door: Door) -> None:
    """Whoever accepts on a page is in at once; the same browser sending the form again is too, for that invitation only."""
    anna, _, _ = await network(door)
    first = await door.act(lambda uow: sessions.begin(uow, anna, browser=HERS, came_by="invitation:7"))
    tries = [(HERS, "invitation:8"), (HIS, "invitation:7"), (HERS, "link:7"), (HERS, "")]
    for browser, came_by in tries:
        assert await door.act(lambda uow, b=browser, c=came_by: sessions.again(uow, browser=b, came_by=c)) is None  # type: ignore[misc]
    assert await find(door, first) is not None
    second = await door.act(lambda uow: sessions.again(uow, browser=HERS, came_by="invitation:7"))
    assert second is not None
    assert await find(door, first) is None
    assert await find(door, second) is not None


async def test_nobody_is_let_in_who_has_accepted_nothing(door: Door) -> None:
    """A name of the roster has no session, whoever asks for one."""
    body = await enter(door)
    await bring_in(door, body, f"{GOPS};zwierzchnik;;Anna Nowak;anna@gops.example")
    for person in (await door.look(lambda uow: int(uow.execute(select(PERSON.c.id)).scalar_one())), 999):
        with pytest.raises(NotFound, match="no such matter"):
            await door.act(lambda uow, p=person: sessions.begin(uow, p, browser=HERS, came_by="link:1"))  # type: ignore[misc]


# --- how long ---------------------------------------------------------------------------------------------------------


async def test_an_idle_session_ends_after_two_hours(door: Door, clock: FixedClock) -> None:
    """A browser left open is signed out; who was in is still known, so that a text sent too late is kept for them."""
    anna, _, _ = await network(door)
    cookie = await let_in(door, anna)
    clock.move(timedelta(hours=1, minutes=59, seconds=59))
    assert await find(door, cookie) is not None
    assert await former(door, cookie) is None
    clock.move(timedelta(seconds=1))
    assert await find(door, cookie) is None
    late = await former(door, cookie)
    assert late is not None
    assert late.id == anna


async def test_a_busy_session_ends_after_a_day(door: Door, clock: FixedClock) -> None:
    """Whoever goes on working is not signed out before a day has passed, and then is, and the end is told all along."""
    anna, _, _ = await network(door)
    began = clock.now()
    cookie = await let_in(door, anna)
    for _ in range(23):
        clock.move(timedelta(hours=1))
        found = await find(door, cookie)
        assert found is not None
        touched = await door.act(lambda uow, f=found: sessions.touch(uow, f))  # type: ignore[misc]
        assert touched == await find(door, cookie)
        assert touched.ends_at == min(clock.now() + timedelta(hours=2), began + timedelta(hours=24))
    clock.move(timedelta(minutes=59, seconds=59))
    assert await find(door, cookie) is not None
    clock.move(timedelta(seconds=1))
    assert await find(door, cookie) is None
    late = await former(door, cookie)
    assert late is not None
    assert late.id == anna


async def test_a_use_is_written_down_every_five_minutes_at_most(door: Door, clock: FixedClock) -> None:
    """Reading page after page writes nothing; the next use after five minutes does."""
    anna, _, _ = await network(door)
    cookie = await let_in(door, anna)
    clock.move(timedelta(minutes=4, seconds=59))
    found = await find(door, cookie)
    assert found is not None
    before = await dump(door)
    assert not await door.look(lambda uow: sessions.needs_touch(uow, found))
    assert await door.act(lambda uow: sessions.touch(uow, found)) == found
    assert await dump(door) == before
    clock.move(timedelta(seconds=1))
    assert await door.look(lambda uow: sessions.needs_touch(uow, found))
    assert (await door.act(lambda uow: sessions.touch(uow, found))).seen_at == clock.now()


@pytest.mark.parametrize("over", ["ended", "idle"])
async def test_a_use_noted_too_late_revives_nothing(door: Door, clock: FixedClock, over: str) -> None:
    """A page read at the very end is answered, but a session that is over in the meantime stays over."""
    anna, _, _ = await network(door)
    cookie = await let_in(door, anna)
    clock.move(timedelta(minutes=30))
    found = await find(door, cookie)
    assert found is not None
    if over == "ended":
        await door.act(lambda uow: sessions.end_all(uow, anna))
    else:
        clock.move(timedelta(hours=1, minutes=30))
    assert await door.act(lambda uow: sessions.touch(uow, found)) == found
    assert await find(door, cookie) is None


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_signing_out_ends_one_browser(door: Door) -> None:
    """Signing out at the office leaves the session at home alone; nothing is kept for what comes from the office later."""
    anna, _, _ = await network(door)
    office, home = await let_in(door, anna), await let_in(door, anna, HIS)
    await door.act(lambda uow: sessions.end(uow, office))
    assert await find(door, office) is None
    assert await former(door, office) is None
    assert await find(door, home) is not None
    before = await dump(door)
    for token in (office, "x", "", "c" * 43, "ą" * 43):
        await door.act(lambda uow, t=token: sessions.end(uow, t))  # type: ignore[misc]
    assert await dump(door) == before


async def test_ending_everything_leaves_no_way_in(door: Door, clock: FixedClock) -> None:
    """Live sessions, expired ones and unused links all end, in every browser; nobody else's do."""
    anna, jan, _ = await network(door)
    expired = await let_in(door, anna, "c" * 43)
    clock.move(timedelta(hours=3))
    assert await former(door, expired) is not None
    cookies = [await let_in(door, anna), await let_in(door, anna, HIS)]
    unused, his = await link(door, anna), await let_in(door, jan, "d" * 43)
    await door.act(lambda uow: sessions.end_all(uow, anna))
    for cookie in (expired, *cookies):
        assert await find(door, cookie) is None
        assert await former(door, cookie) is None
    with pytest.raises(Refused, match="no longer valid"):
        await come_in(door, unused)
    assert await find(door, his) is not None
    before = await dump(door)
    await door.act(lambda uow: sessions.end_all(uow, anna))
    assert await dump(door) == before


async def test_whoever_has_left_has_no_session(door: Door, clock: FixedClock) -> None:
    """A person who parted from the secretariat is nobody at once, even in a session nobody ended."""
    anna, _, _ = await network(door)
    cookie, expired = await let_in(door, anna), await let_in(door, anna, HIS)
    gone = update(PERSON).where(PERSON.c.id == anna).values(telegram_id=None, accepted_at=None)
    await door.act(lambda uow: uow.execute(gone) and None)
    assert await find(door, cookie) is None
    clock.move(timedelta(hours=3))
    assert await former(door, expired) is None


async def test_using_a_link_while_everything_ends_leaves_nobody_in(
    door: Door, database_url: str, clock: FixedClock, house: House
) -> None:
    """The former head opens a link in the moment the seat is handed over: afterwards they are not in, either way."""
    anna, _, seat = await network(door)
    other = open_store(database_url)
    second = Door(other, clock, house)
    for n in range(8):
        token = await link(door, anna)
        browser = chr(ord("c") + n) * 43
        into, over = await asyncio.gather(
            come_in(second, token, browser), door.act(lambda uow: seats.hand_over(uow, OPERATOR, seat)), return_exceptions=True
        )
        assert isinstance(over, seats.Changed), over
        if isinstance(into, Entered):
            assert await find(door, into.token) is None
        else:
            assert isinstance(into, Refused), into
        await door.act(lambda uow: uow.execute(SEAT.update().where(SEAT.c.id == seat).values(person_id=anna)) and None)
    alive = select(func.count()).select_from(WEB_SESSION).where(WEB_SESSION.c.ended_at.is_(None))
    assert await door.look(lambda uow: uow.execute(alive).scalar_one()) == 0
    await other.close()


async def test_a_double_tap_while_everything_ends_gives_no_dead_cookie(
    door: Door, database_url: str, clock: FixedClock, house: House
) -> None:
    """The form comes again in the moment everything of the person ends: refused, or in until the end counts, nothing between."""
    anna, _, _ = await network(door)
    other = open_store(database_url)
    second = Door(other, clock, house)

    def once_more(uow: UnitOfWork) -> tuple[str | None, bool]:
        token = sessions.again(uow, browser=HERS, came_by="invitation:7")
        return token, token is not None and sessions.find(uow, token) is not None

    for _ in range(25):
        await door.act(lambda uow: sessions.begin(uow, anna, browser=HERS, came_by="invitation:7"))
        (token, alive), _ended = await asyncio.gather(second.act(once_more), door.act(lambda uow: sessions.end_all(uow, anna)))
        assert alive == (token is not None)
        assert token is None or await find(door, token) is None
    await other.close()


@pytest.mark.parametrize(
    "cookie", ["", "x", "a" * 42, "a" * 44, "a" * 42 + "\n", "ą" * 43, "a" * 42 + "\udcff", "%" * 43, "a" * 43]
)
async def test_a_made_up_cookie_is_nobodys(door: Door, cookie: str) -> None:
    """Anything a browser may send as a cookie is answered with nobody, never with an error."""
    anna, _, _ = await network(door)
    await let_in(door, anna, HIS)
    assert await find(door, cookie) is None
    assert await former(door, cookie) is None


async def test_what_is_old_is_forgotten(door: Door, clock: FixedClock) -> None:
    """Sessions are kept for a month after their last possible moment, links after theirs, counts of tries for a day; then no longer."""
    anna, _, _ = await network(door)
    await door.act(housekeeping.tick)
    cookie = await let_in(door, anna)
    await link(door, anna)
    await door.act(lambda uow: sessions.ask_link(uow, "anna@gops.example", address="192.0.2.7"))

    async def left() -> list[int]:
        counts = [select(func.count()).select_from(table) for table in (WEB_SESSION, PERSONAL_LINK, THROTTLE)]
        return await door.look(lambda uow: [uow.execute(count).scalar_one() for count in counts])

    clock.move(timedelta(days=1))
    await door.act(housekeeping.tick)
    assert await left() == [1, 2, 2]
    clock.move(timedelta(seconds=1))
    await door.act(housekeeping.tick)
    assert await left() == [1, 2, 0]
    clock.move(timedelta(days=29, hours=1))
    await door.act(housekeeping.tick)
    assert await left() == [1, 0, 0]
    assert await former(door, cookie) is not None
    clock.move(timedelta(days=1))
    await door.act(housekeeping.tick)
    assert await left() == [0, 0, 0]


# --- asking for a link ------------------------------------------------------------------------------------------------


async def ask(door: Door, email: str, address: str = "192.0.2.7") -> None:
    await door.act(lambda uow: sessions.ask_link(uow, email, address=address))


async def asked(door: Door) -> list[str]:
    """Give the addresses letters were asked for to, in order."""
    statement = select(NOTICE.c.address, NOTICE.c.recipient).where(NOTICE.c.occasion == "sign_in").order_by(NOTICE.c.id)
    rows = (await door.look(lambda uow: uow.execute(statement).all())) or []
    assert len({row.recipient for row in rows}) == len(rows)
    assert all(re.fullmatch(r"request:[0-9a-f]{32}", row.recipient) for row in rows)
    return [row.address for row in rows]


async def test_a_request_becomes_a_notice(door: Door) -> None:
    """A typed address gets a letter sent by the courier, who alone finds out whether anybody has it; each request is one letter."""
    await network(door)
    await ask(door, " Anna@GOPS.example ")
    await ask(door, "nikt@gops.example")
    await ask(door, "anna@gops.example")
    assert await asked(door) == ["anna@gops.example", "nikt@gops.example", "anna@gops.example"]


async def test_asking_is_the_same_work_whether_or_not_anybody_has_the_address(door: Door) -> None:
    """The very same statements run for an address on record and for one nobody has, and none of them asks who somebody is."""
    await network(door)
    ran: dict[str, list[str]] = {}

    def work(uow: UnitOfWork, email: str) -> None:
        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            ran.setdefault(email, []).append(statement)

        event.listen(uow.connection, "before_cursor_execute", note)
        try:
            sessions.ask_link(uow, email, address="192.0.2.7")
        finally:
            event.remove(uow.connection, "before_cursor_execute", note)

    for email in ("anna@gops.example", "nikt@gops.example"):
        await door.act(lambda uow, e=email: work(uow, e))  # type: ignore[misc]
    known, unknown = ran.values()
    assert known == unknown
    assert len(known) >= 3
    assert not any("person" in re.split(r"\W+", statement.lower()) for statement in known)


async def test_nobody_is_annoyed_with_letters_and_nobody_learns_of_it(door: Door, clock: FixedClock) -> None:
    """Five requests an hour to one address become letters, however it is spelt and whoever asks; later ones are answered the same."""
    for n in range(8):
        await ask(door, "Anna@gops.example" if n % 2 else "anna@GOPS.example", f"192.0.2.{n}")
    await ask(door, "jan@gops.example", "192.0.2.9")
    assert await asked(door) == ["anna@gops.example"] * 5 + ["jan@gops.example"]
    clock.move(timedelta(hours=1))
    await ask(door, "anna@gops.example", "192.0.2.10")
    assert (await asked(door))[6:] == ["anna@gops.example"]


async def test_one_browser_asks_twenty_times_an_hour_at_most(door: Door, clock: FixedClock) -> None:
    """Whoever tries addresses one after another is stopped and told until when; other offices are not, and the limit is by site."""
    for n in range(20):
        await ask(door, f"osoba{n}@gops.example", f"2001:db8:1:2::{n:x}")
    before = await dump(door)
    with pytest.raises(throttle.TooOften) as caught:
        await ask(door, "osoba20@gops.example", "2001:db8:1:2::ffff")
    assert caught.value.retry_after == 3600
    assert await dump(door) == before
    await ask(door, "osoba20@gops.example", "2001:db8:1:3::1")
    clock.move(timedelta(hours=1))
    await ask(door, "osoba21@gops.example", "2001:db8:1:2::1")
    assert len(await asked(door)) == 22


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "anna",
        "anna@gops",
        "anna@gops.example, jan@gops.example",
        "anna@gops.example\nBcc: x@y.example",
        "x" * 20_000,
        "@\x00.pl",
    ],
)
async def test_what_is_no_address_is_said_so(door: Door, typed: str) -> None:
    """A slip is told at once and costs no try; what is said back is short."""
    before = await dump(door)
    with pytest.raises(Invalid, match="not a correct e-mail") as caught:
        await ask(door, typed)
    assert await dump(door) == before
    assert len(str(caught.value)) < 250


async def test_requests_at_once_become_as_many_letters_as_may_be(
    door: Door, database_url: str, clock: FixedClock, house: House
) -> None:
    """Thirty requests at the same moment through two programs: five letters to the one address, ten browsers' limits untouched."""
    other = open_store(database_url)
    second = Door(other, clock, house)
    done = await asyncio.gather(
        *(ask(second if n % 2 else door, "anna@gops.example", f"192.0.2.{n % 10}") for n in range(30)), return_exceptions=True
    )
    assert not any(done), done
    assert await asked(door) == ["anna@gops.example"] * 5
    await other.close()
