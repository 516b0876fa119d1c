"""The people around a card: the second representative, the coordinator, somebody of two networks, and whoever changes their mind."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from konwent_bot import i18n
from konwent_bot.chat import Chat
from konwent_bot.office import invitations, rounds
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.screens import words
from konwent_bot.screens.intents import AskLeave, ChangeCard, ChooseLanguage, Home, Leave, OpenCard, SeeCoverage
from konwent_bot.store.tables import CARD_ROUND, DIALOGUE, PERSON, SEAT
from tests.conversations.answers import MEANT, already, cards, draft, give, in_review, versions
from tests.conversations.house import dump
from tests.conversations.network import ILAWA, Network, make
from tests.conversations.people import Member, buttons, kind, verb
from tests.sandbox.phone import Sandbox

GOPS = "GOPS Modliborzyce"


async def send_card(member: Member, door: Door) -> None:
    """Answer the last question and send the card, the rest having been answered on another day."""
    await already(member, door, {name: MEANT[name] for name in MEANT if name != "conclusion"})
    await give(member, MEANT["conclusion"])
    await member.press(verb("confirm"))


async def test_the_second_representative_sees_the_card_is_done_and_may_change_it(
    anna: Member, sandbox: Sandbox, live_door: Door, network: Network
) -> None:
    """One card per institution: the second person sees by whose seat it was sent, changes one answer, and version 2 counts."""
    await anna.open_card()
    await send_card(anna, live_door)
    bogdan = await Member.make(sandbox, "Bogdan", "uk")
    said = await bogdan.accept(network.tokens[GOPS, "delegate"])
    head = words.place(bogdan.t, "head")
    assert head in said.text, "the list of matters says who has sent it"
    said = await bogdan.open_card()
    assert bogdan.t("The cooperation card has been sent") in said.text
    assert head in said.text
    said = await bogdan.press(ChangeCard)
    assert in_review(said)
    assert head in said.text
    await bogdan.press(verb("edit", "plan"))
    await give(bogdan, 4)
    await bogdan.press(verb("confirm"))
    assert await cards(live_door) == [(2, "delegate", MEANT | {"plan": 4})]
    assert [(version, role) for version, role, _ in await versions(live_door)] == [(1, "head"), (2, "delegate")]
    said = await anna.press(Home)
    assert words.place(anna.t, "delegate") in said.text


async def test_two_drafts_of_one_institution_make_one_card(
    anna: Member, sandbox: Sandbox, live_door: Door, network: Network
) -> None:
    """Both representatives fill in at the same time; whoever sends second is told in the review that a card stands already."""
    bogdan = await Member.make(sandbox, "Bogdan", "pl")
    await bogdan.accept(network.tokens[GOPS, "delegate"])
    await anna.open_card()
    await bogdan.open_card()
    for member in (anna, bogdan):
        await already(member, live_door, {name: MEANT[name] for name in MEANT if name != "conclusion"})
        assert in_review(await give(member, MEANT["conclusion"]))
    await anna.press(verb("confirm"))
    await bogdan.press(verb("edit", "goals"))
    said = await give(bogdan, 2)
    assert words.place(bogdan.t, "head") in said.text
    await bogdan.press(verb("confirm"))
    assert await cards(live_door) == [(2, "delegate", MEANT | {"goals": 2})]


async def test_home_lists_the_nearest_deadline_first(
    sandbox: Sandbox, live_door: Door, network: Network, chat: Chat
) -> None:  # fmt: skip
    """A head who is also a delegate elsewhere finds both cards, the one due sooner above."""
    other = await make(live_door, slug="ilawa", names=ILAWA)
    sooner = (await live_door.act(lambda uow: uow.today)) + timedelta(days=3)

    def soon(uow: object) -> None:
        uow.execute(  # type: ignore[attr-defined]
            update(CARD_ROUND)
            .where(CARD_ROUND.c.id == other.round)
            .values(closes_on=sooner, closes_at=rounds.end_of_day(uow, sooner))  # type: ignore[arg-type]
        )

    await live_door.act(soon)
    ewa = await Member.make(sandbox, "Ewa", "pl")
    await ewa.accept(network.tokens[GOPS, "head"])
    said = await ewa.accept(other.tokens["PUP Iława", "delegate"])
    assert said.text.index("PUP Iława") < said.text.index(GOPS)
    assert ewa.t.day(sooner) in said.text
    opened = [button.intent for button in buttons(said) if isinstance(button.intent, OpenCard)]
    assert opened == [OpenCard(other.round, other.memberships["PUP Iława"]), OpenCard(network.round, network.memberships[GOPS])]


async def test_somebody_of_two_networks_answers_for_each_apart(
    sandbox: Sandbox, live_door: Door, network: Network, chat: Chat
) -> None:
    """Answers given for one institution never stand in the other's card, though one person gives them in turn."""
    other = await make(live_door, slug="ilawa", names=ILAWA)
    ewa = await Member.make(sandbox, "Ewa", "uk")
    await ewa.accept(network.tokens[GOPS, "head"])
    await ewa.accept(other.tokens["GOPS Iława", "delegate"])
    mine, theirs = network.memberships[GOPS], other.memberships["GOPS Iława"]
    said = await ewa.open_card(mine)
    assert GOPS in said.text
    assert "Iława" not in said.text
    await give(ewa, 1)
    await ewa.type("/sprawy")
    said = await ewa.open_card(theirs)
    assert "GOPS Iława" in said.text
    assert GOPS not in said.text
    await give(ewa, 5)
    await ewa.type("/sprawy")
    await ewa.open_card(mine)
    await give(ewa, 2)
    rows = await live_door.look(lambda uow: uow.execute(select(DIALOGUE.c.membership_id, DIALOGUE.c.id)).all())
    found = {row.membership_id: await draft(live_door, row.id) for row in rows}
    assert found == {mine: {"goals": 1, "composition": 2}, theirs: {"goals": 5}}


