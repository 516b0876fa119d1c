"""What the secretariat holds about the reader: seen, taken away, corrected, erased - by the reader and nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from tests.conversations.house import dump, spoken_of
from tests.office.rich import settle
from tests.office.test_uploads import coordinator
from tests.screens.desks import ANNA, EWA, IGOR, Desk, facts, leads_to, let_anna_in, network, page, press

from konwent_bot import i18n
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import links, notices, opening, people, privacy, rounds, sessions
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.throttle import TooOften
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import own_data, telegram
from konwent_bot.screens.intents import (
    AskEmail,
    AskErase,
    AskName,
    ChangeEmail,
    ChangeName,
    ConfirmEmail,
    DownloadMine,
    Erase,
    Home,
    Intent,
    OpenPage,
    SeeDesk,
    SeeEmailLink,
    SeeMine,
    encode,
    place_of,
)
from konwent_bot.store.tables import MEMBERSHIP, PERSON, SEAT

T = i18n.translator("pl")
OWN: tuple[Intent, ...] = (SeeMine(), DownloadMine(), AskName(), ChangeName(), AskEmail(), ChangeEmail(), AskErase(), Erase())


async def draft_of(door: Door, made: Desk, anna: int) -> None:
    """Let Anna begin a card."""
    opened = await door.act(lambda uow: rounds.open_round(uow, OPERATOR, made.body))

    def begin(uow: UnitOfWork) -> None:
        membership = uow.execute(select(MEMBERSHIP.c.id).join(SEAT).where(SEAT.c.id == made.anna)).scalar_one()
        opening.open_card(uow, Known(anna, "pl", None), opened.id, membership)

    await door.act(begin)


async def email_of(door: Door, person: int) -> tuple[str, bool]:
    """Give a person's address, and whether it has been confirmed."""
    row = await door.look(
        lambda uow: uow.execute(select(PERSON.c.email, PERSON.c.email_confirmed_at).where(PERSON.c.id == person)).one()
    )
    return row.email, row.email_confirmed_at is not None


# --- seeing -----------------------------------------------------------------------------------------------------------


async def test_a_person_sees_what_is_held_about_them(door: Door) -> None:
    """Name, address and where it comes from, Telegram, places, unfinished answers, browsers; and ways to act, on page and phone."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    await draft_of(door, made, anna)
    await door.act(lambda uow: sessions.begin(uow, anna, browser="b", came_by="link:1"))
    reply = await page(door, anna, SeeMine())
    shown = facts(reply.screen)
    assert reply.at == SeeMine()
    assert shown[T("First and last name")] == "Anna Nowak"
    assert shown[T("E-mail")] == T("{email} (from the roster)", email="anna@gops.example")
    assert shown[T("Telegram")] == str(ANNA)
    assert shown[T("Unfinished conversations")] == "1"
    assert T("Signed in by a browser") in shown
    assert len(reply.screen.items) == 1
    assert "Gminny Ośrodek Pomocy Społecznej w Modliborzycach" in reply.screen.items[0]
    for intent in (DownloadMine(), AskName(), AskEmail(), AskErase()):
        assert intent in leads_to(reply.screen)
    chat = await press(door, ANNA, SeeMine())
    assert chat.screen == reply.screen
    keyboard = {button.data for row in telegram.render(chat.screen, T).keyboard for button in row}
    assert encode(OpenPage(place_of(SeeMine()))) in keyboard, "a chat hands over no file"


async def test_a_person_sees_that_meetings_hold_something_of_them(door: Door) -> None:
    """How much meetings hold, that the calendar has an address, and for which day a substitute's place is; in each language."""
    made = await settle(door)
    held = await door.look(lambda uow: privacy.held(uow, made.person))
    ola = await door.look(lambda uow: uow.execute(select(SEAT.c.person_id).where(SEAT.c.id == made.substitute)).scalar_one())
    substitute = await door.look(lambda uow: privacy.held(uow, ola))
    for language in ("pl", "en", "uk"):
        t = i18n.translator(language)
        shown = facts(own_data.mine(held, t))
        assert shown[t("Meetings: calls, answers and what you noted")] == "9"
        assert held.calendar_since is not None
        assert shown[t("Secret address of your calendar")] == t("made on {day}", day=t.day(held.calendar_since))
        (place,) = own_data.mine(substitute, t).items
        assert substitute.places[0].only_on is not None
        assert t("only for the meeting on {day}", day=t.day(substitute.places[0].only_on)) in place


async def test_nobody_sees_anothers(door: Door) -> None:
    """A coordinator, a colleague and a stranger ask the same and see their own data or none; nothing in it is Anna's."""
    made = await network(door)
    await network(door, "lsr-ilawa", IGOR)
    await let_anna_in(door, made)
    for intent in OWN:
        if isinstance(intent, Erase):
            continue
        for reply in (await page(door, made.ewa, intent), await press(door, EWA, intent), await press(door, IGOR, intent)):
            said = repr(reply.screen) + ("" if reply.document is None else reply.document.content.decode())
            assert "Anna" not in said, intent
            assert "gops.example" not in said, intent
    before = await dump(door.store)
    for intent in OWN:
        for nobody in (await page(door, None, intent), await page(door, 10**6, intent), await press(door, 999_999, intent)):
            assert nobody.at == Home()
            assert nobody.document is None
            assert nobody.screen.title == T("Secretariat of cooperation bodies")
    assert await dump(door.store) == before


