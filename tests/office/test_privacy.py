"""What a person may ask about themselves: see, correct, leave, be erased; and what nobody else may."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select, update
from tests.office.rich import (
    BOGDAN,
    DRAFT,
    EMAIL,
    LATE,
    NAME,
    NEW_EMAIL,
    PERSONAL,
    ROWS,
    SENT,
    TELEGRAM,
    TITLE,
    Rich,
    opened,
    settle,
)
from tests.office.rosters import GOPS, accept, bring_in, dump, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import (
    audit_chain,
    erasures,
    housekeeping,
    invitations,
    links,
    own_data,
    people,
    privacy,
    sessions,
    throttle,
)
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.screens.home import privacy_points
from konwent_bot.store.tables import AUDIT_ENTRY, CARD, CARD_VERSION, DIALOGUE, INVITATION, NOTICE, PERSON, POST, SEAT, UPLOAD

LOCK = Path(__file__).parents[1] / "data" / "privacy_notice.json"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The file in which erasures are written down."""
    return tmp_path / "data" / "erasures.jsonl"


@pytest.fixture
def house(house: House, written: Path) -> House:
    """The secretariat, which writes erasures down."""
    return replace(house, erasures=written)


def lines(path: Path) -> list[dict[str, object]]:
    """Read who was erased."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def person_of(door: Door, person: int) -> dict[str, object]:
    """Give a person's row."""
    row = await door.look(lambda uow: uow.execute(select(PERSON).where(PERSON.c.id == person)).mappings().one())
    return dict(row)


async def acts(door: Door, *names: str) -> list[tuple[str, int | None, str]]:
    """Give the entries of the record about these acts."""
    found = select(AUDIT_ENTRY.c.act, AUDIT_ENTRY.c.person_id, AUDIT_ENTRY.c.subject).where(AUDIT_ENTRY.c.act.in_(names))
    return [tuple(row) for row in await door.look(lambda uow: uow.execute(found.order_by(AUDIT_ENTRY.c.id)).all())]


async def erase(door: Door, made: Rich) -> bool:
    """Let Żaneta erase herself."""
    return await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))


# --- seeing -----------------------------------------------------------------------------------------------------------


async def test_everything_held_is_shown(door: Door) -> None:
    """Żaneta downloads what is held about her: every personal word is in it, and it is a plain document."""
    made = await settle(door)
    document = await door.look(lambda uow: privacy.export(uow, made.person))
    said = json.dumps(document, ensure_ascii=False)
    for word in (*PERSONAL, SENT):
        assert json.dumps(word, ensure_ascii=False)[1:-1] in said, word
    person = cast("dict[str, list[dict[str, object]]]", document["person"])
    assert [(one["kind"], one["institution"]) for one in person["places"]] == [
        ("head", GOPS.split(";")[0]),
        ("minute_taker", GOPS.split(";")[0]),
    ]
    assert [
        (one["version"], one["role"], cast("dict[str, object]", one["answers"])["conclusion"]) for one in person["cards"]
    ] == [(1, "head", SENT)]
    assert {one["purpose"] for one in person["links"]} == {"invitation", "enter", "email"}
    assert len(person["sessions"]) == 1
    assert {"invitation.accept", "card.submit", "person.ask_email"} <= {str(one["act"]) for one in person["acts"]}
    assert [(one["occasion"], one["outcome"]) for one in person["letters"]] == [
        ("invitation", None),
        ("confirm_email", None),
        ("meeting.invitation", None),
    ]
    assert [one["bytes"] for one in person["files"]] != []


