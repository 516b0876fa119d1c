"""Being let in by a browser: what a link opens and for whom, what the cookie is like, and what a stranger is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.screens.personas import ANNA, BOGDAN, GOPS, IDA, LIBRARY, stage
from tests.web.asking import path
from tests.web.browsing import Browser, Page, serving

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.office import invitations, links, seats
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.screens import intents
from konwent_bot.screens.intents import LOOKS, Home, decode
from konwent_bot.store.tables import NOTICE

Browse = Callable[[str], Browser]
ON_ITS_WAY = "If this address is on record here, a letter with a link is on its way. It works once and for an hour."
OPS = "OPS Janów Lubelski"


def ours(location: str) -> bool:
    """Whether a ``Location`` is a path of a page of ours and nothing else."""
    found = re.fullmatch(r"/(?:s/([^/?]+)|[zep]/[A-Za-z0-9_-]+)?(?:\?lang=(?:pl|en|uk))?", location)
    return found is not None and (found[1] is None or type(decode(found[1])) in LOOKS)


async def test_an_invitation_opens_the_pages_without_a_messenger(door: Door, browse: Browse) -> None:
    """A head opens the letter's link, reads what is stored and why, accepts in a browser, and stands before the first question."""
    made = await stage(door)
    head = browse("")
    before = await dump(door.store)
    page = await head.get(f"/z/{made.janow.tokens[OPS, 'delegate']}")
    assert page.status == 200
    for said in (OPS, "lsr-janow", "KIS w Janowie Lubelskim"):
        assert said in page.text
    assert await dump(door.store) == before, "looking uses nothing up"
    home = await head.follow(await head.send(page.form("/s/ia:")))
    assert OPS in home.text
    card = await head.follow(await head.send(home.form("/s/c:")))
    question = await head.get(next(href for _, href in card.read.links if href.startswith("/s/r:")))
    assert question.form("/s/f:")
    assert GOPS not in home.text + card.text + question.text


async def test_the_languages_of_an_invitation(door: Door, browse: Browse) -> None:
    """The page speaks the browser's language, or the one chosen on it; whoever accepts there is spoken to in it from then on."""
    made = await stage(door)
    token = made.janow.tokens[OPS, "delegate"]
    head = browse("")
    for header, chosen, language in (
        ("uk-UA,uk;q=0.9,pl;q=0.5", "", "uk"), ("de, en;q=0.8, pl;q=0.2", "", "en"), ("de", "", "pl"), ("", "", "pl"), ("pl", "uk", "uk"),
        ("pl", "xx", "pl"), ("en;q=0, pl;q=0.1, en;q=abc, ;;;,,", "", "pl"), ("x" * 5000, "", "pl"),
    ):  # fmt: skip
        page = await head.get(f"/z/{token}" + (f"?lang={chosen}" if chosen else ""), **{"Accept-Language": header})
        assert f'<html lang="{language}">' in page.text
    page = await head.get(f"/z/{token}?lang=uk")
    home = await head.follow(await head.send(page.form("/s/ia:")))
    assert '<html lang="uk">' in home.text


async def test_links_that_open_nothing_say_why_and_no_more(door: Door, browse: Browse, clock: FixedClock) -> None:
    """A used, a replaced, an expired and an invented link: 404 in one shape, each with its own reason; an invented one like any nonsense."""
    made = await stage(door)
    replaced = made.janow.tokens[OPS, "delegate"]
    fresh = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.seats[OPS, "delegate"]).token)
    somebody = browse("")
    said: dict[str, Page] = {}
    for name, token in {"used": made.janow.tokens[GOPS, "head"], "replaced": replaced, "forged": "A" * 24, "short": "x"}.items():
        said[name] = await somebody.get(f"/z/{token}")
    for name, raw in {
        "long": "x" * 3000,
        "strange": "%3Cb%3E%7B%7B7*7%7D%7D",
        "bytes": "%ff%fe",
        "dots": "%2e%2e",
        "empty": "%20",
    }.items():
        said[name] = await somebody.get(f"/z/{raw}")
    clock.move(timedelta(days=31))
    said["expired"] = await somebody.get(f"/z/{fresh}")
    assert {page.status for page in said.values()} == {404}
    for name in ("short", "long", "strange", "bytes", "dots", "empty"):
        assert re.sub(r"/z/\w+", "", said[name].text) == re.sub(r"/z/\w+", "", said["forged"].text), name
    assert len({re.sub(r"/z/[\w-]+", "", said[name].text) for name in ("used", "replaced", "forged", "expired")}) == 4
    for page in said.values():
        for secret in made.secrets():
            assert secret not in page.text


