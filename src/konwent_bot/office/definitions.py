"""Published flows: the text of every structure that was ever used is kept, so what was begun can be finished as it began."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from konwent_bot.dialogue import loading
from konwent_bot.dialogue.flow import Flow
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import FLOW_DEFINITION as T

_FIND = select(T.c.id).where(
    T.c.flow == bindparam("flow"), T.c.version == bindparam("version"), T.c.structure == bindparam("structure")
)
_KEEP = upsert(
    T,
    lambda new: new.values(
        {name: bindparam(name) for name in ("flow", "version", "structure", "wording", "source", "published_at")}
    ).on_conflict_do_nothing(),
)
_SOURCE = select(T.c.source).where(
    T.c.flow == bindparam("flow"), T.c.version == bindparam("version"), T.c.structure == bindparam("structure")
)


def publish(uow: UnitOfWork, flow: Flow) -> int:
    """Keep a flow's text, once a structure; give its id."""
    key = {"flow": flow.id, "version": flow.version, "structure": flow.structure}
    uow.execute(_KEEP[uow.dialect], **key, wording=flow.wording, source=flow.text, published_at=uow.now)
    return int(uow.execute(_FIND, **key).scalar_one())


def of(uow: UnitOfWork, flow: str, version: int, structure: str) -> Flow:
    """Give the flow a conversation began with: in the newest wording while the structure is the same, else as it was published."""
    newest = uow.house.flows.flows.get(flow)
    if newest is not None and newest.structure == structure and newest.version == version:
        return newest
    kept = uow.house.former.get((flow, version, structure))
    if kept is None:
        source = uow.execute(_SOURCE, flow=flow, version=version, structure=structure).scalar_one()
        kept = uow.house.former[(flow, version, structure)] = loading.load(source.encode(), f"{flow} {version}")
    return kept
