"""Getting in by a browser, from one channel to the other, and what a page does and does not change on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from tests.conftest import NOW
from tests.conversations.house import dump
from tests.conversations.network import Network, make
from tests.screens.personas import GOPS, let_in

from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.engine import Stale
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import dialogues, links, people, privacy, sessions
from konwent_bot.office.dialogues import Fill, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.people import Caller, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import reception
from konwent_bot.screens.intents import (
    AcceptInvitation,
    Connect,
    Enter,
    Home,
    Intent,
    OpenCard,
    OpenChat,
    OpenPage,
    Resume,
    SeeEntry,
    SeeInvitation,
    SignOut,
    Stay,
    at_place,
    place_of,
)
from konwent_bot.screens.screen import Action
from konwent_bot.screens.visiting import Given, Reply, Visitor
from konwent_bot.store.tables import PERSON

ANNA, OTHER = 1001, 1002
BROWSER = sessions.new_cookie()


async def visit(
    door: Door, caller: Caller | None, intent: Intent, *, browser: str = BROWSER, given: Given | None = None
) -> Reply:
    """Send an intent by a phone (a number), by a page, or by a browser nobody has been let in by."""
    visitor = Visitor(caller, "pl", given or Given(), browser="" if isinstance(caller, int) else browser)
    reply, _ = await door.act(lambda uow: reception.answer(uow, visitor, intent))
    return reply


async def by_page(door: Door, token: str, *, browser: str = BROWSER) -> tuple[Reader, str]:
    """Accept an invitation in a browser; give the reader and the cookie's token."""
    reply = await visit(door, None, AcceptInvitation(token, "pl"), browser=browser)
    assert reply.session
    token = reply.session
    found = await door.look(lambda uow: sessions.find(uow, token))
    assert found is not None
    return Reader(found.person.id), token


async def in_card(door: Door, caller: Caller, made: Network) -> tuple[int, int]:
    """Open the card of GOPS; give conversation and turn."""
    opened = await visit(door, caller, OpenCard(made.round, made.memberships[GOPS]))
    assert opened.at is not None
    number = opened.at.dialogue  # type: ignore[union-attr]  # Begin or Resume
    talk = await door.look(lambda uow: dialogues.peek(uow, await_reader(uow, caller), number))
    return number, talk.state.turn


def await_reader(uow: UnitOfWork, caller: Caller) -> Reader:
    """Read as a page does, whoever it is: looking changes nothing."""
    person = people.find(uow, caller)
    assert person is not None
    return Reader(person.id)


def all_actions(reply: Reply) -> list[Action]:
    return [action for row in reply.screen.actions for action in row]


def url_of(reply: Reply) -> str:
    return next(action.url for action in all_actions(reply) if action.url)


async def test_an_invitation_is_accepted_in_a_browser(door: Door) -> None:
    """Nobody needs a messenger: the seat is taken, the browser is let in, and home shows the card that waits."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    home = await visit(door, reader, Home())
    assert any(isinstance(action.intent, OpenCard) for action in all_actions(home))
    again = await visit(door, None, AcceptInvitation(made.tokens[GOPS, "head"], "pl"), browser=sessions.new_cookie())
    assert isinstance(again.refusal, Refused)


async def test_accepting_twice_in_the_same_browser_is_the_same(door: Door) -> None:
    """A double tap lets the same browser in; one that never saw the first answer is refused."""
    made = await make(door)
    first, _ = await by_page(door, made.tokens[GOPS, "head"])
    second, token = await by_page(door, made.tokens[GOPS, "head"])
    assert first == second
    assert await door.look(lambda uow: sessions.find(uow, token)) is not None
    refused = await visit(door, None, AcceptInvitation(made.tokens[GOPS, "head"], "pl"), browser=sessions.new_cookie())
    assert isinstance(refused.refusal, Refused)
    assert refused.session is None


async def test_whoever_is_signed_in_is_told_before_a_second_place_is_added(door: Door) -> None:
    """On a shared computer an invitation says whose place it would become."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    await door.act(lambda uow: privacy.correct_name(uow, reader.person, "Anna Zięba"))
    shown = await visit(door, reader, SeeInvitation(made.tokens[GOPS, "delegate"]))
    assert "Anna Zięba" in shown.screen.problem
    assert SignOut() in [action.intent for action in all_actions(shown)]
    assert not (await visit(door, None, SeeInvitation(made.tokens[GOPS, "delegate"]))).screen.problem


