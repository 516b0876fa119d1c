"""What a browser is given: health, an invitation's landing page, and nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert, select

from konwent_bot.clock import FixedClock
from konwent_bot.office import bodies, invitations
from konwent_bot.office.door import Door
from konwent_bot.office.invitations import Issued
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import INSTITUTION, INVITATION, MEMBERSHIP, SEAT
from konwent_bot.web import application

PL = {"Accept-Language": "pl"}


@pytest.fixture
async def client(door: Door) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]  # its argument is private to aiohttp
    """A browser at the door of the house."""
    async with TestClient(TestServer(application(door))) as browser:
        yield browser


def gops(uow: UnitOfWork, institution: str = "GOPS Modliborzyce", body_name: str = "LSR Janów Lubelski") -> Issued:
    """Let in one institution with a vacant head's seat, and invite to it."""
    body = bodies.create(uow, OPERATOR, slug="lsr-janow", name=body_name)
    made = uow.execute(
        insert(INSTITUTION).values(name=institution, short_name=institution, created_at=uow.now).returning(INSTITUTION.c.id)
    ).scalar_one()
    values = {"body_id": body, "institution_id": made, "folded_name": "gops", "stakeholder_type": "B", "joined_on": uow.today}
    member = uow.execute(insert(MEMBERSHIP).values(values).returning(MEMBERSHIP.c.id)).scalar_one()
    seat = uow.execute(
        insert(SEAT).values(membership_id=member, role="head", title="kierownik").returning(SEAT.c.id)
    ).scalar_one()
    return invitations.issue(uow, OPERATOR, seat=int(seat))


def _guarded(response: ClientResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_invitation_says_what_it_offers(client: TestClient, door: Door) -> None:  # type: ignore[type-arg]
    """Whoever opens the link sees the network, the institution, the role, until when, and one big way into the chat."""
    issued = await door.act(gops)
    response = await client.get(f"/z/{issued.token}", headers=PL)
    page = await response.text()
    assert response.status == 200
    _guarded(response)
    assert response.headers["Content-Language"] == "pl"
    assert '<html lang="pl">' in page
    for said in (
        "LSR Janów Lubelski",
        "GOPS Modliborzyce",
        "osoba kierująca",
        "kierownik",
        "wtorek, 22 grudnia 2026",
        "KIS w Janowie Lubelskim",
    ):
        assert said in page
    assert f'href="https://t.me/konwent_test_bot?start={issued.token}"' in page
    assert "Otwórz w Telegramie" in page
    assert not re.search(r"<script|<form|<style| style=| on\w+=", page)


@pytest.mark.parametrize(
    ("header", "chosen", "language", "said"),
    [
        ("uk-UA,uk;q=0.9,pl;q=0.5", "", "uk", "Запрошення"),
        ("de, en;q=0.8, pl;q=0.2", "", "en", "Invitation"),
        ("de", "", "pl", "Zaproszenie"),
        ("", "", "pl", "Zaproszenie"),
        ("pl", "uk", "uk", "Запрошення"),
        ("pl", "xx", "pl", "Zaproszenie"),
        ("en;q=0, pl;q=0.1, en;q=abc, ;;;,,", "", "pl", "Zaproszenie"),
        ("x" * 5000, "", "pl", "Zaproszenie"),
    ],
)
async def test_the_page_speaks_the_readers_language(
    client: TestClient, door: Door, header: str, chosen: str, language: str, said: str  # type: ignore[type-arg]
) -> None:  # fmt: skip
    """A head whose phone is set to Ukrainian reads Ukrainian, and may choose another language on the page."""
    issued = await door.act(gops)
    response = await client.get(f"/z/{issued.token}", params={"lang": chosen}, headers={"Accept-Language": header})
    page = await response.text()
    assert f'<html lang="{language}">' in page
    assert f"<h1>{said}</h1>" in page


async def test_looking_changes_nothing(client: TestClient, door: Door) -> None:  # type: ignore[type-arg]
    """A mail program that previews the link ten times does not use it up."""
    issued = await door.act(gops)
    before = await door.look(lambda uow: uow.execute(select(INVITATION)).all())
    for _ in range(5):
        assert (await client.get(f"/z/{issued.token}")).status == 200
        assert (await client.head(f"/z/{issued.token}")).status == 200
    assert await door.look(lambda uow: uow.execute(select(INVITATION)).all()) == before


async def test_links_that_open_nothing_look_alike(client: TestClient, door: Door, clock: FixedClock) -> None:  # type: ignore[type-arg]
    """A used, an expired, a replaced and an invented link say what to do, in one shape."""
    first = await door.act(gops)
    seat = first.seat
    second = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat))
    shapes, said = set(), {}
    await door.act(lambda uow: invitations.accept(uow, second.token, caller=500_000_001, language="pl"))
    third = await door.act(lambda uow: _other_seat(uow))
    clock.move(timedelta(days=31))
    for name, token in {
        "replaced": first.token, "used": second.token, "expired": third.token, "forged": "A" * 24, "short": "x", "long": "x" * 3000,
        "strange": "%3Cb%3E%7B%7B7*7%7D%7D",
    }.items():  # fmt: skip
        response = await client.get(f"/z/{token}", headers=PL)
        page = await response.text()
        assert response.status == 404, name
        _guarded(response)
        (said[name],) = re.findall(r'<p class="notice">(.*?)</p>', page)
        shapes.add(page.replace(said[name], "…"))
    assert len(shapes) == 1
    assert said["forged"] == said["short"] == said["strange"] == said["long"]
    assert "straciło ważność: wtorek, 22 grudnia 2026" in said["expired"]
    assert "zostało już wykorzystane" in said["used"]
    assert len({said["replaced"], said["used"], said["expired"], said["forged"]}) == 4