async def test_a_link_does_its_one_purpose(door: Door, browse: Browse) -> None:
    """A link that connects Telegram or confirms an address lets nobody in, an invitation is no personal link, and the other way round."""
    made = await stage(door)
    person = made.persons[ANNA]
    enter, connect, email = await door.act(
        lambda uow: (
            links.issue(uow, person, "enter"), links.issue(uow, person, "connect"), links.issue(uow, person, "email", email="nowy@gops.example")
        )
    )  # fmt: skip
    somebody = browse("")
    k = (await somebody.get("/s/e")).token
    before = await dump(door.store)
    for token in (connect.token, email.token, made.janow.tokens[OPS, "delegate"], "A" * 24):
        assert (await somebody.get(f"/e/{token}")).status == 404
        assert (await somebody.post(path(intents.Enter(token)), {"k": k})).status == 404
    for token in (enter.token, connect.token, made.janow.tokens[OPS, "delegate"]):
        assert (await somebody.get(f"/p/{token}")).status == 404
        assert (await somebody.post(path(intents.ConfirmEmail(token)), {"k": k})).status == 404
    for token in (enter.token, email.token, connect.token):
        assert (await somebody.get(f"/z/{token}")).status == 404
        assert (await somebody.post(path(intents.AcceptInvitation(token, "pl")), {"k": k})).status == 404
        assert (await somebody.post(path(intents.Connect(token)), {"k": k})).status in (401, 404)
    assert await dump(door.store) == before
    assert (await somebody.get(f"/e/{enter.token}")).status == 200


async def test_a_link_is_used_up_by_its_form_only(door: Door, browse: Browse, clock: FixedClock) -> None:
    """A mail program that opens the link ten times uses nothing up; the person gets in once, a replay and an expired link do not."""
    made = await stage(door)
    issued = await door.act(lambda uow: links.issue(uow, made.persons[ANNA], "enter", place="s"))
    scanner, anna = browse(""), browse("")
    before = await dump(door.store)
    for _ in range(3):
        assert (await scanner.get(f"/e/{issued.token}")).status == 200
        assert (await scanner.ask("HEAD", f"/e/{issued.token}")).status == 200
    assert await dump(door.store) == before
    page = await anna.get(f"/e/{issued.token}")
    assert GOPS in page.text
    entered = await anna.send(page.form("/s/en:"))
    assert (entered.status, entered.location) == (303, "/s/s")
    replay = await scanner.get(f"/e/{issued.token}")
    assert replay.status == 404
    assert GOPS not in replay.text
    late = await door.act(lambda uow: links.issue(uow, made.persons[BOGDAN], "enter"))
    form = (await scanner.get(f"/e/{late.token}")).form("/s/en:")
    clock.move(timedelta(minutes=61))
    assert (await scanner.send(form)).status == 404


async def test_a_hand_over_ends_links_too(door: Door, browse: Browse) -> None:
    """A former head's unused link opens nothing from the moment of the hand-over."""
    made = await stage(door)
    issued = await door.act(lambda uow: links.issue(uow, made.persons[ANNA], "enter"))
    anna = browse("")
    form = (await anna.get(f"/e/{issued.token}")).form("/s/en:")
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, made.seats[GOPS, "head"], name="Nowa", email="n@gops.example"))
    assert (await anna.get(f"/e/{issued.token}")).status == 404
    refused = await anna.send(form)
    assert refused.status == 404
    assert GOPS not in (await anna.get("/")).text


async def test_being_let_in_changes_the_cookie_and_leaving_too(door: Door, browse: Browse) -> None:
    """The value somebody could have planted before is worth nothing afterwards; signing out leaves the browser with a new empty one."""
    made = await stage(door)
    issued = await door.act(lambda uow: links.issue(uow, made.persons[ANNA], "enter"))
    anna = browse("")
    page = await anna.get(f"/e/{issued.token}")
    planted = anna.cookie
    entered = await anna.send(page.form("/s/en:"))
    inside = anna.cookie
    assert planted != inside
    assert GOPS not in (await browse(planted).get("/")).text
    home = await anna.follow(entered)
    out = await anna.send(home.form("/s/eo"))
    assert (out.status, out.location) == (303, "/")
    assert anna.cookie not in (planted, inside)
    for cookie in (planted, inside, anna.cookie):
        assert GOPS not in (await browse(cookie).get("/")).text
    assert (await browse(made.cookies[ANNA]).get("/")).text.count(GOPS), "another of her browsers stays"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("secure", [True, False])
