"""The coordinator's desk, on pages and in the chat: what it shows, what its buttons do, and in whose hands they do nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from tests.conversations.house import dump
from tests.office.rosters import KIS, bring_in, holder
from tests.screens.desks import ANNA, EWA, IGOR, ROWS, Desk, facts, leads_to, let_anna_in, network, page, press, spoken

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import invitations, notices, people, rounds, seats, sessions
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.screens import telegram
from konwent_bot.screens.intents import (
    AskGivePost,
    AskHandOver,
    AskPrint,
    AskVacate,
    ConfirmRoster,
    GivePost,
    HandOver,
    Home,
    Intent,
    IssueInvitation,
    OpenPage,
    PreviewRoster,
    PrintInvitations,
    SeeCoverage,
    SeeDesk,
    SeeImport,
    SeeInstitution,
    SeeInvitations,
    SeeMembers,
    SeePost,
    SeePosts,
    SeeSeat,
    SendInvitation,
    SendInvitations,
    Vacate,
    encode,
    place_of,
)
from konwent_bot.store.tables import INVITATION, NOTICE, PERSON, POST

T = i18n.translator("pl")


def everything_of(made: Desk, membership: int) -> list[Intent]:
    """Give every intent of a desk, with true numbers of this network. What takes a place away stands last."""
    return [
        SeeDesk(made.body), SeeMembers(made.body), SeeInstitution(membership), SeeSeat(made.anna), SeePosts(made.body),
        SeePost(made.post), SeeInvitations(made.body), AskPrint(made.body), AskHandOver(made.anna), AskVacate(made.anna),
        AskGivePost(made.post), SeeImport(made.body), PreviewRoster(made.body), ConfirmRoster(made.body, 1),
        IssueInvitation(made.jan, 0), IssueInvitation(0, made.post), SendInvitation(made.jan, 0), SendInvitation(0, made.post),
        SendInvitations(made.body), PrintInvitations(made.body), HandOver(made.anna), GivePost(made.post), Vacate(made.anna),
    ]  # fmt: skip


async def membership_of(door: Door, made: Desk, short_name: str = "GOPS Modliborzyce") -> int:
    """Give the number of an institution in the body, from the list."""
    shown = (await page(door, made.ewa, SeeMembers(made.body))).screen
    return next(
        row.action.intent.membership
        for row in shown.rows
        if row.label == short_name and row.action is not None and isinstance(row.action.intent, SeeInstitution)
    )


# --- looking ----------------------------------------------------------------------------------------------------------


async def test_the_desk_names_its_network_and_leads_everywhere(door: Door) -> None:
    """The heading says which network this is; figures; ways to members, posts, invitations, import and who has answered."""
    made = await network(door)
    opened = await door.act(lambda uow: rounds.open_round(uow, OPERATOR, made.body))
    shown = (await page(door, made.ewa, SeeDesk(made.body))).screen
    assert "Lokalna Sieć lsr-janow" in shown.title
    assert facts(shown)[T("Institutions")] == "3"
    assert facts(shown)[T("Places accepted")] == T("{accepted} of {places}", accepted=1, places=4)
    assert any("0" in value and "3" in value and "2026" in value for value in facts(shown).values()), "the round: received, asked"
    for intent in (
        SeeMembers(made.body),
        SeePosts(made.body),
        SeeInvitations(made.body),
        SeeImport(made.body),
        SeeCoverage(opened.id),
    ):
        assert intent in leads_to(shown)
    assert not shown.rows, "there is no other network to go to"


async def test_going_to_another_network_is_explicit(door: Door) -> None:
    """Whoever coordinates two networks sees one at a time, named, and goes to the other by a row that names it."""
    made = await network(door)
    other = await network(door, "lsr-ilawa", IGOR)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, other.body, "coordinator", number=2, name="Ewa Lis"))

    def join(uow):  # type: ignore[no-untyped-def]  # a unit of work
        post = next(one.id for one in seats.posts_of(uow, OPERATOR, other.body) if one.number == 2)
        token = invitations.issue(uow, OPERATOR, post=post).token
        invitations.accept(uow, token, caller=EWA, language="pl")

    await door.act(join)
    here = (await page(door, made.ewa, SeeDesk(made.body))).screen
    assert [(row.value, row.action.intent) for row in here.rows if row.action] == [
        ("Lokalna Sieć lsr-ilawa", SeeDesk(other.body))
    ]
    assert "ilawa" not in here.title + "".join(facts(here).values())
    there = (await page(door, made.ewa, SeeDesk(other.body))).screen
    assert "Lokalna Sieć lsr-ilawa" in there.title
    assert [row.value for row in there.rows] == ["Lokalna Sieć lsr-janow"]
    home = (await page(door, made.ewa, Home())).screen
    assert {SeeDesk(made.body), SeeDesk(other.body)} <= set(leads_to(home))


async def test_a_long_list_of_members_comes_in_pages(door: Door) -> None:
    """Twenty institutions a page, nobody lost between pages; a page too far shows the last one."""
    more = tuple(f"Szkoła nr {n:02};SP {n:02};C;edukacja;Janów;zwierzchnik;dyrektor;Osoba {n};o{n}@sp.example" for n in range(40))
    made = await network(door, rows=ROWS + more)
    names: list[str] = []
    for number in range(3):
        shown = (await page(door, made.ewa, SeeMembers(made.body, number))).screen
        names += [row.label for row in shown.rows]
        assert (SeeMembers(made.body, number + 1) in leads_to(shown)) == (number < 2)
        assert number == 0 or SeeMembers(made.body, number - 1) in leads_to(shown)
    assert len(names) == len(set(names)) == 43
    beyond = (await page(door, made.ewa, SeeMembers(made.body, 10**6))).screen
    assert [row.label for row in beyond.rows] == names[40:]
    waiting = (await page(door, made.ewa, SeeInvitations(made.body, 10**6))).screen
    assert waiting.rows
    assert SeeInvitations(made.body, 1) in leads_to(waiting)


async def test_members_say_how_many_have_accepted(door: Door) -> None:
    """Each institution with its seats in words, and each seat with how its holder is reached."""
    made = await network(door)
    await let_anna_in(door, made)
    shown = (await page(door, made.ewa, SeeMembers(made.body))).screen
    assert {row.label: row.value for row in shown.rows} == {
        "GOPS Modliborzyce": T("{accepted} of {places} seats accepted", accepted=1, places=2),
        "KIS Janów": T("no seats"),
        "Zespół szkół": T("nobody has accepted an invitation"),
    }
    gops = (await page(door, made.ewa, SeeInstitution(await membership_of(door, made)))).screen
    assert gops.title == "GOPS Modliborzyce"
    anna, jan = gops.rows
    assert "Anna Nowak" in anna.label
    assert anna.value == f"{T('Telegram')}, {T('e-mail')}"
    assert "Jan Kos" in jan.label
    assert jan.value == T("not invited yet")
    assert anna.action is not None
    assert anna.action.intent == SeeSeat(made.anna)
    await door.act(lambda uow: people.reached(uow, ANNA, "blocked"))
    seat = (await page(door, made.ewa, SeeSeat(made.anna))).screen
    assert T("Telegram, but blocked there") in facts(seat)[T("Can be reached by")]


async def test_a_place_tells_of_its_letters(door: Door, clock: FixedClock) -> None:
    """When a letter went and what became of it, the newest first; and until when the link is valid."""
    made = await network(door)
    settled = update(NOTICE).where(NOTICE.c.recipient == f"seat:{made.jan}", NOTICE.c.settled_at.is_(None))
    for outcome in ("refused", "sent"):
        await page(door, made.ewa, SendInvitation(made.jan, 0))
        waiting = (await page(door, made.ewa, SeeSeat(made.jan))).screen
        assert waiting.items[0] == T("{day}: a letter with an invitation, waiting to be sent", day=T.instant(clock.now()))
        await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.jan))
        await door.act(lambda uow, outcome=outcome: uow.execute(settled.values(settled_at=uow.now, outcome=outcome)))  # type: ignore[misc]
        clock.move(timedelta(days=1))
    shown = (await page(door, made.ewa, SeeSeat(made.jan))).screen
    assert len(shown.items) == 2
    assert shown.items[0] == T(
        "{day}: a letter with an invitation, taken by the mail server", day=T.instant(clock.now() - timedelta(days=1))
    )
    assert T.day(clock.now() - timedelta(days=1)) in facts(shown)[T("Invitation")]
    clock.move(timedelta(days=40))
    late = (await page(door, made.ewa, SeeSeat(made.jan))).screen
    assert T("The link is valid until") not in facts(late)


# --- invitations ------------------------------------------------------------------------------------------------------


async def test_a_link_to_copy_is_shown_once_and_works(door: Door) -> None:
    """Both links, here and now only; the former link stops; whoever has accepted is invited no more."""
    made = await network(door)
    former = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.jan).token)
    reply = await page(door, made.ewa, IssueInvitation(made.jan, 0))
    assert reply.at is None
    shown = facts(reply.screen)
    token = shown[T("Link to the page")].removeprefix("https://konwent.example/z/")
    assert shown[T("Link to the chat")] == f"https://t.me/konwent_test_bot?start={token}"
    with pytest.raises(Refused):
        await door.look(lambda uow: invitations.look(uow, former))
    await door.act(lambda uow: invitations.accept(uow, token, caller=3001, language="pl"))
    for intent in (IssueInvitation(made.jan, 0), SendInvitation(made.jan, 0)):
        again = await page(door, made.ewa, intent)
        assert isinstance(again.refusal, Refused)
        assert not isinstance(again.refusal, NotFound)
    for neither in (IssueInvitation(0, 0), IssueInvitation(made.jan, made.post), SendInvitation(made.jan, made.post)):
        assert isinstance((await page(door, made.ewa, neither)).refusal, NotFound)


async def test_a_letter_is_sent_once_however_often_it_is_pressed(door: Door) -> None:
    """Two presses while the letter waits are one letter; where there is no address it is said who gets it."""
    made = await network(door)
    first = await page(door, made.ewa, SendInvitation(made.jan, 0))
    assert "jan@gops.example" in first.screen.notice
    assert first.at == SeeSeat(made.jan)
    second = await press(door, EWA, SendInvitation(made.jan, 0))
    assert second.screen.notice == T("A letter to this person is already waiting to be sent.")
    assert len(await door.look(lambda uow: notices.ledger(uow, f"seat:{made.jan}"))) == 1
    third = await page(door, made.ewa, SendInvitation(made.maria, 0))
    assert third.screen.notice == T(
        "There is no address for this place, so the letter goes to whoever coordinates the network, to be handed over."
    )


async def test_letters_to_all_who_wait_and_to_nobody_twice(door: Door, clock: FixedClock) -> None:
    """Only places with an address, nobody who has a letter on its way or from the last seven days; then again."""
    made = await network(door)
    await let_anna_in(door, made)
    before = (await page(door, made.ewa, SeeInvitations(made.body))).screen
    assert facts(before) == {T("Places nobody has accepted yet"): "2", T("Of them without an e-mail address"): "1"}
    assert SendInvitations(made.body) in leads_to(before)

    async def send() -> list[str]:
        held = {seat: len(await door.look(lambda uow, s=seat: notices.ledger(uow, f"seat:{s}"))) for seat in made.seats.values()}  # type: ignore[misc]
        reply = await page(door, made.ewa, SendInvitations(made.body))
        assert reply.at == SeeInvitations(made.body)
        return [
            name
            for name, seat in made.seats.items()
            if len(await door.look(lambda uow, s=seat: notices.ledger(uow, f"seat:{s}"))) > held[seat]  # type: ignore[misc]
        ]

    assert await send() == ["GOPS Modliborzyce delegate"]
    assert await send() == []
    after = (await page(door, made.ewa, SeeInvitations(made.body))).screen
    assert SendInvitations(made.body) not in leads_to(after), "nobody is left to write to"
    await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.jan))
    went = update(NOTICE).where(NOTICE.c.settled_at.is_(None))
    await door.act(lambda uow: uow.execute(went.values(settled_at=uow.now, outcome="sent")))
    clock.move(timedelta(days=6, hours=23))
    assert await send() == []
    clock.move(timedelta(hours=1))
    assert await send() == ["GOPS Modliborzyce delegate"]
    # Somebody new in the place has not been written to, whatever letter the former person got.
    await page(door, made.ewa, HandOver(made.jan), name="Nowy Delegat", email="nowy@gops.example")
    await door.act(lambda uow: uow.execute(went.values(settled_at=uow.now, outcome="sent")))
    assert await send() == ["GOPS Modliborzyce delegate"]


async def test_the_sheet_holds_fresh_links_and_ends_the_former(door: Door) -> None:
    """A page warns first; then a PDF comes, and links given out before stop. In a chat nothing is ended, because no file can come."""
    made = await network(door)
    former = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.jan).token)
    asked = (await page(door, made.ewa, AskPrint(made.body))).screen
    assert facts(asked)[T("Cards")] == "3"
    assert PrintInvitations(made.body) in leads_to(asked)
    message = telegram.render(asked, T)
    assert any(button.data == encode(OpenPage(place_of(AskPrint(made.body)))) for row in message.keyboard for button in row)
    before = await dump(door.store)
    chat = await press(door, EWA, PrintInvitations(made.body))
    assert chat.document is None
    assert await dump(door.store) == before
    reply = await page(door, made.ewa, PrintInvitations(made.body))
    assert reply.document is not None
    assert reply.document.name.endswith(".pdf")
    assert reply.document.content.startswith(b"%PDF-")
    with pytest.raises(Refused):
        await door.look(lambda uow: invitations.look(uow, former))
    alive = select(INVITATION.c.seat_id).where(INVITATION.c.used_at.is_(None), INVITATION.c.revoked_at.is_(None))
    live = await door.look(lambda uow: set(uow.execute(alive).scalars()))
    assert live == {made.anna, made.jan, made.maria}, "one live link for each place"


async def test_nobody_to_invite(door: Door) -> None:
    """When everybody has accepted the desk says so and prints nothing."""
    made = await network(door, rows=(f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",))
    shown = (await page(door, made.ewa, SeeInvitations(made.body))).screen
    assert shown.paragraphs == (T("Nobody is waiting for an invitation: every seat and post has been accepted."),)
    reply = await page(door, made.ewa, PrintInvitations(made.body))
    assert reply.document is None
    assert reply.at == AskPrint(made.body)
    sent = await page(door, made.ewa, SendInvitations(made.body))
    assert sent.screen.notice == T("No letter was sent: everybody who has an address has been written to in the last days.")


# --- changes ----------------------------------------------------------------------------------------------------------


async def test_a_seat_goes_to_somebody_else(door: Door) -> None:
    """The form, then: the former head's browser and chat open nothing; the new one is named and waits for an invitation."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    session = await door.act(lambda uow: sessions.begin(uow, anna, browser="b", came_by="link:1"))
    form = (await page(door, made.ewa, AskHandOver(made.anna))).screen
    assert form.form is not None
    assert [one.name for one in form.form.fields if one.kind != "hidden"] == ["name", "email"]
    assert all(one.value == "" for one in form.form.fields if one.kind != "hidden"), (
        "the former person's name is not suggested for the new one"
    )
    reply = await page(door, made.ewa, HandOver(made.anna), name="  Nowa   Osoba ", email="Nowa@GOPS.example")
    assert reply.at == SeeSeat(made.anna)
    assert reply.session is None
    assert reply.screen.notice == T("Saved. The person who had it has no access any more. Now send the new person an invitation.")
    assert facts(reply.screen)[T("First and last name")] == "Nowa Osoba"
    assert facts(reply.screen)[T("E-mail")] == "nowa@gops.example"
    assert SendInvitation(made.anna, 0) in leads_to(reply.screen)
    assert await door.look(lambda uow: sessions.find(uow, session)) is None
    again = await page(door, made.ewa, HandOver(made.jan), name="Ktoś Inny", email="")
    assert again.screen.notice == T("Saved. Now send the new person an invitation."), "nobody had accepted it"