async def test_the_download_has_everything_and_only_theirs(door: Door) -> None:
    """A JSON file in UTF-8 with names for people; the same as the office gives; on a page by a look that changes nothing."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    await draft_of(door, made, anna)
    reply = await page(door, anna, DownloadMine())
    assert reply.document is not None
    assert reply.document.name.endswith(".json")
    assert reply.document.media_type.startswith("application/json")
    told = json.loads(reply.document.content.decode("utf-8"))
    assert told == json.loads(json.dumps(await door.look(lambda uow: privacy.export(uow, anna))))
    text = reply.document.content.decode()
    assert "Gminny Ośrodek Pomocy Społecznej w Modliborzycach" in text, "letters are written as letters"
    assert "Jan Kos" not in text
    assert (await press(door, ANNA, DownloadMine())).document is None


# --- correcting -------------------------------------------------------------------------------------------------------


async def test_a_name_is_corrected(door: Door) -> None:
    """The form holds the present name; a mistake is told at the field with what was written; then the new one stands."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    form = (await page(door, anna, AskName())).screen.form
    assert form is not None
    assert (form.fields[0].value, form.fields[0].autocomplete) == ("Anna Nowak", "name")
    before = await dump(door.store)
    for name in ("", "   ", "=cmd()", "x" * 300):
        reply = await page(door, anna, ChangeName(), name=name)
        assert isinstance(reply.refusal, Invalid)
        assert reply.screen.form is not None
        assert reply.screen.form.fields[0].value == name
        assert reply.screen.form.fields[0].problem == reply.screen.problem != ""
    assert await dump(door.store) == before
    done = await page(door, anna, ChangeName(), name="Anna  Nowak-Kos")
    assert done.at == SeeMine()
    assert facts(done.screen)[T("First and last name")] == "Anna Nowak-Kos"


async def test_a_chat_leads_to_the_forms(door: Door) -> None:
    """A press brings no name and no address: the chat leads to the page, and a forged press changes nothing."""
    made = await network(door)
    await let_anna_in(door, made)
    before = await dump(door.store)
    for ask, take in ((AskName(), ChangeName()), (AskEmail(), ChangeEmail())):
        for pressed in (ask, take):
            assert isinstance(pressed, AskName | ChangeName | AskEmail | ChangeEmail)
            keyboard = telegram.render((await press(door, ANNA, pressed)).screen, T).keyboard
            assert encode(OpenPage(place_of(ask))) in {button.data for row in keyboard for button in row}
    assert await dump(door.store) == before


async def test_a_new_address_is_asked_for_the_same_whoever_has_it(door: Door) -> None:
    """The answer tells nobody whose an address is: free, a colleague's, another network's."""
    made = await network(door)
    await network(door, "lsr-ilawa", IGOR)
    anna = await let_anna_in(door, made)
    answers = set()
    for email in ("nowy@dom.example", "jan@gops.example", "ewa@kis.example"):
        reply = await page(door, anna, ChangeEmail(), email=email)
        assert reply.refusal is None
        assert reply.at == SeeMine()
        answers.add(repr(replace(reply, screen=replace(reply.screen, facts=()))))
    assert len(answers) == 1
    assert await email_of(door, anna) == ("anna@gops.example", False), "nothing changes before it is confirmed"
    assert (await door.look(lambda uow: notices.ledger(uow, f"person:{anna}")))[0].occasion == "confirm_email"


async def test_a_wrong_address_is_told_at_its_field(door: Door) -> None:
    """No address, two addresses, words: the sentence, the form as it was written; too many letters are refused with an hour."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    before = await dump(door.store)
    for email in ("", "anna", "a@b.example, c@d.example", "<script>@x"):
        reply = await page(door, anna, ChangeEmail(), email=email)
        assert isinstance(reply.refusal, Invalid)
        assert reply.screen.form is not None
        assert reply.screen.form.fields[0].value == email
        assert reply.screen.form.fields[0].problem
    assert await dump(door.store) == before
    refusals = [
        (await page(door, anna, ChangeEmail(), email=f"n{n}@dom.example")).refusal for n in range(privacy.MOST_FOR_PERSON + 1)
    ]
    assert refusals[:-1] == [None] * privacy.MOST_FOR_PERSON
    assert isinstance(refusals[-1], TooOften)


async def test_a_link_confirms_the_address_and_tells_no_name(door: Door) -> None:
    """The letter may reach a wrong mailbox: the page names the address only. Looking changes nothing; confirming twice is once."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    token = (await door.act(lambda uow: links.issue(uow, anna, "email", email="nowy@dom.example"))).token
    seen = await page(door, None, SeeEmailLink(token))
    assert facts(seen.screen) == {T("E-mail address"): "nowy@dom.example"}
    assert "Anna" not in repr(seen.screen)
    assert "GOPS" not in repr(seen.screen)
    assert await email_of(door, anna) == ("anna@gops.example", False)
    before = await dump(door.store)
    for somebody in (None, made.ewa):  # a stranger whose mailbox a mistyped address was, and another member
        reply = await page(door, somebody, ConfirmEmail(token))
        assert isinstance(reply.refusal, Refused)
        assert "Anna" not in repr(reply.screen)
        assert await dump(door.store) == before
    for _ in range(2):
        done = await page(door, anna, ConfirmEmail(token))
        assert done.refusal is None
        assert "nowy@dom.example" in done.screen.notice
        assert await email_of(door, anna) == ("nowy@dom.example", True)
        assert done.at == SeeMine()
        assert facts(done.screen)[T("E-mail")] == T("{email} (confirmed)", email="nowy@dom.example")
    assert isinstance((await page(door, None, SeeEmailLink(token))).refusal, Refused)


