"""A call to a meeting, on phones and pages over real HTTP: it arrives with its buttons and its file, and is answered by a press."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from konwent_bot.chat import Chat
from konwent_bot.courier import send_due
from konwent_bot.courier.messages import send_messages
from konwent_bot.courier.telegram import Telegram, open_telegram
from konwent_bot.domain.meetings.days_off import next_working_day
from konwent_bot.office import channels, notices, seats
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import answers, convening, entering
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Home, Intent, encode
from konwent_bot.screens.meeting_intents import (
    AnswerFor,
    AnswerMeeting,
    AskRemind,
    AskSubstitute,
    CancelMeeting,
    ChangeMeeting,
    ChooseSubstitute,
    Convene,
    ExplainAbsence,
    NameSubstitute,
    Remind,
    SeeLedger,
    SeeMeeting,
    SeeTold,
    SeeWho,
    SeeWhoOne,
    TakeCalendar,
)
from konwent_bot.settings import load_settings
from konwent_bot.store.tables import PERSON, SEAT
from tests.conversations.conftest import Stand
from tests.conversations.house import dump, spoken_of
from tests.conversations.network import ILAWA, Network, make
from tests.conversations.people import Member, kind, verb
from tests.courier.office import PostOffice, post_office, text_of
from tests.sandbox.phone import TOKEN, Said, Sandbox
from tests.web.browsing import Browser, serving

GOPS, OPS, LIBRARY = "GOPS Modliborzyce", "OPS Janów Lubelski", "Biblioteka Modliborzyce"
WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass
class Round:
    """The network with its coordinator on a phone, a post office, and the courier in hand."""

    door: Door
    network: Network
    telegram: Telegram
    post: PostOffice
    kinga: Member

    async def enter(self, body: int | None = None) -> int:
        """Enter a meeting in three weeks, at ten."""
        day = (self.door.clock.now().astimezone(WARSAW) + timedelta(days=21)).date()
        given = MeetingEntered.model_validate({
            "kind": "strategic", "when": f"{day}T10:00", "length": "m120", "mode": "in_person", "place": "Urząd Gminy, sala 7",
        })  # fmt: skip
        where = Subject("meeting.enter", body or self.network.body)
        done = await self.door.act(lambda uow: entering.enter(uow, OPERATOR, where, given))
        assert done.meeting is not None
        return done.meeting

    async def call(self, body: int | None = None) -> int:
        """Call everybody to it, at whatever hour this test runs."""
        meeting = await self.enter(body)

        def work(uow: UnitOfWork) -> None:
            for person in uow.execute(select(PERSON.c.id)).scalars().all():
                channels.prefer(uow, person, quiet_from=0, quiet_to=0)
            convening.convene(uow, OPERATOR, meeting)

        await self.door.act(work)
        await self.send()
        return meeting

    async def send(self) -> None:
        """Let the courier send what is due, in Telegram and by mail."""
        await send_messages(self.door, self.telegram, "pl", asyncio.Event(), self.door.clock)
        await send_due(self.door, self.post.server(), "pl", asyncio.Event(), self.door.clock)

    async def until_morning(self, sandbox: Sandbox) -> None:
        """Let it be ten o'clock of the next working day, for everybody."""
        now = self.door.clock.now().astimezone(WARSAW)
        morning = datetime.combine(next_working_day(now.date()), time(10), WARSAW)
        await sandbox.move_clock((morning - now).total_seconds())

    async def answered(self, meeting: int) -> dict[str, tuple[str, str]]:
        """Give what was answered, and the reason, by institution."""
        names = {number: name for name, number in self.network.memberships.items()}
        found = await self.door.look(lambda uow: answers.of(uow, meeting))
        return {names[number]: (one.answer, one.reason) for number, one in found.items()}


@pytest.fixture
async def round_of_calls(sandbox: Sandbox, stand: Stand, live_door: Door, network: Network, chat: Chat) -> AsyncIterator[Round]:
    """The coordinator, the courier and a post office."""
    kinga = await Member.make(sandbox, "Kinga")
    await kinga.accept(network.tokens["", "coordinator"])
    settings = load_settings(telegram_token=TOKEN, telegram_api=stand.url, telegram_rate=30)
    async with open_telegram(settings, seconds=5) as telegram, post_office() as post:
        yield Round(live_door, network, telegram, post, kinga)


