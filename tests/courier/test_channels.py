"""By what somebody is told: their own choice, what is left when a channel refuses, when it may come, and one message a day."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import insert, select
from tests.conftest import NOW
from tests.courier.conftest import Lines
from tests.courier.occasions import answer
from tests.courier.office import PostOffice, text_of
from tests.office.rosters import bring_in

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, KonwentError
from konwent_bot.office import channels, dispatch, enclosures, links, notices, people, privacy
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.engines import Store, Unit
from konwent_bot.store.tables import ENCLOSURE, MEETING, MEETING_GUEST, NOTICE

BOTH = [("telegram", "sent", ""), ("mail", "sent", "")]


async def test_both_channels_are_used_where_both_are_wanted(lines: Lines, post: PostOffice) -> None:
    """Whoever wants both gets both, each once, and the notice is settled only then."""
    await lines.prefer(channel="both")
    await lines.tell()
    await lines.send()
    assert (await lines.told()).outcome is None
    await lines.send(post)
    await lines.send(post)
    assert ((await lines.told()).outcome, await lines.tries()) == ("sent", BOTH)
    assert (len(await lines.heard()), len(post.letters)) == (1, 1)


async def test_a_channel_that_rests_does_not_hold_up_the_other(lines: Lines, post: PostOffice) -> None:
    """Of both wanted, Telegram is away for a minute: the letter leaves at once, the message after the minute."""
    await lines.prefer(channel="both")
    await lines.sandbox.fault("error_500", "sendMessage")
    await lines.tell()
    await lines.send(post)
    assert (len(await lines.heard()), len(post.letters)) == (0, 1)
    lines.network.wait(minutes=1)
    await lines.send(post)
    assert (len(await lines.heard()), len(post.letters)) == (1, 1)
    assert await lines.tries() == [("telegram", "failed", "server"), ("mail", "sent", ""), ("telegram", "sent", "")]


async def test_an_answer_after_the_first_channel_stops_the_second(lines: Lines, post: PostOffice) -> None:
    """Whoever answers the message on the telephone gets no letter about the same; the ledger says that they were told."""
    await lines.prefer(channel="both")
    await lines.tell()
    await lines.send()
    await lines.door.act(lambda uow: answer(uow, lines.recipient, "news:1"))
    await lines.send(post)
    assert ((await lines.told()).outcome, len(post.letters)) == ("sent", 0)


async def test_mail_first_and_telegram_when_it_is_refused(lines: Lines, post: PostOffice) -> None:
    """Whoever prefers letters gets one; when their address takes nothing the telephone is next, and the address is marked."""
    await lines.prefer(channel="mail")
    post.at_recipient = ["550 5.1.1 no such user"]
    await lines.tell()
    await lines.send(post)
    await lines.send(post)
    assert await lines.tries() == [("mail", "refused", "recipient_550"), ("telegram", "sent", "")]
    chosen = await lines.door.look(lambda uow: channels.preferences(uow, lines.person))
    assert chosen.mail_refused_at == NOW
    await lines.tell(subject="news:2")
    await lines.send(post)
    assert await lines.tries() == [("telegram", "sent", "")], "no letter is tried at a marked address"


async def test_a_server_that_refuses_us_marks_nobody(lines: Lines, post: PostOffice) -> None:
    """5.7.1 is about our own address or network: the reader's stays as it is."""
    await lines.prefer(channel="mail")
    post.at_recipient = ["550 5.7.1 blocked"]
    await lines.tell()
    await lines.send(post)
    chosen = await lines.door.look(lambda uow: channels.preferences(uow, lines.person))
    assert chosen.mail_refused_at is None


async def test_a_mark_goes_with_the_address(lines: Lines) -> None:
    """A roster that brings another address ends the mark; one that brings the same does not."""
    await lines.door.act(lambda uow: channels.mail_refused(uow, "Anna@GOPS.example"))
    row = "Gminny Ośrodek Pomocy Społecznej w Modliborzycach;GOPS Modliborzyce;B;pomoc społeczna;Modliborzyce;zwierzchnik;{};Anna Żółw;{}"
    marked = []
    for title, email in (("dyrektorka", "anna@gops.example"), ("dyrektorka", "a.zolw@gops.example")):
        await bring_in(lines.door, lines.network.body, row.format(title, email))
        marked.append((await lines.door.look(lambda uow: channels.preferences(uow, lines.person))).mail_refused_at)
    assert marked == [NOW, None]