async def test_two_seats_of_one_institution_are_one_matter(
    anna: Member, live_door: Door, network: Network
) -> None:  # fmt: skip
    """Whoever holds both seats of an institution is asked once, and answers as its head."""
    said = await anna.accept(network.tokens[GOPS, "delegate"])
    assert len([button for button in buttons(said) if isinstance(button.intent, OpenCard)]) == 1
    await anna.open_card()
    await send_card(anna, live_door)
    assert await cards(live_door) == [(1, "head", MEANT)]


async def test_the_coordinator_sees_who_has_answered_and_not_what(
    anna: Member, sandbox: Sandbox, live_door: Door, network: Network
) -> None:
    """The coordinator's list tells for each institution of the network whether and when it answered, and nothing of the answers."""
    await make(live_door, slug="ilawa", names=ILAWA)
    kinga = await Member.make(sandbox, "Kinga", "pl")
    said = await kinga.accept(network.tokens["", "coordinator"])
    t = kinga.t
    assert t("{received} of {asked}", received=0, asked=3).split()[0] in said.text
    await anna.open_card()
    await send_card(anna, live_door)
    said = await kinga.press(SeeCoverage)
    assert t("{received} of {asked}", received=1, asked=3) in said.text
    lines = said.text.splitlines()
    assert words.place(t, "head") in next(line for line in lines if GOPS in line)
    assert t("{institution}: not yet; nobody has accepted the invitation", institution="OPS Janów Lubelski") in said.text
    assert "kalendarz" not in said.text
    assert "Iława" not in said.text
    assert not [button for button in buttons(said) if isinstance(button.intent, OpenCard)], (
        "the coordinator has no card of their own"
    )


async def test_a_change_of_language_changes_everything_said_from_then_on(anna: Member, live_door: Door) -> None:
    """Somebody who chooses Ukrainian is asked the rest of the card in Ukrainian; what was answered stays."""
    await anna.open_card()
    await give(anna, 3)
    await anna.type("/ustawienia")
    uk = i18n.translator("uk")
    said = await anna.press(kind(ChooseLanguage, language="uk"))
    assert uk("Settings") in said.text
    await anna.press(Home)
    said = await anna.open_card()
    assert uk("question {number}", number=2) in said.text
    flow = live_door.house.flows.flows["karta-wspolpracy"]
    assert uk.flow("karta-wspolpracy/composition/prompt", flow.question("composition").prompt) in said.text
    assert await draft(live_door) == {"goals": 3}