async def test_a_chat_hands_over_to_the_browser_at_the_same_question(door: Door) -> None:
    """The link from the chat lets one browser in, once, and leads to where the conversation stands."""
    made = await make(door)
    await let_in(door, made.tokens[GOPS, "head"], ANNA)
    number, turn = await in_card(door, ANNA, made)
    await visit(door, ANNA, Touch(number, turn, "answer", "4"))
    token = url_of(await visit(door, ANNA, OpenPage(place_of(Resume(number))))).rsplit("/", 1)[1]
    before = await dump(door.store)
    looked = await visit(door, None, SeeEntry(token))
    assert any(GOPS in line for line in looked.screen.items)
    assert await dump(door.store) == before, "looking uses nothing up: programs that preview links may look"
    entered = await visit(door, None, Enter(token))
    assert entered.at == Resume(number)
    assert entered.session
    assert isinstance((await visit(door, None, Enter(token), browser=sessions.new_cookie())).refusal, Refused)
    assert (await visit(door, None, Enter(token))).session, "the same browser again: a double tap"


async def test_links_that_let_a_browser_in_do_nothing_in_a_chat(door: Door) -> None:
    """A sign-in link typed into a chat is not used up there."""
    made = await make(door)
    await let_in(door, made.tokens[GOPS, "head"], ANNA)
    token = url_of(await visit(door, ANNA, OpenPage("h"))).rsplit("/", 1)[1]
    for intent in (SeeEntry(token), Enter(token)):
        assert isinstance((await visit(door, ANNA, intent)).refusal, NotFound)
        assert isinstance((await visit(door, OTHER, intent)).refusal, NotFound)
    assert (await visit(door, None, Enter(token))).session


async def test_a_page_leads_to_the_chat_of_a_known_account(door: Door) -> None:
    """Somebody who uses Telegram already goes straight to the same question."""
    made = await make(door)
    await let_in(door, made.tokens[GOPS, "head"], ANNA)
    number, _ = await in_card(door, ANNA, made)
    person = await door.look(lambda uow: people.find(uow, ANNA))
    assert person is not None
    assert url_of(await visit(door, Reader(person.id), OpenChat(number))).endswith(f"?start=r_{number}")


async def test_a_page_joins_a_telegram_account(door: Door) -> None:
    """Whoever came by pages only joins an account by a link of their own; the chat then shows the same conversation."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    number, turn = await in_card(door, reader, made)
    await visit(door, reader, Touch(number, turn, "answer", "5"))
    token = url_of(await visit(door, reader, OpenChat(number))).split("start=")[1]
    asked = await visit(door, ANNA, SeeInvitation(token))
    assert Connect(token) in [action.intent for action in all_actions(asked)]
    for _ in range(2):  # a double tap
        assert not (await visit(door, ANNA, Connect(token))).refusal
    resumed = await visit(door, ANNA, Resume(number))
    assert resumed.talk is not None
    assert resumed.talk.state.answers == {"goals": 5}
    assert isinstance((await visit(door, OTHER, Connect(token))).refusal, Refused)
    assert isinstance((await visit(door, reader, Connect(token))).refusal, NotFound), "a page has no account to join"


async def test_an_account_that_is_somebodys_joins_nobody_else(door: Door) -> None:
    """A Telegram account with a place of its own does not swallow another person."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    await let_in(door, made.tokens[GOPS, "delegate"], OTHER)
    issued = await door.act(lambda uow: links.issue(uow, reader.person, "connect"))
    assert isinstance((await visit(door, OTHER, Connect(issued.token))).refusal, Refused)
    assert await door.look(lambda uow: people.find(uow, OTHER)) != await door.look(lambda uow: people.find(uow, reader))
    assert not (await visit(door, ANNA, Connect(issued.token))).refusal, "the refusal did not use the link up"