async def test_cookies_are_as_closed_as_they_can_be(door: Door, secure: bool) -> None:
    """Behind https the cookie belongs to this host alone and goes by https alone; nowhere do scripts or other sites get it."""
    if not secure:
        door.house = replace(door.house, public_url="http://127.0.0.1:8080")
    made = await stage(door)
    async with serving(door) as url, Browser(url) as head:
        page = await head.get(f"/z/{made.janow.tokens[OPS, 'delegate']}")
        entered = await head.send(page.form("/s/ia:"))
        name = "__Host-konwent" if secure else "konwent"
        for answer, names in ((page, {name}), (entered, {name, name + "-flash"})):
            assert set(answer.set_cookies) == names
            for attributes in answer.set_cookies.values():
                assert attributes["path"] == "/"
                assert attributes["httponly"] == "True"
                assert attributes["samesite"] == "Lax"
                assert ("secure" in attributes) is secure
                assert "domain" not in attributes
        assert "max-age" not in page.set_cookies[name], "an anonymous one goes with the browser"
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", entered.set_cookies[name][""])
        assert ("Strict-Transport-Security" in page.headers) is secure
        other = "konwent" if secure else "__Host-konwent"
        stranger = await head.ask("GET", "/", headers={"Cookie": f"{other}={head.cookie}"})
        assert OPS not in stranger.text, "the cookie counts under its own name only"


async def test_asking_for_a_link_tells_nothing(door: Door, browse: Browse) -> None:
    """A known and an unknown address, and one asked for too often, get the same answer; a letter waits for each that was taken."""
    await stage(door)
    answers = []
    for email in ["nowa@biblioteka.example", "nikt@nigdzie.example", *["nowa@biblioteka.example"] * 6]:
        somebody = browse("")
        page = await somebody.get("/s/e")
        sent = await somebody.send(page.form("/s/el"), email=email)
        shown = await somebody.follow(sent)
        answers.append(
            (sent.status, sent.location, set(sent.set_cookies), shown.status, re.sub(r'"k" value="[^"]*"', "", shown.text))
        )
    assert len({str(answer) for answer in answers}) == 1
    assert answers[0][:2] == (303, "/s/e")
    assert i18n.translator("pl")(ON_ITS_WAY) in answers[0][4]
    waiting = await door.look(lambda uow: uow.execute(select(NOTICE.c.id).where(NOTICE.c.occasion == "sign_in")).all())
    assert len(waiting) == 6


@pytest.mark.parametrize(("hops", "forwarded", "counted"), [
    (0, "203.0.113.{}", "peer"), (1, "203.0.113.{}, 198.51.100.7", "peer"), (1, "198.51.100.7, 203.0.113.{}", "forwarded"),
    (2, "203.0.113.{}, 10.0.0.1", "forwarded"), (2, "203.0.113.{}", "peer"), (1, "nonsense{}", "peer"), (1, "[2001:db8:{}::1]:443", "forwarded"),
    (1, "", "peer"), (9, "203.0.113.{}" + ",x" * 300, "peer"),
])  # fmt: skip
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_forged_address_does_not_help_against_the_limit(door: Door, hops: int, forwarded: str, counted: str) -> None:
    """Twenty links an hour from one address: only what our own proxies say of the address counts, with as many of them as are ours."""
    async with serving(door, trusted_proxies=hops) as url, Browser(url) as somebody:
        statuses = []
        for number in range(1, 23):
            page = await somebody.get("/s/e")
            form = page.form("/s/el")
            fields = dict([*form.fields, ("email", f"k{number}@gops.example")])
            headers = {
                "X-Forwarded-For": forwarded.format(number),
                "X-Real-IP": f"9.9.9.{number}",
                "Forwarded": f"for=9.9.9.{number}",
            }
            answer = await somebody.post(form.action, fields, **headers)
            statuses.append(answer.status)
            if answer.status == 429:
                assert 0 < int(answer.headers["Retry-After"]) <= 3600
                assert answer.title
    assert set(statuses[:20]) == {303}
    assert set(statuses[20:]) == ({429} if counted == "peer" else {303})


