"""Minutes as their coordinator and minute-taker have them: drafted, written in by two, looked over, sent out."""

from __future__ import annotations

from sqlalchemy import select
from tests.conversations.house import dump
from tests.screens.decisions.test_ballots import offered, sent
from tests.screens.minuted import LATER, NOTE, OPS, OTHER, PDF
from tests.screens.personas import ANNA, BOGDAN, GOPS, IDA, KINGA, Stage, stage
from tests.screens.test_refusals import is_refusal, refused, visit, words

from konwent_bot import i18n
from konwent_bot.office import seats
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda_items
from konwent_bot.office.minutes import drafts, facts, notes, versions
from konwent_bot.office.minutes.notes import Note
from konwent_bot.office.people import Reader
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.screens import minutes_intents as n
from konwent_bot.screens import reception, telegram
from konwent_bot.screens.intents import Home, OpenPage
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.reception import Reply, Visitor
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Given
from konwent_bot.store.tables import AGENDA_ITEM

PL = i18n.translator("pl")


async def typed(door: Door, who: int, text: str) -> Reply:
    """Type a text in the chat, now."""
    reply, _ = await door.act(lambda uow: reception.hear(uow, Visitor(who), text, message=10**9, written_at=uow.now))
    return reply


def touch(screen: Screen, verb: str) -> Touch:
    """Give the button of a conversation that does this."""
    found = next(one for one in offered(screen) if isinstance(one, Touch) and one.verb == verb)
    assert isinstance(found, Touch)
    return found


async def said_and_confirmed(door: Door, who: int, text: str) -> Reply:
    """Answer the one question of a conversation in the chat, and confirm."""
    reviewed = await typed(door, who, text)
    reply, _ = await visit(door, who, touch(reviewed.screen, "confirm"))
    return reply


async def noted(door: Door, minutes: int) -> list[Note]:
    """Give what people wrote into minutes, as stored."""
    return list(await door.look(lambda uow: notes.of(uow, minutes)))


async def takes_minutes(door: Door, made: Stage, who: tuple[str, str] = (GOPS, "delegate")) -> None:
    """Let Bogdan be the network's minute-taker as well."""
    seat = made.seats[who]
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, made.janow.body, "minute_taker", seat=seat))


def point(made: Stage, page: int = 0) -> n.SeePoint:
    """Give the point under which two paragraphs stand."""
    return n.SeePoint(made.minuted.draft, f"item-{made.minuted.item}", page)


# --- the way in -------------------------------------------------------------------------------------------------------


async def test_the_minutes_are_found_at_home_and_at_their_meeting(door: Door) -> None:
    """Kinga finds the draft in her matters and on the meeting's own screen; members find none before it was sent out."""
    made = await stage(door)
    m = made.minuted
    home, _ = await visit(door, KINGA, Home())
    assert any(f"protokół nr {m.name} czeka na przejrzenie i rozesłanie" in line for line in home.screen.items)
    assert any(f"2 uwagi czekają na odpowiedź (Protokół nr {m.circulated_name})" in line for line in home.screen.items)
    assert {n.SeeDraft(m.draft), n.SeeRemarks(m.circulated)} <= set(offered(home.screen))
    meeting, _ = await visit(door, KINGA, SeeMeeting(m.meeting))
    assert n.SeeDraft(m.draft) in offered(meeting.screen)
    for who in (ANNA, BOGDAN):
        meeting, t = await visit(door, who, SeeMeeting(m.meeting))
        assert "Protokół" not in words(meeting.screen, t)
    for who in (ANNA, IDA):
        home, t = await visit(door, who, Home())
        assert m.name not in words(home.screen, t)


