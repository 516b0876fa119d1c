"""A member fills in the cooperation card, end to end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from konwent_bot import i18n
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.screens.intents import AskDiscard, ChangeCard, Discard, Home, OpenCard, Pause, Resume, SeeInvitation
from konwent_bot.store.engines import Store
from konwent_bot.store.tables import AUDIT_ENTRY, DIALOGUE, DIALOGUE_EVENT
from tests.conversations.answers import MEANT, SHORT, already, cards, draft, fill_in, give, in_review, versions
from tests.conversations.house import answering, dump, spoken_of
from tests.conversations.network import Network, make
from tests.conversations.people import Member, buttons, kind, touches, verb
from tests.sandbox.phone import Sandbox


@pytest.mark.parametrize(("way", "language"), [("polling", "pl"), ("webhook", "uk")])
async def test_a_head_fills_in_the_whole_card_and_changes_an_answer_at_review(
    sandbox: Sandbox, live_door: Door, network: Network, way: str, language: str
) -> None:
    """A head accepts the invitation, answers every question, changes two answers at review, and sends the card."""
    async with answering(sandbox, live_door, way):
        head = await Member.make(sandbox, "Olena", language)
        t = head.t
        said = await head.accept(network.tokens["GOPS Modliborzyce", "head"])
        assert t("Welcome. Your place in the network is confirmed.") in said.text
        assert "GOPS Modliborzyce" in said.text
        said = await head.press(OpenCard)
        assert t("It takes about {minutes} min.", minutes=6) in said.text
        said = await head.press(Resume)
        assert t("question {number}", number=1) in said.text
        said = await fill_in(head, MEANT)
        assert in_review(said)
        assert "Wspólny kalendarz spotkań" in said.text
        assert await cards(live_door) == []
        # Changing an answer opens a new question, which is asked before the review comes back.
        said = await head.press(verb("edit", "barriers"))
        said = await give(head, ["other"])
        assert not in_review(said)
        said = await head.type("Brak wspólnego samochodu")
        assert in_review(said)
        assert "Brak wspólnego samochodu" in said.text
        said = await head.press(verb("edit", "goals"))
        assert t("Your answer so far: {answer}", answer="1 – zdecydowanie nie" if language == "pl" else "1 – ")[:20] in said.text
        said = await give(head, 5)
        assert in_review(said)
        said = await head.press(verb("confirm"))
        assert t("The card has been sent") in said.text
    expected = MEANT | {"goals": 5, "barriers": ["time", "staff", "other"], "barriers_other": "Brak wspólnego samochodu"}
    assert await cards(live_door) == [(1, "head", expected)]
    assert await versions(live_door) == [(1, "head", expected)]
    # The draft and the log of what was said keep no answer; the card alone does.
    held = await dump(live_door.store)
    assert [table for table, rows in held.items() if any("samochodu" in row for row in rows)] == ["card", "card_version"]


def first(number: int) -> dict[str, object]:
    """Give what is meant for the first questions."""
    return {name: MEANT[name] for name in list(MEANT)[:number]}


async def test_the_short_card_asks_ten_questions(sandbox: Sandbox, live_door: Door) -> None:
    """A body that chose the short card asks items 1-8, 17 and 18, and nothing else."""
    network = await make(live_door, variant="short")
    async with answering(sandbox, live_door):
        head = await Member.make(sandbox, "Anna")
        await head.accept(network.tokens["GOPS Modliborzyce", "head"])
        await head.open_card()
        assert in_review(await fill_in(head, SHORT))
        await head.press(verb("confirm"))
    assert await cards(live_door) == [(1, "head", SHORT)]


async def test_going_back_shows_the_answer_given_and_keeps_it(anna: Member, live_door: Door) -> None:
    """Back shows the former question with its answer ticked; leaving it as it is goes on to where one was."""
    await anna.open_card()
    await give(anna, 2)
    await give(anna, 3)
    said = await anna.press(verb("back"))
    assert "✓ 3" in said.labels
    said = await anna.press(verb("back"))
    assert "✓ 2" in said.labels
    assert not any(touch.verb == "back" for touch in touches(said)), "there is nothing before the first question"
    said = await anna.press(verb("done"))
    assert anna.t("question {number}", number=3) in said.text
    assert await draft(live_door) == {"goals": 2, "composition": 3}


async def test_marks_are_set_and_taken_back_until_done(anna: Member, live_door: Door) -> None:
    """Marks of a list are ticked one by one, "none" takes the others away, and Done needs at least one."""
    await anna.open_card()
    await already(anna, live_door, first(15))
    said = await anna.press(verb("done"))
    assert await draft(live_door) == first(15), "nothing was marked, so nothing is stored"
    said = await anna.press(verb("mark", "phone"))
    said = await anna.press(verb("mark", "email"))
    ticked = {button.label for button in buttons(said) if isinstance(button.intent, Touch) and button.intent.verb == "unmark"}
    assert len(ticked) == 2
    said = await anna.press(verb("unmark", "phone"))
    said = await anna.press(verb("mark", "none"))
    ticked = {
        button.intent.argument for button in buttons(said) if isinstance(button.intent, Touch) and button.intent.verb == "unmark"
    }
    assert ticked == {"none"}
    await anna.press(verb("done"))
    assert (await draft(live_door))["contact_forms"] == ["none"]


async def test_at_most_three_barriers_can_be_marked(anna: Member, live_door: Door) -> None:
    """A fourth barrier is refused with a sentence that says how many there may be; the three stay."""
    await anna.open_card()
    await already(anna, live_door, first(16))
    for choice in ("time", "staff", "law"):
        await anna.press(verb("mark", choice))
    said = await anna.press(verb("mark", "funding"))
    assert anna.t("Please mark at most {max}.", max=3) in said.text
    await anna.press(verb("done"))
    assert (await draft(live_door))["barriers"] == ["law", "time", "staff"]


async def test_an_optional_question_may_be_skipped(anna: Member, live_door: Door) -> None:
    """The last question may stay without an answer; the review says so, and the card is sent without it."""
    await anna.open_card()
    await already(anna, live_door, first(17))
    said = await anna.press(verb("skip"))
    assert in_review(said)
    assert anna.t("(skipped)") in said.text
    await anna.press(verb("confirm"))
    [(_, _, answers)] = await cards(live_door)
    assert answers == {name: value for name, value in MEANT.items() if name != "conclusion"}


async def test_a_break_keeps_the_draft_and_the_same_question_comes_back(anna: Member, live_door: Door) -> None:
    """Breaking off answers nothing; what is typed then belongs to nothing; coming back goes on at the same question."""
    await anna.open_card()
    await give(anna, 2)
    await give(anna, 3)
    said = await anna.press(Pause)
    assert anna.t("Your answers so far are saved. You can go on at any time, from the same question.") in said.text
    said = await anna.type("5")
    assert anna.t("My matters") in said.text
    assert await draft(live_door) == {"goals": 2, "composition": 3}
    said = await anna.open_card()
    assert anna.t("question {number}", number=3) in said.text
    said = await anna.type("/przerwij")
    said = await anna.press(kind(Resume))
    assert anna.t("question {number}", number=3) in said.text


async def test_deleting_the_draft_is_asked_about_first(anna: Member, live_door: Door) -> None:
    """A draft goes only after a second, separate press, with everything that was said in it."""
    await anna.open_card()
    await already(anna, live_door, first(17))
    await give(anna, MEANT["conclusion"])
    said = await anna.press(AskDiscard)
    assert anna.t("Delete the draft?") in said.text
    said = await anna.press(Resume)
    assert in_review(said)
    await anna.press(AskDiscard)
    said = await anna.press(Discard)
    assert anna.t("The draft has been deleted.") in said.text
    held = await dump(live_door.store)
    assert held["dialogue"] == held["dialogue_event"] == held["card"] == []
    assert spoken_of(held, "kalendarz") == []
    said = await anna.open_card()
    assert anna.t("question {number}", number=1) in said.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("4", 4), (" 5. ", 5), ("raczej tak", 4), ("ZDECYDOWANIE NIE", 1), ("nie wiem", "unknown"), ("Nie wiem / nie dotyczy", "unknown")],
)  # fmt: skip
async def test_what_is_typed_is_understood_where_it_is_clear(
    anna: Member, live_door: Door, typed: str, meant: object
) -> None:  # fmt: skip
    """A number, a label or "nie wiem" typed instead of pressed is an answer, and is read back."""
    await anna.open_card()
    said = await anna.type(typed)
    assert await draft(live_door) == {"goals": meant}
    assert anna.t("question {number}", number=2) in said.text


async def test_what_is_typed_and_unclear_is_asked_about(anna: Member, live_door: Door) -> None:
    """Words that are no answer change nothing: the bot says what would do, and asks again."""
    await anna.open_card()
    for typed in ("6", "0", "tak", "4 i 5", "📎", "'; drop table card; --"):
        said = await anna.type(typed)
        assert "⚠️" in said.text
        assert anna.t("question {number}", number=1) in said.text
    assert await draft(live_door) == {}


async def test_editing_a_message_changes_the_answer_it_gave(anna: Member, live_door: Door) -> None:
    """A text corrected in Telegram corrects that answer, wherever the conversation is now; nothing else moves."""
    await anna.open_card()
    sent = await anna.phone.send("2")
    await anna.phone.wait_for(lambda said: said.message_id > int(sent["message_id"]) and bool(said.buttons))
    await anna.type("3")
    said = await anna.edit(int(sent["message_id"]), "5")
    assert await draft(live_door) == {"goals": 5, "composition": 3}
    assert anna.t("question {number}", number=3) in said.text, "the conversation goes on where it was"
    said = await anna.edit(int(sent["message_id"]), "nonsense")
    assert "⚠️" in said.text
    assert await draft(live_door) == {"goals": 5, "composition": 3}


async def test_a_correction_after_sending_changes_nothing(anna: Member, live_door: Door) -> None:
    """Once the card is sent, editing an old message does not touch it: the card is opened again for that."""
    await anna.open_card()
    sent = await anna.phone.send("2")
    await anna.phone.wait_for(lambda said: said.message_id > int(sent["message_id"]) and bool(said.buttons))
    await already(anna, live_door, {name: value for name, value in first(17).items() if name != "goals"})
    await give(anna, MEANT["conclusion"])
    await anna.press(verb("confirm"))
    before = await dump(live_door.store)
    await anna.phone.edit(int(sent["message_id"]), "5")
    await anna.type("/pomoc")  # what is answered after the edit was taken after the edit
    assert await dump(live_door.store) == before


PERSONAL = ("44051401359", "PESEL: 44 05 14 013 59", "tel. 600 700 800", "jan.kowalski@gops.pl")


async def test_personal_data_are_refused_and_stored_nowhere(anna: Member, live_door: Door) -> None:
    """A PESEL, a telephone number or an address in a free text is refused with the reason, and stands nowhere in the database."""
    await anna.open_card()
    await already(anna, live_door, first(17))
    before = await dump(live_door.store)
    for found in PERSONAL:
        said = await anna.type(f"Pan Jan ({found}) prosi o kontakt")
        assert "⚠️" in said.text
        assert not in_review(said)
        assert found not in said.text, "what was found is not repeated"
        after = await dump(live_door.store, but=frozenset())
        for part in (found, found.replace(" ", ""), "Pan Jan"):
            assert spoken_of(after, part) == []
        changed = {name for name, rows in before.items() if rows != after[name]}
        assert changed <= {"dialogue"}, "only which message shows the question may have changed"
    assert in_review(await anna.type("Więcej wspólnych spotkań"))


async def test_editing_a_refused_text_is_answered(anna: Member, live_door: Door) -> None:
    """Whoever takes the number out of a refused text by editing it is shown the question again, not left in silence."""
    await anna.open_card()
    await already(anna, live_door, first(17))
    sent = await anna.phone.send("Proszę dzwonić: 600 700 800")
    await anna.phone.wait_for(lambda said: said.message_id > int(sent["message_id"]) and "⚠️" in said.text)
    said = await anna.edit(int(sent["message_id"]), "Proszę dzwonić")
    assert (
        anna.t("That button or message belongs to an earlier question, so nothing was changed. This is where you are now.")
        in said.text
    )
    assert "conclusion" not in await draft(live_door)
    assert in_review(await anna.type("Proszę dzwonić"))


async def test_the_card_is_changed_after_sending_until_the_round_closes(anna: Member, live_door: Door, sandbox: Sandbox) -> None:
    """A card sent may be opened again and sent anew, as version 2; after the last day it may not."""
    await anna.open_card()
    await already(anna, live_door, first(17))
    await give(anna, MEANT["conclusion"])
    await anna.press(verb("confirm"))
    said = await anna.press(ChangeCard)
    assert in_review(said)
    assert anna.t("head of the institution") in said.text, "it says who sent the card that stands"
    await anna.press(verb("edit", "trust"))
    await give(anna, 1)
    await anna.press(verb("confirm"))
    assert [(version, answers["trust"]) for version, _, answers in await versions(live_door)] == [(1, MEANT["trust"]), (2, 1)]
    said = await anna.press(ChangeCard)
    await sandbox.move_clock(32 * 86400)
    before = await dump(live_door.store)
    said = await anna.press(verb("confirm"))
    assert anna.t("This was not done") in said.text
    assert await dump(live_door.store) == before
    said = await anna.press(Home)
    assert anna.t("Nothing awaits you now. We will write when something does.") in said.text


async def test_every_step_is_kept_without_names(anna: Member, live_door: Door) -> None:
    """What happened can be told afterwards: one step a turn, and an audit entry without names or answers."""
    await anna.open_card()
    await already(anna, live_door, first(17))
    await give(anna, MEANT["conclusion"])
    await anna.press(verb("confirm"))
    steps = await live_door.look(
        lambda uow: uow.execute(select(DIALOGUE_EVENT.c.turn, DIALOGUE_EVENT.c.value).order_by(DIALOGUE_EVENT.c.turn)).all()
    )
    assert [step.turn for step in steps] == list(range(1, len(steps) + 1))
    assert {step.value for step in steps} == {None}
    entries = await live_door.look(lambda uow: uow.execute(select(AUDIT_ENTRY.c.act, AUDIT_ENTRY.c.subject)).all())
    assert ("card.submit", "card:1 version:1") in [tuple(entry) for entry in entries]
    done = await live_door.look(lambda uow: uow.execute(select(DIALOGUE.c.status)).scalars().all())
    assert done == ["done"]


async def test_the_store_is_as_it_was_until_the_invitation_is_accepted(
    sandbox: Sandbox, live_door: Door, network: Network, way: str, store: Store
) -> None:
    """Looking at an invitation, choosing a language and going away stores nothing but the numbers of the updates."""
    async with answering(sandbox, live_door, way):
        before = await dump(store)
        olena = await Member.make(sandbox, "Olena", "uk")
        token = network.tokens["GOPS Modliborzyce", "head"]
        await olena.phone.start(token)
        said = await olena.phone.wait_for(lambda m: "GOPS Modliborzyce" in m.text)
        uk, pl = i18n.translator("uk"), i18n.translator("pl")
        for t in (uk, pl):
            if t is pl:
                said = await olena.press(kind(SeeInvitation, language="pl"))
            for point in ("Why: so that", "How long: as long", "Your rights: to see", "What is stored: your name"):
                msgid = next(one for one in _privacy() if one.startswith(point))
                assert t(msgid) in said.text
            assert live_door.house.controller in said.text
            assert live_door.house.controller_contact in said.text
        assert await dump(store) == before
        await olena.phone.tap(pl("This is not for me"))
        nothing = "Nothing has been stored. If the invitation is for somebody else, please tell the coordinator."
        await olena.phone.wait_for(lambda m: uk(nothing) in m.text)
        await olena.type("dzień dobry")
        await olena.phone.block()
        await olena.phone.unblock()
        await olena.type("/sprawy")
        assert await dump(store) == before


def _privacy() -> list[str]:
    """Give the msgids of the privacy notice."""
    from konwent_bot.screens import home

    class Echo:
        def __call__(self, msgid: str) -> str:
            return msgid

    return list(home.privacy_points(Echo()))  # type: ignore[arg-type]  # it only says msgids here
