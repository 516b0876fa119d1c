"""Server-sent events: "something changed", for pages that then fetch what they show."""

from __future__ import annotations

from aiohttp import web

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.acts import PhoneError
from konwent_bot.sandbox.bodies import number_of, spoken
from konwent_bot.sandbox.world import World


class Events:
    """Handlers of ``/events`` (mailbox, clock, people) and ``/phone/{person}/events`` (those and the person's chats)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open = 0

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/events", spoken(self.house))
        router.add_get("/phone/{person}/events", spoken(self.phone))

    async def house(self, request: web.Request) -> web.StreamResponse:
        """``GET /events``."""
        return await self._stream(request, None)

    async def phone(self, request: web.Request) -> web.StreamResponse:
        """``GET /phone/{person}/events``; a ``Last-Event-ID`` below the newest revision is answered at once."""
        person = number_of(request.match_info["person"], "the person's id")
        if person not in self.world.people:
            raise PhoneError(404, "there is no such person")
        return await self._stream(request, person)

    async def _stream(self, request: web.Request, person: int | None) -> web.StreamResponse:
        if self.open >= bounds.STREAMS:
            raise PhoneError(503, "too many pages listen already")
        world = self.world
        bell = world.house_bell if person is None else world.person_bell(person)
        given = request.headers.get("Last-Event-ID", "")
        chats = world.person_revision.get(person or 0, 0)
        chats = min(chats, int(given)) if given.isdecimal() and len(given) < 18 else chats
        house = world.house_revision
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        self.open += 1
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            while not world.closing:
                now_chats, now_house = world.person_revision.get(person or 0, 0), world.house_revision
                if now_chats > chats:
                    await response.write(f"id: {now_chats}\nevent: chat\ndata: {now_chats}\n\n".encode())
                for kind in sorted({kind for number, kind in world.house_changes if number > house}):
                    await response.write(f"event: {kind}\ndata: {now_house}\n\n".encode())
                changed = now_chats > chats or now_house > house
                chats, house = now_chats, now_house
                if not changed and not await bell.wait(bounds.EVENT_PING_SECONDS):
                    await response.write(b": still here\n\n")
        except ConnectionError:
            pass  # the page has gone away
        finally:
            self.open -= 1
        return response
