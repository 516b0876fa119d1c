"""Files of decisions: one that anybody can count again without us (``konwent-bot recount``), and the register as JSON and a spreadsheet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import bindparam, select

from konwent_bot.documents import register_sheet
from konwent_bot.domain.decisions.names import as_compared
from konwent_bot.domain.decisions.record import Method, Record
from konwent_bot.domain.decisions.recount import written_export
from konwent_bot.domain.decisions.sealed import Plain
from konwent_bot.domain.decisions.tally import Choice
from konwent_bot.i18n import Translator
from konwent_bot.office import audit_chain
from konwent_bot.office.decisions import ballot_news, ballots, facts, papers, register, rounds, votes
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.meetings.materials import File
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BALLOT, BODY, DECISION

JSON: Final = "application/json"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def decision(uow: UnitOfWork, actor: Actor, number: int) -> File:
    """Give a decision with all it follows from, and the head of its body's chain; sealed, so that a changed character is found.

    Of a secret ballot it says who took part and what was voted, and nothing that joins the two.

    Raises:
        NotFound: there is no such decision for this actor.
    """
    entry = register.see(uow, actor, number)
    head = audit_chain.head(uow, entry.body)
    chain: dict[str, Plain] = {"entries": head.number, "head": head.seal}
    content = written_export(record(uow, entry), decision=_of_itself(uow, entry), chain=chain)
    return File(f"decyzja-{entry.number}-{entry.year}.json", JSON, content)


def register_json(uow: UnitOfWork, actor: Actor, body: int, year: int | None = None) -> File:
    """Give all decisions of a body (or those of a year), the newest first, as JSON.

    Raises:
        NotFound: there is no such body for this actor.
    """
    facts.require_member(uow, actor, body)
    entries = register.of_body(uow, body, year=year)
    counts = _counts(uow, body)
    listed = [
        _of_itself(uow, one, entries) | {"method": one.method, "verdict": one.verdict, "votes": counts.get(one.id)}
        for one in entries
    ]
    text = json.dumps({"body": _name(uow, body), "decisions": listed}, ensure_ascii=False, indent=1, sort_keys=True)
    return File("rejestr-decyzji.json", JSON, f"{text}\n".encode())


def register_xlsx(uow: UnitOfWork, actor: Actor, body: int, t: Translator, year: int | None = None) -> File:
    """Give all decisions of a body (or those of a year), the newest first, as a spreadsheet in the reader's language.

    It bears the time of the newest of them, so that the same register gives the same bytes.

    Raises:
        NotFound: there is no such body for this actor.
    """
    facts.require_member(uow, actor, body)
    entries, every = register.of_body(uow, body, year=year), register.of_body(uow, body)
    names, counts = {one.id: one.name for one in every}, _counts(uow, body)
    rows = [
        register_sheet.Row(
            one.name, one.taken_at.astimezone(uow.house.zone).date(), one.title, one.text, one.method, one.verdict,
            None if one.id not in counts else (counts[one.id]["for"], counts[one.id]["against"], counts[one.id]["abstain"]),
            names.get(one.supersedes or 0, ""), names.get(one.superseded_by or 0, ""),
        )
        for one in entries
    ]  # fmt: skip
    newest = max((one.taken_at for one in entries), default=uow.now)
    return File("rejestr-decyzji.xlsx", XLSX, register_sheet.make(t, _name(uow, body), rows, now=newest))


def record(uow: UnitOfWork, entry: Entry) -> Record:
    """Give what a recount of a decision needs. Asks no rights."""
    return _of_round(uow, entry, entry.round) if entry.round is not None else _of_ballot(uow, entry, entry.ballot or 0)


# --- inside -----------------------------------------------------------------------------------------------------------

_METHODS: Final[Mapping[str, Method]] = {
    "consensus": "consensus", "tacit": "tacit", "open": "open", "secret": "secret", "by_hand": "by_hand"
}  # fmt: skip
_CHOICES: Final[Mapping[str, Choice]] = {"for": "for", "against": "against", "abstain": "abstain"}


def _of_ballot(uow: UnitOfWork, entry: Entry, number: int) -> Record:
    ballot = ballots.get(uow, number)
    assert ballot.result is not None
    assert ballot.verdict
    names = _told_apart((one.membership, one.name) for one in ballots.roll(uow, ballot))
    said = tuple((names[one.membership], _CHOICES[one.choice]) for one in votes.by_institution(uow, ballot) if one.choice)
    counts = ballot.result.counts
    return Record(
        rule=ballot.rule, entitled=ballot.entitled, present=ballot.present, stated=ballot.verdict, method=_METHODS[entry.method],
        present_at_close=ballot.present_at_close, by_circulation=ballot.by_circulation, chair=ballot.chair_choice or None,
        roll=tuple(names.values()),
        votes=said if ballot.method == "open" or said else None,
        papers=tuple(_CHOICES[choice] for _, choice in papers.choices(uow, number)) if ballot.secret else None,
        turnout=tuple(names[one] for one in ballot_news.voted(uow, ballot)) if ballot.secret else None,
        totals={"for": counts.in_favour, "against": counts.against, "abstain": counts.abstain},
    )  # fmt: skip


def _of_round(uow: UnitOfWork, entry: Entry, number: int) -> Record:
    held = rounds.get(uow, number)
    names = _told_apart((one.membership, one.name) for one in held.places)
    return Record(
        rule=held.rule, entitled=held.entitled, present=len(held.places), stated="passed", method=_METHODS[entry.method],
        by_circulation=entry.meeting is None, roll=tuple(names.values()),
        stances=tuple((names[one.membership], one.stance) for one in held.places if one.stance),
    )  # fmt: skip


def _told_apart(institutions: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Give institutions their names; where two have the same one, with a number behind it."""
    listed = list(institutions)
    often = Counter(as_compared(name) for _, name in listed)
    return {number: name if often[as_compared(name)] == 1 else f"{name} ({number})" for number, name in listed}


def _of_itself(uow: UnitOfWork, entry: Entry, among: Iterable[Entry] | None = None) -> dict[str, Plain]:
    """Give what is known of a decision beside its votes."""
    known = {one.id: one.name for one in among or ()}

    def name(number: int | None) -> str | None:
        return None if number is None else known.get(number) or register.get(uow, number).name

    return {
        "body": entry.body_name, "name": entry.name, "number": entry.number, "year": entry.year, "title": entry.title,
        "text": entry.text, "version": entry.version, "kind": entry.kind, "at_meeting": entry.meeting is not None,
        "taken_at": entry.taken_at.isoformat(), "supersedes": name(entry.supersedes), "superseded_by": name(entry.superseded_by),
    }  # fmt: skip


def _counts(uow: UnitOfWork, body: int) -> dict[int, dict[str, int]]:
    """Give the votes of the decisions of a body that were voted on."""
    kept = {row.id: json.loads(row.result) for row in uow.execute(_RESULTS, body=body)}
    return {number: {word: numbers[word] for word in _CHOICES} for number, numbers in kept.items()}


def _name(uow: UnitOfWork, body: int) -> str:
    return str(uow.execute(_BODY, body=body).scalar_one())


_RESULTS = (
    select(DECISION.c.id, BALLOT.c.result)
    .join_from(DECISION, BALLOT, BALLOT.c.id == DECISION.c.ballot_id)
    .where(DECISION.c.body_id == bindparam("body"))
)
_BODY = select(BODY.c.name).where(BODY.c.id == bindparam("body"))