async def test_a_meeting_held_before_this_version_gets_its_minutes_when_somebody_opens_them(door: Door) -> None:
    """The screen of an old meeting offers minutes; opening them begins a draft with the next number, once."""
    made = await stage(door)
    item, following = made.gathering.past_item, int(made.minuted.name.partition("/")[0]) + 1
    meeting = await door.look(
        lambda uow: uow.execute(select(AGENDA_ITEM.c.meeting_id).where(AGENDA_ITEM.c.id == item)).scalar_one()
    )
    screen, _ = await visit(door, KINGA, SeeMeeting(meeting))
    assert n.OpenDraft(meeting) in offered(screen.screen)
    for _ in range(2):
        reply, _ = await visit(door, KINGA, n.OpenDraft(meeting))
        assert reply.screen.title == f"Protokół nr {following}/2026"
    await refused(door, made, ANNA, n.OpenDraft(meeting))


async def test_a_point_says_where_each_paragraph_comes_from(door: Door) -> None:
    """On the phone a point shows what the program wrote, the fact it is from, and what people added, each with a number to change it."""
    made = await stage(door)
    reply, t = await visit(door, KINGA, n.SeePoint(made.minuted.draft, "attendance"))
    said = telegram.render(reply.screen, t).html
    assert "<b>Źródło: obecność na spotkaniu</b>" in said
    assert "GOPS Modliborzyce; osoba kierująca" in said
    assert "Popraw obecność" in words(reply.screen, t)
    reply, t = await visit(door, KINGA, point(made))
    assert telegram.render(reply.screen, t).html.startswith(
        f"<b>5. Dyżury we wtorki</b>\nProtokół nr {made.minuted.name} · Spotkanie strategiczne"
    )
    assert [row.label for row in reply.screen.rows] == ["Dopisano; są dwa teksty do wyboru", "Dopisano"]
    assert {n.SeeNote(made.minuted.note), n.SeeNote(made.minuted.second)} <= set(offered(reply.screen))


async def test_whatever_is_long_fits_the_phone_and_leads_to_the_whole(door: Door) -> None:
    """Ten paragraphs of three thousand characters: every screen fits one message, the whole text is on a page, the point has pages of facts."""
    made = await stage(door)
    m = made.minuted
    long = "Bardzo długi zapis o dyżurach. " * 95
    actor, body = Actor(made.persons[KINGA]), made.janow.body
    for _ in range(10):
        await door.act(
            lambda uow: notes.write(
                uow, actor, notes_subject(body, m.draft, m.item), notes.Written(text=long)
            )
        )  # fmt: skip
    for intent in (point(made), n.SeeWholeDraft(m.draft), n.SeeDraft(m.draft), n.SeeNote((await noted(door, m.draft))[-1].id)):
        reply, t = await visit(door, KINGA, intent)
        assert len(telegram.render(reply.screen, t).html) <= telegram.MOST_CHARACTERS, intent
    whole, _ = await visit(door, KINGA, n.SeeWholeDraft(m.draft))
    assert any(isinstance(one, OpenPage) for one in offered(whole.screen))
    page = Visitor(Reader(made.persons[KINGA]), "pl", browser=made.cookies[KINGA])
    reply, _ = await door.act(lambda uow: reception.answer(uow, page, n.SeeWholeDraft(m.draft)))
    assert sum(long.strip() in text for section in reply.screen.sections for text in section.paragraphs) == 10


def notes_subject(body: int, minutes: int, item: int) -> Subject:
    """Name a point of minutes somebody writes under."""
    return Subject("minutes.write", body, minutes=minutes, item=item)


# --- writing ----------------------------------------------------------------------------------------------------------


async def test_a_paragraph_is_written_in_the_chat_under_its_point(door: Door) -> None:
    """Kinga presses "Dopisz akapit", types it, confirms, and is led back to the point; a supported person's number is refused."""
    made = await stage(door)
    m = made.minuted
    reply, t = await visit(door, KINGA, n.WriteNote(m.draft, f"item-{m.item}"))
    assert f"Protokół nr {m.name} · 5. Dyżury we wtorki" in words(reply.screen, t)
    wrong = await typed(door, KINGA, "Pan o numerze 44051401359 prosi o staż.")
    assert wrong.screen.problem
    assert len(await noted(door, m.draft)) == 2
    reply = await said_and_confirmed(door, KINGA, "Biblioteka ułoży plan dyżurów.")
    assert reply.screen.title == "Akapit jest w projekcie protokołu"
    assert point(made) in offered(reply.screen)
    assert (await noted(door, m.draft))[-1].body == "Biblioteka ułoży plan dyżurów."