def _other_seat(uow: UnitOfWork) -> Issued:
    member = uow.execute(select(MEMBERSHIP.c.id)).scalar_one()
    seat = uow.execute(insert(SEAT).values(membership_id=member, role="delegate").returning(SEAT.c.id)).scalar_one()
    return invitations.issue(uow, OPERATOR, seat=int(seat))


async def test_names_are_shown_and_never_run(client: TestClient, door: Door) -> None:  # type: ignore[type-arg]
    """A roster with markup in a name shows it as it was written."""
    issued = await door.act(lambda uow: gops(uow, "<b>GOPS</b> {{7*7}} %s", "<script>alert(1)</script>"))
    page = await (await client.get(f"/z/{issued.token}", headers=PL)).text()
    assert "<script>" not in page
    assert "&lt;b&gt;GOPS&lt;/b&gt; {{7*7}} %s" in page


async def test_without_a_bot_the_page_says_so(door: Door) -> None:
    """While the bot is not known there is no dead button but a sentence."""
    door.house = replace(door.house, bot_username="")
    issued = await door.act(gops)
    async with TestClient(TestServer(application(door))) as browser:
        page = await (await browser.get(f"/z/{issued.token}", headers=PL)).text()
    assert "t.me" not in page
    assert "Czat jest teraz niedostępny" in page


async def test_health_tells_alive_and_ready(client: TestClient) -> None:  # type: ignore[type-arg]
    """Whoever watches the installation learns that it lives and that it can work."""
    for path in ("/healthz", "/readyz"):
        response = await client.get(path)
        assert response.status == 200
        assert (await response.json())["status"] == "ok"
        _guarded(response)


async def test_an_unprepared_database_is_not_ready(door: Door, empty_database_url: str) -> None:
    """A program before its migration is alive but not ready, and says why."""
    store = open_store(empty_database_url)
    async with TestClient(TestServer(application(Door(store, door.clock, door.house)))) as browser:
        assert (await browser.get("/healthz")).status == 200
        response = await browser.get("/readyz")
        assert response.status == 503
        assert "konwent-bot migrate" in (await response.json())["reason"]
    await store.close()


async def test_everything_else_is_refused_plainly(client: TestClient) -> None:  # type: ignore[type-arg]
    """Unknown addresses, other methods and huge bodies get a short answer with the same guard, and tell nothing."""
    for method, path, body, status in (
        ("GET", "/", None, 404),
        ("GET", "/static/../server.py", None, 404),
        ("GET", "/z/", None, 404),
        ("POST", "/z/" + "A" * 24, b"x", 405),
        ("POST", "/healthz", b"x" * 100_000, 405),
        ("GET", "/admin", None, 404),
    ):
        response = await client.request(method, path, data=body)
        assert response.status == status, path
        _guarded(response)
        assert len(await response.read()) < 100


async def test_a_mistake_of_ours_tells_nothing(client: TestClient, door: Door) -> None:  # type: ignore[type-arg]
    """When the program itself fails the stranger sees no inside of it."""
    issued = await door.act(gops)
    door.house = None  # type: ignore[assignment]  # broken on purpose
    response = await client.get(f"/z/{issued.token}")
    assert response.status == 500
    assert await response.text() == "500 Internal Server Error\n"
    _guarded(response)


async def test_the_style_is_served(client: TestClient) -> None:  # type: ignore[type-arg]
    """The page's only other file comes from the house itself."""
    response = await client.get("/static/style.css")
    assert (response.status, response.content_type) == (200, "text/css")
    assert "url(" not in await response.text()


async def test_pages_may_be_left_out(door: Door) -> None:
    """A process that only takes Telegram's calls has health and nothing to look at."""
    async with TestClient(TestServer(application(door, pages=False))) as browser:
        assert (await browser.get("/healthz")).status == 200
        assert (await browser.get("/z/" + "A" * 24)).status == 404