async def test_no_key_and_nobody_else_is_in_it(door: Door) -> None:
    """The document opens nothing for whoever finds it, and says nothing of colleagues."""
    made = await settle(door)
    said = json.dumps(await door.look(lambda uow: privacy.export(uow, made.person)), ensure_ascii=False)
    hashes = await door.look(
        lambda uow: [
            value for rows in _all(uow) for value in rows if isinstance(value, str) and len(value) == 64 and value.isalnum()
        ]
    )
    assert len(hashes) > 4
    assert [one for one in (*hashes, made.cookie, made.enter, made.confirm) if one in said] == []
    assert [word for word in ("Bogdan", "Ewa", "bogdan@", "ewa@", str(BOGDAN), "Maria", "Ola", "Adam") if word in said] == []


def _all(uow: UnitOfWork) -> list[tuple[object, ...]]:
    from konwent_bot.store.tables import CALENDAR_FEED, MATERIAL, PERSONAL_LINK, WEB_SESSION

    tables = (PERSONAL_LINK, WEB_SESSION, INVITATION, UPLOAD, CALENDAR_FEED, MATERIAL)
    return [tuple(row) for table in tables for row in uow.execute(select(table))]


async def test_a_version_a_colleague_replaced_is_still_shown(door: Door) -> None:
    """Bogdan sends the card once more; Żaneta's own version is in her document, his is not, and the other way round."""
    made = await settle(door)

    def change(uow: UnitOfWork) -> None:
        from konwent_bot.office import dialogues
        from konwent_bot.office.dialogues import Touch

        talk = opened(uow, BOGDAN, made.round, made.membership, change=True)
        assert dialogues.touch(uow, BOGDAN, Touch(talk.id, talk.state.turn, "confirm")).submitted

    await door.act(change)
    for person, version, role in ((made.person, 1, "head"), (made.bogdan, 2, "delegate")):
        found = await door.look(lambda uow, person=person: privacy.held(uow, person).cards)  # type: ignore[misc]  # default in a lambda
        assert [(one.version, one.role) for one in found] == [(version, role)]


async def test_nobody_is_held_under_a_wrong_number(door: Door) -> None:
    """A number nobody has, or that of somebody erased, is answered alike."""
    made = await settle(door)
    await erase(door, made)
    said = []
    for number in (made.person, 10**6):
        with pytest.raises(NotFound) as refused:
            await door.look(lambda uow, number=number: privacy.held(uow, number))  # type: ignore[misc]  # default in a lambda
        said.append(str(refused.value))
    assert said[0] == said[1]


# --- the notice -------------------------------------------------------------------------------------------------------


async def test_a_new_notice_is_accepted_once(door: Door) -> None:
    """Whoever accepted the former notice accepts the new one: which and when is in the record, once."""
    made = await settle(door)
    await door.act(lambda uow: uow.execute(update(PERSON).values(notice_version=1)) and None)
    for _ in range(2):
        await door.act(lambda uow: privacy.accept_notice(uow, made.person))
    assert (await person_of(door, made.person))["notice_version"] == privacy.NOTICE_VERSION
    assert (await person_of(door, made.bogdan))["notice_version"] == 1
    assert await acts(door, "privacy.accept") == [("privacy.accept", made.person, f"version:{privacy.NOTICE_VERSION}")]


async def test_who_has_accepted_nothing_accepts_no_notice(door: Door) -> None:
    """A name of the roster has not accepted anything, and no act may say it has."""
    await settle(door)
    maria = await door.look(lambda uow: uow.execute(select(PERSON.c.id).where(PERSON.c.name == "Maria Wilk")).scalar_one())
    await door.act(lambda uow: privacy.accept_notice(uow, maria))
    assert (await person_of(door, maria))["notice_version"] == 0


def test_the_notice_changes_only_with_its_version() -> None:
    """Other words of the privacy notice need another version, so that people are asked again (then write its seal down here)."""
    said: list[str] = []

    class Msgids:
        """Stands where a translator stands, and notes what it is asked to say."""

        def __call__(self, msgid: str, /, **_: object) -> str:
            said.append(msgid)
            return msgid

    privacy_points(cast(Translator, Msgids()))
    locked = cast("dict[str, str]", json.loads(LOCK.read_text()))
    assert list(locked) == [str(number) for number in range(1, privacy.NOTICE_VERSION + 1)]
    assert len(set(locked.values())) == len(locked)
    seal = hashlib.sha256("\n".join(said).encode()).hexdigest()
    assert locked[str(privacy.NOTICE_VERSION)] == seal, "new words: raise people.NOTICE_VERSION and add its seal to the lock"