async def test_a_form_with_a_mistake_changes_nothing_and_keeps_what_was_written(door: Door) -> None:
    """No name, a formula for a name, a wrong address: the sentence stands at its field, and both fields are filled as written."""
    made = await network(door)
    await let_anna_in(door, made)
    before = await dump(door.store)
    for given, fields in (
        ({"name": "", "email": "nowa@gops.example"}, {"name"}),
        ({"name": "Nowa Osoba", "email": "nowa(at)gops"}, {"email"}),
        ({"name": "=1+1", "email": "@"}, {"name", "email"}),
        ({"name": "x" * 5000, "email": ""}, {"name"}),
        ({}, {"name"}),
    ):
        for intent in (HandOver(made.anna), GivePost(made.post)):
            reply = await page(door, made.ewa, intent, file=None, **given)
            assert isinstance(reply.refusal, Invalid)
            assert reply.screen.form is not None
            assert reply.screen.problem
            assert {one.name for one in reply.screen.form.fields if one.problem} == fields
            assert {one.name: one.value for one in reply.screen.form.fields if one.kind != "hidden"} == {
                "name": "",
                "email": "",
            } | given
            assert await dump(door.store) == before


async def test_a_form_sent_twice_or_late_takes_the_place_from_nobody_else(door: Door) -> None:
    """Whoever goes back and sends the old form again is shown who has the place now; that person keeps it."""
    made = await network(door)
    form = (await page(door, made.ewa, AskHandOver(made.anna))).screen.form
    assert form is not None
    fields = {one.name: one.value for one in form.fields} | {"name": "Nowa Osoba", "email": "nowa@gops.example"}
    await page(door, made.ewa, HandOver(made.anna), file=None, **fields)
    new = await let_anna_in(door, made)
    before = await dump(door.store)
    late = await page(door, made.ewa, HandOver(made.anna), file=None, **fields)
    assert isinstance(late.refusal, Refused)
    assert facts(late.screen)[T("Has it now")] == "Nowa Osoba"
    assert await dump(door.store) == before
    assert await holder(door, made.anna) == new
    assert late.screen.form is not None
    fresh = {one.name: one.value for one in late.screen.form.fields}
    assert fresh["name"] == "Nowa Osoba", "what was written is kept"
    assert (await page(door, made.ewa, HandOver(made.anna), file=None, **fresh)).refusal is None, "meant all the same"