def files(messages: list[Said]) -> list[dict[str, Any]]:
    """Give the files that lie in a chat."""
    return [said.raw["document"] for said in messages if said.raw.get("document")]


async def test_the_call_comes_with_its_buttons_and_a_file_and_one_press_answers(anna: Member, round_of_calls: Round) -> None:
    """Anna gets one message with the calendar file; "Będziemy" answers; pressing it again later changes nothing more."""
    meeting = await round_of_calls.call()
    said = await anna.look()
    for words in ("Zaproszenie: Spotkanie strategiczne", "10:00–12:00", "Urząd Gminy, sala 7", "GOPS Modliborzyce"):
        assert words in said.text
    assert said.labels[:3] == ("Będziemy", "Nie będzie nas", "Będzie zastępstwo")
    assert [one["name"] for one in files(await anna.phone.messages())] == ["spotkanie.ics"]
    shown = await anna.press(kind(AnswerMeeting, answer="yes"), message=said)
    assert "Zapisano" in shown.text
    assert await round_of_calls.answered(meeting) == {GOPS: ("yes", "")}
    again = await anna.press_data(
        encode(AnswerMeeting(meeting, round_of_calls.network.memberships[GOPS], "yes")), said.message_id
    )
    assert "✓ Będziemy" in again.labels
    assert await round_of_calls.answered(meeting) == {GOPS: ("yes", "")}


async def test_a_no_may_say_why_but_tells_nothing_of_anybody(anna: Member, round_of_calls: Round) -> None:
    """The answer counts at once; a PESEL, a telephone and an address in the reason are refused and stored nowhere; words are kept."""
    meeting = await round_of_calls.call()
    await anna.press(kind(AnswerMeeting, answer="no"))
    assert await round_of_calls.answered(meeting) == {GOPS: ("no", "")}
    await anna.press(ExplainAbsence)
    for wrong in ("Opiekuję się panią 44051401359", "Proszę dzwonić: 600 700 800", "Pisać: nowak@gmina.example"):
        said = await anna.type(wrong)
        assert "⚠️" in said.text
        assert spoken_of(await dump(round_of_calls.door.store), wrong) == []
    await anna.type("Kontrola w ośrodku")
    await anna.press(verb("confirm"))
    assert await round_of_calls.answered(meeting) == {GOPS: ("no", "Kontrola w ośrodku")}


async def test_a_substitute_is_named_in_the_chat_and_called_by_mail(anna: Member, round_of_calls: Round) -> None:
    """Anna types a name and an address; exactly that person gets the call, with an entry for the calendar."""
    meeting = await round_of_calls.call()
    await anna.press(AskSubstitute)
    await anna.press(NameSubstitute)
    await anna.type("Zofia Zastępcza")
    await anna.type("zofia@gops.example")
    await anna.press(verb("answer", "once"))
    await anna.press(verb("confirm"))
    assert (await round_of_calls.answered(meeting))[GOPS][0] == "substitute"
    await round_of_calls.until_morning(anna.phone.sandbox)  # Zofia has chosen no hours: at night and on days off hers waits
    await round_of_calls.send()
    to_zofia = [letter for letter in round_of_calls.post.letters if letter["To"] == "zofia@gops.example"]
    assert sum("Spotkanie strategiczne" in str(letter["Subject"]) for letter in to_zofia) == 1
    assert {letter["To"] for letter in round_of_calls.post.letters} == {"zofia@gops.example"}