# --- correcting -------------------------------------------------------------------------------------------------------


async def test_a_name_is_corrected_wherever_it_stands(door: Door) -> None:
    """Żaneta has married: person, seat and post carry the new name, and a roster that knows it changes nothing."""
    made = await settle(door)
    await door.act(lambda uow: privacy.correct_name(uow, made.person, "  Żaneta   Zając "))
    assert (await person_of(door, made.person))["name"] == "Żaneta Zając"
    names = await door.look(
        lambda uow: [
            *uow.execute(select(SEAT.c.name).where(SEAT.c.person_id == made.person)).scalars(),
            *uow.execute(select(POST.c.name).where(POST.c.person_id == made.person)).scalars(),
        ]
    )
    assert names == ["Żaneta Zając"] * 2
    rows = [row.replace(NAME, "Żaneta Zając") for row in ROWS]
    assert (await bring_in(door, made.body, *rows)).changes_nothing
    with pytest.raises(Invalid):  # the former name would take the correction back
        await bring_in(door, made.body, *ROWS)
    assert await acts(door, "person.correct_name") == [("person.correct_name", made.person, "")]


async def test_a_seat_under_another_name_keeps_it(door: Door) -> None:
    """What the roster calls somebody else's way is not touched by a correction."""
    made = await settle(door)
    await door.act(lambda uow: uow.execute(update(SEAT).where(SEAT.c.id == made.seat).values(name="Ż. Łoś")) and None)
    await door.act(lambda uow: privacy.correct_name(uow, made.person, "Żaneta Zając"))
    assert (await seat_of(door, made.body, "GOPS Modliborzyce", "head")).name == "Ż. Łoś"


@pytest.mark.parametrize("name", ["", "  ", "-", "=1+1", "@SUM(A1)", "x" * 201])
async def test_what_is_no_name_is_refused(door: Door, name: str) -> None:
    """Nothing, a formula, or a whole page is no name."""
    made = await settle(door)
    before = await dump(door)
    with pytest.raises(Invalid):
        await door.act(lambda uow: privacy.correct_name(uow, made.person, name))
    assert await dump(door) == before


async def test_an_address_counts_when_its_mailbox_has_confirmed_it(door: Door, clock: FixedClock) -> None:
    """The new address takes effect with the link, not before; links under way to the former mailbox end; the seat keeps its own."""
    made = await settle(door)
    assert (await person_of(door, made.person))["email"] == EMAIL
    waiting = select(NOTICE.c.address).where(NOTICE.c.recipient == f"person:{made.person}", NOTICE.c.settled_at.is_(None))
    assert await door.look(lambda uow: uow.execute(waiting).scalars().all()) == [NEW_EMAIL]
    for _ in range(2):  # a double tap is answered alike
        done = await door.act(lambda uow: privacy.confirm_email(uow, made.confirm))
        assert done == privacy.Confirmed(made.person, NEW_EMAIL)
        clock.move(timedelta(minutes=1))
    row = await person_of(door, made.person)
    assert (row["email"], row["email_confirmed_at"]) == (NEW_EMAIL, clock.now() - timedelta(minutes=2))
    assert (await seat_of(door, made.body, "GOPS Modliborzyce", "head")).email == EMAIL
    with pytest.raises(Refused):
        await door.look(lambda uow: links.look(uow, made.enter, "enter"))
    assert await acts(door, "person.confirm_email") == [("person.confirm_email", made.person, "")]


