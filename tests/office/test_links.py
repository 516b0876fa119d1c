"""Personal links on both engines: once, for a while, for one purpose, for one person, and silent about everything else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, dump, enter, seat_of

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.errors import KonwentError, NotFound, Refused
from konwent_bot.office import links, seats
from konwent_bot.office.door import Door
from konwent_bot.office.links import IssuedLink, OfferedLink, Purpose
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import PERSON, PERSONAL_LINK

#: Ways to try a link: reading it and using it must refuse alike.
Way = Callable[[Door, str, Purpose], Awaitable[OfferedLink]]


async def look(door: Door, token: str, purpose: Purpose = "enter") -> OfferedLink:
    """Read a link in a read-only snapshot."""
    return await door.look(lambda uow: links.look(uow, token, purpose))


async def use(door: Door, token: str, purpose: Purpose = "enter") -> OfferedLink:
    """Use a link up."""
    return await door.act(lambda uow: links.use(uow, token, purpose))


BOTH = pytest.mark.parametrize("way", [look, use])


async def issue(door: Door, person: int, purpose: Purpose = "enter", **given: Any) -> IssuedLink:
    """Make a link."""
    return await door.act(lambda uow: links.issue(uow, person, purpose, **given))


async def anna_of(door: Door) -> int:
    """Enter two bodies; Anna Nowak, head of the GOPS, delegate and chair in the first one, has accepted there."""
    body = await enter(door)
    anna = "Anna Nowak;anna@gops.example"
    await bring_in(
        door, body, f"{GOPS};zwierzchnik;kierownik;{anna}", f"{GOPS};osoba wskazana;;{anna}",
        f"{SCHOOL};zwierzchnik;;Maria Wilk;maria@szkola.example", f"{KIS};koordynator;;Ewa Lis;ewa@kis.example",
    )  # fmt: skip
    other = await enter(door, "lsr-inna")
    await bring_in(door, other, f"{SCHOOL};zwierzchnik;;{anna}")
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    person = await accept(door, 501, seat=head.id)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", seat=head.id))
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "vice_chair", seat=head.id))
    return person


async def refusal(door: Door, token: str, purpose: Purpose, way: Way) -> tuple[type, str]:
    """Give everything a refusal says."""
    before = await dump(door)
    with pytest.raises(KonwentError) as caught:
        await way(door, token, purpose)
    assert await dump(door) == before
    return type(caught.value), str(caught.value)


# --- what a link is ---------------------------------------------------------------------------------------------------


async def test_each_purpose_has_its_address_and_its_time(door: Door, clock: FixedClock) -> None:
    """A link into a browser lasts an hour, into the chat half an hour, to confirm an address two days; one from the chat less."""
    anna = await anna_of(door)
    into = await issue(door, anna)
    chat = await issue(door, anna, "connect")
    mail = await issue(door, anna, "email", email="anna@nowa.example")
    short = await issue(door, anna, minutes=15)
    assert [(one.expires_at - clock.now()).total_seconds() / 60 for one in (into, chat, mail, short)] == [60, 30, 2880, 15]
    assert into.url == f"https://konwent.example/e/{into.token}"
    assert mail.url == f"https://konwent.example/p/{mail.token}"
    assert chat.url == f"https://t.me/konwent_test_bot?start={chat.token}"
    tokens = {one.token for one in (into, chat, mail, short)}
    assert len(tokens) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", token) for token in tokens)  # what Telegram takes after start=


async def test_a_house_without_pages_or_bot_gives_no_address(door: Door, house: House) -> None:
    """Where there is nothing to open, no broken address is made up."""
    anna = await anna_of(door)
    bare = Door(door.store, door.clock, replace(house, public_url="", bot_username=""))
    for purpose, given in (("enter", {}), ("connect", {}), ("email", {"email": "a@b.example"})):
        issued = await bare.act(lambda uow, p=purpose, g=given: links.issue(uow, anna, p, **g))  # type: ignore[misc]
        assert (issued.url, len(issued.token)) == ("", 24)


async def test_no_token_is_stored(door: Door) -> None:
    """Whoever reads the database, or a backup of it, can open nothing."""
    anna = await anna_of(door)
    issued = await issue(door, anna, place="card:1")
    assert issued.token not in str(await dump(door))
    stored = await door.look(lambda uow: uow.execute(select(PERSONAL_LINK.c.token_hash)).scalar_one())
    assert re.fullmatch(r"[0-9a-f]{64}", stored)


async def test_a_link_tells_whose_it_is(door: Door) -> None:
    """Whoever holds it sees the name and the places in words, each once, and where it leads; reading it uses nothing up."""
    anna = await anna_of(door)
    issued = await issue(door, anna, place="card:1")
    for _ in range(2):
        offered = await look(door, issued.token)
    assert (offered.person, offered.name, offered.place, offered.email) == (anna, "Anna Nowak", "card:1", "")
    assert offered.places == ("GOPS Modliborzyce, Lokalna Sieć lsr-janow",)
    assert offered.expires_at == issued.expires_at
    assert await use(door, issued.token) == offered


async def test_places_without_an_institution_are_named_by_their_body(door: Door) -> None:
    """A coordinator entered by hand holds a post of the body alone."""
    body = await enter(door)
    given = await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "coordinator", name="Ewa Lis"))
    ewa = await accept(door, 601, post=given.place)
    assert (await look(door, (await issue(door, ewa)).token)).places == ("Lokalna Sieć lsr-janow",)


@pytest.mark.parametrize("state", ["never", "left", "unknown"])
async def test_nobody_gets_a_link_who_has_accepted_nothing(door: Door, state: str) -> None:
    """A name of the roster, somebody who has left, and a number nobody has are all refused alike."""
    body = await enter(door)
    await bring_in(door, body, f"{GOPS};zwierzchnik;;Anna Nowak;anna@gops.example")
    person = await door.look(lambda uow: int(uow.execute(select(PERSON.c.id)).scalar_one()))
    if state == "left":
        assert await accept(door, 501, seat=(await seat_of(door, body, "GOPS Modliborzyce", "head")).id) == person
        await door.act(lambda uow: uow.execute(update(PERSON).values(telegram_id=None, accepted_at=None)) and None)
    before = await dump(door)
    for purpose in ("enter", "connect", "email"):
        email = "a@b.example" if purpose == "email" else ""
        with pytest.raises(NotFound, match="no such matter"):
            await issue(door, 999 if state == "unknown" else person, purpose, email=email)
    assert await dump(door) == before


# --- what a link is not -----------------------------------------------------------------------------------------------


@BOTH
async def test_another_purpose_is_answered_like_a_link_that_never_was(door: Door, way: Way) -> None:
    """A valid token tried at the wrong door gives, word for word, the answer to a made-up one: it proves nothing there."""
    anna = await anna_of(door)
    issued: dict[Purpose, str] = {
        "enter": (await issue(door, anna)).token,
        "connect": (await issue(door, anna, "connect")).token,
        "email": (await issue(door, anna, "email", email="anna@nowa.example")).token,
    }
    made_up = "A" * 24
    for tried in issued:
        unknown = await refusal(door, made_up, tried, way)
        assert unknown[0] is NotFound
        assert "Anna" not in unknown[1]
        for purpose, token in issued.items():
            if purpose != tried:
                assert await refusal(door, token, tried, way) == unknown
    for purpose, token in issued.items():  # and all of them are still good for what they are for
        assert (await use(door, token, purpose)).person == anna


@BOTH
@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.swapcase(),
        lambda token: token[:23] + "ą",
        lambda token: token[:23] + "\x00",
        lambda token: token[:23] + "\udcff",
        lambda token: "%" * 24,
        lambda token: token * 1000,
    ],
)
async def test_a_forged_token_opens_nothing(door: Door, way: Way, forge: Callable[[str], str]) -> None:
    """A token cut, lengthened, changed by one letter or full of odd signs is not ours, and is no error of ours either."""
    anna = await anna_of(door)
    issued = await issue(door, anna)
    assert await refusal(door, forge(issued.token), "enter", way) == await refusal(door, "B" * 24, "enter", way)
    assert (await use(door, issued.token)).person == anna


@BOTH
async def test_a_used_link_opens_nothing_more(door: Door, way: Way) -> None:
    """A link found in a mailbox, or sent on, after it was used is refused in words."""
    anna = await anna_of(door)
    issued = await issue(door, anna)
    await use(door, issued.token)
    error, sentence = await refusal(door, issued.token, "enter", way)
    assert error is Refused
    assert "already been used" in sentence
    assert "Anna" not in sentence


@BOTH
async def test_a_link_ends_at_its_hour(door: Door, clock: FixedClock, way: Way) -> None:
    """It opens a second before its end and not at its end; the sentence names the moment in the local zone."""
    anna = await anna_of(door)
    issued = await issue(door, anna)
    clock.move(timedelta(minutes=59, seconds=59))
    assert (await look(door, issued.token)).person == anna
    clock.move(timedelta(seconds=1))
    assert (await refusal(door, issued.token, "enter", way))[0] is Refused
    with pytest.raises(Refused) as caught:
        await way(door, issued.token, "enter")
    said = i18n.Catalogues().translator("en").say(caught.value)
    assert said == "This link expired: Sunday, 22 November 2026, 11:00. Ask for a new one."


@BOTH
async def test_withdrawn_links_open_nothing(door: Door, way: Way) -> None:
    """Ending everything of a person ends each unused link of theirs and nobody else's."""
    anna = await anna_of(door)
    body = await enter(door, "lsr-trzecia")
    await bring_in(door, body, f"{GOPS};zwierzchnik;;Jan Kos;jan@gops.example")
    jan = await accept(door, 502, seat=(await seat_of(door, body, "GOPS Modliborzyce", "head")).id)
    mine = {purpose: (await issue(door, anna, purpose)).token for purpose in ("enter", "connect")}
    his = await issue(door, jan)
    await door.act(lambda uow: links.revoke_all(uow, anna))
    for purpose, token in mine.items():
        error, sentence = await refusal(door, token, purpose, way)  # type: ignore[arg-type]
        assert error is Refused
        assert "no longer valid" in sentence
    assert (await way(door, his.token, "enter")).person == jan


