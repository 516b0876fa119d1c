"""Forms that come too late, twice, or from an earlier page: nothing counts that should not, and nothing written is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update
from tests.conversations.house import dump, spoken_of
from tests.screens.personas import ANNA, BOGDAN, GOPS, IDA, Stage, draft_state, stage, write_conclusion
from tests.web.asking import path
from tests.web.browsing import Browser, Page

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.office import links, seats, sessions
from konwent_bot.office.dialogues import Fill
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.screens.intents import Resume
from konwent_bot.store.tables import CARD_VERSION, DIALOGUE, MEMBERSHIP, WEB_SESSION
from konwent_bot.web import answers

Browse = Callable[[str], Browser]
TEXT = "Spotkania raz w miesiącu.\nI wspólny kalendarz <szkoleń>."
T = i18n.translator("pl")
STALE = "That button or message belongs to an earlier question, so nothing was changed. This is where you are now."
WAITS = "Your answer came after the session had ended. It waits in the form and is not saved yet: please send it again."
SHOWN = "Spotkania raz w miesiącu.\nI wspólny kalendarz &lt;szkoleń&gt;.</textarea>"


async def at_text(door: Door, made: Stage, browser: Browser) -> Page:
    """Open Anna's one free text to be changed."""
    await write_conclusion(door, made)
    review = await browser.get(path(Resume(made.drafts[ANNA][0])))
    edit = [form for form in review.forms if ":e:" in form.action][-1]
    page = await browser.follow(await browser.send(edit))
    assert "<textarea" in page.text
    return page


async def come_back(door: Door, made: Stage, browser: Browser, who: int = ANNA) -> Page:
    """Come in by a new personal link."""
    issued = await door.act(lambda uow: links.issue(uow, made.persons[who], "enter"))
    entry = await browser.get(f"/e/{issued.token}")
    return await browser.follow(await browser.send(entry.form("/s/en:")))


async def test_a_text_that_comes_after_the_session_waits_in_the_form(door: Door, browse: Browse, clock: FixedClock) -> None:
    """Anna writes for three hours; her text is in the form after she comes back in, counts only when sent again, and then once."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    form = (await at_text(door, made, anna)).form("/s/f:")
    clock.move(timedelta(hours=3))
    before = await draft_state(door, made.drafts[ANNA][0])
    late = await anna.send(form, text=TEXT)
    assert late.status == 401
    assert "WWW-Authenticate" in late.headers
    assert late.form("/s/el"), "one may sign in from here"
    assert T(answers._IS_KEPT) in late.text
    assert GOPS not in late.text
    assert not late.set_cookies
    assert await draft_state(door, made.drafts[ANNA][0]) == before, "it counts as nothing"

    home = await come_back(door, made, anna)
    assert GOPS in home.text
    again = await anna.get(path(Resume(made.drafts[ANNA][0])))
    assert SHOWN in again.text
    assert T(WAITS) in again.text
    sent = await anna.send(again.form("/s/f:"))
    assert sent.status == 303
    assert "szkole" in (await draft_state(door, made.drafts[ANNA][0]))
    assert SHOWN not in (await anna.get(path(Resume(made.drafts[ANNA][0])))).text
    rows = await door.look(lambda uow: uow.execute(select(DIALOGUE.c.kept)).scalars().all())
    assert set(rows) == {None}


async def test_a_kept_text_is_there_on_another_device_and_for_its_writer_only(
    door: Door, browse: Browse, clock: FixedClock
) -> None:
    """Anna comes back in by another browser and finds her text; her delegate and the head of another network do not."""
    made = await stage(door)
    form = (await at_text(door, made, old := browse(made.cookies[ANNA]))).form("/s/f:")
    clock.move(timedelta(hours=25))
    assert (await old.send(form, text=TEXT)).status == 401
    for who in (BOGDAN, IDA):
        other = browse("")
        await come_back(door, made, other, who)
        assert (await other.get(path(Resume(made.drafts[ANNA][0])))).status == 404
        assert "Spotkania raz" not in (await other.get("/")).text
    phone = browse("")
    await come_back(door, made, phone)
    assert SHOWN in (await phone.get(path(Resume(made.drafts[ANNA][0])))).text
    assert (await old.get(path(Resume(made.drafts[ANNA][0])))).status == 303, "the old cookie opens nothing"


async def test_personal_data_is_not_kept_either(door: Door, browse: Browse, clock: FixedClock) -> None:
    """A late text with a telephone number is stored nowhere; it is shown to be copied."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    form = (await at_text(door, made, anna)).form("/s/f:")
    clock.move(timedelta(hours=3))
    late = await anna.send(form, text="Proszę dzwonić: 601 234 567")
    assert late.status == 401
    assert "Proszę dzwonić: 601 234 567</textarea>" in late.text
    assert not spoken_of(await dump(door.store), "601 234 567")


