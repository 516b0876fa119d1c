"""Reminders by e-mail: ended by the link in any of them, without signing in (RFC 8058), and wanted again in the settings.

Only reminders are: whoever belongs to a body is called to its meetings as long as they belong to it. The link is the proof; it says
nothing about its person and does nothing else, so it may be used as often as one likes.
"""

from __future__ import annotations

from konwent_bot.office import channels, links
from konwent_bot.office.unit import UnitOfWork


def look(uow: UnitOfWork, token: str) -> None:
    """See whether a link is one that ends reminders. Raises ``NotFound`` for any other."""
    links.find(uow, token, "stop")


def stop(uow: UnitOfWork, token: str) -> None:
    """Write no more reminders to whom a link was sent; done again it is the same. Raises ``NotFound`` where it is no such link."""
    row = links.find(uow, token, "stop")
    if channels.preferences(uow, row.person_id).mail_reminders:
        channels.prefer(uow, row.person_id, mail_reminders=False)