async def test_only_the_last_wish_counts(door: Door) -> None:
    """A letter to an address asked for before confirms nothing any more, nor does a link made for something else."""
    made = await settle(door)
    await door.act(lambda uow: privacy.ask_email(uow, made.person, "Inna@Poczta.Example"))
    waiting = select(NOTICE.c.address).where(NOTICE.c.recipient == f"person:{made.person}", NOTICE.c.settled_at.is_(None))
    assert await door.look(lambda uow: uow.execute(waiting).scalars().all()) == ["inna@poczta.example"]
    with pytest.raises(Refused):
        await door.act(lambda uow: privacy.confirm_email(uow, made.confirm))
    with pytest.raises(NotFound):
        await door.act(lambda uow: privacy.confirm_email(uow, made.enter))
    assert (await person_of(door, made.person))["email"] == EMAIL


async def test_a_used_confirmation_does_not_bring_a_former_address_back(door: Door) -> None:
    """Once another address has been confirmed, the link of the one before is dead even for whoever used it."""
    made = await settle(door)
    await door.act(lambda uow: privacy.confirm_email(uow, made.confirm))
    token = await door.act(lambda uow: links.issue(uow, made.person, "email", email="dalsza@poczta.example").token)
    await door.act(lambda uow: privacy.confirm_email(uow, token))
    with pytest.raises(Refused):
        await door.act(lambda uow: privacy.confirm_email(uow, made.confirm))
    assert (await person_of(door, made.person))["email"] == "dalsza@poczta.example"


async def test_nobody_is_flooded_with_letters(door: Door, clock: FixedClock) -> None:
    """A person may ask five times an hour, and one address gets five letters a day whoever asks."""
    made = await settle(door)  # has asked once

    async def asks(person: int, email: str) -> None:
        await door.act(lambda uow: privacy.ask_email(uow, person, email))

    for number in range(privacy.MOST_FOR_PERSON - 1):
        await asks(made.person, f"a{number}@poczta.example")
    with pytest.raises(throttle.TooOften):
        await asks(made.person, "b@poczta.example")
    clock.move(timedelta(hours=1, seconds=1))
    for _ in range(privacy.MOST_TO_ADDRESS):
        await asks(made.person, "ofiara@poczta.example")
    with pytest.raises(throttle.TooOften):
        await asks(made.bogdan, "Ofiara@poczta.example")


@pytest.mark.parametrize("email", ["", "nie adres", "a@b", "a@x.example, b@x.example", "a@x.example\r\nBcc: c@x.example"])
async def test_what_is_no_address_is_refused(door: Door, email: str) -> None:
    """No letter goes to what is not exactly one address."""
    made = await settle(door)
    before = await dump(door)
    with pytest.raises(Invalid):
        await door.act(lambda uow: privacy.ask_email(uow, made.person, email))
    assert await dump(door) == before


async def test_a_confirmed_address_needs_no_letter(door: Door) -> None:
    """Asking for the address one has confirmed is refused with a sentence; for one only the roster gave it is not."""
    made = await settle(door)
    await door.act(lambda uow: privacy.ask_email(uow, made.person, EMAIL))
    await door.act(lambda uow: uow.execute(update(PERSON).values(email_confirmed_at=uow.now)) and None)
    with pytest.raises(Refused):
        await door.act(lambda uow: privacy.ask_email(uow, made.person, EMAIL.upper()))


# --- leaving ----------------------------------------------------------------------------------------------------------


