"""What commands that make invitations share: making them, and showing the links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from konwent_bot.errors import N_, Misconfigured

if TYPE_CHECKING:
    from konwent_bot.i18n import Translator
    from konwent_bot.office.invitations import Issued
    from konwent_bot.office.unit import UnitOfWork


def can_link(uow: UnitOfWork) -> bool:
    """Tell whether a link made now would lead anywhere."""
    return bool(uow.house.bot_username or uow.house.public_url)


def require_links(uow: UnitOfWork) -> None:
    """Refuse to make links that lead nowhere (and would end those given out before).

    Raises:
        Misconfigured: neither the bot's name nor an address of pages is known.
    """
    if not can_link(uow):
        raise Misconfigured(
            N_("Links need a place to lead to. Set KONWENT_TELEGRAM_TOKEN (the chat) or KONWENT_PUBLIC_URL (the pages).")
        )


def issue_if_possible(uow: UnitOfWork, *, seat: int | None = None, post: int | None = None) -> Issued | None:
    """Make the invitation that follows a change of holder; ``None`` when links would lead nowhere yet."""
    from konwent_bot.office import invitations
    from konwent_bot.office.rights import OPERATOR

    return invitations.issue(uow, OPERATOR, seat=seat, post=post) if can_link(uow) else None


def links(t: Translator, issued: Sequence[Issued]) -> str:
    """Show links as a table, and say that they are personal."""
    from konwent_bot.cli.tables import table
    from konwent_bot.screens.words import place

    headings = (t("Institution"), t("Place"), t("For whom"), t("Valid until"), t("Link to the chat"), t("Link to the page"))
    rows = [
        (
            one.place.institution,
            place(t, one.place.kind),
            one.place.name or one.place.email or one.place.title,
            t.short_day(one.expires_at),
            one.link,
            one.page,
        )
        for one in issued
    ]
    personal = t(
        "These links are personal: whoever opens one takes that place. Give each to its own person and do not publish them. Each works once."
    )
    return f"{table(headings, rows)}\n\n{personal}"


def no_links_yet(t: Translator) -> str:
    """Say what to do when no link could be made."""
    return t(
        "No invitation was made, because links have nowhere to lead yet. Set KONWENT_TELEGRAM_TOKEN or KONWENT_PUBLIC_URL, then: konwent-bot invite."
    )