async def test_a_post_goes_to_somebody_else(door: Door) -> None:
    """A chair is named and later another one; the desk stays with its coordinator; the new chair waits for an invitation."""
    made = await network(door)
    chair = (await door.act(lambda uow: seats.give_post(uow, OPERATOR, made.body, "chair", name="Zofia Prus"))).place
    reply = await page(door, made.ewa, GivePost(chair), was=str(await _has(door, chair)), name="Adam Lew", email="adam@x.example")
    assert reply.at == SeePost(chair)
    assert facts(reply.screen)[T("First and last name")] == "Adam Lew"
    assert SendInvitation(0, chair) in leads_to(reply.screen)
    posts = (await page(door, made.ewa, SeePosts(made.body))).screen
    assert sorted(row.label.partition(" – ")[2] for row in posts.rows) == ["Adam Lew", "Ewa Lis"]


async def _has(door: Door, post: int) -> int | None:
    """Give who holds a post."""
    return await door.look(lambda uow: uow.execute(select(POST.c.person_id).where(POST.c.id == post)).scalar_one())


async def test_a_chat_leads_to_the_form_on_a_page(door: Door) -> None:
    """A press cannot bring a name: the chat shows the way to the page, and a forged press of the form's button changes nothing."""
    made = await network(door)
    before = await dump(door.store, but=frozenset({"person"}))
    for ask, take in ((AskHandOver(made.anna), HandOver(made.anna)), (AskGivePost(made.post), GivePost(made.post))):
        for pressed in (ask, take):
            reply = await press(door, EWA, pressed)
            message = telegram.render(reply.screen, T)
            assert encode(OpenPage(place_of(ask))) in {button.data for row in message.keyboard for button in row}
    for intent in (PreviewRoster(made.body), ConfirmRoster(made.body, 1), SeeImport(made.body)):
        message = telegram.render((await press(door, EWA, intent)).screen, T)
        assert encode(OpenPage(place_of(SeeImport(made.body)))) in {button.data for row in message.keyboard for button in row}
    assert await dump(door.store, but=frozenset({"person"})) == before