async def test_a_letter_leads_in_where_the_address_is_believed(lines: Lines, post: PostOffice) -> None:
    """What the chat does with a button is a personal link in a letter; what only a chat can do is not in it; answers go to a person."""
    await lines.prefer(channel="mail")
    await lines.tell()
    await lines.send(post)
    (letter,) = post.letters
    words = text_of(letter).split("\n\n")
    assert words[:2] == ["Dzień dobry.", "test.reminder news:1 Anna Żółw"]
    first, second, stop = [line for line in words if line.startswith("https://")]
    offered = await lines.door.look(lambda uow: links.look(uow, second.rpartition("/")[2], "enter"))
    assert (first.startswith("https://konwent.example/e/"), offered.person, offered.place) == (True, lines.person, "sx")
    assert letter["List-Unsubscribe"] == f"<{stop}>"
    assert "Pomoc" not in text_of(letter)
    assert letter["Reply-To"] == "ewa@kis.example"


async def test_a_guest_gets_a_letter_and_no_way_in(lines: Lines, post: PostOffice) -> None:
    """Somebody from outside is told by mail, in their language; the page they are led to asks who they are."""
    made = await lines.door.act(lambda uow: _guest(uow, lines.network.body))
    await lines.tell(recipient=f"guest:{made}")
    await lines.send(post)
    assert post.recipients == ["burmistrz@gmina.example"]
    assert "https://konwent.example/s/sx" in text_of(post.letters[0])


async def test_a_seat_is_whoever_holds_it_now(lines: Lines, post: PostOffice) -> None:
    """A notice to a place goes to its holder's telephone; to a place nobody has accepted, to the address of the roster."""
    head, vacant = f"seat:{lines.network.head}", "seat:3"
    await lines.tell(recipient=head)
    await lines.tell(recipient=vacant)
    await lines.send(post)
    assert (len(await lines.heard()), post.recipients) == (1, ["zastepca@gops.example"])


async def test_who_connects_telegram_gets_there_what_was_waiting(lines: Lines, post: PostOffice) -> None:
    """A letter that waits for a mail server is sent to the telephone once its reader can be reached there again."""
    await lines.anna.block()
    await lines.tell()
    await lines.send()
    assert (await lines.told()).channel == "mail"
    await lines.anna.unblock()
    await lines.door.act(lambda uow: people.reached(uow, lines.anna.id, "reachable"))
    await lines.tell(subject="news:2")
    await lines.send()
    assert len(await lines.heard()) == 1


@pytest.mark.parametrize("chosen", [{"channel": "fax"}, {"quiet_from": 24}, {"quiet_to": -1}])
async def test_what_cannot_be_chosen_is_refused(lines: Lines, chosen: dict[str, object]) -> None:
    """There is no such channel and no such hour: nothing changes."""
    with pytest.raises(Invalid):
        await lines.prefer(**chosen)


# --- when it may come -------------------------------------------------------------------------------------------------

EVENING = datetime.fromisoformat("2026-11-23T20:30+01:00")
MORNING = datetime.fromisoformat("2026-11-24T07:00+01:00")


def _set(clock: FixedClock, instant: datetime) -> None:
    clock.move(instant - clock.now())


async def test_what_can_wait_waits_for_the_morning(lines: Lines, clock: FixedClock) -> None:
    """At half past eight in the evening nobody is reminded; at seven they are. What is about the same day comes at once."""
    _set(clock, EVENING)
    await lines.tell("test.quiet")
    await lines.tell("test.urgent", "news:2")
    await lines.send()
    assert [text.splitlines()[0] for text in await lines.heard()] == ["Wiadomość: news:2"]
    _set(clock, MORNING - timedelta(seconds=1))
    await lines.send()
    assert len(await lines.heard()) == 1
    _set(clock, MORNING)
    await lines.send()
    assert len(await lines.heard()) == 2


async def test_quiet_hours_are_a_persons_own(lines: Lines, clock: FixedClock) -> None:
    """Whoever is up late is told late; the same hour twice means that no hour is quiet, not even on a Sunday."""
    _set(clock, EVENING)
    await lines.prefer(quiet_from=22, quiet_to=9)
    await lines.tell("test.quiet")
    await lines.send()
    assert len(await lines.heard()) == 1
    _set(clock, datetime.fromisoformat("2026-11-29T23:00+01:00"))
    await lines.prefer(quiet_from=9, quiet_to=9)
    await lines.tell("test.quiet", "news:2")
    await lines.send()
    assert len(await lines.heard()) == 2


