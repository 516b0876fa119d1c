"""Letters over a real connection: taken, refused, put off, of unknown fate, and never twice."""

from __future__ import annotations

import asyncio
import re
import socket
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from tests.conftest import NOW
from tests.courier.conftest import Network
from tests.courier.office import PostOffice, post_office, text_of

from konwent_bot.clock import FixedClock
from konwent_bot.courier import Server
from konwent_bot.errors import Refused
from konwent_bot.office import dispatch, invitations
from konwent_bot.office.deliveries import LEASE
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.store.tables import DELIVERY, SEAT

TOKEN = re.compile(r"https://konwent\.example/z/([A-Za-z0-9_-]{24})$", re.MULTILINE)


async def _accept(network: Network, token: str, telegram: int = 1) -> None:
    await network.door.act(lambda uow: invitations.accept(uow, token, caller=telegram, language="pl"))


async def test_an_invitation_arrives_and_opens_the_place(network: Network, post: PostOffice) -> None:
    """The head gets one letter in Polish, dated by civil time, and its link lets her in."""
    number = await network.invite()
    await network.send(post)
    (letter,) = post.letters
    assert post.recipients == ["anna@gops.example"]
    assert letter["Subject"] == "Zaproszenie: GOPS Modliborzyce, osoba kierująca"
    assert (letter["From"], letter["To"], letter["Auto-Submitted"]) == (
        "sekretariat@kis.example",
        "anna@gops.example",
        "auto-generated",
    )
    assert letter["Message-ID"] == f"<notice.{number}.1@kis.example>"
    assert letter["Date"].datetime == NOW
    (token,) = TOKEN.findall(text_of(letter))
    assert "https://t.me/konwent_test_bot?start=" + token in text_of(letter).splitlines()
    await _accept(network, token)
    told = await network.told()
    assert (told.outcome, told.settled_at) == ("sent", NOW)
    assert await network.states() == [("sent", "")]


async def test_the_ledger_keeps_what_went_out_by_its_hash(network: Network, post: PostOffice) -> None:
    """Which bytes went out can be proved later; the text, the link and the address stand nowhere."""
    await network.invite()
    await network.send(post)
    row = (await network.door.look(lambda uow: uow.execute(select(DELIVERY)).all()))[0]
    assert re.fullmatch("[0-9a-f]{64}", row.content_hash)
    assert row.message == post.letters[0]["Message-ID"]
    assert "anna" not in repr(row)


async def test_where_the_roster_gives_no_address_the_coordinator_hands_it_over(network: Network, post: PostOffice) -> None:
    """The designated person without an address is invited through whoever coordinates, and the letter says so."""
    await network.invite(network.delegate)
    await network.send(post)
    assert post.recipients == ["ewa@kis.example"]
    assert "Proszę przekazać jej to zaproszenie." in text_of(post.letters[0])


async def test_without_any_address_the_ledger_says_so(network: Network, post: PostOffice) -> None:
    """Nobody to write to is an answer the coordinator sees, not a letter that waits for ever; no link is made for it."""
    from konwent_bot.store.tables import INVITATION, POST

    await network.door.act(lambda uow: uow.execute(update(POST).values(email="")) and None)
    await network.invite(network.delegate)
    await network.send(post)
    assert await network.states(network.delegate) == [("refused", "no_address")]
    assert await network.door.look(lambda uow: uow.execute(select(INVITATION)).first()) is None


async def test_a_place_taken_meanwhile_gets_no_letter(network: Network, post: PostOffice) -> None:
    """Whoever has accepted before the letter left is not invited again."""
    issued = await network.door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=network.head))
    await network.invite()
    await _accept(network, issued.token)
    await network.send(post)
    assert post.letters == []
    assert ((await network.told()).outcome, await network.states()) == ("unwanted", [])