async def test_links_of_one_purpose_are_withdrawn_alone(door: Door) -> None:
    """Asking to confirm another address ends the links to the former one before the new letter is written."""
    anna = await anna_of(door)
    into, mail = await issue(door, anna), await issue(door, anna, "email", email="anna@nowa.example")
    await door.act(lambda uow: links.revoke_all(uow, anna, "email"))
    assert (await look(door, into.token)).person == anna
    with pytest.raises(Refused, match="no longer valid"):
        await look(door, mail.token, "email")


async def test_only_the_last_address_can_be_confirmed(door: Door) -> None:
    """After a slip in the address is mended, the stranger who got the first letter cannot confirm their own address any more."""
    anna = await anna_of(door)
    slip = await issue(door, anna, "email", email="ana@gops.example")
    into = await issue(door, anna)
    good = await issue(door, anna, "email", email="anna@nowa.example")
    with pytest.raises(Refused, match="no longer valid"):
        await use(door, slip.token, "email")
    assert (await use(door, good.token, "email")).email == "anna@nowa.example"
    assert (await use(door, into.token)).person == anna


async def test_several_links_into_a_browser_stand_side_by_side(door: Door) -> None:
    """A letter that comes late, or a stranger who asks for more letters, takes no working link out of anybody's hands."""
    anna = await anna_of(door)
    first, second = await issue(door, anna), await issue(door, anna)
    assert (await use(door, second.token)).person == anna
    assert (await use(door, first.token)).person == anna


