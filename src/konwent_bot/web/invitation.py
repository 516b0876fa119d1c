"""The landing page of an invitation: what the link offers, and the way into the chat. Looking changes nothing."""

from __future__ import annotations

from aiohttp import web

from konwent_bot.errors import Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import invitations
from konwent_bot.office.door import Door
from konwent_bot.office.invitations import Offer
from konwent_bot.office.unit import House
from konwent_bot.screens import words
from konwent_bot.web.pages import Pages


class InvitationPage:
    """Handler of ``/z/{token}``. Programs that preview links may fetch it as often as they like."""

    def __init__(self, door: Door, pages: Pages) -> None:
        self._door = door
        self._pages = pages

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/z/{token:[^/]+}", self.show)

    async def show(self, request: web.Request) -> web.Response:
        """``GET /z/{token}``: 200 with the offer; 404 with a sentence for used, expired, replaced and forged links alike."""
        t = self._pages.translator(request)
        token = request.match_info["token"]
        try:
            offer = await self._door.look(lambda uow: invitations.look(uow, token))
        except Refused as problem:
            return self._pages.render(
                "closed.html", t, status=404, title=t("This link does not open anything"), problem=t.say(problem)
            )
        return self._pages.render(
            "invitation.html",
            t,
            title=t("Invitation"),
            lead=t("You are invited to work in a network of institutions that help people return to work and to community life."),
            facts=_facts(offer, self._door.house, t),
            link=offer.link,
            open=t("Open in Telegram"),
            away=t("The chat cannot be reached at the moment. Please try again later, or ask the coordinator."),
            next=t("What happens next"),
            steps=_steps(t),
        )


def _facts(offer: Offer, house: House, t: Translator) -> list[tuple[str, str]]:
    place = offer.place
    facts = (
        (t("Network"), place.body),
        (t("Institution"), place.institution),
        (t("Role"), words.place(t, place.kind) + (f" ({place.title})" if place.title else "")),
        (t("Valid until"), t.day(offer.expires_at)),
        (t("Run by"), house.controller),
        (t("Contact"), house.controller_contact),
    )
    return [(name, value) for name, value in facts if value]


def _steps(t: Translator) -> tuple[str, ...]:
    return (
        t("A chat with the secretariat of the network opens. Please press Start there."),
        t(
            "First you choose a language and read what is stored, why and for how long. Nothing about you is stored until you accept."
        ),
        t(
            "Twice a year the secretariat asks your institution for a cooperation card. You may break off at any time; your answers stay."
        ),
        t("The link is for you alone and works once. Please do not pass it on."),
    )