async def test_a_late_text_needs_the_token_too(door: Door, browse: Browse, clock: FixedClock) -> None:
    """Nothing is kept for somebody whose browser did not send it from our form."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    form = (await at_text(door, made, anna)).form("/s/f:")
    clock.move(timedelta(hours=3))
    before = await dump(door.store)
    assert (await anna.post(form.action, {"k": "0" * 64, "text": TEXT})).status == 403
    assert await dump(door.store) == before


async def test_nothing_is_kept_for_whoever_is_out(door: Door, browse: Browse) -> None:
    """A session ended by a hand-over or by signing out keeps nothing; the text is shown to be copied, the place is not."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    form = (await at_text(door, made, anna)).form("/s/f:")
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, made.seats[GOPS, "head"], name="Nowa", email="n@gops.example"))
    before = await dump(door.store)
    late = await anna.send(form, text=TEXT)
    assert late.status == 401
    assert SHOWN in late.text
    assert GOPS not in late.text
    assert await dump(door.store) == before


async def test_a_text_refused_as_a_whole_is_given_back(door: Door, browse: Browse, clock: FixedClock) -> None:
    """The round closed, or the institution left, while somebody was writing: nothing is stored, and the text is there to be copied."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    form = (await at_text(door, made, anna)).form("/s/f:")
    before = await dump(door.store)
    gone = update(MEMBERSHIP).where(MEMBERSHIP.c.id == made.janow.memberships[GOPS])
    await door.act(lambda uow: uow.execute(gone.values(left_on=uow.today)))
    left = await anna.send(form, text=TEXT)
    assert (left.status, SHOWN in left.text, GOPS in left.text) == (404, True, False)
    await door.act(lambda uow: uow.execute(gone.values(left_on=None)))
    assert await dump(door.store) == before
    clock.move(timedelta(days=40))  # the last day is over
    await come_back(door, made, anna)
    token = (await anna.get("/s/s")).token
    closed = await anna.post(form.action, {"k": token, "text": TEXT})
    assert (closed.status, SHOWN in closed.text) == (409, True)
    assert not spoken_of(await dump(door.store), "Spotkania raz")


async def test_other_late_buttons_do_nothing(door: Door, browse: Browse, clock: FixedClock) -> None:
    """After the session every other form is answered with the way in, and a page with the way there and a word why."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.get(path(Resume(made.drafts[ANNA][0])))
    settings = await anna.get("/s/s")
    clock.move(timedelta(hours=2, seconds=1))
    before = await dump(door.store)
    for form in [*page.forms, *settings.forms]:
        if form.action.split(":")[0] in ("/s/eo", "/s/ey"):
            continue
        late = await anna.send(form)
        assert late.status == 401, form.action
        assert late.form("/s/el")
    assert await dump(door.store) == before
    led = await anna.get(path(Resume(made.drafts[ANNA][0])))
    assert (led.status, led.location) == (303, "/s/e")
    told = await anna.follow(led)
    assert T(answers._NOTHING_DONE) in told.text
    assert "konwent-flash" not in " ".join(anna.cookies), "said once"