async def test_who_leaves_is_let_in_nowhere(door: Door) -> None:
    """Phone, browser and links are closed, drafts and late words gone; the seat is theirs on paper, and twice is as once."""
    made = await settle(door)
    assert await door.look(lambda uow: sessions.find(uow, made.cookie)) is not None
    await door.act(lambda uow: privacy.leave(uow, made.person))
    assert await door.look(lambda uow: people.by_telegram(uow, TELEGRAM)) is None
    assert await door.look(lambda uow: sessions.find(uow, made.cookie)) is None
    assert await door.look(lambda uow: sessions.former(uow, made.cookie)) is None
    with pytest.raises(Refused):
        await door.act(lambda uow: sessions.enter(uow, made.enter, browser=sessions.new_cookie()))
    with pytest.raises((NotFound, Refused)):
        await door.act(lambda uow: privacy.confirm_email(uow, made.confirm))
    after = await dump(door)
    assert [word for word in (DRAFT, LATE, str(TELEGRAM)) if word in repr(after)] == []
    seat = await seat_of(door, made.body, "GOPS Modliborzyce", "head")
    assert (seat.name, seat.accepted) == (NAME, False)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    assert await dump(door) == after
    assert len(await acts(door, "person.leave")) == 1


async def test_who_left_comes_back_by_an_invitation(door: Door) -> None:
    """A new invitation lets her in again, with both places she held there, as somebody new: of what was before nothing is shown."""
    made = await settle(door)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    again = await accept(door, TELEGRAM, seat=made.seat)
    held = await door.look(lambda uow: privacy.held(uow, again))
    assert again != made.person
    assert (held.name, held.email, [one.kind for one in held.places]) == (NAME, EMAIL, ["head", "minute_taker"])
    assert (held.talks, held.cards, held.sessions) == ((), (), ())


async def test_a_place_of_somebody_who_left_opens_no_other_body(door: Door) -> None:
    """She left two networks; the coordinator of one invites himself to her seat, and holds nothing in the other."""
    made = await settle(door)
    other = await enter(door, "lsr-ilawa")
    await bring_in(door, other, f"{GOPS};zwierzchnik;;Żaneta Łoś;zl@ilawa.example")
    there = await seat_of(door, other, "GOPS Modliborzyce", "head")
    assert await accept(door, TELEGRAM, seat=there.id) == made.person
    await door.act(lambda uow: privacy.leave(uow, made.person))
    intruder = await accept(door, 666, seat=made.seat)
    held = await door.look(lambda uow: privacy.held(uow, intruder))
    assert {one.body for one in held.places} == {"Lokalna Sieć lsr-janow"}
    there = await seat_of(door, other, "GOPS Modliborzyce", "head")
    assert (there.name, there.accepted) == ("Żaneta Łoś", False)


async def test_a_colleague_may_take_the_place_of_who_left(door: Door) -> None:
    """Bogdan accepts the seat of somebody who left: it is his, and her card and number stay apart from him."""
    made = await settle(door)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    assert await accept(door, BOGDAN, seat=made.seat) == made.bogdan
    held = await door.look(lambda uow: privacy.held(uow, made.bogdan))
    assert (held.name, held.cards) == ("Bogdan Kos", ())


# --- being erased -----------------------------------------------------------------------------------------------------


async def test_only_the_person_and_the_operator_may_erase(door: Door, written: Path) -> None:
    """The coordinator, a colleague, and somebody nobody knows are answered as if there were nobody to erase."""
    made = await settle(door)
    before = await dump(door)
    for actor in (Actor(made.ewa), Actor(made.bogdan), Actor(10**6)):
        with pytest.raises(NotFound):
            await door.act(lambda uow, actor=actor: privacy.erase(uow, actor, made.person))  # type: ignore[misc]  # default in a lambda
    with pytest.raises(NotFound):
        await door.act(lambda uow: privacy.erase(uow, OPERATOR, 10**6))
    assert await dump(door) == before
    assert lines(written) == []
    await door.act(lambda uow: privacy.erase(uow, OPERATOR, made.person))
    assert await acts(door, "person.erase") == [("person.erase", None, f"erased:{made.person}")]


