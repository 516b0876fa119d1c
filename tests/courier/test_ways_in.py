"""Who gets a way in by mail: those whose address can be believed, and nobody through somebody else's roster."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, event, select, update
from tests.courier.conftest import EWA, Network
from tests.courier.office import PostOffice, text_of
from tests.office.rosters import GOPS, SCHOOL, accept, bring_in, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.office import links, notices
from konwent_bot.office.occasion import NO_LINKS
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import NOTICE, PERSON, PERSONAL_LINK

TOKEN = re.compile(r"https://konwent\.example/e/([A-Za-z0-9_-]{24})$", re.MULTILINE)


async def _ask(network: Network, address: str) -> notices.Told:
    """Ask for a way in as a stranger does, without anybody looking whether the address is known."""
    request = f"request:{address}"
    await network.door.act(lambda uow: notices.announce(uow, recipient=request, occasion="sign_in", address=address))
    return await _told(network, address)


async def _told(network: Network, address: str) -> notices.Told:
    return (await network.door.look(lambda uow: notices.ledger(uow, f"request:{address}")))[0]


async def test_a_known_address_gets_a_way_in(network: Network, post: PostOffice) -> None:
    """The head typed her address in capitals: she gets one letter, with a link for her, and the address is forgotten."""
    anna = await accept(network.door, 1, seat=network.head)
    await _ask(network, "Anna@GOPS.example")
    await network.send(post)
    (letter,) = post.letters
    assert post.recipients == ["anna@gops.example"]
    (token,) = TOKEN.findall(text_of(letter))
    offered = await network.door.look(lambda uow: links.look(uow, token, "enter"))
    assert offered.person == anna
    assert "Anna Żółw (GOPS Modliborzyce, " in text_of(letter)
    kept = await network.door.look(lambda uow: uow.execute(select(NOTICE.c.address, NOTICE.c.outcome)).one())
    assert tuple(kept) == ("", "sent")


@pytest.mark.parametrize(
    "address",
    ["nikt@gops.example", "zastepca@gops.example", "", "anna", "@", "%@gops.example", "anna@gops.example\nBcc: x@y.example"],
)
async def test_an_unknown_address_gets_nothing(network: Network, post: PostOffice, address: str) -> None:
    """An address nobody has, one whose place nobody has accepted, and things that are no address: no letter, no link."""
    await accept(network.door, 1, seat=network.head)
    await _ask(network, address)
    await network.send(post)
    assert post.letters == []
    assert ((told := await _told(network, address)).outcome, told.tries) == ("unwanted", ())
    assert await network.door.look(lambda uow: uow.execute(select(PERSONAL_LINK)).first()) is None


async def test_asking_does_the_same_work_for_every_address(network: Network) -> None:
    """Nobody can tell by waiting whether an address is known: asking runs the same statements either way."""
    await accept(network.door, 1, seat=network.head)

    def counted(address: str) -> Callable[[UnitOfWork], list[str]]:
        def work(uow: UnitOfWork) -> list[str]:
            said: list[str] = []

            def heard(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
                said.append(statement)

            event.listen(uow.connection, "before_cursor_execute", heard)
            try:
                notices.announce(uow, recipient=f"request:{address}", occasion="sign_in", address=address)
            finally:
                event.remove(uow.connection, "before_cursor_execute", heard)
            return said

        return work

    known, unknown = [await network.door.act(counted(address)) for address in ("anna@gops.example", "nikt@gops.example")]
    assert known == unknown
    assert len(known) == 2


async def test_several_people_may_share_an_address(network: Network, post: PostOffice) -> None:
    """An office has one address: one letter comes, with a link for each person, and says whose it is."""
    body = await enter(network.door, "lsr-szkoly")
    shared = [
        f"{SCHOOL};zwierzchnik;dyrektor;Jan Sowa;szkola@gmina.example",
        f"{SCHOOL};osoba wskazana;pedagog;Iga Kos;szkola@gmina.example",
    ]
    await bring_in(network.door, body, EWA, *shared)
    for telegram, role in ((1, "head"), (2, "delegate")):
        await accept(network.door, telegram, seat=(await seat_of(network.door, body, "Zespół szkół", role)).id)
    await _ask(network, "szkola@gmina.example")
    await network.send(post)
    (letter,) = post.letters
    tokens = TOKEN.findall(text_of(letter))
    names = [(await network.door.look(partial(links.look, token=token, purpose="enter"))).name for token in tokens]
    assert names == ["Jan Sowa", "Iga Kos"]
    assert re.search(r"Jan Sowa \(Zespół szkół.*\)\n\n" + re.escape(f"https://konwent.example/e/{tokens[0]}"), text_of(letter))


async def test_a_coordinator_cannot_write_himself_into_another_body(network: Network, post: PostOffice) -> None:
    """Ola serves in two bodies. Whoever keeps the second roster puts his own address beside her name: no letter comes."""
    ola = await accept(network.door, 1, seat=network.delegate)  # her own body's roster knows no address of hers
    other = await enter(network.door, "lsr-obca")
    await bring_in(network.door, other, EWA, f"{GOPS};osoba wskazana;asystent rodziny;Ola Mak;intruz@obcy.example")
    seat = await seat_of(network.door, other, "GOPS Modliborzyce", "delegate")
    assert await accept(network.door, 1, seat=seat.id) == ola  # the same telephone: one person in both bodies from now on
    held = await network.door.look(lambda uow: uow.execute(select(PERSON.c.email).where(PERSON.c.id == ola)).scalar_one())
    assert held == "intruz@obcy.example"  # the attack is real: as far as rosters say, the address is hers
    await _ask(network, "intruz@obcy.example")
    await network.send(post)
    assert post.letters == []
    assert (await _told(network, "intruz@obcy.example")).outcome == "unwanted"


async def test_a_confirmed_address_opens_both_bodies(network: Network, post: PostOffice, clock: FixedClock) -> None:
    """Once the head of two bodies has proved to read her mail, she gets her way in."""
    anna = await accept(network.door, 1, seat=network.head)
    other = await enter(network.door, "lsr-obca")
    await bring_in(network.door, other, EWA, f"{GOPS};zwierzchnik;kierownik;Anna Żółw;anna@gops.example")
    assert await accept(network.door, 1, seat=(await seat_of(network.door, other, "GOPS Modliborzyce", "head")).id) == anna
    await _ask(network, "anna@gops.example")
    await network.send(post)
    assert post.letters == []
    await network.door.act(
        lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == anna).values(email_confirmed_at=uow.now)) and None
    )
    await _ask(network, "anna@gops.example")
    await network.send(post)
    assert len(TOKEN.findall(text_of(post.letters[0]))) == 1


@pytest.mark.parametrize("gone", [{"accepted_at": None, "telegram_id": None}, {"erased": True}])
async def test_who_has_left_gets_nothing(network: Network, post: PostOffice, gone: dict[str, object]) -> None:
    """Somebody who left, or whose data was erased, has no way in any more."""
    anna = await accept(network.door, 1, seat=network.head)

    def leave(uow: UnitOfWork) -> None:
        values = {"erased_at": uow.now} if gone.get("erased") else gone
        uow.execute(update(PERSON).where(PERSON.c.id == anna).values(**values))

    await network.door.act(leave)
    await _ask(network, "anna@gops.example")
    await network.send(post)
    assert post.letters == []


async def test_nobody_waits_for_yesterdays_request(network: Network, post: PostOffice, clock: FixedClock) -> None:
    """A mail server that comes back after two days does not send ways in nobody expects any more."""
    await accept(network.door, 1, seat=network.head)
    await _ask(network, "anna@gops.example")
    clock.move(timedelta(days=2))
    await network.send(post)
    assert post.letters == []
    assert (await _told(network, "anna@gops.example")).outcome == "unwanted"


async def test_a_new_address_gets_a_letter_to_confirm_it(network: Network, post: PostOffice) -> None:
    """Whoever gives a new address proves by a link that mail there reaches them; the letter goes to the new address only."""
    anna = await accept(network.door, 1, seat=network.head)
    await network.door.act(
        lambda uow: notices.announce(uow, recipient=f"person:{anna}", occasion="confirm_email", address="anna@dom.example")
    )
    await network.send(post)
    (letter,) = post.letters
    assert post.recipients == ["anna@dom.example"]
    (token,) = re.findall(r"https://konwent\.example/p/([A-Za-z0-9_-]{24})", text_of(letter))
    assert (await network.door.look(lambda uow: links.look(uow, token, "email"))).email == "anna@dom.example"


async def test_links_that_lead_nowhere_are_not_sent(network: Network, post: PostOffice) -> None:
    """Without pages there is no way in to send: the request rests, and the ledger says why."""
    from dataclasses import replace

    await accept(network.door, 1, seat=network.head)
    network.door.house = replace(network.door.house, public_url="")
    await _ask(network, "anna@gops.example")
    await network.send(post)
    assert [one.reason for one in (await _told(network, "anna@gops.example")).tries] == [NO_LINKS]
    assert post.letters == []
