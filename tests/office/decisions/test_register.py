"""The register: numbered, found, never changed; and its files."""

from __future__ import annotations

import io
import json
import random
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES
from tests.office.rosters import bring_in, enter

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.recount import recount
from konwent_bot.domain.decisions.sealed import DoesNotAddUp, Unreadable
from konwent_bot.domain.decisions.tally import Result
from konwent_bot.errors import NotFound
from konwent_bot.office import audit_chain, notices, tasks
from konwent_bot.office.decisions import ballots, by_hand, consensus, export, register
from konwent_bot.office.decisions.by_hand import ByInstitution, ByTotals
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork


async def decided(made: Deciding, title: str, *, hands: Any = ByTotals(6, 1, 0), **given: Any) -> Entry:  # noqa: B008 - a frozen value
    """Let a proposal be voted on by a show of hands; give its entry."""
    return await noted(made, await made.objected(title, **given), hands)


async def noted(made: Deciding, proposal: int, hands: Any) -> Entry:
    """Let a proposal somebody objected to be voted on by a show of hands; give its entry."""
    await made.act(lambda uow: by_hand.note(uow, made.ewa, proposal, hands) and None)
    (*_, entry) = await made.look(lambda uow: register.of_proposal(uow, proposal))
    return entry


async def found(made: Deciding, **given: Any) -> list[str]:
    """Look something up in the register as a member; give the names of what is found."""
    page = await made.door.look(lambda uow: register.search(uow, made.heads["GOPS"], made.body, **given))
    return [one.name for one in page.entries]


async def test_numbers_follow_one_another_in_each_year(door: Door, clock: FixedClock) -> None:
    """1/2026, 2/2026; in the new year, which begins at midnight in Warsaw, 1/2027."""
    made = await gather(door, clock)
    names = [(await decided(made, "Pierwsza")).name, (await decided(made, "Druga", hands=ByTotals(0, 6, 0))).name]
    await made.meet(clock.now().replace(month=12, day=31, hour=23, minute=15))  # a quarter past midnight in Warsaw
    await made.come(NAMES)
    names.append((await decided(made, "Trzecia")).name)
    assert names == ["1/2026", "2/2026", "1/2027"]
    assert await found(made) == ["1/2027", "2/2026", "1/2026"]
    assert await door.look(lambda uow: register.years(uow, made.ewa, made.body)) == (2027, 2026)


async def test_decisions_are_found_by_words_year_and_result(door: Door, clock: FixedClock) -> None:
    """Every word somewhere in title or text, in any case, with Polish letters; a page at a time."""
    made = await gather(door, clock)
    await decided(made, "Wspólny KALENDARZ", text="Uchwala się świąteczny żłobek.")
    await decided(made, "Regulamin", text="O kalendarzu świąt", hands=ByTotals(1, 6, 0))
    assert await found(made, words="kalendarz") == ["2/2026", "1/2026"]
    assert await found(made, words="ŚWIĄT Żłobek") == ["1/2026"]
    assert await found(made, words="kalendarz", verdict="failed") == ["2/2026"]
    assert await found(made, words="2/2026") == ["2/2026"]
    assert await found(made, words="nic takiego") == []
    assert await found(made, year=2025) == []
    page = await door.look(lambda uow: register.search(uow, made.ewa, made.body, limit=1, offset=1))
    assert ([one.name for one in page.entries], page.total) == (["1/2026"], 2)