async def test_a_seat_is_left_empty_after_asking(door: Door) -> None:
    """Asked first, with what it does; afterwards nobody holds the seat and the roster names nobody for it."""
    made = await network(door)
    await let_anna_in(door, made)
    asked = (await page(door, made.ewa, AskVacate(made.anna))).screen
    assert facts(asked)[T("Has it now")] == "Anna Nowak"
    assert Vacate(made.anna) in leads_to(asked)
    assert await holder(door, made.anna) is not None
    reply = await press(door, EWA, Vacate(made.anna))
    assert reply.at == SeeSeat(made.anna)
    assert await holder(door, made.anna) is None
    assert facts(reply.screen)[T("First and last name")] == T("nobody is named")
    assert AskVacate(made.anna) not in leads_to(reply.screen), "an empty seat cannot be emptied"


async def test_giving_away_ones_own_post_signs_out(door: Door) -> None:
    """The form warns; afterwards the page is a stranger's, the session ends, and nothing of the desk opens in the chat either."""
    made = await network(door)
    session = await door.act(lambda uow: sessions.begin(uow, made.ewa, browser="b", came_by="link:1"))
    membership = await membership_of(door, made)
    asked = (await page(door, made.ewa, AskGivePost(made.post))).screen
    assert (
        T("This is your own post. Without it you no longer have this desk, and you will be signed out in browsers.")
        in asked.paragraphs
    )
    reply = await page(door, made.ewa, GivePost(made.post), name="Następna Osoba", email="nast@kis.example")
    assert reply.session == ""
    assert reply.at == Home()
    assert "lsr-janow" not in repr(reply.screen)
    assert await door.look(lambda uow: sessions.find(uow, session)) is None
    before = await dump(door.store)
    for intent in everything_of(made, membership):
        for answer in (await page(door, made.ewa, intent), await press(door, EWA, intent)):
            assert isinstance(answer.refusal, NotFound), intent
    assert await dump(door.store) == before