async def test_the_news_of_a_day_come_in_one_message(lines: Lines, clock: FixedClock) -> None:
    """Whoever wants one message a day gets what can wait at eight, together; a reminder comes by itself and at once."""
    await lines.prefer(digest=True)
    _set(clock, datetime.fromisoformat("2026-11-23T09:00+01:00"))
    for number in (1, 2, 3):
        await lines.tell("test.minutes", f"news:{number}")
    await lines.tell("test.reminder", "news:9")
    await lines.send()
    assert [text.splitlines()[0] for text in await lines.heard()] == ["Wiadomość: news:9"]
    await lines.door.act(lambda uow: answer(uow, lines.recipient, "news:2"))
    _set(clock, datetime.fromisoformat("2026-11-24T08:00+01:00"))
    await lines.send()
    said = await lines.anna.read()
    assert said.text.split("\n\n") == [
        "Wiadomości dnia: 2", "1. Wiadomość: news:1", "test.minutes news:1 Anna Żółw", "2. Wiadomość: news:3", "test.minutes news:3 Anna Żółw",
    ]  # fmt: skip
    assert said.labels == ("1. Pomoc", "2. Pomoc")
    told = {one.subject: one for one in await lines.door.look(lambda uow: notices.ledger(uow, lines.recipient))}
    assert {subject: one.outcome for subject, one in told.items()} == {
        "news:1": "sent", "news:2": "unwanted", "news:3": "sent", "news:9": "sent",
    }  # fmt: skip
    await lines.send()
    assert len(await lines.heard()) == 2


async def test_a_daily_message_that_is_late_comes_at_once(lines: Lines, clock: FixedClock) -> None:
    """The courier was down at eight: what was to come then comes when it is back, and does not wait for another day."""
    await lines.prefer(digest=True)
    _set(clock, datetime.fromisoformat("2026-11-23T09:00+01:00"))
    await lines.tell("test.minutes")
    await lines.send()
    _set(clock, datetime.fromisoformat("2026-11-24T15:00+01:00"))
    await lines.send()
    assert len(await lines.heard()) == 1


# --- what must not happen ---------------------------------------------------------------------------------------------


async def test_two_couriers_send_each_message_once(lines: Lines) -> None:
    """Two programs were started by mistake: each message leaves once, however they race."""
    phones = [lines.anna, (await lines.another("Ola", lines.network.delegate))[0]]
    twin = Door(lines.door.store, lines.door.clock, lines.door.house)
    other = Lines(lines.network, lines.sandbox, lines.telegram, lines.anna, lines.recipient)
    other.network = type(lines.network)(twin, lines.network.body, 0, 0, lines.network.real)
    for number in range(3):
        for person in ("person:1", "person:2"):
            await lines.tell(subject=f"news:{number}", recipient=person)
    await asyncio.gather(lines.send(), other.send(), lines.send())
    for phone in phones:
        heard = [text.splitlines()[0] for text in await lines.heard(phone)]
        assert len(heard) == len(set(heard))


async def test_a_clock_set_back_sends_nothing_twice(lines: Lines, clock: FixedClock) -> None:
    """Civil time jumps back by a day, and the machine's clock by an hour: what was sent stays sent, what is claimed stays claimed."""
    await lines.tell()
    await lines.send()
    clock.move(timedelta(days=-1))
    lines.network.wait(hours=-1)
    await lines.send()
    await lines.tell(subject="news:2")
    (claim,) = await lines.door.act(lambda uow: dispatch.claim(uow, real=lines.network.real.now(), most=9, channel="telegram"))
    lines.network.wait(hours=-1)
    await lines.send()
    assert len(await lines.heard()) == 1
    await lines.door.act(lambda uow: dispatch.give_back(uow, [claim]))
    await lines.send()
    assert len(await lines.heard()) == 2


class _Away:
    """A store whose database goes away for some calls, as a server that restarts does."""

    def __init__(self, store: Store) -> None:
        self.dialect = store.dialect
        self._store = store
        self.away = 0

    async def write(self, unit: Unit[object]) -> object:
        if self.away:
            self.away -= 1
            raise KonwentError("away")
        return await self._store.write(unit)

    async def read(self, unit: Unit[object]) -> object:
        return await self._store.read(unit)

    async def scrub(self) -> bool:
        return await self._store.scrub()

    async def close(self) -> None:
        await self._store.close()


