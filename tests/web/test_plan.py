"""The coordinator plans a year on pages, without a phone: forms from the desk to the confirmed plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select, update
from tests.screens.personas import ANNA, KINGA, stage
from tests.web.asking import path
from tests.web.browsing import Browser, Page

from konwent_bot.office.door import Door
from konwent_bot.screens.intents import SeeDesk
from konwent_bot.screens.plan_intents import AdjustMeeting, ConfirmPlan, SeePlan, SeeProposal, SeeProposals
from konwent_bot.store.tables import BODY, MEETING, NOTICE

Browse = Callable[[str], Browser]
#: What the forms are sent with, question by question.
FORMS: tuple[dict[str, str], ...] = (
    {"choice": "last"}, {"choice": "tuesday"}, {"choice": "march"}, {"hour": "10", "minute": "00"}, {"choice": "m120"},
    {"choice": "day"}, {"text": "15"}, {"hour": "12", "minute": "30"}, {"choice": "m90"}, {"choice": "online"},
    {"text": "https://spotkania.example/siec"}, {"choice": "chair"},
)  # fmt: skip


async def send(browser: Browser, page: Page, **fields: str) -> Page:
    """Send the form of a question and follow to what comes after it."""
    form = page.form("/s/f:")
    answered = await browser.post(form.action, [("k", dict(form.fields)["k"]), *fields.items()])
    assert answered.status == 303, answered.text
    return await browser.follow(answered)


async def test_a_year_is_planned_on_pages_and_members_see_it(door: Door, browse: Browse) -> None:
    """Every question has its form, a wrong link is refused above the review and put right there; then the plan is confirmed."""
    made = await stage(door)
    await door.act(lambda uow: uow.execute(update(BODY).values(created_at=datetime(2026, 1, 2, tzinfo=UTC))))
    kinga, anna = browse(made.cookies[KINGA]), browse(made.cookies[ANNA])
    desk = await kinga.get(path(SeeDesk(made.janow.body)))
    assert (path(SeePlan(made.janow.body, 0))) in {href for _, href in desk.read.links}
    plan = await kinga.get(path(SeePlan(made.janow.body, 2028)))
    page = await kinga.follow(await kinga.send(plan.press("Zaplanuj rok 2028")))
    page = await kinga.get(next(href for _, href in page.read.links if href.startswith("/s/r:")))
    for fields in FORMS:
        page = await send(kinga, page, **fields)
    assert "Proszę sprawdzić odpowiedzi" in page.text
    done = await kinga.follow(await kinga.send(page.press("Zaproponuj terminy")))
    assert "Propozycje są gotowe" in done.text
    proposals = await kinga.get(path(SeeProposals(made.janow.body, 2028)))
    first = next(href for _, href in proposals.read.links if href.startswith("/s/yo:"))
    assert (await kinga.get(first)).status == 200
    assert (await anna.get(first)).status == 404, "a proposal is nobody's but the coordinator's"
    confirmed = await kinga.follow(await kinga.send(proposals.press("Zatwierdź wszystkie 16 propozycji")))
    assert "16 spotkań jest teraz w planie" in confirmed.text
    seen = await anna.get(path(SeePlan(made.janow.body, 2028)))
    assert "zaplanowane na 28 marca, 10:00" in seen.text
    assert "Zaplanuj rok" not in seen.text
    told = select(NOTICE.c.recipient).where(NOTICE.c.occasion == "meeting.plan")
    assert len(await door.look(lambda uow: uow.execute(told).all())) > 0


async def test_a_date_is_changed_on_a_page_and_a_wrong_link_is_refused_there(door: Door, browse: Browse) -> None:
    """The change opens at its review; an address that is none is refused in words with nothing lost, and put right."""
    made = await stage(door)
    kinga = browse(made.cookies[KINGA])
    shown = await kinga.get(path(SeeProposal(made.plan.proposal)))
    review = await kinga.follow(await kinga.send(shown.form(path(AdjustMeeting(made.plan.proposal)))))
    page = await edit(kinga, review, "when")
    form = page.form("/s/f:")
    read_back = await kinga.post(form.action, [("k", dict(form.fields)["k"]), ("text", "20 stycznia 2027 o 9:30")])
    assert "zgadza się?" in read_back.text
    page = await kinga.follow(await kinga.send(read_back.press("Tak, zgadza się")))
    page = await send(kinga, await edit(kinga, page, "link"), text="spotkania.example")
    refused = await kinga.send(page.press("Zapisz zmianę"))
    refused = await kinga.follow(refused) if refused.status == 303 else refused
    assert "musi zaczynać się od https://" in refused.text
    assert "20 stycznia 2027" in refused.text
    page = await send(kinga, await edit(kinga, refused, "link"), text="https://spotkania.example/nowa")
    done = await kinga.follow(await kinga.send(page.press("Zapisz zmianę")))
    assert "Zmiana jest zapisana" in done.text
    row = await door.look(lambda uow: uow.execute(select(MEETING).where(MEETING.c.id == made.plan.proposal)).one())
    assert (row.day.isoformat(), row.hour, row.link, row.status) == (
        "2027-01-20",
        "09:30",
        "https://spotkania.example/nowa",
        "proposed",
    )


async def edit(browser: Browser, review: Page, question: str) -> Page:
    """Press "Zmień" beside an answer of the review."""
    form = next(form for form in review.read.forms if form.action.endswith(f":e:{question}"))
    return await browser.follow(await browser.send(form))


async def test_a_page_confirms_a_plan_once_however_often_it_is_sent(door: Door, browse: Browse) -> None:
    """The button pressed twice, or in two windows: the second is told that nothing is left, and nobody is told twice."""
    made = await stage(door)
    kinga = browse(made.cookies[KINGA])
    proposals = await kinga.get(path(SeeProposals(made.janow.body, 2027)))
    button = proposals.form(path(ConfirmPlan(made.janow.body, 2027)))
    first, second = await kinga.send(button), await kinga.send(button)
    assert (first.status, second.status) == (303, 409)
    assert "Nie ma żadnej propozycji" in second.text
    told = select(NOTICE.c.revision).where(NOTICE.c.occasion == "meeting.plan")
    assert set(await door.look(lambda uow: uow.execute(told).scalars().all())) == {1}
