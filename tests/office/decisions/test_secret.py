"""Secret ballots: one paper an institution, and nothing anywhere that tells which is whose.

The attacks are those of somebody who holds the whole machine after the close: the database with its hidden columns, its files, the log,
the messages. Each is shown to work on a ballot that is still open, so that finding nothing afterwards means something.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES
from tests.office.rosters import dump
from tests.test_logs import restored

from konwent_bot import logs
from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import notices
from konwent_bot.office.decisions import ballots, papers, register, votes
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door, UpdateId
from konwent_bot.store.tables import AUDIT_ENTRY, NOTICE, PAPER, TURNOUT

__all__ = ["restored"]

#: What each institution votes, in the order in which they come.
SAID: Final = ("for", "against", "for", "abstain", "against", "for", "for", "against", "for", "abstain")


async def cast_by_telegram(made: Deciding, ballot: Ballot) -> list[str]:
    """Let everybody vote through the messenger, one after another in an order of chance; give the institutions in that order."""
    order = list(NAMES)
    random.Random(7).shuffle(order)
    for number, name in enumerate(order):
        who, whose, choice = made.heads[name], made.memberships[name], SAID[NAMES.index(name)]
        await made.door.handle(
            UpdateId(1, number),
            lambda uow, a=who, m=whose, c=choice: papers.cast_secret(uow, a, ballot.id, m, c),  # type: ignore[misc]  # mypy sees no default
        )
        made.wait(seconds=3)
    return order


def truth(made: Deciding) -> set[tuple[int, str]]:
    """Give who voted what."""
    return {(made.memberships[name], choice) for name, choice in zip(NAMES, SAID, strict=True)}


async def rows(made: Deciding, query: str) -> list[Any]:
    """Ask the database itself."""
    return list(await made.door.look(lambda uow: uow.connection.execute(text(query)).all()))


async def test_the_first_paper_counts(door: Door, clock: FixedClock) -> None:
    """A paper cannot be changed: not by who cast it, not by the properer person, and not by a second tap."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    await made.vote(ballot, "GOPS", "for", by=made.delegates["GOPS"])
    before = await dump(door)
    for who, choice in ((made.delegates["GOPS"], "for"), (made.delegates["GOPS"], "against"), (made.heads["GOPS"], "against")):
        with pytest.raises(Refused, match="has voted already"):
            await made.vote(ballot, "GOPS", choice, by=who)
    assert await dump(door) == before
    done = await made.ended(ballot)
    assert done.result is not None
    assert (done.result.counts.in_favour, done.result.counts.cast) == (1, 1)


async def test_a_paper_leaves_two_rows_and_nothing_else(door: Door, clock: FixedClock) -> None:
    """No entry in the chain of acts, no notice, no time: of everything that is stored only turnout and papers have grown."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    before = await dump(door)
    await made.vote(ballot, "GOPS", "against")
    after = await dump(door)
    assert after.pop("turnout") == [*before.pop("turnout"), (ballot.id, made.memberships["GOPS"])]
    (paper,) = after.pop("paper")
    assert (before.pop("paper"), paper[0], len(str(paper[1])), paper[2]) == ([], ballot.id, 32, "against")
    assert after == before


async def test_no_column_of_a_paper_leads_anywhere(door: Door, clock: FixedClock) -> None:
    """Whoever later gives turnout a time or papers a person has to argue with this test."""
    assert [one.name for one in TURNOUT.columns] == ["ballot_id", "membership_id"]
    assert [one.name for one in PAPER.columns] == ["ballot_id", "id", "choice"]
    keys = {key.target_fullname for table in SQLModel.metadata.sorted_tables for key in table.foreign_keys}
    assert not {key for key in keys if key.startswith(("paper.", "turnout."))}


async def test_neither_live_nor_own_tells_more_than_it_may(door: Door, clock: FixedClock) -> None:
    """Of a secret ballot nobody learns how many have voted; an institution learns that it has, and not what."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    await made.vote_all(ballot, SAID[:4])
    live = await door.look(lambda uow: votes.live(uow, made.ewa, ballot.id))
    assert (live.voted, live.ballot.result) == (None, None)
    own = await door.look(lambda uow: votes.own_vote(uow, made.delegates[NAMES[0]], ballot.id, made.memberships[NAMES[0]]))
    assert (own.voted, own.choice) == (True, "")
    with pytest.raises(NotFound):
        await door.look(lambda uow: votes.own_vote(uow, made.ewa, ballot.id, made.memberships[NAMES[0]]))
    done = await made.ended(ballot)
    assert (await door.look(lambda uow: votes.of(uow, made.ewa, ballot.id))) == ()
    assert done.result is not None
    assert (await door.look(lambda uow: votes.live(uow, made.ewa, ballot.id))).voted == 4


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_hidden_columns_link_nobody_after_the_close(door: Door, clock: FixedClock) -> None:
    """Transactions and places of rows name all ten institutions while the ballot is open, and none once it is closed."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    order = await cast_by_telegram(made, ballot)
    joined = (
        f"select t.membership_id, p.choice from turnout t join paper p on t.xmin = p.xmin "
        f"where t.ballot_id = {ballot.id} and p.ballot_id = {ballot.id}"
    )
    by_place = "select {what} from {table} order by ctid"
    assert {tuple(row) for row in await rows(made, joined)} == truth(made), "the attack must work while it can"
    first = [row[0] for row in await rows(made, by_place.format(what="membership_id", table="turnout"))]
    assert first == [made.memberships[name] for name in order]

    await made.ended(ballot)
    assert len(await rows(made, joined)) == 100, "every institution goes with every paper"
    assert len(await rows(made, "select distinct xmin from (select xmin from turnout union all select xmin from paper) x")) == 1
    papers_now = [row[0] for row in await rows(made, by_place.format(what="id", table="paper"))]
    turnout_now = [row[0] for row in await rows(made, by_place.format(what="membership_id", table="turnout"))]
    assert papers_now == sorted(papers_now)
    assert turnout_now == sorted(turnout_now)
    for table in ("seen_update", "audit_entry", "notice", "vote"):
        found = await rows(
            made, f"select x.xmin from {table} x join paper p on p.xmin = x.xmin where x.xmin not in (select xmin from decision)"
        )
        assert found == [], table


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_no_file_holds_a_former_place_of_a_paper(door: Door, clock: FixedClock, tmp_path: Path) -> None:
    """Rows have no number of their own; after the close each paper stands once in the file, in its order, and the log is empty."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    await cast_by_telegram(made, ballot)
    numbers = [row[0].encode() for row in await rows(made, "select id from paper order by id")]
    for table in ("paper", "turnout"):
        with pytest.raises(DBAPIError):
            await rows(made, f"select rowid from {table}")

    def files() -> tuple[bytes, bytes]:
        return (tmp_path / "konwent.sqlite3").read_bytes(), (tmp_path / "konwent.sqlite3-wal").read_bytes()

    assert sum(b"".join(files()).count(number) for number in numbers) > len(numbers), "the search must find former copies"
    await made.ended(ballot)
    file, log = files()
    assert log == b""
    assert [file.count(number) for number in numbers] == [1] * len(numbers)
    places = [file.index(number) for number in numbers]
    assert places in (sorted(places), sorted(places, reverse=True)), "as a page is filled: by their numbers"
    assert await rows(made, "pragma freelist_count") == [(0,)]