async def test_a_database_away_while_a_message_is_sent_costs_no_message(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has arrived and the database is gone for half a minute: what came of it is written down when it is back, once."""
    monkeypatch.setattr("konwent_bot.courier.ledger.AGAIN", 0.001)
    await lines.tell()
    away = _Away(lines.door.store)
    claimed = lines.telegram.send

    async def send(*given: object) -> object:
        outcome = await claimed(*given)  # type: ignore[arg-type]  # passed on as it came
        away.away = 30
        return outcome

    monkeypatch.setattr(lines.telegram, "send", send)
    lines.network.door = Door(cast(Store, away), lines.door.clock, lines.door.house)
    await lines.send()
    assert away.away == 0
    assert ((await lines.told()).outcome, await lines.tries()) == ("sent", [("telegram", "sent", "")])
    assert len(await lines.heard()) == 1


async def test_what_is_under_way_is_finished_where_nothing_more_can_be_claimed(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away just as more is to be claimed: the message on its way is not broken off, and the next round goes on."""
    monkeypatch.setattr("konwent_bot.courier.messages.BATCH", 1)
    for number in range(3):
        await lines.tell(subject=f"news:{number}")
    away = False
    claimed, sent = dispatch.claim, lines.telegram.send

    def claim(*given: object, **named: object) -> object:
        if away:
            raise KonwentError("away")
        return claimed(*given, **named)  # type: ignore[arg-type]  # passed on as it came

    async def send(*given: object) -> object:
        nonlocal away
        outcome = await sent(*given)  # type: ignore[arg-type]  # passed on as it came
        away = True
        return outcome

    monkeypatch.setattr(dispatch, "claim", claim)
    monkeypatch.setattr(lines.telegram, "send", send)
    await lines.send()
    assert [said.split()[1] for said in await lines.heard()] == ["news:0", "news:1"]
    assert await lines.door.look(dispatch.in_flight) == []
    monkeypatch.setattr(dispatch, "claim", claimed)
    await lines.send()
    assert len(await lines.heard()) == 3


async def test_files_are_forgotten_a_month_after_the_notice(lines: Lines, clock: FixedClock) -> None:
    """A calendar file is kept while somebody may say that it did not come, and goes by itself afterwards."""
    number = await lines.tell()
    await lines.door.act(lambda uow: enclosures.enclose(uow, number, name="a.ics", media_type="text/calendar", content=b"x"))
    await lines.send()
    clock.move(timedelta(days=30))
    assert await lines.door.act(enclosures.forget) == 0
    clock.move(timedelta(seconds=1))
    assert await lines.door.act(enclosures.forget) == 1


async def test_files_go_with_whoever_is_erased(lines: Lines) -> None:
    """A calendar file names whom it invites: erasing Anna takes hers, sent or not, and leaves Ola's."""
    _, ola = await lines.another("Ola", lines.network.delegate)
    for recipient in (lines.recipient, f"seat:{lines.network.head}", ola):
        number = await lines.tell(recipient=recipient)
        await lines.door.act(
            lambda uow, n=number: enclosures.enclose(uow, n, name="a.ics", media_type="text/calendar", content=b"x")  # type: ignore[misc]  # default in a lambda
        )
    await lines.door.act(lambda uow: privacy.erase(uow, OPERATOR, lines.person))
    left = select(NOTICE.c.recipient).join(ENCLOSURE, ENCLOSURE.c.notice_id == NOTICE.c.id)
    assert await lines.door.look(lambda uow: list(uow.execute(left).scalars())) == [ola]


async def test_what_is_withdrawn_is_not_sent(lines: Lines) -> None:
    """A thing that is off is not told of any more: what waits ends, what was sent stays, others' news are left alone."""
    await lines.tell()
    await lines.send()
    await lines.tell("test.convening", subject="news:1")
    await lines.tell(subject="news:2")
    assert await lines.door.act(lambda uow: notices.withdraw(uow, "news:1")) == 1
    await lines.send()
    assert [one.outcome for one in await lines.door.look(lambda uow: notices.of_subject(uow, "news:1"))] == ["unwanted", "sent"]
    assert len(await lines.heard()) == 2


def _guest(uow: UnitOfWork, body: int) -> int:
    begins = uow.now + timedelta(days=9)
    values = {
        "body_id": body, "kind": "strategic", "status": "planned", "day": begins.date(), "hour": "10:00", "minutes": 60,
        "zone": "Europe/Warsaw", "starts_at": begins, "ends_at": begins + timedelta(hours=1), "mode": "online", "place": "", "link": "",
        "chair": "coordinator", "topic": "", "uid": "u", "revision": 0, "reason": "", "code": "", "reminded": 0, "created_at": uow.now,
    }  # fmt: skip
    meeting = uow.execute(insert(MEETING).values(values).returning(MEETING.c.id)).scalar_one()
    guest = {
        "meeting_id": meeting, "name": "Burmistrz", "function": "", "email": "burmistrz@gmina.example", "language": "pl", "answer": "",
        "created_at": uow.now,
    }  # fmt: skip
    return int(uow.execute(insert(MEETING_GUEST).values(guest).returning(MEETING_GUEST.c.id)).scalar_one())