@BOTH
async def test_whoever_has_left_is_let_in_by_no_link(door: Door, way: Way) -> None:
    """Even a link nobody withdrew opens nothing once its person has parted from the secretariat."""
    anna = await anna_of(door)
    issued = await issue(door, anna)
    await door.act(
        lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == anna).values(telegram_id=None, accepted_at=None)) and None
    )
    error, sentence = await refusal(door, issued.token, "enter", way)
    assert error is Refused
    assert "no longer valid" in sentence


async def test_a_double_tap_of_a_known_person_is_no_error(door: Door) -> None:
    """An account that has just been joined by a link and taps it again gets the same answer; anybody else is refused."""
    anna = await anna_of(door)
    issued = await issue(door, anna, "connect")
    first = await door.act(lambda uow: links.use(uow, issued.token, "connect"))
    before = await dump(door)
    assert await door.act(lambda uow: links.use(uow, issued.token, "connect", again_by=anna)) == first
    for stranger in (None, anna + 1):
        with pytest.raises(Refused, match="already been used"):
            await door.act(lambda uow, s=stranger: links.use(uow, issued.token, "connect", again_by=s))  # type: ignore[misc]
    assert await dump(door) == before


async def test_of_many_uses_at_once_one_counts(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """A link opened at the same moment on ten devices, through two programs, lets in exactly one."""
    anna = await anna_of(door)
    other = open_store(database_url)
    second = Door(other, clock, house)
    for _ in range(4):
        issued = await issue(door, anna)
        done = await asyncio.gather(*(use(second if n % 2 else door, issued.token) for n in range(10)), return_exceptions=True)
        assert sum(isinstance(one, OfferedLink) for one in done) == 1
        assert all(isinstance(one, OfferedLink | Refused) for one in done), done
    await other.close()


async def test_no_link_outlives_the_end_of_everything(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """A link made in the very moment all links of a person end, and they leave, is not good afterwards."""
    anna = await anna_of(door)
    other = open_store(database_url)
    second = Door(other, clock, house)

    def leave(uow: Any) -> None:
        links.revoke_all(uow, anna)
        uow.execute(update(PERSON).where(PERSON.c.id == anna).values(accepted_at=None, telegram_id=None))

    def come(uow: Any) -> None:
        uow.execute(update(PERSON).where(PERSON.c.id == anna).values(accepted_at=uow.now))

    for _ in range(8):
        made, gone = await asyncio.gather(
            second.act(lambda uow: links.issue(uow, anna, "enter")), door.act(leave), return_exceptions=True
        )
        assert gone is None, gone
        await door.act(come)
        if isinstance(made, IssuedLink):
            with pytest.raises(Refused, match="no longer valid"):
                await look(door, made.token)
        else:
            assert isinstance(made, NotFound), made
    await other.close()


async def test_links_go_with_their_person(door: Door) -> None:
    """Deleting a person nothing refers to takes their links along; no trace keeps the row in place."""
    anna = await anna_of(door)
    await issue(door, anna)
    lone = {"name": "", "email": "", "language": "pl", "reach": "unknown"}

    def make(uow: Any) -> int:
        new = PERSON.insert().values(**lone, created_at=uow.now, accepted_at=uow.now).returning(PERSON.c.id)
        return int(uow.execute(new).scalar_one())

    person = await door.act(make)
    await issue(door, person)
    await door.act(lambda uow: uow.execute(delete(PERSON).where(PERSON.c.id == person)) and None)
    left = await door.look(lambda uow: uow.execute(select(PERSONAL_LINK.c.person_id)).scalars().all())
    assert left == [anna]
