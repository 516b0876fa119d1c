"""The phones over HTTP: what the page and scripts use to act as people (``docs/sandbox.md``)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from konwent_bot.sandbox import acts, bounds, groups, render
from konwent_bot.sandbox.acts import Done, PhoneError
from konwent_bot.sandbox.bodies import answer, json_body, number_of, seconds_of, spoken, text_of
from konwent_bot.sandbox.mail import download
from konwent_bot.sandbox.pictures import picture_size
from konwent_bot.sandbox.records import Bot, Chat, Person
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World

_SEND_CHARS = 100_000
_URL_CHARS = 2048


class Phones:
    """Handlers of ``/phone`` and ``/groups``."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/phone", spoken(self.people))
        router.add_post("/phone", spoken(self.create_person))
        router.add_get("/phone/files/{file}", spoken(self.file))
        router.add_get("/phone/{person}/chats", spoken(self.chats))
        router.add_get("/phone/{person}/wait", spoken(self.wait))
        router.add_get("/phone/{person}/callbacks/{callback}", spoken(self.callback))
        for place in ("/phone/{person}/chat/{bot}", "/phone/{person}/group/{group}"):
            router.add_get(place, spoken(self.chat))
            for verb, handler in (("send", self.send), ("tap", self.tap), ("edit", self.edit), ("file", self.send_file)):
                router.add_post(f"{place}/{verb}", spoken(handler))
        for verb, handler in (("start", self.start), ("open", self.open), ("block", self.block), ("unblock", self.unblock)):
            router.add_post(f"/phone/{{person}}/chat/{{bot}}/{verb}", spoken(handler))
        router.add_post("/groups", spoken(self.create_group))
        router.add_post("/groups/{group}/migrate", spoken(self.migrate))
        router.add_post("/groups/{group}/remove-bot", spoken(self.remove_bot))

    # -- finding -------------------------------------------------------------------------------------------------------------

    def person(self, request: web.Request) -> Person:
        """Give the person of the address."""
        found = self.world.people.get(number_of(request.match_info["person"], "the person's id"))
        if found is None:
            raise PhoneError(404, "there is no such person")
        return found

    def bot(self, username: str) -> Bot:
        """Give a bot by its user name."""
        found = self.world.bot_named(username)
        if found is None:
            raise PhoneError(404, f"there is no bot {username}")
        return found

    def place(self, request: web.Request) -> tuple[Person, Chat]:
        """Give the person and the chat of the address."""
        person = self.person(request)
        if "group" in request.match_info:
            return person, self.group_of(person, request.match_info["group"])
        return person, self.world.private_chat(self.bot(request.match_info["bot"]), person.id)

    def group_of(self, person: Person, number: str) -> Chat:
        """Give a group the person is in."""
        chat = self.world.chats.get(str(number_of(number, "the group's id")))
        if chat is None or chat.private or person.id not in chat.members:
            raise PhoneError(404, "there is no such group on this phone")
        return chat

    async def settle(self, done: Done) -> web.Response:
        """Answer once what happened is on file."""
        await self.world.keep.settled()
        return answer(done.json())

    # -- people and chats ----------------------------------------------------------------------------------------------------

    async def people(self, _request: web.Request) -> web.Response:
        """``GET /phone``."""
        bots = [{"username": b.username, "name": b.name} for b in self.world.bots.values()]
        return answer({"people": [render.phone_person(p) for p in self.world.people.values()], "bots": bots})

    async def create_person(self, request: web.Request) -> web.Response:
        """``POST /phone``: a new person, or the one with this id brought up to date."""
        body, world = await json_body(request), self.world
        number = body.get("id")
        if number is None:
            number = world.last_person + 1
        if not isinstance(number, int) or not 0 < number < 2**52 or number in world.bots:
            raise PhoneError(400, "id is a positive whole number of no bot")
        if number not in world.people and len(world.people) >= bounds.PEOPLE:
            raise PhoneError(409, f"there are {bounds.PEOPLE} people already")
        first_name = text_of(body, "first_name", bounds.NAME_CHARS).strip()
        if not first_name:
            raise PhoneError(400, "first_name is empty")
        person = Person(
            number,
            first_name,
            text_of(body, "last_name", bounds.NAME_CHARS, default="").strip(),
            text_of(body, "language_code", 16, default="pl"),
            text_of(body, "note", bounds.NOTE_CHARS, default=""),
            text_of(body, "email", bounds.NOTE_CHARS, default="").strip(),
        )
        status = 200 if number in world.people else 201
        world.people[number] = person
        world.last_person = max(world.last_person, number)
        world.save("person", number, person)
        world.house_changed("people")
        await world.keep.settled()
        return answer(render.phone_person(person), status)

    async def chats(self, request: web.Request) -> web.Response:
        """``GET /phone/{person}/chats``."""
        person = self.person(request)
        return answer({"chats": [render.phone_chat_head(self.world, person.id, c) for c in self.world.chats_of(person.id)]})

    async def chat(self, request: web.Request) -> web.Response:
        """``GET /phone/{person}/chat/{bot}`` and ``/group/{id}``: looking at a chat marks it as read."""
        person, chat = self.place(request)
        return answer(self.look(person, chat))

    def look(self, person: Person, chat: Chat) -> Json:
        """Show a chat and note that it was seen."""
        shown = render.phone_chat(self.world, person, chat)
        if chat.seen.get(str(person.id), 0) < shown["last_id"]:
            chat.seen[str(person.id)] = shown["last_id"]
            self.world.keep.mark("chat", chat.key, chat.row)
        return shown

    async def wait(self, request: web.Request) -> web.Response:
        """``GET /phone/{person}/wait``: the chat as soon as its revision is above ``after``, or when ``timeout`` is over."""
        person, query = self.person(request), request.query
        if "group" in query:
            chat = self.group_of(person, query["group"])
        else:
            chat = self.world.private_chat(self.bot(query.get("bot", next(iter(self.world.bots.values())).username)), person.id)
        after = number_of(query.get("after", "0"), "after")
        seconds = seconds_of(query.get("timeout", "25"))
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while chat.revision <= after and loop.time() < until and not self.world.closing:
            await self.world.person_bell(person.id).wait(until - loop.time())
        return answer({"changed": chat.revision > after, **self.look(person, chat)})

    async def callback(self, request: web.Request) -> web.Response:
        """``GET /phone/{person}/callbacks/{id}``: whether the bot has answered a tap, and how. ``?timeout=`` waits for it."""
        person = self.person(request)
        press = self.world.presses.get(request.match_info["callback"])
        if press is None or press.person != person.id:
            raise PhoneError(404, "there is no such tap of this phone")
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds_of(request.query.get("timeout", "0"))
        while not press.answered and loop.time() < until and not self.world.closing:
            await self.world.person_bell(person.id).wait(until - loop.time())
        return answer({"answered": press.answered, "text": press.text, "alert": press.alert, "url": press.url or None})

    async def file(self, request: web.Request) -> web.StreamResponse:
        """``GET /phone/files/{id}``: the body of a document (to be saved) or a picture (to be shown)."""
        stored = self.world.files.get(request.match_info["file"])
        if stored is None:
            raise PhoneError(404, "there is no such file")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
        if stored.width:
            kinds = {b"\x89P": "image/png", b"GI": "image/gif", b"RI": "image/webp"}
            return web.Response(body=stored.body, content_type=kinds.get(stored.body[:2], "image/jpeg"), headers=headers)
        return download(stored.body, stored.name)

    # -- acting --------------------------------------------------------------------------------------------------------------

    async def send(self, request: web.Request) -> web.Response:
        """``POST .../send {text, reply_to?}``."""
        (person, chat), body = self.place(request), await json_body(request)
        reply_to = body.get("reply_to")
        if reply_to is not None and not isinstance(reply_to, int):
            raise PhoneError(400, "reply_to is not a message's id")
        return await self.settle(acts.send(self.world, person, chat, text_of(body, "text", _SEND_CHARS), reply_to))

    async def start(self, request: web.Request) -> web.Response:
        """``POST .../start {payload?}``."""
        (person, chat), body = self.place(request), await json_body(request)
        return await self.settle(acts.start(self.world, person, chat, text_of(body, "payload", 1000, default="")))

    async def open(self, request: web.Request) -> web.Response:
        """``POST .../open {url}``."""
        (person, chat), body = self.place(request), await json_body(request)
        return await self.settle(acts.open_link(self.world, person, chat, text_of(body, "url", _URL_CHARS)))

    async def tap(self, request: web.Request) -> web.Response:
        """``POST .../tap {message_id, data | row and col | text, forged?}``."""
        (person, chat), body = self.place(request), await json_body(request)
        return await self.settle(acts.tap(self.world, person, chat, body))

    async def edit(self, request: web.Request) -> web.Response:
        """``POST .../edit {message_id, text}``."""
        (person, chat), body = self.place(request), await json_body(request)
        text = text_of(body, "text", _SEND_CHARS)
        return await self.settle(acts.edit(self.world, person, chat, body.get("message_id"), text))

    async def send_file(self, request: web.Request) -> web.Response:
        """``POST .../file``: multipart with ``file`` and maybe ``caption``; a picture when ``as`` is ``photo``."""
        person, chat = self.place(request)
        form = await request.post()
        part = form.get("file")
        if not isinstance(part, web.FileField):
            raise PhoneError(400, "there is no file")
        body = part.file.read()
        part.file.close()
        size = picture_size(body) if form.get("as") == "photo" else (0, 0)
        caption = str(form.get("caption", ""))
        return await self.settle(acts.send_file(self.world, person, chat, part.filename, part.content_type, body, size, caption))

    async def block(self, request: web.Request) -> web.Response:
        """``POST .../block``."""
        return await self._simple(request, acts.block)

    async def unblock(self, request: web.Request) -> web.Response:
        """``POST .../unblock``."""
        return await self._simple(request, acts.unblock)

    async def _simple(self, request: web.Request, act: Callable[[World, Person, Chat], Done]) -> web.Response:
        person, chat = self.place(request)
        return await self.settle(act(self.world, person, chat))

    # -- groups --------------------------------------------------------------------------------------------------------------

    async def create_group(self, request: web.Request) -> web.Response:
        """``POST /groups {title, members, bot?}``."""
        body, world = await json_body(request), self.world
        title = text_of(body, "title", bounds.NAME_CHARS).strip()
        members = body.get("members")
        if not title or not isinstance(members, list) or not members or any(m not in world.people for m in members):
            raise PhoneError(400, "a group needs a title and members who exist")
        if sum(not c.private for c in world.chats.values()) >= bounds.GROUPS:
            raise PhoneError(409, f"there are {bounds.GROUPS} groups already")
        bot = self.bot(text_of(body, "bot", 64, default=next(iter(world.bots.values())).username))
        chat = groups.create_group(world, title, list(dict.fromkeys(members)), bot)
        await world.keep.settled()
        return answer({"id": chat.id, "title": chat.title, "kind": chat.kind, "members": chat.members}, 201)

    def _group(self, request: web.Request) -> Chat:
        chat = self.world.chats.get(str(number_of(request.match_info["group"], "the group's id")))
        if chat is None or chat.private:
            raise PhoneError(404, "there is no such group")
        return chat

    async def migrate(self, request: web.Request) -> web.Response:
        """``POST /groups/{id}/migrate``."""
        chat = self._group(request)
        if chat.kind != "group":
            raise PhoneError(409, "it is a supergroup already")
        new = groups.migrate(self.world, chat)
        await self.world.keep.settled()
        return answer({"id": new.id, "title": new.title, "kind": new.kind, "members": new.members})

    async def remove_bot(self, request: web.Request) -> web.Response:
        """``POST /groups/{id}/remove-bot``."""
        chat = self._group(request)
        return await self.settle(Done(groups.remove_bot(self.world, chat, chat.members[0])))
