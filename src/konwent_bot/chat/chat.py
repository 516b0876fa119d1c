"""The chat: an update in, one unit of work, the person's next screen out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramNetworkError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import BotCommand, Update, User

from konwent_bot import i18n
from konwent_bot.chat.incoming import Incoming, read
from konwent_bot.chat.lanes import Lanes
from konwent_bot.chat.pausing import Pausing
from konwent_bot.chat.sending import Sender, Unreachable
from konwent_bot.errors import N_, KonwentError, Misconfigured
from konwent_bot.i18n import Translator
from konwent_bot.office import channels, dialogues, people
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door, Repeated, UpdateId
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import chat_groups, home, reception, telegram
from konwent_bot.screens.intents import Home
from konwent_bot.screens.minutes import archive, verifying
from konwent_bot.screens.reception import Reply

log = structlog.get_logger(__name__)

#: How long one call to Telegram may take, in seconds; a reply later than that is no reply.
REPLY_SECONDS = 15.0
#: Files that are fetched and looked at side by side: each may hold 20 MB of memory.
FETCHED_AT_ONCE = 2

#: The command menu: Telegram allows a-z, 0-9 and _ in names, so they are Polish without diacritics in every language.
_MENU = (
    ("sprawy", N_("What awaits you")),
    ("szukaj", N_("Search meetings, minutes and decisions")),
    ("przerwij", N_("Break off, keep the answers")),
    ("ustawienia", N_("Language and leaving")),
    ("pomoc", N_("Help")),
)


def make_bot(token: str, api: str) -> Bot:
    """Make a client of the Bot API at ``api`` (Telegram's own, a local server, the sandbox)."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api), timeout=REPLY_SECONDS)
    return Bot(token, session=session)


@asynccontextmanager
async def open_chat(token: str, api: str, door: Door) -> AsyncIterator[Chat]:
    """Open the chat; leaving it finishes every update in hand and lets go of the connections.

    Raises:
        Misconfigured: the token is refused, or the Bot API cannot be reached.
    """
    bot = make_bot(token, api)
    try:
        me = await _introduce(bot)  # before the nursery opens: out of it a refusal would come wrapped in a group
        async with asyncio.TaskGroup() as nursery:
            door.house = replace(door.house, bot_username=me.username or "")
            yield Chat(bot, me, door, nursery)
    finally:
        await bot.session.close()


class Chat:
    """The bot in Telegram, while its nursery lives."""

    def __init__(self, bot: Bot, me: User, door: Door, nursery: asyncio.TaskGroup) -> None:
        self.bot = bot
        self.me = me
        self._door = door
        self._nursery = nursery
        self._lanes = Lanes(nursery)
        self._sender = Sender(bot, Pausing(door))
        self._fetching = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def set_menu(self) -> None:
        """Tell Telegram the commands, in every language. Not vital: a refusal is logged and nothing else."""
        try:
            for code in i18n.languages():
                t = i18n.translator(code)
                commands = [BotCommand(command=name, description=t(msgid)) for name, msgid in _MENU]
                await self.bot.set_my_commands(commands, language_code=None if code == i18n.languages()[0] else code)
        except AiogramError as fault:
            log.warning("chat.menu_refused", kind=type(fault).__name__)

    def take(self, update: Update) -> asyncio.Future[None]:
        """Take an update. The future is done once it is committed (then it may be confirmed), and fails when it must come again."""
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        incoming = read(update)
        if incoming is None:
            committed.set_result(None)
            return committed
        if incoming.callback:
            self._nursery.create_task(self._sender.acknowledge(incoming.callback))
        # A private chat has the number of its person; what happens in a group is taken in order, whoever does it.
        self._lanes.put(incoming.chat, lambda: self._serve(incoming, committed))
        return committed

    async def _serve(self, incoming: Incoming, committed: asyncio.Future[None]) -> None:
        """Handle one update: commit, tell whoever waits for the commit, show what follows. Never raises."""
        try:
            said = await self._handle(incoming)
        except Exception as fault:  # noqa: BLE001 - a lane must go on; the fault goes to whoever confirms
            if not committed.done():
                committed.set_exception(fault)
            committed.exception()  # marks it as seen, should nobody be waiting any more
            return
        if not committed.done():
            committed.set_result(None)
        shown = None
        try:
            if said is None and incoming.kind == "file":
                # Only now: a file is megabytes, and nobody else's updates wait for its confirmation.
                said = await self._examined(incoming)
            if said is None:
                return
            reply, t = said
            shown = await self._show(incoming, reply, t)
            if reply.document is not None:
                await self._sender.hand(incoming.chat, reply.document)
        except Unreachable:
            await self._quietly(lambda uow: _out_of_reach(uow, incoming))
        except Exception:
            log.exception("chat.reply_failed")
        if said is not None and said[0].talk is not None:
            await self._note(said[0].talk, shown, incoming)

    async def _handle(self, incoming: Incoming) -> tuple[Reply, Translator] | None:
        """Do the update's unit of work. A fault of the database means it will come again; a mistake of ours must not, for ever."""
        update = UpdateId(self.me.id, incoming.update)
        try:
            said = await self._door.handle(update, lambda uow: self._work(uow, incoming))
        except KonwentError:
            raise
        except Exception:
            # A poisoned update would block everything this person sends for a day. It is set aside, loudly, and the person told.
            log.exception("chat.update_failed", update=incoming.update, kind=incoming.kind)
            said = await self._door.handle(update, lambda uow: self._sorry(uow, incoming))
        if isinstance(said, Repeated):
            # Done before; but we may have gone down between the commit and the reply, and a press always gets an answer.
            return await self._door.act(lambda uow: self._unshown(uow, incoming))
        return said

    def _unshown(self, uow: UnitOfWork, incoming: Incoming) -> tuple[Reply, Translator] | None:
        if incoming.kind == "press" and isinstance(incoming.intent, Touch):
            return reception.unshown(uow, incoming.visitor, incoming.intent.dialogue, pressed=incoming.message)
        if incoming.kind == "text" and incoming.intent is None:
            return reception.unshown(uow, incoming.visitor, None)
        if incoming.kind == "file":
            return verifying.admit(uow, incoming.visitor, incoming.size)
        return None

    def _work(self, uow: UnitOfWork, incoming: Incoming) -> tuple[Reply, Translator] | None:
        visitor = incoming.visitor
        match incoming.kind:
            case "reach":
                people.reached(uow, incoming.account, "reachable" if incoming.reachable else "blocked")
                return None
            case "moved":
                channels.group_moved(uow, incoming.chat, incoming.moved_to)
                return None
            case "removed":
                channels.group_gone(uow, incoming.chat)
                return None
            case "link":
                return chat_groups.said(uow, visitor, incoming.chat, incoming.title, incoming.text)
            case "group":
                t = i18n.translator(i18n.nearest(visitor.language))
                return Reply(home.in_a_group(t, self.me.username or "")), t
            case _:
                return _asked(uow, incoming)

    def _sorry(self, uow: UnitOfWork, incoming: Incoming) -> tuple[Reply, Translator] | None:
        if incoming.kind in ("reach", "group", "link", "moved", "removed"):
            return None
        person = people.by_telegram(uow, incoming.account)
        t = i18n.translator(person.language if person else i18n.nearest(incoming.visitor.language))
        problem = t(
            "A fault on our side: this message could not be taken. Your earlier answers are safe; the operator has been told."
        )
        return Reply(home.refusal(t, problem)), t

    async def _examined(self, incoming: Incoming) -> tuple[Reply, Translator]:
        """Fetch a file that was let in, and say whether it is one of ours. It is kept nowhere."""
        async with self._fetching:
            content = await self._sender.fetch(incoming.file, most=verifying.LARGEST)
            return await self._door.look(lambda uow: verifying.examined(uow, incoming.visitor, content))

    async def _show(self, incoming: Incoming, reply: Reply, t: Translator) -> int | None:
        """Show a reply: in place where a press asks for it, as a new message where the person typed or is to type.

        Gives the number of the message that shows it; ``None`` when nobody knows whether one does.
        """
        message = telegram.render(reply.screen, t)
        pressed = incoming.message if incoming.kind == "press" else None
        former = reply.talk.message_id if reply.talk is not None else None
        stays = reply.same_question or not message.typed
        in_place = pressed is not None and stays and former in (None, pressed)
        if in_place:
            return await self._sender.show(incoming.chat, message, instead_of=pressed)
        # What asked before asks no more; the answer now stands under it, or the person is to type under it.
        for old in {number for number in (pressed, former) if number is not None}:
            await self._sender.strip(incoming.chat, old)
        return await self._sender.show(incoming.chat, message)

    async def _note(self, talk: Talk, shown: int | None, incoming: Incoming) -> None:
        """Keep which message shows a conversation, where that has changed: a press answered in place costs no second commit."""
        if shown is None or shown != talk.message_id:
            dialogue, turn = talk.id, talk.state.turn
            anew = not (incoming.kind == "press" and shown == incoming.message)
            await self._quietly(lambda uow: dialogues.shown(uow, dialogue, turn, shown, anew=anew))

    async def _quietly(self, work: Callable[[UnitOfWork], None]) -> None:
        """Note something that only helps; when the database is away it is not worth a fault."""
        try:
            await self._door.act(work)
        except KonwentError as fault:
            log.warning("chat.note_lost", reason=fault.msgid)


def _asked(uow: UnitOfWork, incoming: Incoming) -> tuple[Reply, Translator] | None:
    """Do what a person asks for in their private chat. ``None``: nothing is to be shown, or (a file) it is yet to be fetched."""
    visitor = incoming.visitor
    match incoming.kind:
        case "text" if incoming.intent is None:
            return reception.hear(uow, visitor, incoming.text, message=incoming.message, written_at=incoming.written_at)
        case "edit":
            assert incoming.message is not None
            return reception.amend(uow, visitor, incoming.text, message=incoming.message)
        case "search":
            return archive.heard(uow, visitor, incoming.text)
        case "file":
            return verifying.admit(uow, visitor, incoming.size)
        case _:
            return reception.answer(uow, visitor, incoming.intent or Home())


def _out_of_reach(uow: UnitOfWork, incoming: Incoming) -> None:
    """Note that a reply was not taken: the person has blocked the bot, or the group has put it out."""
    if incoming.chat < 0:
        channels.group_gone(uow, incoming.chat)
    else:
        people.reached(uow, incoming.account, "blocked")


async def _introduce(bot: Bot) -> User:
    try:
        return await bot.get_me()
    except (TelegramUnauthorizedError, TelegramNotFound) as refusal:
        raise Misconfigured(
            N_("Telegram refuses the token in KONWENT_TELEGRAM_TOKEN. Copy it again from BotFather.")
        ) from refusal
    except TelegramNetworkError as fault:
        raise Misconfigured(N_("The Bot API at KONWENT_TELEGRAM_API cannot be reached.")) from fault