async def test_a_paragraph_is_changed_from_what_stands(door: Door) -> None:
    """The question comes with the text that stands, moved and removed by a press; a text changed meanwhile is not removed unseen."""
    made = await stage(door)
    m = made.minuted
    reply, t = await visit(door, KINGA, n.ChangeNote(m.second))
    assert "Dotychczasowa odpowiedź: Do tematu wrócimy w maju." in words(reply.screen, t)
    await said_and_confirmed(door, KINGA, "Do tematu wrócimy w czerwcu.")
    reply, t = await visit(door, KINGA, n.MoveNote(m.second, "up"))
    assert "Do tematu wrócimy w czerwcu." in words(reply.screen, t)
    before = await noted(door, m.draft)
    assert [one.id for one in before] == [m.second, m.note]
    reply, _ = await visit(door, KINGA, n.RemoveNote(m.second, 1))
    assert reply.refusal is not None
    assert await noted(door, m.draft) == before
    reply, _ = await visit(door, KINGA, n.RemoveNote(m.second, 2))
    assert (reply.screen.notice, reply.at) == ("Akapit jest usunięty.", point(made))
    assert [one.id for one in await noted(door, m.draft)] == [m.note]


async def test_the_order_of_points_follows_the_meeting(door: Door) -> None:
    """A point is moved if it still stands where it was seen; an old button moves nothing and says so."""
    made = await stage(door)
    m = made.minuted

    async def order() -> list[str]:
        current = await door.look(lambda uow: drafts.current(uow, Actor(made.persons[KINGA]), m.draft))
        return [one.heading for one in current.draft.points]

    before = await order()
    reply, _ = await visit(door, KINGA, point(made))
    move = next(one for one in offered(reply.screen) if isinstance(one, n.MovePoint) and one.way == "up")
    reply, _ = await visit(door, KINGA, move)
    assert reply.screen.notice == "Przesunięto."
    moved = await order()
    assert moved.index("Dyżury we wtorki") == before.index("Dyżury we wtorki") - 1
    reply, _ = await visit(door, KINGA, move)
    assert reply.screen.notice.startswith("Punkty zmieniły się w międzyczasie")
    assert await order() == moved


async def test_a_file_goes_with_the_minutes(door: Door) -> None:
    """A page attaches a file by what is in it; a program is refused in place and nothing is attached."""
    made = await stage(door)
    m = made.minuted
    for content, name, problem in ((b"MZ\x90", "plan.exe", True), (PDF + b"2", "Drugi plan.pdf", False)):
        given = Given(file=content, file_name=name)
        visitor = Visitor(Reader(made.persons[KINGA]), "pl", given=given, browser=made.cookies[KINGA])
        reply, _ = await door.act(lambda uow, who=visitor: reception.answer(uow, who, n.AttachDraftFile(m.draft)))  # type: ignore[misc]  # mypy sees no default
        assert bool(reply.screen.problem) is problem
    assert [row.label for row in reply.screen.rows] == ["Plan dyżurów.pdf", "Drugi plan.pdf"]
    reply, _ = await visit(door, KINGA, n.RemoveDraftFile(m.file))
    assert [row.label for row in reply.screen.rows] == ["Drugi plan.pdf"]


# --- two editors ------------------------------------------------------------------------------------------------------


