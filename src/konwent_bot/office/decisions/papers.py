"""Papers of a secret ballot: that an institution has voted, and what somebody voted, in two tables that nothing joins.

A paper leaves two rows and nothing else: no entry in the chain of acts, no notice, no time, no order, no name. Its number is random. Until
the close the two rows of one paper still share a transaction, so whoever runs the database could tell them together; screens say so.
At the close all of them are written anew, sorted by number, in one transaction, and what the files held before is wiped.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.exc import StatementError

from konwent_bot.domain.decisions.tally import Counts, counted
from konwent_bot.errors import N_, Refused
from konwent_bot.office.decisions import votes
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import PAPER, TURNOUT

#: Random bytes of a paper's number.
_BYTES: Final = 16


def cast_secret(uow: UnitOfWork, actor: Actor, ballot: int, membership: int, choice: str) -> None:
    """Vote for an institution in a secret ballot. Its first paper counts, whoever of its people comes later.

    Raises:
        NotFound: there is no such ballot or choice, or the actor does not speak for this institution in it.
        Refused: it is over, it is not secret, the institution is not on its roll, or it has voted.
    """
    found = votes.may_vote(uow, actor, ballot, membership, choice)
    if not found.secret:
        raise Refused(N_("This ballot is not secret. Please open it again to vote."))
    with _unspoken():
        if not uow.execute(_COME[uow.dialect], ballot_id=ballot, membership_id=membership).rowcount:
            raise Refused(N_("This institution has voted already. Its first vote counts and cannot be changed."))
        uow.execute(_CAST, ballot_id=ballot, id=secrets.token_hex(_BYTES), choice=choice)


def turnout(uow: UnitOfWork, ballot: int) -> int:
    """Say how many institutions have voted. For the closing alone: nobody is told."""
    return int(uow.execute(_TURNOUT, ballot=ballot).scalar_one())


def count(uow: UnitOfWork, ballot: int) -> Counts:
    """Count the papers of a ballot. For the closing alone."""
    return counted([row.choice for row in uow.execute(_PAPERS, ballot=ballot)])


def choices(uow: UnitOfWork, ballot: int) -> tuple[tuple[str, str], ...]:
    """Give the papers of a closed ballot, number and choice, in the order of their random numbers."""
    return tuple((row.id, row.choice) for row in uow.execute(_PAPERS, ballot=ballot))


def part(uow: UnitOfWork, ballot: int) -> None:
    """Write all papers of a ballot and its turnout anew, each sorted by its own number, and have their former places wiped.

    Neither the order of rows nor the transaction that wrote them says any more which paper came with which institution.
    """
    with _unspoken():
        for read, forget, write in ((_WHO, _FORGET_WHO, _WRITE_WHO), (_PAPERS, _FORGET_PAPERS, _WRITE_PAPERS)):
            rows = [dict(row) for row in uow.execute(read, ballot=ballot).mappings()]
            uow.execute(forget, ballot=ballot)
            if rows:
                uow.connection.execute(write, rows)
    uow.wipe_traces = True


# --- inside -----------------------------------------------------------------------------------------------------------


@contextmanager
def _unspoken() -> Iterator[None]:
    """Let no error of the database say what it was given: it would stand in a log beside whoever pressed."""
    try:
        yield
    except StatementError as error:
        error.hide_parameters = True
        raise


_P: Final = PAPER.c
_T: Final = TURNOUT.c
_COME = upsert(
    TURNOUT,
    lambda new: new.values(ballot_id=bindparam("ballot_id"), membership_id=bindparam("membership_id")).on_conflict_do_nothing(
        index_elements=["ballot_id", "membership_id"]
    ),
)
_CAST = insert(PAPER).values(ballot_id=bindparam("ballot_id"), id=bindparam("id"), choice=bindparam("choice"))
_TURNOUT = select(func.count()).select_from(TURNOUT).where(_T.ballot_id == bindparam("ballot"))
_WHO = select(TURNOUT).where(_T.ballot_id == bindparam("ballot")).order_by(_T.membership_id)
_PAPERS = select(PAPER).where(_P.ballot_id == bindparam("ballot")).order_by(_P.id)
_FORGET_WHO = delete(TURNOUT).where(_T.ballot_id == bindparam("ballot"))
_FORGET_PAPERS = delete(PAPER).where(_P.ballot_id == bindparam("ballot"))
_WRITE_WHO = insert(TURNOUT)
_WRITE_PAPERS = insert(PAPER)