async def test_somebody_with_an_address_only_answers_on_the_page(round_of_calls: Round, chat: Chat) -> None:
    """The head of the library never opens Telegram: the letter leads to the page of the meeting, and one press answers."""
    door, network = round_of_calls.door, round_of_calls.network

    def name(uow: UnitOfWork) -> int:
        seat = uow.execute(
            select(SEAT.c.id).where(SEAT.c.membership_id == network.memberships[LIBRARY], SEAT.c.role == "head")
        ).scalar_one()
        seats.hand_over(uow, OPERATOR, seat, name="Celina Mak", email="celina@biblioteka.example")
        notices.invite(uow, OPERATOR, seat=seat)
        return int(seat)

    await door.act(name)
    async with serving(door) as url, Browser(url) as browser, Browser(url) as other:
        await round_of_calls.send()
        (welcome,) = round_of_calls.post.letters
        (path,) = re.findall(r"https://konwent\.example(/\S+)", text_of(welcome))
        page = await browser.get(path)
        page = await browser.send(page.forms[0])
        meeting = await round_of_calls.call()
        letter = round_of_calls.post.letters[-1]
        assert str(letter["Subject"]).startswith("Zaproszenie: Spotkanie strategiczne")
        text = letter.get_body(("plain",))
        assert text is not None
        (enter, *_) = re.findall(r"https://konwent\.example(/e/\S+)", text.get_content())
        page = await other.get(enter)
        page = await other.send(page.forms[0])
        page = await other.get(page.location)
        assert "Spotkanie strategiczne" in page.title
        page = await other.send(page.press("Będziemy"))
        page = await other.get(page.location)
        assert "Zapisano" in page.text
    assert await round_of_calls.answered(meeting) == {LIBRARY: ("yes", "")}


async def test_the_coordinator_reminds_from_the_chat(anna: Member, round_of_calls: Round) -> None:
    """Kinga sees whom it would reach and by what, presses once, and Anna, who is silent, is reminded; the ledger says so."""
    meeting, kinga = await round_of_calls.call(), round_of_calls.kinga
    await kinga.type("/sprawy")
    await kinga.press(kind(SeeMeeting, meeting=meeting))
    said = await kinga.press(SeeWho)
    assert "GOPS Modliborzyce" in said.text
    said = await kinga.press(AskRemind)
    assert "GOPS Modliborzyce: osoba kierująca (Telegram)" in said.text
    assert "Biblioteka Modliborzyce, OPS Janów Lubelski" in said.text, "whom nothing reaches"
    await kinga.press(Remind)
    await round_of_calls.send()
    heard = [one.text for one in await anna.phone.messages() if one.side == "bot"]
    assert sum("Prosimy o odpowiedź: Spotkanie strategiczne" in text for text in heard) == 1
    said = await kinga.press(SeeLedger)
    assert "przypomnienie" in said.text


async def test_buttons_of_another_network_s_meeting_do_nothing(anna: Member, round_of_calls: Round) -> None:
    """Valid numbers of a meeting, an institution and a place of another network, in Anna's hands: refused, nothing changed, nothing shown."""
    door = round_of_calls.door
    other = await make(door, slug="lsr-ilawa", names=ILAWA)
    ida = await Member.make(anna.phone.sandbox, "Ida")
    await ida.accept(other.tokens[ILAWA[0], "head"])
    theirs = await round_of_calls.call(other.body)
    membership = other.memberships[ILAWA[0]]
    seat = await door.look(lambda uow: uow.execute(select(SEAT.c.id).where(SEAT.c.membership_id == membership)).scalars().first())
    forged: tuple[Intent, ...] = (
        SeeMeeting(theirs), TakeCalendar(theirs), AnswerMeeting(theirs, membership, "yes"),
        AnswerMeeting(theirs, round_of_calls.network.memberships[GOPS], "yes"), ExplainAbsence(theirs, membership),
        AskSubstitute(theirs, membership), ChooseSubstitute(theirs, membership, seat or 0), NameSubstitute(theirs, membership),
        Convene(theirs), ChangeMeeting(theirs), CancelMeeting(theirs), SeeWho(theirs), SeeWhoOne(theirs, membership),
        AnswerFor(theirs, membership, "no"), AskRemind(theirs), Remind(theirs), SeeLedger(theirs), SeeTold(membership),
    )  # fmt: skip
    for who in (anna, round_of_calls.kinga):
        home = await who.type("/sprawy")
        for intent in forged:
            before = await dump(door.store)
            said = await who.press_data(encode(intent), home.message_id)
            assert who.t("This was not done") in said.text or "⚠️" in said.text, intent
            assert not any(name in said.text for name in (*ILAWA, "lsr-ilawa")), intent
            assert await dump(door.store) == before, intent
            home = await who.press(Home)
    assert await round_of_calls.answered(theirs) == {}
