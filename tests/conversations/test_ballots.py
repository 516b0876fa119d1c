"""Ballots on telephones and pages over real HTTP: an open one with two people of one institution, and a secret one that nobody can undo."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest
from sqlalchemy import select

from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.office import sessions
from konwent_bot.office.decisions import ballots, by_hand, register
from konwent_bot.office.decisions.by_hand import ByTotals
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import ballot_intents as b
from konwent_bot.screens.archive_intents import SeeTask
from konwent_bot.screens.intents import Home, Resume, encode
from konwent_bot.store.tables import PAPER, PERSON, POST, SEAT, TURNOUT, VOTE
from tests.conversations.house import Dump, answering, everything
from tests.conversations.network import JANOW, Network, make
from tests.conversations.people import Member, buttons, kind, verb
from tests.sandbox.phone import Sandbox
from tests.screens.balloted import objected, under_way
from tests.web.browsing import COOKIE, Browser, serving

GOPS, OPS, LIBRARY = JANOW
MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Hall:
    """A network at a meeting, in a house that answers: its coordinator, both people of GOPS, and the heads of the other two."""

    door: Door
    sandbox: Sandbox
    network: Network
    proposal: int
    kinga: Member
    anna: Member
    bogdan: Member
    celina: Member
    #: Signed in by a browser: the head of the library.
    cookie: str

    async def open(self, method: str) -> int:
        """Let Kinga open a ballot by her buttons; give its number."""
        said = await self.kinga.look()
        await self.kinga.press_data(encode(b.AskBallot(self.proposal)), said.message_id)
        await self.kinga.press(kind(b.AskLength, method=method))
        shown = await self.kinga.press(kind(b.OpenBallot, length=10))
        assert "Głosowanie jest otwarte" in shown.text
        found = await self.door.look(lambda uow: ballots.current(uow, self.proposal))
        assert found is not None
        return found.id

    async def vote_on_page(self, browser: Browser, ballot: int, choice: str) -> tuple[str, list[str]]:
        """Let the head of the library vote by the forms of a page; give the page that follows, and the addresses that were sent to."""
        whose, asked = self.network.memberships[LIBRARY], []
        page = await browser.get(f"/s/{encode(b.SeeVote(ballot, whose))}")
        form = page.form("/s/b")
        asked.append(form.action)
        page = await browser.send(form, choice=choice)
        if page.status == 200:  # a secret ballot asks once more
            assert "Oddać ten głos?" in page.text
            form = page.press("Tak, oddaję ten głos")
            asked.append(form.action)
            page = await browser.send(form)
        shown = await browser.follow(page)
        assert shown.status == 200
        return shown.text, asked


@pytest.fixture
async def hall(sandbox: Sandbox, door: Door, clock: FixedClock) -> AsyncIterator[Hall]:
    """A meeting on a Monday morning, on each engine; everybody is there, and the library has objected."""
    clock.move(MONDAY - clock.now())
    network = await make(door)
    async with answering(sandbox, door):
        people = {name: await Member.make(sandbox, name) for name in ("Kinga", "Anna", "Bogdan", "Celina", "Ola")}
        places = {
            "Kinga": ("", "coordinator"),
            "Anna": (GOPS, "head"),
            "Bogdan": (GOPS, "delegate"),
            "Celina": (OPS, "head"),
            "Ola": (LIBRARY, "head"),
        }
        for name, place in places.items():
            await people[name].accept(network.tokens[place])

        def prepare(uow: UnitOfWork) -> tuple[int, str]:
            kinga = Actor(uow.execute(select(POST.c.person_id).where(POST.c.body_id == network.body)).scalar_one())
            meeting = under_way(uow, kinga, network)
            proposal = objected(uow, kinga, network, "Wspólny kalendarz", meeting=meeting)
            whose = SEAT.c.membership_id == network.memberships[LIBRARY]
            ola = uow.execute(
                select(PERSON.c.id).join_from(PERSON, SEAT, SEAT.c.person_id == PERSON.c.id).where(whose)
            ).scalar_one()
            return proposal, sessions.begin(uow, ola, browser="", came_by="invitation:1")

        proposal, cookie = await door.act(prepare)
        del people["Ola"]
        kinga, anna, bogdan, celina = people.values()
        yield Hall(door, sandbox, network, proposal, kinga, anna, bogdan, celina, cookie)


async def test_an_open_ballot_by_chat_and_by_page(hall: Hall) -> None:
    """Bogdan votes, Anna's vote prevails, Celina types hers, the library votes on a page; Kinga closes it, and everybody sees how it came about."""
    ballot = await hall.open("open")
    gops, ops, library = (hall.network.memberships[name] for name in JANOW)
    await hall.bogdan.type("/sprawy")
    shown = await hall.bogdan.press(kind(b.SeeBallot, ballot=ballot))
    assert "Zwykła większość" in shown.text, "the rule is read before one votes"
    assert "0 z 3" in shown.text
    shown = await hall.bogdan.press(kind(b.Vote, choice="against"))
    assert "Zapisano: GOPS Modliborzyce, przeciw." in shown.text
    await hall.anna.type("/sprawy")
    home = await hall.anna.look()
    assert "głosowanie jawne" not in home.text, "GOPS has voted, so nothing awaits Anna"
    await hall.anna.press_data(encode(b.Vote(ballot, gops, "for")), home.message_id)
    shown = await hall.bogdan.press(kind(b.Vote, choice="abstain"))
    prevails = hall.bogdan.t("The person who represents the institution here in the first place has voted, and that vote counts.")
    assert prevails in shown.text
    said = await hall.celina.type("Wstrzymuję się")
    assert "Zapisano: OPS Janów Lubelski, wstrzymuje się." in said.text
    await hall.kinga.press(kind(b.SeeBallot))
    too_early = await hall.kinga.press(b.CloseBallot)
    assert "2 z 3" in too_early.text
    assert "⚠️" in too_early.text
    async with serving(hall.door) as url, Browser(url, {COOKIE: hall.cookie}) as browser:
        page, asked = await hall.vote_on_page(browser, ballot, "for")
    assert 'value="for" checked' in page, "one's own vote is shown, and may be changed"
    assert not any(f":{choice}" in address for address in asked for choice in CHOICES)
    rows = await hall.door.look(lambda uow: uow.execute(select(VOTE.c.membership_id, VOTE.c.choice)).all())
    assert {tuple(row) for row in rows} == {(gops, "for"), (ops, "abstain"), (library, "for")}
    closed = await hall.kinga.press(b.CloseBallot)
    for told in ("Za 2, przeciw 0, wstrzymało się 1.", "Kworum: 3 z 3", "Przyjęto", f"{OPS}: wstrzymuje się", "Decyzja 1/"):
        assert told in closed.text
    late = await hall.bogdan.press_data(encode(b.Vote(ballot, gops, "against")), home.message_id)
    assert "Decyzja 1/" in late.text
    assert len(await hall.door.look(lambda uow: uow.execute(select(VOTE)).all())) == 3
    await hall.anna.press_data(encode(b.TakeDecision(1)), home.message_id)
    file = await hall.anna.phone.wait_for(lambda said: bool(said.raw.get("document")))
    assert file.raw["document"]["name"] == "decyzja-1-2026.json"