async def test_the_chain_of_acts_says_nothing_of_papers(door: Door, clock: FixedClock) -> None:
    """Between opening and close nothing is written down; what is written then names no institution and no voter."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    everything = select(AUDIT_ENTRY).order_by(AUDIT_ENTRY.c.id)
    before = await door.look(lambda uow: uow.execute(everything).all())
    await cast_by_telegram(made, ballot)
    assert len(await door.look(lambda uow: uow.execute(everything).all())) == len(before)
    await made.ended(ballot)
    new = (await door.look(lambda uow: uow.execute(everything).all()))[len(before) :]
    assert [(one.act, one.person_id) for one in new] == [("ballot.close", None), ("decision.enter", None)]
    assert new[0].subject == f"ballot:{ballot.id} in_favour:5 against:3 abstain:2"
    assert not any("membership" in one.subject for one in new)


async def test_no_message_names_a_voter_or_a_choice(door: Door, clock: FixedClock) -> None:
    """What is announced goes to everybody alike, whoever has voted, and is about the ballot or the decision as a whole."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    told = await door.look(lambda uow: notices.of_subject(uow, ballot.subject))
    assert len(told) == 10
    await made.vote_all(ballot, SAID[:3])
    await made.ended(ballot)
    (entry,) = await door.look(lambda uow: register.of_proposal(uow, ballot.proposal.id))
    known = {ballot.subject, entry.subject}
    new = await door.look(lambda uow: uow.execute(select(NOTICE).where(NOTICE.c.occasion.like("%ballot%"))).all())
    assert {one.subject for one in new} <= known
    results = await door.look(lambda uow: notices.of_subject(uow, entry.subject))
    assert {one.occasion for one in results} == {"decision.taken"}
    assert len({one.recipient for one in results}) == 11


async def test_the_log_says_nothing(
    door: Door, clock: FixedClock, restored: Iterator[None], capsys: pytest.CaptureFixture[str]
) -> None:
    """At its most talkative the log holds no choice and no number of a paper."""
    logs.configure("debug", "json")
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    await made.vote(ballot, "GOPS", "against")
    structlog.get_logger("tests").info("voted")
    (number,) = [row[0] for row in await rows(made, "select id from paper")]
    await made.ended(ballot)
    said = capsys.readouterr().err
    assert "voted" in said
    assert number not in said
    assert "against" not in said


async def test_an_error_of_the_database_says_nothing(door: Door, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the database refuse a paper, the error does not quote it: it would stand in a log beside whoever pressed."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    monkeypatch.setattr("konwent_bot.office.decisions.papers.secrets.token_hex", lambda size: "ab" * size)
    await made.vote(ballot, "GOPS", "against")
    with pytest.raises(IntegrityError) as refused:
        await made.vote(ballot, "Policja", "abstain")
    assert "abstain" not in str(refused.value)
    assert "insert into paper" in str(refused.value).lower(), "it is the error of the paper that is looked at"
    assert len(await rows(made, "select * from turnout")) == 1, "without its paper nobody has voted"


async def test_a_closed_secret_ballot_takes_nothing(door: Door, clock: FixedClock) -> None:
    """After its deadline and after its close a paper is refused, and an open vote is refused at any time."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    with pytest.raises(Refused, match="secret"):
        await door.act(lambda uow: votes.cast(uow, made.heads["GOPS"], ballot.id, made.memberships["GOPS"], "for"))
    open_one = await made.opened()
    with pytest.raises(Refused, match="not secret"):
        await door.act(lambda uow: papers.cast_secret(uow, made.heads["GOPS"], open_one.id, made.memberships["GOPS"], "for"))
    made.at(ballot.closes_at)
    for _ in range(2):
        with pytest.raises(Refused, match="over"):
            await made.vote(ballot, "GOPS", "for")
        await made.tick()
    assert (await door.look(lambda uow: ballots.get(uow, ballot.id))).verdict == "failed"