async def test_a_register_is_its_body_s(door: Door, clock: FixedClock) -> None:
    """Whoever does not belong sees no entry, no list, no year and no file, and cannot tell that there are any."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    other = await enter(door, "lsr-ilawa")
    said = set()
    for number, body in ((entry.id, made.body), (10**6, 10**6)):
        for look in (
            lambda uow, n=number, b=body: register.see(uow, Actor(10**6), n),
            lambda uow, n=number, b=body: register.search(uow, Actor(10**6), b),
            lambda uow, n=number, b=body: register.years(uow, Actor(10**6), b),
            lambda uow, n=number, b=body: export.decision(uow, Actor(10**6), n),
            lambda uow, n=number, b=body: export.register_json(uow, Actor(10**6), b),
            lambda uow, n=number, b=body: export.register_xlsx(uow, Actor(10**6), b, i18n.translator("pl")),
            lambda uow, n=number, b=body: tasks.open_of(uow, Actor(10**6), b),
        ):
            with pytest.raises(NotFound) as refused:
                await door.look(look)
            said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(NotFound):
        await door.look(lambda uow: register.search(uow, made.heads["GOPS"], other))


async def test_a_later_decision_takes_the_place_of_an_earlier(door: Door, clock: FixedClock) -> None:
    """The earlier one stays as it was and shows what replaced it. A proposal that is rejected replaces nothing."""
    made = await gather(door, clock)
    first = await decided(made, "Pierwsza")
    await decided(made, "Nie", hands=ByTotals(0, 6, 0), supersedes=first.id)
    assert (await door.look(lambda uow: register.get(uow, first.id))).stands
    second = await decided(made, "Druga", supersedes=first.id)
    shown = await door.look(lambda uow: register.get(uow, first.id))
    assert (shown.superseded_by, shown.stands, second.supersedes, second.stands) == (second.id, False, first.id, True)


async def test_two_proposals_to_replace_one_decision_make_a_line(door: Door, clock: FixedClock) -> None:
    """Both were on their way at once: what is adopted later replaces what was adopted meanwhile, so that one stands."""
    made = await gather(door, clock)
    first = await decided(made, "Pierwsza")
    on_their_way = [await made.objected(title, supersedes=first.id) for title in ("Druga", "Trzecia")]
    second, third = [await noted(made, proposal, ByTotals(6, 1, 0)) for proposal in on_their_way]
    assert third.supersedes == second.id
    entries = [await door.look(lambda uow, n=one.id: register.get(uow, n)) for one in (first, second, third)]  # type: ignore[misc]  # mypy sees no default
    assert [one.stands for one in entries] == [False, False, True]


# --- files ------------------------------------------------------------------------------------------------------------


async def test_a_recount_of_every_export_gives_the_stored_result(door: Door, clock: FixedClock) -> None:
    """Chance votes by every method and under chance rules: whoever counts the file again comes to all the same numbers."""
    made = await gather(door, clock)
    chance = random.Random(5)
    for method in ("open", "secret", "by_hand", "totals", "open", "secret"):
        await made.rule(
            majority=chance.choice(["simple", "absolute"]), base=chance.choice(["cast", "present", "entitled"]),
            tie=chance.choice(["none", "chair"]),
        )  # fmt: skip
        said = [chance.choice(["for", "for", "against", "abstain", ""]) for _ in NAMES]
        voted: dict[int, Any] = {made.memberships[name]: one for name, one in zip(NAMES, said, strict=True) if one}
        if method in ("open", "secret"):
            ballot = await made.opened(method)
            for name, one in zip(NAMES, said, strict=True):
                if one:
                    await made.vote(ballot, name, one)
            await made.leave(NAMES[0])
            done = await made.ended(ballot)
            await made.come(NAMES[:1])
        else:
            totals = ByTotals(*(said.count(one) for one in ("for", "against", "abstain")))
            proposal, hands = await made.objected(), ByInstitution(voted) if method == "by_hand" else totals
            done = await door.act(lambda uow, p=proposal, h=hands: by_hand.note(uow, made.ewa, p, h))  # type: ignore[misc]  # mypy sees no default
        (*_, entry) = await door.look(lambda uow, p=done.proposal.id: register.of_proposal(uow, p))  # type: ignore[misc]  # mypy sees no default
        file = await door.look(lambda uow, n=entry.id: export.decision(uow, made.heads["GOPS"], n))  # type: ignore[misc]  # mypy sees no default
        counted = recount(file.content)
        assert counted.follows
        assert isinstance(counted.result, Result)
        assert counted.result == done.result
        if method == "secret":
            text = json.loads(file.content)
            assert "votes" not in text
            assert text["papers"] == sorted(text["papers"])


@pytest.mark.parametrize("meets", [True, False], ids=["meeting", "circulation"])
async def test_a_decision_by_consensus_can_be_counted_again_too(door: Door, clock: FixedClock, meets: bool) -> None:
    """Nobody objected: the file has the stances by institution, and they come to the same."""
    made = await gather(door, clock, meets=meets)
    number = await made.discussed(post=True)

    def agree(uow: UnitOfWork) -> None:
        held = consensus.open_round(uow, made.ewa, number)
        for name in NAMES if not meets else NAMES[:7]:
            consensus.take(uow, made.heads[name], held.id, made.memberships[name], "stand_aside" if name == "GOPS" else "agree")
        if meets:
            consensus.call(uow, made.ewa, held.id)
        consensus.close(uow, made.ewa, held.id)

    await door.act(agree)
    (entry,) = await door.look(lambda uow: register.of_proposal(uow, number))
    assert (entry.method, entry.verdict, entry.name, await made.state(number)) == ("consensus", "passed", "1/2026", "adopted")
    counted = recount((await door.look(lambda uow: export.decision(uow, made.heads["GOPS"], entry.id))).content)
    assert counted.follows
    assert counted.record.stances is not None
    assert dict(counted.record.stances)["GOPS"] == "stand_aside"
    told = await door.look(lambda uow: notices.of_subject(uow, entry.subject))
    assert len(told) == 11


async def test_an_export_changed_by_one_character_is_found(door: Door, clock: FixedClock) -> None:
    """Wherever it is changed: in a vote, in the text, in the chain's head, in its own seal."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    data = (await door.look(lambda uow: export.decision(uow, made.ewa, entry.id))).content
    chance = random.Random(9)
    for _ in range(60):
        place = chance.randrange(len(data))
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises((DoesNotAddUp, Unreadable)):
            recount(changed)