async def test_a_task_follows_from_a_decision(hall: Hall) -> None:
    """Hands were shown. Kinga adds a task in the chat by text, institution and day, and Anna says that it is done."""

    def prepare(uow: UnitOfWork) -> int:
        kinga = Actor(uow.execute(select(POST.c.person_id).where(POST.c.body_id == hall.network.body)).scalar_one())
        by_hand.note(uow, kinga, hall.proposal, ByTotals(2, 1, 0))
        return register.of_proposal(uow, hall.proposal)[0].id

    decision = await hall.door.act(prepare)
    home = await hall.kinga.type("/sprawy")
    await hall.kinga.press_data(encode(b.SeeDecision(decision)), home.message_id)
    await hall.kinga.press(b.AttachTask)
    await hall.kinga.press(Resume)
    await hall.kinga.type("Rezerwacja sali na szkolenia")
    await hall.kinga.press(verb("mark", str(hall.network.memberships[GOPS])))
    await hall.kinga.press(verb("done"))
    await hall.kinga.type("7 grudnia 2026")
    await hall.kinga.press(verb("answer"))
    await hall.kinga.press(verb("confirm"))
    shown = await hall.kinga.press(kind(b.SeeDecision, decision=decision))
    assert "GOPS Modliborzyce: Rezerwacja sali na szkolenia: termin: poniedziałek, 7 grudnia 2026" in shown.text
    home = await hall.anna.type("/sprawy")
    assert "Rezerwacja sali na szkolenia. Zadanie z decyzji 1/" in home.text
    await hall.anna.press(SeeTask)
    done = await hall.anna.press(b.FinishTask)
    assert "Zapisano: zadanie jest zrobione" in done.text