async def test_an_erased_person_is_a_number(door: Door, clock: FixedClock) -> None:
    """The row stays with nothing in it; places are vacant and name nobody; phone, browser and links open nothing."""
    made = await settle(door)
    created = (await person_of(door, made.person))["created_at"]
    assert await erase(door, made)
    assert await person_of(door, made.person) == {
        "id": made.person, "name": "", "email": "", "email_confirmed_at": None, "language": "pl", "telegram_id": None,
        "reach": "unknown", "accepted_at": None, "notice_version": 0, "erased_at": clock.now(), "placeless_since": None,
        "dialogue_id": None, "created_at": created, "channel": "telegram", "mail_reminders": True, "digest": False, "quiet_from": 20, "quiet_to": 7,
        "mail_refused_at": None,
    }  # fmt: skip
    for table in (SEAT, POST):
        places = await door.look(lambda uow, table=table: uow.execute(select(table)).mappings().all())  # type: ignore[misc]  # default in a lambda
        vacated = [one for one in places if one["person_id"] is None]
        assert [(one["name"], one["email"], one["title"]) for one in vacated] == [("", "", "")]
    assert await door.look(lambda uow: people.by_telegram(uow, TELEGRAM)) is None
    assert await door.look(lambda uow: sessions.find(uow, made.cookie)) is None
    for token in (made.enter, made.confirm):
        with pytest.raises(NotFound):
            await door.look(lambda uow, token=token: links.look(uow, token, "enter"))  # type: ignore[misc]  # default in a lambda
    assert [place.seat for place in await door.look(lambda uow: invitations.vacant(uow, made.body))][0:1] != []
    assert await acts(door, "person.erase") == [("person.erase", made.person, f"erased:{made.person}")]


async def test_nobody_else_loses_anything(door: Door) -> None:
    """Colleagues keep places, accounts, sessions and drafts; the institution keeps its card; the coordinator may upload anew."""
    made = await settle(door)

    def prepare(uow: UnitOfWork) -> str:
        opened(uow, BOGDAN, made.round, made.membership, change=True)
        return sessions.begin(uow, made.bogdan, browser=sessions.new_cookie(), came_by="link:0")

    cookie = await door.act(prepare)
    before = [await person_of(door, one) for one in (made.bogdan, made.ewa)]
    await erase(door, made)
    assert [await person_of(door, one) for one in (made.bogdan, made.ewa)] == before
    assert await door.look(lambda uow: sessions.find(uow, cookie)) is not None
    talks = await door.look(lambda uow: uow.execute(select(DIALOGUE.c.person_id)).scalars().all())
    assert talks == [made.bogdan]
    cards = await door.look(lambda uow: uow.execute(select(CARD.c.answers, CARD.c.person_id)).all())
    assert [(json.loads(one.answers)["conclusion"], one.person_id) for one in cards] == [(SENT, made.person)]
    assert await door.look(lambda uow: uow.execute(select(func.count()).select_from(CARD_VERSION)).scalar_one()) == 1
    assert (await seat_of(door, made.body, "GOPS Modliborzyce", "delegate")).accepted


async def test_what_remains_is_said_beforehand(door: Door) -> None:
    """The list shown before an erasure is exactly what is left after it, with the reasons."""
    made = await settle(door)
    told = await door.look(lambda uow: privacy.remains(uow, made.person))
    assert [(one.institution, one.role, one.version) for one in told.cards] == [(GOPS.split(";")[0], "head", 1)]
    assert told.why == (
        own_data.REMAINS_CARDS,
        own_data.REMAINS_MEETINGS,
        own_data.REMAINS_DECISIONS,
        own_data.REMAINS_MINUTES,
        own_data.REMAINS_NUMBERS,
        own_data.REMAINS_DOCUMENTS,
        own_data.REMAINS_BACKUPS,
    )
    await erase(door, made)
    left = await door.look(lambda uow: privacy.remains(uow, made.person))
    assert (left.cards, left.entries) == (told.cards, told.entries + 1)