async def test_the_second_of_two_editors_sees_word_by_word_what_the_first_changed(door: Door) -> None:
    """Bogdan takes minutes; both change one paragraph. Kinga, who confirms later, sees the difference in words, and nothing is overwritten."""
    made = await stage(door)
    m = made.minuted
    await takes_minutes(door, made)
    await visit(door, KINGA, n.ChangeNote(m.second))
    await visit(door, BOGDAN, n.ChangeNote(m.second))
    await said_and_confirmed(door, BOGDAN, "Do tematu wrócimy jesienią.")
    reply = await said_and_confirmed(door, KINGA, "Do tematu wrócimy w maju, po feriach.")
    assert reply.screen.title == "Dwa teksty jednego akapitu"
    assert reply.screen.notice.startswith("Państwa tekst jest zachowany")
    assert "Do tematu wrócimy [usunięto: jesienią] [dodano: w maju, po feriach]." in reply.screen.paragraphs
    assert (await noted(door, m.draft))[-1].body == "Do tematu wrócimy jesienią."
    both = next(one for one in offered(reply.screen) if isinstance(one, n.ChooseText) and one.text == "both")
    await visit(door, KINGA, both)
    assert [one.body for one in await noted(door, m.draft)][-2:] == [
        "Do tematu wrócimy jesienią.",
        "Do tematu wrócimy w maju, po feriach.",
    ]


async def test_on_a_page_the_form_leads_to_the_difference(door: Door) -> None:
    """The same on a page: confirming leads to the address of the difference, which says the same after a reload."""
    made = await stage(door)
    m = made.minuted
    begun, _ = await sent(door, made, KINGA, n.ChangeNote(m.second))
    assert begun.talk is not None
    await takes_minutes(door, made)
    await visit(door, BOGDAN, n.ChangeNote(m.second))
    await said_and_confirmed(door, BOGDAN, "Do tematu wrócimy jesienią.")
    kept, _ = await sent(door, made, KINGA, Touch(begun.talk.id, begun.talk.state.turn, "done"))
    reply, _ = await sent(door, made, KINGA, touch(kept.screen, "confirm"))
    assert isinstance(reply.at, n.SeeRival)
    again, _ = await sent(door, made, KINGA, reply.at)
    assert again.screen.paragraphs == reply.screen.paragraphs


async def test_a_choice_is_made_between_what_was_seen(door: Door) -> None:
    """A button of an older difference overwrites nothing: it shows how the two texts differ now. Each way out keeps what it says."""
    made = await stage(door)
    m = made.minuted
    before = await dump(door.store, but=frozenset({"seen_update", "person"}))
    reply, _ = await visit(door, KINGA, n.ChooseText(m.rival, 1, "mine"))
    assert reply.screen.problem == PL("Somebody changed this paragraph meanwhile. Look at both texts again before you choose.")
    assert await dump(door.store, but=frozenset({"seen_update", "person"})) == before
    await visit(door, KINGA, n.ChooseText(m.rival, 2, "mine"))
    assert LATER in [one.body for one in await noted(door, m.draft)]
    assert OTHER not in [one.body for one in await noted(door, m.draft)]
    await refused(door, made, KINGA, n.ChooseText(m.rival, 2, "theirs"))


# --- looked over and sent ---------------------------------------------------------------------------------------------


async def test_the_minute_taker_writes_and_the_coordinator_sends(door: Door) -> None:
    """Bogdan, who takes minutes, sees the draft and who sends it; the way to send it is not his."""
    made = await stage(door)
    m = made.minuted
    await takes_minutes(door, made)
    home, t = await visit(door, BOGDAN, Home())
    assert "Proszę dopisać, czego brakuje." in words(home.screen, t)
    reply, t = await visit(door, BOGDAN, n.SeeDraft(m.draft))
    assert "Protokół rozsyła osoba koordynująca." in words(reply.screen, t)
    assert n.LookOver(m.draft) not in offered(reply.screen)
    for intent in (n.LookOver(m.draft), n.Circulate(m.draft, 1), n.AcceptRemark(m.remark), n.DeclineRemark(m.remark)):
        reply, t = await visit(door, BOGDAN, intent)
        assert is_refusal(reply.screen, t), intent