@pytest.mark.parametrize("purpose", ["enter", "connect", "email"])
async def test_a_link_does_nothing_but_its_purpose(door: Door, purpose: links.Purpose) -> None:
    """A valid link of one purpose is answered by every other act exactly like one that never was."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    email = "anna@gops.example" if purpose == "email" else ""
    issued = await door.act(lambda uow: links.issue(uow, reader.person, purpose, email=email))
    forged = "A" * 24
    ways: dict[str, Callable[[str], tuple[Caller | None, Intent]]] = {
        "enter": lambda token: (None, Enter(token)),
        "connect": lambda token: (ANNA, Connect(token)),
        "invitation": lambda token: (None, AcceptInvitation(token, "pl")),
    }
    for way, make_intent in ways.items():
        if way == purpose:
            continue
        before = await dump(door.store)
        said = await visit(door, *make_intent(issued.token))
        assert isinstance(said.refusal, NotFound)
        assert said.screen == (await visit(door, *make_intent(forged))).screen
        assert await dump(door.store) == before


async def test_what_is_typed_on_a_phone_does_not_answer_what_a_page_has_moved_on_to(door: Door, clock: FixedClock) -> None:
    """After an answer on a page the phone still shows an earlier question; a text typed there leads home instead of being guessed."""
    made = await make(door)
    await let_in(door, made.tokens[GOPS, "head"], ANNA)
    number, turn = await in_card(door, ANNA, made)
    await visit(door, ANNA, Resume(number))
    person = await door.look(lambda uow: people.find(uow, ANNA))
    assert person is not None
    assert person.dialogue == number
    reader = Reader(person.id)
    await visit(door, reader, Fill(number, turn), given=Given(Written(("4",))))
    clock.move(timedelta(minutes=5))
    reply, _ = await door.act(lambda uow: reception.hear(uow, Visitor(ANNA), "2", message=10**9, written_at=uow.now))
    assert reply.talk is None
    again = await visit(door, ANNA, Touch(number, turn, "answer", "2"))
    assert again.talk is not None
    assert again.talk.stale, "the old button shows where the conversation stands"
    assert again.talk.state.answers == {"goals": 4}


async def test_reading_pages_changes_nothing_a_phone_shows(door: Door) -> None:
    """Somebody looks around on a page while a question waits on the phone: a text typed there still answers it."""
    made = await make(door)
    await let_in(door, made.tokens[GOPS, "head"], ANNA)
    number, _ = await in_card(door, ANNA, made)
    await visit(door, ANNA, Resume(number))
    person = await door.look(lambda uow: people.find(uow, ANNA))
    assert person is not None
    before = await dump(door.store)
    for intent in (Home(), Resume(number), at_place("s"), at_place("p"), at_place("g"), at_place("z")):
        await door.look(lambda uow, intent=intent: reception.answer(uow, Visitor(Reader(person.id), "pl"), intent))  # type: ignore[misc]
    assert await dump(door.store) == before


async def test_an_answer_that_came_too_late_waits_in_the_form(door: Door) -> None:
    """A kept answer counts as nothing until it is sent; it is gone with the next answer, and never holds personal data."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    number, turn = await in_card(door, reader, made)
    for choices in (*[("4",)] * 15, ("phone",), ("time",)):
        reply = await visit(door, reader, Fill(number, turn), given=Given(Written(choices)))
        assert reply.talk is not None
        assert reply.talk.problem is None
        turn = reply.talk.state.turn
    assert reply.talk is not None
    assert reply.talk.state.cursor == "conclusion"
    text = Written(text="Wspólny kalendarz")
    texts = lambda _, polish: polish  # noqa: E731
    assert await door.act(lambda uow: dialogues.keep(uow, reader, Fill(number, turn), text, texts))
    waiting = await visit(door, reader, Resume(number))
    assert waiting.talk is not None
    assert waiting.talk.kept == text
    assert "conclusion" not in waiting.talk.state.answers, "it counts once it is sent"
    stale = await door.act(lambda uow: dialogues.keep(uow, reader, Fill(number, turn - 1), text, texts))
    assert not stale
    secret = Written(text="Proszę pytać Jana, PESEL 44051401359")
    assert not await door.act(lambda uow: dialogues.keep(uow, reader, Fill(number, turn), secret, texts))
    for rows in (await dump(door.store)).values():
        assert not any("44051401359" in row for row in rows)


