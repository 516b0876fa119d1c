"""The wire and the shape of letters: names, passwords, encryption, headers nobody can add to."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.conftest import NOW
from tests.courier.conftest import Network
from tests.courier.office import PostOffice, post_office, text_of

from konwent_bot.courier import NotReached, keep_sending, reach, server_of
from konwent_bot.courier.mail import NoAddress, pack
from konwent_bot.errors import Misconfigured
from konwent_bot.office.deliveries import BEGUN, LEASE
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.letters import Link, Written
from konwent_bot.screens.mail import MailMessage, lay_out
from konwent_bot.settings import load_settings
from konwent_bot.store.tables import BODY, INSTITUTION, SEAT

EVIL = "GOPS\r\nBcc: ofiara@obcy.example\r\n\r\nTreść\u2028x\x0by\x85z"


async def test_names_add_no_header_and_no_line(network: Network, post: PostOffice) -> None:
    """An institution whose name holds line ends and commands gets an ordinary letter: one recipient, no header more, no line more."""
    await network.invite()
    await network.send(post)
    plain = post.letters[0]

    def work(uow: UnitOfWork) -> None:
        for table, column in ((INSTITUTION, "short_name"), (BODY, "name"), (SEAT, "title")):
            uow.execute(update(table).values({column: EVIL}))

    await network.door.act(work)
    await network.invite()
    await network.send(post)
    spoilt = post.letters[1]
    assert spoilt.keys() == plain.keys()
    assert post.recipients == ["anna@gops.example"] * 2
    assert spoilt["Subject"] == "Zaproszenie: GOPS Bcc: ofiara@obcy.example Treść x y z, osoba kierująca"
    assert text_of(spoilt).count("\n") == text_of(plain).count("\n")


@pytest.mark.parametrize(
    "to", ["", "x", "a b@c.example", "a@b@", "@x.example", "a@", "a@\u2028", "<a@b.example", "a,b@c.example, d@e.example"]
)
def test_what_is_no_address_is_not_written_to(to: str) -> None:
    """A slip in a roster is told apart from an address before anything is sent."""
    with pytest.raises(NoAddress):
        pack(MailMessage(to, "Temat", "Treść\n", "pl"), PostOffice().server(), name="notice.1.1", at=NOW)


def test_an_address_with_line_ends_reaches_one_header_only() -> None:
    """Line ends in an address become nothing a server could take for a command."""
    with pytest.raises(NoAddress):
        pack(MailMessage("a@b.example\r\nBcc: c@d.example", "T", "T\n", "pl"), PostOffice().server(), name="n", at=NOW)


def _give_address(uow: UnitOfWork, address: str) -> None:
    uow.execute(update(SEAT).values(email=address))


async def test_an_address_in_polish_letters(network: Network) -> None:
    """A domain is written as the wire wants it; a name before the @ needs a server that takes it, and otherwise the ledger says so."""
    rows = {"anna@żółw.example": "anna@xn--w-uga1v8h.example", "żółw@gops.example": "żółw@gops.example"}
    for address, wire in rows.items():
        async with post_office() as post:
            await network.door.act(partial(_give_address, address=address))
            await network.invite()
            await network.send(post)
            assert post.recipients == [wire]
    async with post_office(utf8=False) as post:
        await network.invite()
        await network.send(post)
        assert post.letters == []
        assert await network.states() == [("refused", "no_smtputf8")]


def test_a_letter_keeps_its_links_whole() -> None:
    """A link stands alone on its line however long it is, and the longest name cannot make a subject endless."""
    url = "https://konwent.example/z/" + "x" * 900
    laid = lay_out(Written("a@b.example", "Temat " * 200, ("Zażółć gęślą jaźń, " * 40, Link(url)), "pl"))
    assert laid.text.splitlines()[2] == url
    assert len(laid.subject) <= 150
    packed = pack(laid, PostOffice().server(), name="notice.1.1", at=NOW)
    assert max(map(len, packed.content.split(b"\r\n"))) <= 998
    assert b"\n" not in packed.content.replace(b"\r\n", b"")


async def test_a_password_opens_the_server(network: Network) -> None:
    """With the right password letters go out."""
    async with post_office(password="tajne") as post:
        await network.invite()
        await network.send(post.server(user="kis", password="tajne"))
        assert len(post.letters) == 1


async def test_a_wrong_password_is_told_and_shown_nowhere(network: Network, caplog: pytest.LogCaptureFixture) -> None:
    """The ledger and the log say that the login was refused; the password stands in neither."""
    caplog.set_level(logging.DEBUG)
    async with post_office(password="tajne") as post:
        await network.invite()
        server = post.server(user="kis", password="calkiem-inne")
        await network.send(server)
        assert await network.states() == [("failed", "login_535")]
    assert "calkiem-inne" not in caplog.text + repr(server)


async def test_a_password_does_not_travel_in_the_open() -> None:
    """A server elsewhere that offers no encryption is given no password: it is not even told the name."""
    with pytest.raises(NotReached, match="no_tls"):
        async with post_office(password="tajne") as post, reach(post.server(host="0.0.0.0", user="kis", password="tajne")):
            raise AssertionError
    assert post.connections == 1


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://poczta.example", ("poczta.example", 587, False, "", "")),
        ("smtps://kis%40kis.example:a%2Fb%40c@poczta.example", ("poczta.example", 465, True, "kis@kis.example", "a/b@c")),
        ("smtp://[::1]:2525/", ("::1", 2525, False, "", "")),
    ],
)
def test_the_server_is_read_from_the_settings(url: str, found: tuple[str, int, bool, str, str]) -> None:
    """An operator writes one address; ports that go without saying are filled in."""
    server = server_of(load_settings(smtp_url=url, mail_from="kis@kis.example"))
    assert server is not None
    assert (server.host, server.port, server.tls, server.user, server.password) == found


@pytest.mark.parametrize(
    ("url", "sender"),
    [("smtp://kis:taj/ne@poczta.example", "kis@kis.example"), ("smtp://kis:tajne@poczta.example:x", "kis@kis.example"),
     ("smtp://:tajne@", "kis@kis.example"), ("smtp://kis:tajne@poczta.example", None)],
)  # fmt: skip
def test_a_wrong_address_of_the_server_is_told_and_not_shown(url: str, sender: str | None) -> None:
    """The sentence says what to do and never holds what may be a password."""
    with pytest.raises(Misconfigured) as refused:
        server_of(load_settings(smtp_url=url, mail_from=sender))
    assert "taj" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_a_server_there_is_none() -> None:
    """No address of a mail server is an answer, not an error."""
    assert server_of(load_settings()) is None


async def test_it_keeps_sending_until_it_is_told_to_stop(network: Network, post: PostOffice) -> None:
    """What becomes due while the courier runs leaves within one of its looks; then it ends when told."""
    settings = load_settings(smtp_url=f"smtp://127.0.0.1:{post.port}", mail_from="sekretariat@kis.example")
    stop = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as nursery:
        nursery.create_task(keep_sending(network.door, settings, stop, seconds=0.01, real=network.real))
        post.silent = True
        await network.invite()
        await post.swallowed.wait()
        stop.set()  # in the middle of a letter: it is finished first
        post.released.set()
    assert await network.states() == [("sent", "")]


async def test_without_a_mail_server_letters_wait(network: Network) -> None:
    """Nothing is claimed and nothing is lost; the courier only waits for the end."""
    stop = asyncio.Event()
    await network.invite()
    async with asyncio.timeout(30), asyncio.TaskGroup() as nursery:
        waiting = nursery.create_task(keep_sending(network.door, load_settings(), stop, seconds=0.01))
        await network.door.act(lambda uow: None)
        assert not waiting.done()
        stop.set()
    assert ((await network.told()).outcome, await network.states()) == (None, [])


CHILD = """
import asyncio, sys
from datetime import datetime
from konwent_bot import app
from konwent_bot.clock import FixedClock
from konwent_bot.courier import keep_sending
from konwent_bot.settings import load_settings