async def test_a_name_of_the_roster_alone_leaves_no_row(door: Door) -> None:
    """Somebody who never accepted anything is deleted whole, the seat is vacant, and the link on its way opens nothing."""
    made = await settle(door)
    seat = await seat_of(door, made.body, "Zespół szkół", "head")
    issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat.id))
    maria = await door.look(lambda uow: uow.execute(select(SEAT.c.person_id).where(SEAT.c.id == seat.id)).scalar_one())
    told = await door.look(lambda uow: privacy.remains(uow, maria))
    assert (told.cards, told.entries, told.why) == ((), 0, (own_data.REMAINS_DOCUMENTS, own_data.REMAINS_BACKUPS))
    assert not await door.act(lambda uow: privacy.erase(uow, OPERATOR, maria))
    assert "Maria" not in repr(await dump(door))
    with pytest.raises(Refused):
        await door.act(lambda uow: invitations.accept(uow, issued.token, caller=77, language="pl"))


async def test_nothing_more_is_sent_to_whoever_is_erased(door: Door) -> None:
    """Letters that wait for the person, for their places, or for an address typed a moment ago are not wanted any more."""
    made = await settle(door)
    waiting = select(func.count()).select_from(NOTICE).where(NOTICE.c.settled_at.is_(None))
    assert await door.look(lambda uow: uow.execute(waiting).scalar_one()) == 5
    await erase(door, made)
    left = await door.look(lambda uow: uow.execute(select(NOTICE.c.outcome, NOTICE.c.address).order_by(NOTICE.c.id)).all())
    assert [tuple(one) for one in left] == [*([("unwanted", "")] * 4), (None, "")], "Bogdan is still to be told of the meeting"


async def test_the_record_holds_after_an_erasure(door: Door) -> None:
    """Sealed entries name people by number only, so the chain of every body and of the house holds as before."""
    made = await settle(door)
    await door.act(housekeeping.tick)
    await erase(door, made)
    await door.act(housekeeping.tick)
    for body in (made.body, None):
        chain = await door.look(lambda uow, body=body: audit_chain.verify(uow, body))  # type: ignore[misc]  # default in a lambda
        assert (chain.broken_at, chain.waiting) == (None, 0)
        assert chain.sealed > 0


async def test_erasing_twice_is_erasing_once(door: Door, written: Path) -> None:
    """A second tap, or two at the same moment, changes nothing more."""
    made = await settle(door)
    await asyncio.gather(erase(door, made), erase(door, made))
    after = await dump(door)
    await erase(door, made)
    assert await dump(door) == after
    assert len(await acts(door, "person.erase")) == 1
    assert [line["person"] for line in lines(written)] == [made.person]


async def test_a_roster_does_not_bring_anybody_back(door: Door) -> None:
    """The coordinator imports the old file once more: it names a new person, to whom nothing of the former one belongs."""
    made = await settle(door)
    await erase(door, made)
    await bring_in(door, made.body, *ROWS)
    seat = await seat_of(door, made.body, "GOPS Modliborzyce", "head")
    assert (seat.name, seat.email, seat.accepted) == (NAME, EMAIL, False)
    holder = await door.look(lambda uow: uow.execute(select(SEAT.c.person_id).where(SEAT.c.id == seat.id)).scalar_one())
    assert holder > made.person
    again = await accept(door, TELEGRAM, seat=seat.id)
    assert again == holder
    held = await door.look(lambda uow: privacy.held(uow, again))
    assert (held.cards, held.talks, held.sessions) == ((), (), ())
    assert [one.act for one in held.acts] == ["invitation.accept"]


async def test_a_place_in_another_body_goes_too(door: Door) -> None:
    """One account that accepted in two bodies is one person, and one erasure empties both places."""
    made = await settle(door)
    other = await enter(door, "lsr-ilawa")
    await bring_in(door, other, f"{GOPS};zwierzchnik;;Żaneta Łoś;zl@ilawa.example")
    seat = await seat_of(door, other, "GOPS Modliborzyce", "head")
    assert await accept(door, TELEGRAM, seat=seat.id) == made.person
    await erase(door, made)
    vacated = await seat_of(door, other, "GOPS Modliborzyce", "head")
    assert (vacated.name, vacated.email, vacated.accepted) == ("", "", False)