async def test_other_links_confirm_nothing(door: Door) -> None:
    """A sign-in link, an invention, a withdrawn link: no address is confirmed by them."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    entry = (await door.act(lambda uow: links.issue(uow, anna, "enter"))).token
    withdrawn = (await door.act(lambda uow: links.issue(uow, anna, "email", email="a@b.example"))).token
    await door.act(lambda uow: links.issue(uow, anna, "email", email="c@d.example"))
    before = await dump(door.store)
    for token in (entry, withdrawn, "A" * 24, "x"):
        for intent in (SeeEmailLink(token), ConfirmEmail(token)):
            reply = await page(door, None, intent)
            assert isinstance(reply.refusal, Refused)
            assert "b.example" not in repr(reply.screen)
    assert await dump(door.store) == before


# --- being erased -----------------------------------------------------------------------------------------------------


async def test_erasure_is_explained_asked_for_and_done(door: Door) -> None:
    """What goes, what stays and why; one more button; then the person is a stranger, in the chat and in every browser."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    await draft_of(door, made, anna)
    session = await door.act(lambda uow: sessions.begin(uow, anna, browser="b", came_by="link:1"))
    asked = (await page(door, anna, AskErase())).screen
    assert Erase() in leads_to(asked)
    assert SeeMine() in leads_to(asked)
    why = (await door.look(lambda uow: privacy.remains(uow, anna))).why
    assert asked.items == tuple(T(one) for one in why)
    assert any("Gminny Ośrodek" in paragraph for paragraph in asked.paragraphs), "the places that will be empty"
    assert spoken_of(await dump(door.store), "Anna Nowak")
    done = await page(door, anna, Erase())
    assert done.session == ""
    assert done.at == Home()
    assert done.screen.title == T("Secretariat of cooperation bodies")
    assert not spoken_of(await dump(door.store), "Anna Nowak")
    assert not spoken_of(await dump(door.store), "anna@gops.example")
    assert await door.look(lambda uow: sessions.find(uow, session)) is None
    assert await door.look(lambda uow: people.by_telegram(uow, ANNA)) is None
    assert (await press(door, ANNA, SeeMine())).at == Home()
    assert (await page(door, anna, Erase())).refusal is None, "once more, it is the same"


async def test_a_coordinator_is_told_whom_nobody_will_coordinate(door: Door) -> None:
    """The last coordinator may go too, but is told which network stays without one; in the chat it works the same."""
    made = await network(door)
    await let_anna_in(door, made)
    asked = (await press(door, EWA, AskErase())).screen
    assert (
        T("Nobody will coordinate {bodies} until the operator gives the post to somebody else.", bodies="Lokalna Sieć lsr-janow")
        in asked.paragraphs
    )
    await coordinator(door, made.body, 2010, number=2)
    asked = (await press(door, EWA, AskErase())).screen
    assert not any("Lokalna Sieć lsr-janow" in paragraph for paragraph in asked.paragraphs), "a second coordinator stays"
    await press(door, EWA, Erase())
    assert not spoken_of(await dump(door.store), "Ewa Lis")
    assert spoken_of(await dump(door.store), "Anna Nowak"), "nobody else's data"
    assert (await press(door, EWA, SeeDesk(made.body))).at == Home()
    assert isinstance((await press(door, ANNA, SeeDesk(made.body))).refusal, NotFound)


async def test_an_erasure_that_cannot_be_written_down_erases_nothing(door: Door, tmp_path: Path) -> None:
    """When the list that outlives backups cannot be written, the person is told so, and everything stands as it was."""
    made = await network(door)
    anna = await let_anna_in(door, made)
    (tmp_path / "erasures.jsonl").mkdir()
    bare = Door(door.store, door.clock, replace(door.house, erasures=tmp_path / "erasures.jsonl"))
    before = await dump(door.store)
    reply = await page(bare, anna, Erase())
    assert isinstance(reply.refusal, Refused)
    assert reply.session is None
    assert await dump(door.store) == before
