"""Counting a decision again from its file, without a database: whether it adds up, and whether what it states follows.

Two kinds of files come in: the export of a decision, which is sealed (``written_export``), and the few entries anybody can write by hand.
``docs/recount.md`` describes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from konwent_bot.domain.decisions import consensus, names, record, sealed, tally
from konwent_bot.domain.decisions.consensus import RoundKind, RoundOutcome, RoundResult, Stances
from konwent_bot.domain.decisions.record import Record
from konwent_bot.domain.decisions.sealed import DoesNotAddUp, Plain, Unreadable
from konwent_bot.domain.decisions.tally import Assembly, Counts, Result, Verdict
from konwent_bot.errors import N_

FORMAT: Final = "konwent-bot decision"
VERSION: Final = 1
#: What a consensus round comes to in the words of a register.
_OF_ROUND: Final[Mapping[RoundOutcome, Verdict]] = {"adopted": "passed", "objected": "failed", "void": "void"}


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a file says, counted again."""

    record: Record
    #: Of a ballot, or of a consensus round.
    result: Result | RoundResult
    verdict: Verdict
    #: It is an export, and exactly as it was written.
    sealed: bool

    @property
    def follows(self) -> bool:
        """Whether the stated verdict is the one that was counted."""
        return self.verdict == self.record.stated


def recount(data: bytes) -> Recounted:
    """Count a file again.

    Raises:
        Unreadable: it is no such file; the sentence says what is wrong.
        DoesNotAddUp: it can be read and contradicts itself, or is an export that was changed.
    """
    read, is_export = _read(data)
    result = counted(read)
    verdict = result.verdict if isinstance(result, Result) else _OF_ROUND[result.outcome]
    return Recounted(read, result, verdict, is_export)


def written_export(exported: Record, *, decision: Mapping[str, Plain], chain: Mapping[str, Plain]) -> bytes:
    """Write the export of a decision: the record with what is known of the decision and of the chain it stands in, sealed.

    ``decision``: body, number, year, title, text, when it was taken (ISO, UTC) and the like; ``chain``: the head of the body's chain
    and the number of its entries. In a secret ballot neither may name who voted what. Raises ``ValueError`` for a record that its
    own reader would refuse.
    """
    data = sealed.sealed(
        {
            "format": FORMAT,
            "version": VERSION,
            "decision": decision,
            "chain": chain,
            **record.written(exported),
        }
    )
    try:
        recount(data)
    except (Unreadable, DoesNotAddUp) as error:
        raise ValueError(str(error)) from error
    return data


def counted(read: Record) -> Result | RoundResult:
    """Count a record. Raises ``DoesNotAddUp`` where it contradicts itself, ``Unreadable`` where nothing was voted in it."""
    if read.present > read.entitled:
        raise DoesNotAddUp(
            N_("More are present ({present}) than entitled ({entitled})."), present=read.present, entitled=read.entitled
        )
    if read.present_at_close is not None and read.present_at_close > read.present:
        raise DoesNotAddUp(
            N_("More are present at closing ({closing}) than at opening ({present})."),
            closing=read.present_at_close,
            present=read.present,
        )
    if read.by_circulation and read.present < read.entitled:
        raise DoesNotAddUp(
            N_("By circulation all who are entitled may vote ({entitled}), not {present}."),
            entitled=read.entitled,
            present=read.present,
        )
    names.agree(read)
    return _round(read) if read.is_round else _ballot(read)


# --- what a file must have --------------------------------------------------------------------------------------------


def _read(data: bytes) -> tuple[Record, bool]:
    """Give what a file says, and whether it is an export."""
    given = sealed.loaded(data)
    is_export = not given.keys().isdisjoint({"format", "version", "sha256"})
    if is_export:
        _be_whole(given, data)
    return record.read(given), is_export


def _be_whole(given: Mapping[str, object], data: bytes) -> None:
    """Refuse an export that was changed, that is of another version, or that lacks what only minimal files may lack."""
    if not sealed.seal_holds(data):
        raise DoesNotAddUp(N_("This export is not as it was written: something in it was changed."))
    if (given.get("format"), given.get("version")) != (FORMAT, VERSION):
        raise Unreadable(N_("This export is of another kind or version than this program knows."))
    for key in ("decision", "chain", "method", "roll"):
        if given.get(key) is None:
            raise Unreadable(N_("“{key}” is missing."), key=key)


def _ballot(read: Record) -> Result:
    kinds = {
        "open": ("votes",),
        "secret": ("papers", "turnout"),
        "by_hand": ("votes", "totals"),
        None: ("votes", "papers", "totals"),
    }
    _have_one_of(read, kinds[read.method])
    if read.method == "secret" and (read.votes is not None or read.turnout is None):
        raise Unreadable(N_("A secret ballot has papers without who, and who voted without what."))
    counts = None
    if read.totals is not None:
        counts = Counts(read.totals["for"], read.totals["against"], read.totals["abstain"])
    for choices in (None if read.votes is None else [choice for _, choice in read.votes], read.papers):
        if choices is None:
            continue
        one_by_one = tally.counted(choices)
        if counts is not None and counts != one_by_one:
            raise DoesNotAddUp(N_("The totals are not what the votes come to one by one."))
        counts = one_by_one
    assert counts is not None
    if counts.cast > read.present:
        raise DoesNotAddUp(
            N_("There are more votes ({cast}) than institutions that could vote ({present})."),
            cast=counts.cast,
            present=read.present,
        )
    assembly = Assembly(read.entitled, read.present, read.present_at_close, by_circulation=read.by_circulation)
    return tally.decide(read.rule, assembly, counts, read.chair)


def _round(read: Record) -> RoundResult:
    _have_one_of(read, ("stances", "totals"))
    stances = None if read.totals is None else Stances(**read.totals)
    if read.stances is not None:
        one_by_one = consensus.counted([stance for _, stance in read.stances])
        if stances not in (None, one_by_one):
            raise DoesNotAddUp(N_("The totals are not what the stances come to one by one."))
        stances = one_by_one
    assert stances is not None
    if stances.taken > read.present:
        raise DoesNotAddUp(
            N_("There are more stances ({taken}) than institutions that were asked ({asked})."),
            taken=stances.taken,
            asked=read.present,
        )
    kind: RoundKind = "tacit" if read.method == "tacit" else "circulation" if read.by_circulation else "meeting"
    return consensus.settle_round(read.rule, kind=kind, entitled=read.entitled, asked=read.present, stances=stances)


def _have_one_of(read: Record, keys: tuple[str, ...]) -> None:
    if all(getattr(read, key) is None for key in keys):
        raise Unreadable(N_("One of these must be there: {choices}."), choices=keys)