async def test_an_export_holds_the_head_of_the_chain(door: Door, clock: FixedClock) -> None:
    """Once the clock has sealed what was done, the file names the newest seal; it holds against the chain computed anew."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    await made.tick()
    chain = json.loads((await door.look(lambda uow: export.decision(uow, made.ewa, entry.id))).content)["chain"]
    verified = await door.look(lambda uow: audit_chain.verify(uow, made.body, chain["head"]))
    assert (verified.broken_at, verified.waiting, verified.head, verified.sealed) == (None, 0, chain["head"], chain["entries"])


async def test_two_institutions_of_one_name_are_told_apart(door: Door, clock: FixedClock) -> None:
    """Short names may be alike; in a file that knows institutions by name each gets its number."""
    made = await gather(door, clock)
    await bring_in(door, made.body, "Policja;gops;B;;Janów;zwierzchnik;;Policja Zwierzchnik;Zwierzchnik@7.example")
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 10)
    await made.close(ballot)
    (entry,) = await door.look(lambda uow: register.of_proposal(uow, ballot.proposal.id))
    counted = recount((await door.look(lambda uow: export.decision(uow, made.ewa, entry.id))).content)
    assert counted.record.roll is not None
    assert f"GOPS ({made.memberships['GOPS']})" in counted.record.roll


async def test_the_register_as_files(door: Door, clock: FixedClock) -> None:
    """JSON and a spreadsheet say the same; a title that looks like a formula is a title."""
    made = await gather(door, clock)
    first = await decided(made, '=HYPERLINK("http://zle.example")')
    await decided(made, "Druga", supersedes=first.id, hands=ByTotals(5, 2, 3))
    listed = json.loads((await door.look(lambda uow: export.register_json(uow, made.heads["GOPS"], made.body))).content)
    assert [(one["name"], one["votes"], one["supersedes"], one["superseded_by"]) for one in listed["decisions"]] == [
        ("2/2026", {"for": 5, "against": 2, "abstain": 3}, "1/2026", None), ("1/2026", {"for": 6, "against": 1, "abstain": 0}, None, "2/2026"),
    ]  # fmt: skip
    file = await door.look(lambda uow: export.register_xlsx(uow, made.heads["GOPS"], made.body, i18n.translator("pl")))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["2/2026", "1/2026"]
    assert rows[1][6:] == [5.0, 2.0, 3.0, "1/2026", ""]
    assert (rows[2][1], rows[2][2]) == (date(2026, 12, 15), '=HYPERLINK("http://zle.example")')


async def test_nothing_of_a_ballot_is_in_the_register_before_its_close(door: Door, clock: FixedClock) -> None:
    """An open ballot has no entry, and no file."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 9)
    assert await found(made) == []
    assert (await door.look(lambda uow: ballots.get(uow, ballot.id))).result is None