async def test_what_goes_out_was_looked_over(door: Door) -> None:
    """The last look says to whom, by what and until when; the press sends that edition once, and a draft changed meanwhile is shown again."""
    made = await stage(door)
    m = made.minuted
    reply, _ = await visit(door, KINGA, n.LookOver(m.draft))
    assert reply.screen.problem == PL(
        "Somebody still has to choose between two texts of one paragraph. Then the minutes can go out."
    )
    assert not any(isinstance(one, n.Circulate) for one in offered(reply.screen))
    await visit(door, KINGA, n.ChooseText(m.rival, 2, "theirs"))
    await visit(door, KINGA, n.ChooseDays(m.draft, 10))
    reply, _ = await visit(door, KINGA, n.LookOver(m.draft))
    known = dict(reply.screen.facts)
    assert (known["Do kogo"], known["Którędy"]) == ("3 instytucje członkowskie", "Telegram 2, e-mail 1")
    assert known["Odpowiedzi do"].endswith("(za 10 dni)")
    assert known["Załączniki"] == "Plan dyżurów.pdf"
    send = next(one for one in offered(reply.screen) if isinstance(one, n.Circulate))
    await visit(door, KINGA, n.MoveNote(m.second, "up"))
    reply, _ = await visit(door, KINGA, send)
    assert (reply.at, bool(reply.screen.problem)) == (n.LookOver(m.draft), True)
    seen = next(one for one in offered(reply.screen) if isinstance(one, n.Circulate))
    await door.act(lambda uow: agenda_items.note(uow, Actor(made.persons[KINGA]), m.item, "open"))
    reply, _ = await visit(door, KINGA, seen)
    assert (reply.at, bool(reply.screen.problem)) == (n.LookOver(m.draft), True), "a fact was corrected"
    send = next(one for one in offered(reply.screen) if isinstance(one, n.Circulate))
    assert (send.edition, send.mark == seen.mark) == (seen.edition, False)
    reply, _ = await visit(door, KINGA, send)
    assert reply.screen.notice == "Wersja 1 jest w drodze do wszystkich instytucji."
    assert ("Stan", "rozesłany do instytucji") in reply.screen.facts
    reply, _ = await visit(door, KINGA, send)
    assert reply.screen.problem
    found = await door.look(lambda uow: versions.of(uow, m.draft))
    assert [one.version for one in found] == [1]


async def test_signs_nobody_can_print_are_told_before_they_go_out(door: Door) -> None:
    """A heart in a paragraph is named on the last look, so that the coordinator may change it first."""
    made = await stage(door)
    m = made.minuted
    subject = notes_subject(made.janow.body, m.draft, m.item)
    await door.act(lambda uow: notes.write(uow, Actor(made.persons[KINGA]), subject, notes.Written(text="Dziękujemy 🫶")))
    reply, _ = await visit(door, KINGA, n.LookOver(m.draft))
    assert "🫶" in dict(reply.screen.facts)["Znaki, których nie da się wydrukować"]


async def test_the_draft_can_be_taken_as_a_document(door: Door) -> None:
    """The document as it would be is a PDF and says of itself that it is a draft; nothing is stored by taking it."""
    made = await stage(door)
    before = await dump(door.store, but=frozenset({"seen_update", "person"}))
    reply, _ = await visit(door, KINGA, n.TakeDraft(made.minuted.draft))
    assert reply.document is not None
    assert reply.document.content.startswith(b"%PDF-")
    assert "projekt" in reply.document.name
    assert await dump(door.store, but=frozenset({"seen_update", "person"})) == before
    assert (await door.look(lambda uow: facts.get(uow, made.minuted.draft))).state == "draft"


async def test_the_ledger_names_the_silent_first(door: Door) -> None:
    """GOPS has said nothing, the library has remarks, OPS accepts: in this order, each with how the minutes reached it."""
    made = await stage(door)
    reply, _ = await visit(door, KINGA, n.SeeAnswers(made.minuted.circulated))
    assert [row.label for row in reply.screen.rows] == [GOPS, "Biblioteka Modliborzyce", OPS]
    assert all("czeka na wysłanie" in row.value and "nieotwarty" in row.value for row in reply.screen.rows)
    assert ("Bez odpowiedzi", "1") in reply.screen.facts
    assert NOTE not in words(reply.screen, PL)