async def test_a_form_of_an_earlier_turn_changes_nothing(door: Door) -> None:
    """The back button shows an old form; sending it shows where the conversation stands."""
    made = await make(door)
    reader, _ = await by_page(door, made.tokens[GOPS, "head"])
    number, turn = await in_card(door, reader, made)
    await visit(door, reader, Fill(number, turn), given=Given(Written(("4",))))
    again = await visit(door, reader, Fill(number, turn), given=Given(Written(("2",))))
    assert again.talk is not None
    assert again.talk.effects == (Stale(),)
    assert again.talk.state.answers == {"goals": 4}


async def test_signing_out_ends_this_browsers_session_only(door: Door) -> None:
    """Another device stays signed in."""
    made = await make(door)
    reader, token = await by_page(door, made.tokens[GOPS, "head"])
    other = await door.act(lambda uow: sessions.begin(uow, reader.person, browser=sessions.new_cookie(), came_by="link:1"))
    reply = await visit(door, reader, SignOut(), browser=token)
    assert reply.session == ""
    assert await door.look(lambda uow: sessions.find(uow, token)) is None
    assert await door.look(lambda uow: sessions.find(uow, other)) is not None


async def test_staying_starts_the_quiet_hours_anew(door: Door, clock: FixedClock) -> None:
    """One press gives the full time again, and leads back to where it was pressed."""
    made = await make(door)
    reader, token = await by_page(door, made.tokens[GOPS, "head"])
    first = await door.look(lambda uow: sessions.find(uow, token))
    clock.move(timedelta(minutes=90))
    reply = await visit(door, reader, Stay("s"), browser=token)
    second = await door.look(lambda uow: sessions.find(uow, token))
    assert first is not None
    assert second is not None
    assert second.ends_at - first.ends_at == timedelta(minutes=90)
    assert reply.at == at_place("s")


async def test_leaving_ends_every_way_in(door: Door) -> None:
    """After leaving, neither the page's session nor a link made before lets anybody in."""
    made = await make(door)
    reader, token = await by_page(door, made.tokens[GOPS, "head"])
    issued = await door.act(lambda uow: links.issue(uow, reader.person, "enter"))
    await door.act(lambda uow: privacy.leave(uow, reader.person))
    assert await door.look(lambda uow: sessions.find(uow, token)) is None
    assert (await visit(door, None, Enter(issued.token))).refusal is not None


async def test_whoever_was_let_in_as_somebody_does_not_follow_them_into_another_body(door: Door) -> None:
    """A coordinator may have written the address and so have a session as her: with her second body it ends, and so does their proof."""
    first = await make(door)
    second = await make(door, slug="lsr-ilawa", names=("GOPS Iława",))
    await let_in(door, first.tokens[GOPS, "head"], ANNA)
    person = await door.look(lambda uow: people.find(uow, ANNA))
    assert person is not None
    theirs = await door.act(lambda uow: sessions.begin(uow, person.id, browser=BROWSER, came_by="link:1"))
    link = await door.act(lambda uow: links.issue(uow, person.id, "enter"))
    proof = update(PERSON).where(PERSON.c.id == person.id).values(email_confirmed_at=NOW, email="obcy@kis.example")
    await door.act(lambda uow: uow.execute(proof))
    await let_in_by_chat(door, second.tokens["GOPS Iława", "head"], ANNA)
    assert await door.look(lambda uow: sessions.find(uow, theirs)) is None
    assert (await visit(door, None, Enter(link.token))).refusal is not None
    confirmed = select(PERSON.c.email_confirmed_at).where(PERSON.c.id == person.id)
    assert await door.look(lambda uow: uow.execute(confirmed).scalar_one()) is None


async def test_a_reader_who_joins_a_second_body_stays_signed_in(door: Door) -> None:
    """Their own browser goes on with a new cookie; the old one opens nothing."""
    first = await make(door)
    second = await make(door, slug="lsr-ilawa", names=("GOPS Iława",))
    reader, token = await by_page(door, first.tokens[GOPS, "head"])
    reply = await visit(door, reader, AcceptInvitation(second.tokens["GOPS Iława", "head"], "pl"), browser=token)
    assert reply.session
    renewed = reply.session
    assert await door.look(lambda uow: sessions.find(uow, token)) is None
    assert await door.look(lambda uow: sessions.find(uow, renewed)) is not None


async def let_in_by_chat(door: Door, token: str, telegram: int) -> None:
    """Accept an invitation with a press in the chat."""
    assert not (await visit(door, telegram, AcceptInvitation(token, "pl"))).refusal
