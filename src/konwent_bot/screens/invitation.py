"""What an invitation offers, and what is stored about whoever accepts it; shown before anything is stored."""

from __future__ import annotations

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office.invitations import Offer
from konwent_bot.office.unit import House
from konwent_bot.screens import words
from konwent_bot.screens.home import privacy_points
from konwent_bot.screens.intents import AcceptInvitation, DeclineInvitation, SeeInvitation, SignOut
from konwent_bot.screens.screen import Action, Screen


def invitation(t: Translator, house: House, offer: Offer, token: str, *, signed_in: str = "") -> Screen:
    """Show whom the invitation is for, the privacy notice, the choice of language, and the one button that accepts.

    ``signed_in``: who this browser is signed in as already; the place would become theirs.
    """
    place = offer.place
    facts = [(t("Network"), place.body)]
    if place.institution:
        facts.append((t("Institution"), place.institution))
    facts.append((t("Role"), words.place(t, place.kind) + (f" ({place.title})" if place.title else "")))
    if house.controller:
        facts.append((t("Run by"), house.controller))
    if house.controller_contact:
        facts.append((t("Contact"), house.controller_contact))
    languages = tuple(
        Action(("✓ " if code == t.language else "") + i18n.own_name(code), SeeInvitation(token, code))
        for code in i18n.languages()
    )
    return Screen(
        t("Invitation"),
        paragraphs=(t("You are invited to represent an institution in a cooperation network."),)
        if place.institution and place.seat is not None
        else (t("You are invited to serve a cooperation network."),),
        facts=tuple(facts),
        items=privacy_points(t),
        problem=t(
            "You are signed in here as {person}. If that is not you, sign out first: this place would become theirs.",
            person=signed_in,
        )
        if signed_in
        else "",
        notes=(t("Nothing about you is stored until you accept. The link is valid until {day}.", day=offer.expires_at),),
        actions=(
            languages,
            *(((Action(t("Sign out"), SignOut(), only="page"),),) if signed_in else ()),
            (Action(t("I accept and begin"), AcceptInvitation(token, t.language), weight="main"),),
            *(((Action(t("Open in Telegram"), url=offer.link, only="page"),),) if offer.link else ()),
            (Action(t("This is not for me"), DeclineInvitation()),),
        ),
    )


def declined(t: Translator) -> Screen:
    """Confirm that nothing was stored."""
    return Screen(
        t("Invitation"),
        paragraphs=(t("Nothing has been stored. If the invitation is for somebody else, please tell the coordinator."),),
    )