async def test_leaving_forgets_the_account_and_the_draft(anna: Member, live_door: Door, network: Network) -> None:
    """Leaving is asked about once; then drafts and the account are gone, old buttons do nothing, a new invitation lets back in."""
    await anna.open_card()
    said = await give(anna, 3)
    old = buttons(said)[0].data
    await anna.type("/ustawienia")
    said = await anna.press(AskLeave)
    said = await anna.press(Leave)
    assert anna.t("You have left. Nothing will be sent to you and nothing opens for you here.") in said.text
    held = await dump(live_door.store)
    assert held["dialogue"] == held["dialogue_event"] == []
    person = await live_door.look(lambda uow: uow.execute(select(PERSON.c.telegram_id, PERSON.c.accepted_at)).all())
    assert [tuple(row) for row in person] == [(None, None)]
    said = await anna.press_data(old, said.message_id)
    assert GOPS not in said.text
    assert await dump(live_door.store) == held
    said = await anna.type("/sprawy")
    assert anna.t("To begin, open the personal invitation link from the coordinator of your network.") in said.text
    seat = await live_door.look(
        lambda uow: uow.execute(
            select(SEAT.c.id).where(SEAT.c.membership_id == network.memberships[GOPS], SEAT.c.role == "head")
        ).scalar_one()
    )
    again = await live_door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat).token)
    said = await anna.accept(again)
    assert GOPS in said.text


async def test_a_group_hears_only_where_to_go(
    anna: Member, sandbox: Sandbox, live_door: Door, network: Network
) -> None:  # fmt: skip
    """In a group chat a command gets a link to the private chat, an answer typed there is none, and nobody's matters are shown."""
    await anna.open_card()
    group = (await sandbox.ask("POST", "/groups", {"title": "Sieć", "members": [anna.phone.id]}))["id"]
    noted = select(DIALOGUE.c.message_id)
    while await live_door.look(lambda uow: uow.execute(noted).scalar_one_or_none()) is None:
        pass  # which message shows the question is noted after it was shown
    before = await dump(live_door.store)
    place = f"/phone/{anna.phone.id}/group/{group}"
    for text in ("/sprawy", f"/start {network.tokens['OPS Janów Lubelski', 'head']}", "4", "/przerwij"):
        await sandbox.ask("POST", f"{place}/send", {"text": text})
    await anna.type("/pomoc")
    heard: list[dict[str, object]] = []
    while len(heard) < 3:
        shown = await sandbox.ask("GET", place)
        heard = [message for message in shown["messages"] if message["from"] == "bot"]
    assert len(heard) == 3
    for message in heard:
        assert anna.t("Matters of the network are dealt with in a private chat with this bot.") in str(message["text"])
        assert "GOPS" not in str(message)
        assert "Janów" not in str(message)
        assert "callback" not in str(message), "nothing can be done from a group"
    after = await dump(live_door.store)
    assert {name for name in after if after[name] != before[name]} <= {"person"}, "only /pomoc in private took the question away"
    assert await draft(live_door) == {}


async def test_blocking_and_coming_back_is_noticed(anna: Member, live_door: Door) -> None:
    """Whether Telegram takes our messages to somebody is known from the moment they block the bot or come back."""

    async def reach() -> str:
        return str(await live_door.look(lambda uow: uow.execute(select(PERSON.c.reach)).scalar_one()))

    await anna.open_card()
    assert await reach() == "reachable"
    await anna.phone.block()
    while await reach() != "blocked":
        await anna.phone.look()
    await anna.phone.unblock()
    while await reach() != "reachable":
        await anna.phone.look()
    said = await anna.type("4")
    assert anna.t("question {number}", number=2) in said.text, "the conversation goes on where it was"
    assert await draft(live_door) == {"goals": 4}


async def test_an_answer_from_somebody_who_then_blocks_counts(
    anna: Member, sandbox: Sandbox, live_door: Door
) -> None:  # fmt: skip
    """An answer given a moment before blocking is stored, though it cannot be confirmed on the phone any more."""
    said = await anna.open_card()
    await sandbox.ask("POST", "/updates/hold", {"on": True})
    _, button = await anna.find(verb("answer", "4"), said)
    await anna.phone.tap_data(said.message_id, button.data)
    await anna.phone.block()
    await sandbox.ask("POST", "/updates/hold", {"on": False})
    await sandbox.ask("POST", "/updates/release", {})
    while await draft(live_door) != {"goals": 4}:
        await anna.phone.look()