async def test_emptying_a_seat_of_ones_own_keeps_the_desk(door: Door) -> None:
    """A coordinator who also holds a seat may empty it: asked with a warning, and the desk stays hers."""
    made = await network(door)

    def also_head(uow):  # type: ignore[no-untyped-def]  # a unit of work
        token = invitations.issue(uow, OPERATOR, seat=made.maria).token
        invitations.accept(uow, token, caller=EWA, language="pl")

    await door.act(also_head)
    asked = (await press(door, EWA, AskVacate(made.maria))).screen
    assert (
        T("This is your own place. You will be signed out in browsers; with your other places you can sign in again.")
        in asked.paragraphs
    )
    kept = await press(door, EWA, Vacate(made.maria))
    assert kept.at == SeeSeat(made.maria)
    assert not kept.screen.problem


# --- in other hands ---------------------------------------------------------------------------------------------------


async def test_true_numbers_of_another_network_open_nothing(door: Door) -> None:
    """The whole desk of one network, asked for by the coordinator of another, a head of the same, and strangers, by page and chat."""
    made = await network(door)
    other = await network(door, "lsr-ilawa", IGOR)
    anna = await let_anna_in(door, made)
    membership = await membership_of(door, made)
    before = await dump(door.store)
    for intent in everything_of(made, membership):
        for person, account in ((other.ewa, IGOR), (anna, ANNA)):
            for reply in (
                await page(door, person, intent, name="Obca Osoba", email="obca@x.example"),
                await press(door, account, intent),
            ):
                assert isinstance(reply.refusal, NotFound), intent
                assert reply.document is None
                for secret in ("lsr-janow", "GOPS Modliborzyce", "Jan Kos", "Ewa Lis"):
                    assert secret not in repr(reply.screen), (intent, secret)
        for nobody in (await page(door, None, intent), await page(door, 10**6, intent), await press(door, 999_999, intent)):
            assert "lsr-janow" not in repr(nobody.screen), intent
            assert nobody.document is None
            assert nobody.at == Home()
    assert await dump(door.store) == before