async def test_a_link_handed_over_meanwhile_is_not_ended_by_a_late_letter(network: Network, clock: FixedClock) -> None:
    """The mail server was away, the coordinator printed the link: when mail works again, the printed link still opens the place."""
    await network.invite()
    await network.send(_nobody())
    clock.move(timedelta(hours=1))
    printed = await network.door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=network.head))
    network.wait(hours=1)
    async with post_office() as post:
        await network.send(post)
        assert post.letters == []
    await _accept(network, printed.token)


async def test_an_address_that_takes_nothing_is_not_tried_again(network: Network, post: PostOffice) -> None:
    """550 at the recipient is for good: the ledger shows it, and no second try is made."""
    post.at_recipient = ["550 5.1.1 no such user"]
    await network.invite()
    await network.send(post)
    network.wait(days=2)
    await network.send(post)
    assert post.letters == []
    assert ((await network.told()).outcome, await network.states()) == ("refused", [("refused", "recipient_550")])


async def test_a_full_mailbox_is_tried_again_after_a_rest(network: Network, post: PostOffice) -> None:
    """452 is for now: nothing before the minute is over, then the letter, with a link that works."""
    post.at_recipient = ["452 4.2.2 mailbox full"]
    await network.invite()
    await network.send(post)
    network.wait(seconds=59)
    await network.send(post)
    assert (post.letters, (await network.told()).outcome) == ([], None)
    network.wait(seconds=1)
    await network.send(post)
    assert await network.states() == [("failed", "recipient_452"), ("sent", "")]
    (token,) = TOKEN.findall(text_of(post.letters[0]))
    await _accept(network, token)


@pytest.mark.parametrize(
    ("answer", "ended"), [("554 spam", ("refused", "content_554")), ("451 later", ("failed", "content_451"))]
)
async def test_a_content_that_is_not_taken(network: Network, post: PostOffice, answer: str, ended: tuple[str, str]) -> None:
    """A server may refuse the letter itself, for good or for now; the next letter of the batch goes out all the same."""
    post.at_content = [answer]
    await network.invite()
    await network.invite(network.delegate)
    await network.send(post)
    assert await network.states() == [ended]
    assert await network.states(network.delegate) == [("sent", "")]
    assert len(post.letters) == 1


def _nobody() -> Server:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return PostOffice(port=probe.getsockname()[1]).server()


async def test_a_server_that_is_away_costs_no_letter(network: Network) -> None:
    """While nobody answers, letters rest 1, 5, 30 minutes and then two hours; after a day they are given up, and each rest is kept."""
    away = _nobody()
    await network.invite()
    rests = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)] + [timedelta(hours=2)] * 12
    for tries, rest in enumerate(rests, 1):
        await network.send(away)
        assert len(await network.states()) == tries
        network.real.move(rest - timedelta(seconds=1))
        await network.send(away)
        assert len(await network.states()) == tries
        network.wait(seconds=1)
    assert (await network.told()).outcome is None
    await network.send(away)
    assert (await network.told()).outcome == "failed"
    assert sum(rests, timedelta()) > timedelta(hours=24)
    assert set(await network.states()) == {("failed", "connect_failed")}


async def test_moving_the_demo_clock_ends_no_rest_and_no_claim(network: Network, clock: FixedClock, post: PostOffice) -> None:
    """Civil time may jump by a month: what rests goes on resting, what is claimed stays claimed."""
    post.at_recipient = ["452 4.2.2 mailbox full"]
    await network.invite()
    await network.send(post)
    claimed = await network.invite(network.delegate)
    (claim,) = await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9))
    assert claim.notice == claimed
    clock.move(timedelta(days=31))
    await network.send(post)
    assert post.letters == []