async def test_nothing_leads_outside(door: Door, browse: Browse) -> None:
    """Whatever host, scheme, place or address is asked for, every ``Location`` is a path of a page of ours."""
    made = await stage(door)
    anna, somebody = browse(made.cookies[ANNA]), browse("")
    k = (await anna.get("/s/s")).token
    strange = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Original-URL": "/admin",
    }
    for place in ("h", "s", "r.1", "evil", "..", "f.1.1", "ey.h", "i.AAAA.pl", "https.evil.example", "-", "sX"):
        for code in (f"ey:{place}", f"w:{place}"):
            answer = await anna.post(f"/s/{code}", {"k": k}, **strange)
            assert answer.status in (303, 404)
            if answer.status == 303:
                assert ours(answer.location), answer.location
    for url in (
        "/s/k:1?lang=//evil.example",
        "/s/s?lang=uk",
        "/s/h?next=https://evil.example",
        "/?lang=%0d%0aX:1",
        "/s/f:1:1?lang=pl",
        "//evil.example/s/s",
        "/s/s/../../..//evil.example",
    ):
        for browser in (anna, somebody):
            answer = await browser.ask("GET", url, headers=strange)
            assert answer.status in (200, 303, 404), url
            assert not answer.location or ours(answer.location), answer.location
            assert "evil.example" not in str(answer.headers)
            assert "evil.example" not in answer.text.replace("//evil.example", "", 0) or answer.status == 404
    page = await anna.get("/", **strange)
    assert "evil" not in page.text
    stranger = await somebody.get(path(intents.Resume(1)) + "?lang=uk")
    assert stranger.location == "/s/e?lang=uk"


async def test_the_sentence_of_another_page_cannot_be_planted(door: Door, browse: Browse) -> None:
    """A cookie with a sentence is shown only if this very browser was given it; markup in it stays text."""
    made = await stage(door)
    anna, ida = browse(made.cookies[ANNA]), browse(made.cookies[IDA])
    page = await anna.get("/s/s")
    changed = await anna.send(page.form("/s/sl:"))
    own = changed.set_cookies["__Host-konwent-flash"][""]
    shown = await ida.get("/s/s", Cookie=f"__Host-konwent={ida.cookie}; __Host-konwent-flash={own}")
    assert 'role="status"' not in shown.text
    for planted in (
        "x",
        "." * 10,
        own[:-4],
        own.partition(".")[0] + ".PGI-aGk8L2I-",
        "a" * 5000,
        '"\\303\\377"',
        "0" * 64 + ".%%%",
    ):
        cookies = {"Cookie": f"__Host-konwent={anna.cookie}; __Host-konwent-flash={planted}"}
        got = await anna.ask("GET", "/s/s", headers=cookies, keep=False)
        assert got.status == 200
        assert 'role="status"' not in got.text
    assert 'role="status"' in (await anna.get("/s/s")).text
    assert 'role="status"' not in (await anna.get("/s/s")).text, "said once"


async def test_names_are_shown_and_never_run(door: Door, browse: Browse) -> None:
    """A roster with markup in a name shows it as it was written."""
    made = await stage(door)
    await door.act(
        lambda uow: seats.hand_over(
            uow, OPERATOR, made.seats[LIBRARY, "head"], name="<script>alert(1)</script> {{7*7}}", email="x@y.example"
        )
    )
    token = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.seats[LIBRARY, "head"]).token)
    head = browse("")
    page = await head.get(f"/z/{token}")
    await head.follow(await head.send(page.form("/s/ia:")))
    for shown in (page, await head.get("/s/o"), await head.get("/s/on")):
        assert shown.status == 200
        assert "<script" not in shown.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in (await head.get("/s/o")).text


async def test_home_of_a_stranger_leads_to_both_ways_in(browse: Browse) -> None:
    """Whoever opens the bare address reads whose this is and finds the way in by e-mail."""
    page = await browse("").get("/")
    assert page.status == 200
    assert "/s/e" in {href for _, href in page.read.links}
    assert path(Home()) == "/s/h"