async def test_numbers_nobody_gave_out(door: Door) -> None:
    """Zero, the next one, the largest that fits: answered like anything that is not there."""
    made = await network(door)
    before = await dump(door.store)
    makers: tuple[Callable[[int], Intent], ...] = (
        SeeDesk, SeeMembers, SeeInstitution, SeeSeat, SeePosts, SeePost, SeeInvitations, AskPrint, AskHandOver, AskVacate, AskGivePost,
        SeeImport, PreviewRoster, SendInvitations, PrintInvitations, HandOver, GivePost, Vacate,
        lambda n: ConfirmRoster(n, 1), lambda n: IssueInvitation(n, 0), lambda n: SendInvitation(0, n),
    )  # fmt: skip
    for number in (0, 10**6, 36**12 - 1):
        for make in makers:
            reply = await page(door, made.ewa, make(number))
            assert isinstance(reply.refusal, NotFound), make(number)
    assert await dump(door.store) == before


async def test_what_the_roster_says_stays_text(door: Door) -> None:
    """A name that looks like markup is shown as it was written, in the chat too."""
    hostile = "<b onclick='x'>&lt"
    made = await network(door)
    await bring_in(door, made.body, f"Fundacja {hostile};{hostile};C;x;Janów;zwierzchnik;prezes;Jan {hostile};a@b.example")
    membership = await membership_of(door, made, hostile)
    reply, t = await spoken(door, made.ewa, SeeInstitution(membership))
    assert reply.screen.title == hostile
    html = telegram.render(reply.screen, t).html
    assert hostile not in html
    assert "&lt;b onclick=&#x27;x&#x27;&gt;&amp;lt" in html


async def test_the_desk_speaks_the_coordinators_language(door: Door) -> None:
    """A coordinator who chose Ukrainian is answered in it, whatever the browser says."""
    made = await network(door)
    spoken_by = update(PERSON).where(PERSON.c.id == made.ewa).values(language="uk")
    await door.act(lambda uow: uow.execute(spoken_by))
    _, t = await spoken(door, made.ewa, SeeDesk(made.body))
    assert t.language == "uk"


async def test_links_that_would_lead_nowhere_are_not_made(door: Door) -> None:
    """While neither pages nor the bot are known, links given out before are not ended for new ones that open nothing."""
    from dataclasses import replace

    made = await network(door)
    former = await door.act(lambda uow: invitations.issue(uow, Actor(made.ewa), seat=made.jan).token)
    bare = Door(door.store, door.clock, replace(door.house, bot_username="", public_url=""))
    for intent in (IssueInvitation(made.jan, 0), PrintInvitations(made.body)):
        reply = await page(bare, made.ewa, intent)
        assert isinstance(reply.refusal, Refused)
    await door.look(lambda uow: invitations.look(uow, former))