async def test_a_letter_of_unknown_fate_is_repeated_once(network: Network) -> None:
    """The server takes the content and never answers: the letter may have arrived. A second one follows, a third never."""
    async with post_office() as post:
        post.silent = True
        await network.invite()
        for sent in (1, 2):
            await network.send(post.server(seconds=0.1))
            assert len(post.letters) == sent
            await network.send(post.server(seconds=0.1))
            assert len(post.letters) == sent
            network.wait(hours=1)
        await network.send(post.server(seconds=0.1))
        assert len(post.letters) == 2
        assert await network.states() == [("uncertain", "timeout"), ("uncertain", "timeout")]
        assert (await network.told()).outcome == "uncertain"
        (second,) = TOKEN.findall(text_of(post.letters[1]))
        (first,) = TOKEN.findall(text_of(post.letters[0]))
    with pytest.raises(Refused, match="a newer one was sent"):
        await _accept(network, first)
    await _accept(network, second)


async def test_what_was_claimed_and_not_begun_is_put_back(network: Network, post: PostOffice) -> None:
    """A connection that breaks in the middle of a batch harms one letter; the others go out at once, over a new connection."""
    post.at_recipient = ["421 closing"]
    await network.invite()
    await network.invite(network.delegate)
    await network.send(post)
    assert await network.states() == [("failed", "recipient_421")]
    assert await network.states(network.delegate) == [("sent", "")]
    assert post.connections == 2


async def test_a_courier_that_died_before_its_letters_leaves_no_doubt(network: Network, post: PostOffice) -> None:
    """Claimed and never begun: nothing can have been sent, so the ledger says that it failed, and the letter goes out later."""
    await network.invite()
    for _ in range(3):
        assert len(await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9))) == 1
        assert await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9)) == []
        network.real.move(LEASE)
    await network.send(post)
    assert await network.states() == [("failed", "interrupted")] * 3 + [("sent", "")]
    assert len(post.letters) == 1


async def test_a_courier_that_was_away_too_long_sends_nothing(network: Network) -> None:
    """A process that slept through its lease finds its claim gone: whoever took the notice meanwhile sends the only letter."""
    await network.invite()
    (slept,) = await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9))
    network.real.move(LEASE)
    assert await network.door.act(lambda uow: dispatch.prepare(uow, slept, real=network.real.now())) is None
    (other,) = await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9))
    assert await network.door.act(lambda uow: dispatch.prepare(uow, slept, real=network.real.now())) is None
    assert await network.door.act(lambda uow: dispatch.prepare(uow, other, real=network.real.now())) is not None


async def test_an_answer_that_comes_late_still_counts(network: Network) -> None:
    """A try that was given up as uncertain and was taken after all is recorded as sent, and no second letter follows."""
    await network.invite()
    (slow,) = await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9))
    await network.door.act(lambda uow: dispatch.prepare(uow, slow, real=network.real.now()) and None)
    network.real.move(LEASE)
    (again,) = await network.door.act(lambda uow: dispatch.claim(uow, real=network.real.now(), most=9))
    await network.door.act(lambda uow: dispatch.record(uow, slow, "sent", real=network.real.now()))
    assert await network.door.act(lambda uow: dispatch.prepare(uow, again, real=network.real.now())) is None
    assert ((await network.told()).outcome, await network.states()) == ("sent", [("sent", "")])


async def test_a_batch_is_one_connection(network: Network, post: PostOffice) -> None:
    """A mail server is greeted once for all letters that wait together."""
    await network.invite()
    await network.invite(network.delegate)
    await network.send(post)
    assert (len(post.letters), post.connections) == (2, 1)


async def test_two_couriers_share_the_work(network: Network, post: PostOffice) -> None:
    """Several processes may carry letters: each leaves once, however they race."""
    seats = await network.door.look(lambda uow: list(uow.execute(select(SEAT.c.id)).scalars()))
    for round_ in range(4):
        for seat in seats:
            await network.invite(seat)
        twin = Network(Door(network.door.store, network.door.clock, network.door.house), network.body, 0, 0, network.real)
        await asyncio.gather(*(one.send(post) for one in (network, twin, network, twin)))
        assert len(post.letters) == len(seats) * (round_ + 1)
    names = [letter["Message-ID"] for letter in post.letters]
    assert len(names) == len(set(names))
