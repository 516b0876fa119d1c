"""What a script can do to the sandbox itself: the clock, faults, limits, the order of updates, the journal."""

from __future__ import annotations

from aiohttp import web

from konwent_bot.sandbox import bounds, updates
from konwent_bot.sandbox.acts import PhoneError
from konwent_bot.sandbox.bodies import answer, json_body, number_of, spoken
from konwent_bot.sandbox.faults import Faults
from konwent_bot.sandbox.journal import Journal
from konwent_bot.sandbox.polling import Polling
from konwent_bot.sandbox.records import Bot
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.throttle import Throttle
from konwent_bot.sandbox.world import World


class Controls:
    """Handlers of ``/clock``, ``/faults``, ``/limits``, ``/updates`` and ``/log``."""

    def __init__(self, world: World, throttle: Throttle, faults: Faults, journal: Journal, polling: Polling) -> None:
        self.world = world
        self.throttle = throttle
        self.faults = faults
        self.journal = journal
        self.polling = polling

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/clock", spoken(self.clock))
        router.add_post("/clock", spoken(self.move_clock))
        router.add_get("/faults", spoken(self.show_faults))
        router.add_post("/faults", spoken(self.add_fault))
        router.add_delete("/faults", spoken(self.clear_faults))
        router.add_get("/limits", spoken(self.show_limits))
        router.add_post("/limits", spoken(self.switch_limits))
        router.add_post("/updates/duplicate", spoken(self.duplicate))
        router.add_post("/updates/hold", spoken(self.hold))
        router.add_get("/updates/held", spoken(self.held))
        router.add_post("/updates/release", spoken(self.release))
        router.add_post("/updates/raw", spoken(self.raw))
        router.add_get("/log", spoken(self.log))

    def _bot(self, body: Json) -> Bot:
        name = body.get("bot")
        if name is None:
            return next(iter(self.world.bots.values()))
        bot = self.world.bot_named(name) if isinstance(name, str) else None
        if bot is None:
            raise PhoneError(404, f"there is no bot {name}")
        return bot

    # -- the clock -----------------------------------------------------------------------------------------------------------

    async def clock(self, _request: web.Request) -> web.Response:
        """``GET /clock``."""
        return answer({"now": self.world.clock.iso(), "shift_seconds": self.world.clock.shift})

    async def move_clock(self, request: web.Request) -> web.Response:
        """``POST /clock {move_seconds}`` from where it stands, or ``{shift_seconds}`` from the machine's clock."""
        body, clock = await json_body(request), self.world.clock
        match body:
            case {"move_seconds": int() | float() as seconds} if not isinstance(seconds, bool):
                shift = clock.shift + seconds
            case {"shift_seconds": int() | float() as seconds} if not isinstance(seconds, bool):
                shift = float(seconds)
            case _:
                raise PhoneError(400, "say move_seconds or shift_seconds, a number")
        try:
            clock.set(float(shift))
        except (ValueError, OverflowError):
            raise PhoneError(400, "the clock cannot be moved that far") from None
        self.world.save_meta()
        self.world.house_changed("clock")
        await self.world.keep.settled()
        return await self.clock(request)

    # -- faults and limits ---------------------------------------------------------------------------------------------------

    async def show_faults(self, _request: web.Request) -> web.Response:
        """``GET /faults``: the orders not yet used up."""
        return answer({"faults": [fault.json() for fault in self.faults.orders]})

    async def add_fault(self, request: web.Request) -> web.Response:
        """``POST /faults``."""
        try:
            return answer(self.faults.add(await json_body(request)).json(), 201)
        except ValueError as problem:
            raise PhoneError(400, str(problem)) from None

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """``DELETE /faults``."""
        count = len(self.faults.orders)
        self.faults.orders.clear()
        return answer({"deleted": count})

    async def show_limits(self, _request: web.Request) -> web.Response:
        """``GET /limits``: whether the rates are kept, and how many calls were refused for them."""
        return answer({"on": self.throttle.on, "refused": self.throttle.refused})

    async def switch_limits(self, request: web.Request) -> web.Response:
        """``POST /limits {on, delay?, penalty?}``."""
        body = await json_body(request)
        on, delay, penalty = body.get("on"), body.get("delay", 0), body.get("penalty", 0)
        if not isinstance(on, bool):
            raise PhoneError(400, "on is true or false")
        if not all(isinstance(one, int | float) and 0 <= one <= bounds.WAIT_SECONDS for one in (delay, penalty)):
            raise PhoneError(400, f"delay and penalty are seconds from 0 to {bounds.WAIT_SECONDS:.0f}")
        self.throttle.switch(on, delay, penalty)
        return await self.show_limits(request)

    # -- updates -------------------------------------------------------------------------------------------------------------

    async def duplicate(self, request: web.Request) -> web.Response:
        """``POST /updates/duplicate {update_id, bot?}``: deliver a remembered update once more, under its id."""
        body = await json_body(request)
        number = body.get("update_id")
        if not isinstance(number, int) or not updates.duplicate(self.world, self._bot(body), number):
            raise PhoneError(404, "no such update is remembered")
        await self.world.keep.settled()
        return answer({"update_id": number})

    async def hold(self, request: web.Request) -> web.Response:
        """``POST /updates/hold {on, bot?}``: keep new updates back."""
        body = await json_body(request)
        if not isinstance(body.get("on"), bool):
            raise PhoneError(400, "on is true or false")
        updates.hold(self.world, self._bot(body), body["on"])
        await self.world.keep.settled()
        return answer({"on": body["on"]})

    async def held(self, request: web.Request) -> web.Response:
        """``GET /updates/held?bot=``: what is kept back, oldest first."""
        bot = self._bot(dict(request.query))
        return answer({"on": bot.holding, "updates": [u.body() | {"queue": u.queue} for u in bot.held.values()]})

    async def release(self, request: web.Request) -> web.Response:
        """``POST /updates/release {order?, bot?}``: deliver what is kept back in this order; all of it when no order is given."""
        body = await json_body(request)
        order = body.get("order")
        if order is not None and not (isinstance(order, list) and all(isinstance(number, int) for number in order)):
            raise PhoneError(400, "order is a list of update ids")
        try:
            released = updates.release(self.world, self._bot(body), order)
        except KeyError as problem:
            raise PhoneError(404, f"not held: {problem.args[0]}") from None
        await self.world.keep.settled()
        return answer({"released": released})

    async def raw(self, request: web.Request) -> web.Response:
        """``POST /updates/raw {update, queue?, bot?}``: deliver this object as an update, whatever it is; its id is given unless it has one."""
        body = await json_body(request)
        given = body.get("update")
        if not isinstance(given, dict):
            raise PhoneError(400, "update is an object")
        number = given.get("update_id")
        if number is not None and not isinstance(number, int):
            raise PhoneError(400, "update_id is a whole number")
        payload = {name: value for name, value in given.items() if name != "update_id"}
        number = updates.push_raw(self.world, self._bot(body), payload, str(body.get("queue", "raw")), number)
        await self.world.keep.settled()
        return answer({"update_id": number})

    async def log(self, request: web.Request) -> web.Response:
        """``GET /log?after=n``: calls numbered above n, every remembered update, how many bots poll now."""
        read = self.journal.read(number_of(request.query.get("after", "0"), "after"))
        return answer(read | {"polling": self.polling.waiting})
