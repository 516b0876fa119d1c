"""What belongs to one person, institution, body or round does nothing and shows nothing in another's browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import update
from tests.conversations.house import dump, openings
from tests.screens.personas import (
    ANNA,
    BOGDAN,
    CELINA,
    FORMER,
    GONE,
    GOPS,
    IDA,
    IGOR,
    KINGA,
    NAMES,
    STRANGER,
    Stage,
    stage,
    write_conclusion,
)
from tests.screens.test_refusals import BEARER, EVERYBODY, HERS, OWN
from tests.web.asking import own, path
from tests.web.browsing import Browser, Page, serving

from konwent_bot.clock import FixedClock
from konwent_bot.office import privacy, seats
from konwent_bot.office.dialogues import Fill, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.screens import intents
from konwent_bot.screens.agenda_intents import SeeHere
from konwent_bot.screens.intents import Home, Intent, SeeSignIn, decode
from konwent_bot.store.tables import MEMBERSHIP
from konwent_bot.web.paths import path_of

#: Whoever has nobody's session (any more): a seat handed over and leaving end it.
OUTSIDE = frozenset({FORMER, GONE, STRANGER})
#: A code of the right shape that was never ours.
NOWHERE = "/s/zzz:1"


class Reader:
    """A person at a browser, with the answers that tell them nothing."""

    def __init__(self, browser: Browser, who: int) -> None:
        self.browser, self.who = browser, who
        self.missing = self.lost = b""
        self.token = ""

    async def begin(self) -> None:
        """Learn what is answered to what never was."""
        self.missing = (await self.browser.get(NOWHERE)).body
        self.token = (await self.browser.get("/s/e" if self.who in OUTSIDE else "/s/s")).token
        self.lost = (await self.browser.post("/s/od" if self.who in OUTSIDE else NOWHERE, {"k": self.token})).body

    async def get(self, intent: Intent) -> Page:
        return await self.browser.get(path(intent))

    async def post(self, intent: Intent) -> Page:
        return await self.browser.post(path(intent), {"k": self.token})


async def readers(browse: Callable[[str], Browser], made: Stage) -> dict[int, Reader]:
    """Give everybody a browser."""
    found = {who: Reader(browse(made.cookies[who]), who) for who in sorted(NAMES)}
    for reader in found.values():
        await reader.begin()
    return found


async def refused(reader: Reader, made: Stage, intent: Intent) -> None:
    """Ask for what this person may not, by both ways: the answer is what is answered to what never was."""
    case = f"{NAMES[reader.who]}: {intent}"
    proof = "token" in type(intent).__slots__
    looked, sent = await reader.get(intent), await reader.post(intent)
    for page in (looked, sent):
        for secret in made.secrets():
            assert secret not in page.text + str(page.headers), f"{case} shows {secret}"
        assert not set(page.set_cookies) - {"__Host-konwent-flash"}, case
    if type(intent) not in intents.LOOKS:
        assert looked.status == 303, case
        looked = await reader.browser.follow(looked)
        if looked.status == 200:  # home, which is their own
            looked = replace(looked, status=404, body=reader.missing)
    if proof:
        assert (looked.status, sent.status) in {(404, 404), (303, 404)}, case
    elif reader.who in OUTSIDE and isinstance(intent, SeeHere) and intent.code:
        # Whoever scans the code on the wall is told the ways in: the very page of a meeting that never was, but for the number asked with.
        assert (looked.status, looked.text) == (200, await landing(reader, intent)), case
        assert (sent.status, sent.location, sent.body) == (303, path_of(intent), b""), case
    elif reader.who in OUTSIDE:
        assert (looked.status, looked.location) in {(303, path_of(SeeSignIn())), (404, "")}, case
        assert (sent.status, sent.body) == (401, reader.lost), case
    else:
        assert (looked.status, looked.body) == (404, reader.missing), case
        assert (sent.status, sent.body) == (404, reader.missing), case


async def landing(reader: Reader, intent: SeeHere) -> str:
    """Give the page of the same code at a meeting that never was, as it would be for the number of this one."""
    never = replace(intent, meeting=36**12 - 1)
    page = await reader.get(never)
    assert page.status == 200
    return page.text.replace(path_of(never), path_of(intent)).replace(f"j_{never.meeting}_", f"j_{intent.meeting}_")


async def test_what_is_annas_is_not_there_for_everybody_else(door: Door, browse: Callable[[str], Browser]) -> None:
    """Pages and buttons of a head's card, network and desk, in each other person's browser: the bytes of what never was, no change."""
    made = await stage(door)
    everybody = await readers(browse, made)
    before = await dump(door.store)
    for kind, (valid, allowed) in HERS.items():
        for who in sorted(EVERYBODY - allowed):
            for intent in valid(made):
                await refused(everybody[who], made, intent)
        assert await dump(door.store) == before, kind


async def test_her_review_is_not_there_for_everybody_else(door: Door, browse: Callable[[str], Browser]) -> None:
    """The same when her draft holds a text of her own and waits to be sent."""
    made = await stage(door)
    await write_conclusion(door, made)
    everybody = await readers(browse, made)
    before = await dump(door.store)
    for kind in (intents.Resume, intents.AskDiscard, intents.Discard, Touch, Fill, intents.Begin):
        for who in sorted(EVERYBODY - {ANNA}):
            for intent in HERS[kind][0](made):
                await refused(everybody[who], made, intent)
    assert await dump(door.store) == before


async def test_whoever_may_is_shown_it(door: Door, browse: Callable[[str], Browser]) -> None:
    """The same pages open to those they belong to, and looking changes nothing but that minutes were opened.

    The tests above would notice a house that is shut.
    """
    made = await stage(door)
    everybody = await readers(browse, made)
    before, opened = await dump(door.store, looked=True), await openings(door.store)
    for kind, (valid, allowed) in HERS.items():
        for who in sorted(allowed - OUTSIDE):
            for intent in valid(made):
                page = await everybody[who].get(intent)
                there = (
                    303 if kind not in intents.LOOKS else 404 if kind is intents.SeeCard else 200
                )  # nobody has sent a card yet
                assert page.status == there, (NAMES[who], intent, page.text)
    assert await dump(door.store, looked=True) == before
    assert opened < await openings(door.store), "what was opened stays so, and more was"
    await write_conclusion(door, made)
    sent = await everybody[ANNA].post(Touch(*made.drafts[ANNA], "confirm"))
    assert (sent.status, sent.location) == (303, path_of(intents.Resume(made.drafts[ANNA][0])))
    before = await dump(door.store)
    (card,) = HERS[intents.SeeCard][0](made)
    for who in HERS[intents.SeeCard][1]:
        assert (await everybody[who].get(card)).status == 200
    for who in EVERYBODY - HERS[intents.SeeCard][1]:
        await refused(everybody[who], made, card)
    assert await dump(door.store) == before


async def test_what_one_asks_about_oneself_shows_nobody_elses(door: Door, browse: Callable[[str], Browser]) -> None:
    """Home, settings and the rest show each person their own networks and no other; a stranger is led to where one signs in."""
    made = await stage(door)
    theirs = {
        ANNA: {GOPS, "lsr-janow"}, BOGDAN: {GOPS, "lsr-janow"}, CELINA: {"OPS Janów Lubelski", "lsr-janow"}, KINGA: {"lsr-janow"},
        IDA: {"GOPS Iława", "lsr-ilawa"}, IGOR: {"lsr-ilawa"},
    }  # fmt: skip
    everybody = await readers(browse, made)
    before = await dump(door.store)
    for kind in sorted(OWN, key=lambda one: one.__name__):
        intent = own(kind)
        for who, reader in everybody.items():
            page = await reader.get(intent)
            assert page.status in (200, 303), (NAMES[who], intent)
            said = page.body.decode("utf-8", "replace")
            if (who, kind) == (KINGA, intents.DownloadMine):
                said = without_her_notes(said)
            for secret in set(made.secrets()) - theirs.get(who, set()):
                assert secret not in said, (NAMES[who], kind, secret)
    assert await dump(door.store) == before


def without_her_notes(said: str) -> str:
    """Leave out of Kinga's own data that she ticked institutions at meetings noted what they said of proposals, and gave them tasks: her acts.

    What an entry says is only that, and cannot be told without the institution's name; nothing else of theirs is hers to take along.
    """
    document = json.loads(said)
    ticks = [one for one in document["person"]["meetings"] if one["kind"] == "attendance"]
    assert any(GOPS in one["institution"] for one in ticks)
    assert all(one["said"].keys() == {"role", "left_at", "source"} for one in ticks), ticks
    document["person"]["meetings"] = [one for one in document["person"]["meetings"] if one not in ticks]
    noted = [one for one in document["person"]["decisions"] if one["kind"] in ("stance", "task")]
    document["person"]["decisions"] = [one for one in document["person"]["decisions"] if one not in noted]
    given = [one for one in document["person"]["minutes"] if one["kind"] == "task"]
    assert given
    assert all(one["said"].keys() == {"what", "due_on"} for one in given), given
    document["person"]["minutes"] = [one for one in document["person"]["minutes"] if one not in given]
    return json.dumps(document, ensure_ascii=False)


async def test_numbers_that_were_never_given_out_are_not_there(door: Door, browse: Callable[[str], Browser]) -> None:
    """Zero and the largest number that fits are answered like anything else that is not there; never with a fault."""
    made = await stage(door)
    everybody = await readers(browse, made)
    before = await dump(door.store)
    kinds = [kind for kind in HERS if kind is not Touch] + [Touch]
    for number in (0, 36**12 - 1):
        for kind in kinds:
            for intent in HERS[kind][0](made)[:1]:
                names = [
                    name for name in kind.__slots__ if isinstance(getattr(intent, name), int) and name not in ("page", "turn")
                ]
                if not names or "token" in kind.__slots__:
                    continue
                forged: Intent = replace(cast(Any, intent), **dict.fromkeys(names, number))
                assert decode(intents.encode(forged)) == forged
                for who in (ANNA, KINGA, STRANGER):
                    await refused(everybody[who], made, forged)
    assert await dump(door.store) == before


@pytest.mark.parametrize("how", ["handed over", "vacated", "left", "institution left"])
async def test_a_former_holder_is_out_at_once(door: Door, browse: Callable[[str], Browser], how: str) -> None:
    """From the moment a seat changes hands its former holder's next click is a stranger's; where only the institution leaves, theirs is nothing."""
    made = await stage(door)
    (anna,) = (reader for who, reader in (await readers(browse, made)).items() if who == ANNA)
    theirs = [
        intent
        for kind, (valid, allowed) in HERS.items()
        if ANNA in allowed
        for intent in valid(made)
        if "token" not in kind.__slots__
    ]
    assert (await anna.get(intents.Resume(made.drafts[ANNA][0]))).status == 200
    match how:
        case "handed over":
            await door.act(
                lambda uow: seats.hand_over(uow, OPERATOR, made.seats[GOPS, "head"], name="Nowa", email="n@gops.example")
            )
        case "vacated":
            await door.act(lambda uow: seats.vacate(uow, OPERATOR, made.seats[GOPS, "head"]))
        case "left":
            await door.act(lambda uow: privacy.leave(uow, made.persons[ANNA]))
        case _:
            gone = update(MEMBERSHIP).where(MEMBERSHIP.c.id == made.janow.memberships[GOPS])
            await door.act(lambda uow: uow.execute(gone.values(left_on=uow.today)))
    before = await dump(door.store)
    if how == "institution left":  # she is still let in, and nothing is hers
        await anna.begin()
    else:
        home = await anna.get(Home())
        assert (home.status, home.location) == (200, "")
        assert "/s/eo" not in {form.action for form in home.forms}, "nobody is signed in"
        anna.who = FORMER
        await anna.begin()
    for intent in theirs:
        await refused(anna, made, intent)
    assert await dump(door.store) == before


async def test_an_ended_session_comes_back_by_no_cookie(door: Door, clock: FixedClock) -> None:
    """Two quiet hours, a day, or signing out end a session; the cookie opens nothing from then on, whatever else comes with it."""
    made = await stage(door)
    async with serving(door) as url, Browser(url, {"__Host-konwent": made.cookies[ANNA]}) as anna:
        assert GOPS in (await anna.get("/")).text
        clock.move(timedelta(hours=1, minutes=59))
        assert GOPS in (await anna.get("/")).text, "reading is a use"
        clock.move(timedelta(hours=1, minutes=59))
        assert GOPS in (await anna.get("/")).text
        clock.move(timedelta(hours=2))
        assert GOPS not in (await anna.get("/")).text
        clock.move(-timedelta(hours=1))
        page = await anna.get("/s/g")
        await anna.send(page.form("/s/eo"))
        assert GOPS not in (await anna.get("/", Cookie=f"__Host-konwent={made.cookies[ANNA]}")).text


def test_everything_is_asked_for() -> None:
    """Somebody who adds a page must say in the table of refusals in whose hands it works."""
    assert set(intents._CODES.values()) <= OWN | BEARER | set(HERS)