async def main():
    settings = load_settings()
    async with app.open_house(settings) as door:
        door.clock = FixedClock(datetime.fromisoformat(sys.argv[1]))
        await keep_sending(door, settings, asyncio.Event(), real=FixedClock(datetime.fromisoformat(sys.argv[1])))

asyncio.run(main())
"""


async def test_a_courier_killed_in_the_middle_of_a_letter(network: Network, database_url: str, tmp_path: Path) -> None:
    """SIGKILL after the content and before the record: once the lease is over the letter counts as uncertain, and is repeated once."""
    async with post_office() as post:
        post.silent = True
        await network.invite()
        given = {name: value for name, value in os.environ.items() if not name.startswith("KONWENT_")} | {
            "KONWENT_DATABASE_URL": database_url, "KONWENT_DATA_DIR": str(tmp_path), "KONWENT_PUBLIC_URL": "https://konwent.example",
            "KONWENT_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "KONWENT_MAIL_FROM": "sekretariat@kis.example",
        }  # fmt: skip
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, NOW.isoformat(), env=given)
        try:
            await asyncio.wait_for(post.swallowed.wait(), 60)
        finally:
            child.send_signal(signal.SIGKILL)
            await child.wait()
        post.silent = False
        assert await network.states() == [("sending", BEGUN)]
        network.real.move(LEASE / 2)
        await network.send(post)
        assert len(post.letters) == 1  # nobody takes it while the dead courier may be believed to be at it
        network.real.move(LEASE)
        await network.send(post)
        assert len(post.letters) == 2
        assert await network.states() == [("uncertain", "interrupted"), ("sent", "")]
        assert post.letters[0]["Message-ID"] != post.letters[1]["Message-ID"]