async def test_the_same_answer_sent_twice_at_once_counts_once(door: Door, browse: Browse) -> None:
    """A double click on "Continue" answers one question, and the second answer says where one is now."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.get(path(Resume(made.drafts[ANNA][0])))
    form = page.form("/s/f:")
    one, two = await asyncio.gather(
        anna.post(form.action, [("k", page.token), ("choice", "4")]), anna.post(form.action, [("k", page.token), ("choice", "4")])
    )
    assert one.status == two.status == 303
    assert one.location == two.location == path(Resume(made.drafts[ANNA][0]))
    state = await draft_state(door, made.drafts[ANNA][0])
    assert state.count('"composition"') == 1
    shown = await anna.follow(two)
    assert shown.form("/s/f:").action == path(Fill(made.drafts[ANNA][0], made.drafts[ANNA][1] + 1))


async def test_a_card_sent_twice_at_once_is_one_card(door: Door, browse: Browse) -> None:
    """Two presses of "Confirm and send" make one version of the card."""
    made = await stage(door)
    await write_conclusion(door, made)
    anna = browse(made.cookies[ANNA])
    review = await anna.get(path(Resume(made.drafts[ANNA][0])))
    form = next(form for form in review.forms if form.action.endswith(":ok"))
    sent = await asyncio.gather(*(anna.send(form) for _ in range(3)))
    assert [answer.status for answer in sent] == [303, 303, 303]
    assert len(await door.look(lambda uow: uow.execute(select(CARD_VERSION)).all())) == 1
    assert (await anna.follow(sent[-1])).status == 200


async def test_an_earlier_page_sent_again_changes_nothing(door: Door, browse: Browse) -> None:
    """Back button: the form of the question before is answered with "nothing was changed" and the question one is at."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    first = await anna.get(path(Resume(made.drafts[ANNA][0])))
    second = await anna.follow(await anna.send(first.form("/s/f:"), choice="4"))
    before = await dump(door.store)
    back = await anna.send(first.form("/s/f:"), choice="1")
    assert await dump(door.store) == before
    shown = await anna.follow(back)
    assert T(STALE) in shown.text
    assert shown.form("/s/f:").action == second.form("/s/f:").action
    assert T(STALE) not in (await anna.get(path(Resume(made.drafts[ANNA][0])))).text, "said once"


async def test_an_invitation_accepted_twice_at_once_lets_in_once(door: Door, browse: Browse) -> None:
    """Two presses of "I accept" in one browser: one person, one live session, and whichever answer came last has its cookie."""
    made = await stage(door)
    head = browse("")
    page = await head.get(f"/z/{made.janow.tokens['OPS Janów Lubelski', 'delegate']}")
    form = page.form("/s/ia:")
    own = head.cookie
    one, two = await asyncio.gather(*(head.ask("POST", form.action, data=f"k={page.token}".encode(), keep=False,
                                               headers={"Content-Type": "application/x-www-form-urlencoded"}) for _ in range(2)))  # fmt: skip
    assert one.status == two.status == 303
    given = [answer.set_cookies["__Host-konwent"][""] for answer in (one, two)]
    assert len({own, *given}) == 3, "being let in always changes the cookie"
    alive = [cookie for cookie in given if "OPS Janów Lubelski" in (await browse(cookie).get("/")).text]
    assert len(alive) == 1
    assert "OPS Janów Lubelski" not in (await browse(own).get("/")).text
    stranger = browse("")
    theirs = await stranger.get("/s/e")
    assert (await stranger.post(form.action, {"k": theirs.token})).status == 404, "another browser is told that it was used"


async def test_an_entry_link_used_twice_at_once_lets_in_once(door: Door, browse: Browse) -> None:
    """The same for a personal link; in another browser the used link opens nothing."""
    made = await stage(door)
    issued = await door.act(lambda uow: links.issue(uow, made.persons[ANNA], "enter", place="s"))
    anna = browse("")
    page = await anna.get(f"/e/{issued.token}")
    form = page.form("/s/en:")
    count = len(await door.look(lambda uow: uow.execute(select(WEB_SESSION.c.id)).all()))
    sent = await asyncio.gather(*(anna.send(form) for _ in range(2)))
    assert {(answer.status, answer.location) for answer in sent} == {(303, "/s/s")}
    assert len(await door.look(lambda uow: uow.execute(select(WEB_SESSION.c.id)).all())) == count + 1
    cookies = [answer.set_cookies["__Host-konwent"][""] for answer in sent]
    alive = await door.look(lambda uow: [sessions.find(uow, cookie) is not None for cookie in cookies])
    assert sorted(alive) == [False, True]
    other = browse("")
    used = await other.get(f"/e/{issued.token}")
    assert used.status == 404
    theirs = await other.get("/s/e")
    refused = await other.post(form.action, {"k": theirs.token})
    assert refused.status == 404
    assert "__Host-konwent" not in refused.set_cookies


async def test_staying_signed_in_leads_back_to_the_same_page(door: Door, browse: Browse, clock: FixedClock) -> None:
    """Whoever presses "Stay signed in" in the middle of a card is at the same question and has two hours again."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.get(path(Resume(made.drafts[ANNA][0])))
    clock.move(timedelta(hours=1, minutes=30))
    stayed = await anna.send(page.form("/s/ey:"))
    assert (stayed.status, stayed.location) == (303, path(Resume(made.drafts[ANNA][0])))
    clock.move(timedelta(hours=1, minutes=30))
    assert (await anna.follow(stayed)).status == 200