# --- what outlives a restore ------------------------------------------------------------------------------------------


def _in_the_way(path: Path) -> None:
    path.mkdir(parents=True)


def _rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_an_erasure_that_cannot_be_written_down_does_not_happen(door: Door, written: Path) -> None:
    """A full or read-only disk: rather no erasure, told to the person, than one a backup would undo unseen."""
    made = await settle(door)
    before = await dump(door)
    _in_the_way(written)

    def told(uow: UnitOfWork) -> None:  # as a screen does: the refusal is said, and the unit of work committed
        with pytest.raises(Refused):
            privacy.erase(uow, Actor(made.person), made.person)

    await door.act(told)
    assert await dump(door) == before


async def test_the_line_is_written_before_the_commit(door: Door, written: Path, clock: FixedClock) -> None:
    """Power fails just before the commit: the person is there, the line too, and only a restore makes it true."""
    made = await settle(door)

    def cut(uow: UnitOfWork) -> None:
        privacy.erase(uow, OPERATOR, made.person)
        raise KeyError("power")

    with pytest.raises(KeyError):
        await door.act(cut)
    assert (await person_of(door, made.person))["name"] == NAME
    assert lines(written) == [{"person": made.person, "at": clock.now().isoformat()}]
    assert _rights(written) == 0o600


async def test_an_erasure_is_done_again_after_a_restore(door: Door, clock: FixedClock) -> None:
    """The restored copy knows Żaneta; afterwards it does not, and doing it twice does nothing."""
    made = await settle(door)
    clock.move(timedelta(days=1))
    assert await door.act(lambda uow: privacy.erase_again(uow, made.person, uow.now))
    after = await dump(door)
    assert [word for word in (NAME, EMAIL, TITLE, DRAFT, LATE, str(TELEGRAM)) if word in repr(after)] == []
    assert not await door.act(lambda uow: privacy.erase_again(uow, made.person, uow.now))
    assert await dump(door) == after


async def test_who_came_later_is_somebody_else(door: Door, clock: FixedClock) -> None:
    """A restored store may give an erased person's number to a newcomer: a line older than the newcomer is not about them."""
    made = await settle(door)
    before = await dump(door)
    for person, at in ((made.person, clock.now() - timedelta(days=1)), (10**6, clock.now())):
        assert not await door.act(lambda uow, p=person, a=at: privacy.erase_again(uow, p, a))  # type: ignore[misc]  # defaults in a lambda
    assert await dump(door) == before


@pytest.mark.parametrize("torn", [b'{"person": 1', b"\x00\x00\x00", b""])
def test_a_torn_line_is_taken_off(tmp_path: Path, torn: bytes, clock: FixedClock) -> None:
    """A power cut in the middle of a line leaves lines that can all be read, and none is lost."""
    path = tmp_path / "new" / "erasures.jsonl"
    erasures.write_down(path, 1, clock.now())
    with path.open("ab") as file:
        file.write(torn)
    erasures.write_down(path, 2, clock.now())
    assert [line["person"] for line in lines(path)] == [1, 2]


async def test_an_invitation_accepted_at_the_same_moment_leaves_no_half(door: Door) -> None:
    """Whichever comes first, the erased person holds nothing and no account is theirs."""
    made = await settle(door)
    school = await seat_of(door, made.body, "Zespół szkół", "head")
    issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=school.id))
    await asyncio.gather(
        erase(door, made),
        door.act(lambda uow: invitations.accept(uow, issued.token, caller=TELEGRAM, language="pl")),
        return_exceptions=True,
    )
    row = await person_of(door, made.person)
    assert (row["telegram_id"], row["accepted_at"], row["name"]) == (None, None, "")
    held = await door.look(lambda uow: uow.execute(select(SEAT.c.id).where(SEAT.c.person_id == made.person)).all())
    assert held == []