async def test_a_secret_ballot_by_chat_and_by_page_leaves_nothing_that_tells(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    """Anna and Celina vote in the chat, the library on a page, each differently. Neither the store, nor a log, nor a telephone tells who said what."""
    hear_everything(caplog)
    ballot = await hall.open("secret")
    said = {GOPS: "against", OPS: "abstain", LIBRARY: "for"}
    for member, name in ((hall.anna, GOPS), (hall.celina, OPS)):
        before = await everything(hall.door.store)
        await member.type("/sprawy")
        await member.press(kind(b.SeeBallot, ballot=ballot))
        asked = await member.press(b.SeeVote)
        for told in ("Liczy się pierwszy głos", "operatora serwera"):
            assert told in asked.text
        await member.press(kind(b.AskPaper, choice=said[name]))
        assert changes(before, await everything(hall.door.store)).keys() <= {"person", "seen_update"}, "a slip is no vote"
        done = await member.press(kind(b.CastPaper, choice=said[name]))
        assert f"Głos oddany: {name}" in done.text
        tells_nothing(changes(before, await everything(hall.door.store)), said[name])
    before = await everything(hall.door.store)
    async with serving(hall.door) as url, Browser(url, {COOKIE: hall.cookie}) as browser:
        page, sent = await hall.vote_on_page(browser, ballot, said[LIBRARY])
    assert "Głos oddany: Biblioteka Modliborzyce" in page
    assert "radio" not in page
    tells_nothing(changes(before, await everything(hall.door.store)), said[LIBRARY])
    await hall.bogdan.type("/sprawy")
    second = await hall.bogdan.press_data(
        encode(b.CastPaper(ballot, hall.network.memberships[GOPS], "for")), (await hall.bogdan.look()).message_id
    )
    assert hall.bogdan.t("This institution has voted already. Its first vote counts and cannot be changed.") in second.text
    closed = await hall.kinga.press(b.CloseBallot)
    assert "Za 1, przeciw 1, wstrzymało się 1." in closed.text
    assert not any(name in closed.text for name in JANOW)

    stored = await everything(hall.door.store)
    whose = set(hall.network.memberships.values())
    papers = await hall.door.look(lambda uow: uow.execute(select(PAPER)).all())
    assert sorted(row.choice for row in papers) == sorted(CHOICES), "there is something that could be told"
    assert {row.membership_id for row in await hall.door.look(lambda uow: uow.execute(select(TURNOUT)).all())} == whose
    for table, rows in stored.items():
        for row in rows:
            if table != "paper":
                assert not words_of(row) & set(CHOICES), f"{table}: {row}"
    logged = [record.getMessage() for record in caplog.records]
    assert logged, "something was logged that could have told"
    for line in (*logged, *sent):
        assert not any(f":{choice}" in line or f"={choice}" in line for choice in CHOICES), line
    for member in (hall.anna, hall.celina, hall.bogdan, hall.kinga):
        for message in await member.phone.messages():
            assert not [one for one in buttons(message) if isinstance(one.intent, b.AskPaper | b.CastPaper)], message.text
            if message.side == "bot":
                assert not re.search(r"Głos: (Za|Przeciw|Wstrzymuję się)", message.text), message.text
    kept = repr(await hall.sandbox.ask("GET", "/log"))
    assert not any(f":{choice}" in kept for choice in CHOICES)


def hear_everything(caplog: pytest.LogCaptureFixture) -> None:
    """Catch whatever anybody logs, also those whom the house quiets wherever it has been started before."""
    for name in (None, "aiohttp.access", "asyncio", "httpx"):
        caplog.set_level(logging.DEBUG, logger=name)


def changes(before: Dump, after: Dump) -> Dump:
    """Give the rows that are new or other than they were."""
    found = {name: [row for row in rows if row not in before[name]] for name, rows in after.items()}
    return {name: rows for name, rows in found.items() if rows}


def tells_nothing(changed: Dump, choice: str) -> None:
    """See that the choice stands in one paper alone, and that nothing but a bare number and the turnout came with it."""
    assert len(changed["paper"]) == len(changed["turnout"]) == 1
    (paper,) = changed["paper"]
    assert re.fullmatch(rf"\(\d+, '[0-9a-f]{{32}}', '{choice}'\)", paper), paper
    assert changed.keys() <= {"paper", "turnout", "person", "seen_update", "web_session"}
    for table, rows in changed.items():
        if table != "paper":
            assert not any(choice in words_of(row) for row in rows), table


def words_of(row: str) -> set[str]:
    """Give the values of a row that are words, each by itself."""
    return set(re.findall(r"'([^']*)'", row))


async def test_a_ballot_of_another_network_is_not_there(hall: Hall) -> None:
    """Numbers that were never given out, in the hands of people who may vote elsewhere: refused, and nothing is kept."""
    ballot = await hall.open("secret")
    home = await hall.anna.type("/sprawy")
    before = await everything(hall.door.store)
    ops = hall.network.memberships[OPS]
    for intent in (
        b.SeeBallot(77),
        b.CastPaper(77, ops, "for"),
        b.CastPaper(ballot, ops, "for"),
        b.SeeVote(ballot, ops),
        b.SeeDecision(77),
    ):
        said = await hall.anna.press_data(encode(intent), home.message_id)
        assert hall.anna.t("This was not done") in said.text, intent
        home = await hall.anna.press(Home)
    assert changes(before, await everything(hall.door.store)).keys() <= {"person", "seen_update"}
    assert await hall.door.look(lambda uow: register.of_proposal(uow, hall.proposal)) == ()
