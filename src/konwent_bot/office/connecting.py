"""Joining a Telegram account to somebody who has been coming by pages only."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from konwent_bot.errors import N_, Refused
from konwent_bot.office import channels, links, people
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import PERSON

_JOIN = (
    update(PERSON)
    .where(PERSON.c.id == bindparam("person"), PERSON.c.telegram_id.is_(None), PERSON.c.accepted_at.is_not(None))
    .values(telegram_id=bindparam("account"), reach="reachable")
)


def connect(uow: UnitOfWork, token: str, *, telegram: int) -> None:
    """Join an account to the person whose link this is; done twice by the same account it is the same.

    Raises:
        NotFound: the link is not one of ours, or is for something else.
        Refused: it was used or has expired; the account is somebody's already; the person has another account.
    """
    known = people.by_telegram(uow, telegram)
    link = links.use(uow, token, "connect", again_by=None if known is None else known.id)
    if known is not None and known.id == link.person:
        return
    if known is not None:
        raise Refused(
            N_("This Telegram account already holds places here. Leave with it first (/ustawienia), or go on in the browser.")
        )
    if not uow.execute(_JOIN, person=link.person, account=telegram).rowcount:
        raise Refused(
            N_("Another Telegram account has been joined to this person. Leave with it first, or go on in the browser.")
        )
    channels.reconsider(uow, link.person)
    uow.audit("person.connect", body=None, person=link.person)
