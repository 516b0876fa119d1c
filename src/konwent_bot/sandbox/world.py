"""Everything the sandbox knows, in memory: people, bots, chats, presses, files, letters. Reads its file once, at the start."""

from __future__ import annotations

from collections import deque
from itertools import islice

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.bells import Bell
from konwent_bot.sandbox.clock import SandboxClock
from konwent_bot.sandbox.keep import Keep
from konwent_bot.sandbox.options import SandboxOptions
from konwent_bot.sandbox.records import Bot, Chat, Letter, Message, Person, Press, Record, StoredFile, Update
from konwent_bot.sandbox.shapes import Json

FIRST_PERSON = 500_000_001
FIRST_GROUP = 4_000_000_001
FIRST_SUPERGROUP = 1_002_000_000_001
FIRST_PRESS = 4_611_686_018_427_000_000


class World:
    """The state, its indexes and the few changes everything else is made of. One event loop, no locks."""

    def __init__(self, options: SandboxOptions) -> None:
        """Read the file of ``options.data`` if there is one. ``OSError`` when it cannot be used, ``ValueError`` for a bad token."""
        self.options = options
        wanted = [Bot(spec.id, spec.token, spec.username, spec.name) for spec in options.bots]
        self.keep = Keep(options.data)
        self.people: dict[int, Person] = {}
        self.bots: dict[int, Bot] = {}
        self.chats: dict[str, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.files: dict[str, StoredFile] = {}
        self.letters: dict[int, Letter] = {}
        self.history: deque[Update] = deque(maxlen=bounds.UPDATES_LOGGED)
        self.revision = 0
        self.last_person = FIRST_PERSON - 1
        self.last_group = FIRST_GROUP - 1
        self.last_press = FIRST_PRESS
        self.last_file = 0
        self.last_letter = 0
        self.files_bytes = 0
        self.person_bells: dict[int, Bell] = {}
        self.bot_bells: dict[int, Bell] = {}
        #: where a webhook's courier finds what is new
        self.arrivals: dict[int, deque[Update]] = {}
        #: rings when the mailbox, the clock or the list of people changes
        self.house_bell = Bell()
        self.house_revision = 0
        #: the newest of those changes: their revision and what changed ("mail", "clock", "people")
        self.house_changes: deque[tuple[int, str]] = deque(maxlen=100)
        #: the newest revision of each person's chats
        self.person_revision: dict[int, int] = {}
        #: set when the sandbox goes down, so that whoever waits stops waiting
        self.closing = False
        #: every message in the order it was written, so that the oldest can be forgotten
        self._order: deque[tuple[str, int]] = deque()
        shift = self._load(wanted)
        from_file = SandboxClock.read(options.clock_file)
        self.clock = SandboxClock(options.clock_file, shift if from_file is None else from_file)
        self.by_token = {bot.token: bot for bot in self.bots.values()}

    # -- the file ------------------------------------------------------------------------------------------------------------

    def _load(self, wanted: list[Bot]) -> float:
        """Read what concerns the bots we are started for, and give the clock's shift; what other bots left stays on file unseen."""
        meta = next(iter(self.keep.rows("meta")), {})
        known = {bot.id: bot for bot in map(Bot.from_row, self.keep.rows("bot"))}
        for bot in wanted:
            self._welcome(known.get(bot.id, bot), bot)
        self.people = {p.id: p for p in map(Person.from_row, self.keep.rows("person"))}
        self.last_person = max([self.last_person, *self.people])
        self._load_talk()
        self._load_updates()
        self._load_bodies()
        self.last_file = int(meta.get("last_file", 0))
        return float(meta.get("shift", 0.0))

    def _load_talk(self) -> None:
        chats = [Chat.from_row(row) for row in self.keep.rows("chat")]
        self.last_group = max([self.last_group, *(-c.id for c in chats if c.kind == "group")])
        self.revision = max((c.revision for c in chats), default=0)
        self.chats = {c.key: c for c in chats if c.bot in self.bots}
        for chat in self.chats.values():
            for person in chat.members:
                self.person_revision[person] = max(chat.revision, self.person_revision.get(person, 0))
        messages = [m for m in map(Message.from_row, self.keep.rows("message")) if m.chat in self.chats]
        for message in sorted(messages, key=lambda m: m.message_id):
            self.chats[message.chat].messages[message.message_id] = message
        self._order.extend((m.chat, m.message_id) for m in sorted(messages, key=lambda m: (m.date, m.message_id)))
        presses = [Press.from_row(row) for row in self.keep.rows("press")]
        self.last_press = max([self.last_press, *(int(p.id) for p in presses)])
        self.presses = {p.id: p for p in presses if p.bot in self.bots}

    def _load_updates(self) -> None:
        for update in sorted(map(Update.from_row, self.keep.rows("update")), key=lambda u: u.seq):
            bot = self.bots.get(update.bot)
            if bot is not None:
                (bot.held if update.held else bot.pending)[update.seq] = update
                bot.loose += update.loose and not update.held
                self.history.append(update)

    def _load_bodies(self) -> None:
        self.letters = {m.id: m for m in map(Letter.from_row, self.keep.rows("letter"))}
        for key, body in self.keep.bodies("letter"):
            if int(key) in self.letters:
                self.letters[int(key)].body = body
        self.letters = dict(sorted(self.letters.items()))
        self.last_letter = max(self.letters, default=0)
        self.files = {f.id: f for f in map(StoredFile.from_row, self.keep.rows("file"))}
        for key, body in self.keep.bodies("file"):
            if key in self.files:
                self.files[key].body = body
        self.files_bytes = sum(f.size for f in self.files.values())

    def save_meta(self) -> None:
        """Keep the clock's shift and the counters that no record carries."""
        self.keep.mark("meta", "meta", lambda: {"shift": self.clock.shift, "last_file": self.last_file})

    def save(self, kind: str, key: object, record: Record) -> None:
        """Keep a record."""
        self.keep.mark(kind, key, record.row)

    def save_bot(self, bot: Bot) -> None:
        """Keep a bot."""
        self.keep.mark("bot", bot.id, bot.row)

    def save_message(self, message: Message) -> None:
        """Keep a message."""
        self.keep.mark("message", f"{message.chat}/{message.message_id}", message.row)

    # -- who there is --------------------------------------------------------------------------------------------------------

    def _welcome(self, bot: Bot, now: Bot) -> None:
        """Take in a bot under the token and names it has now."""
        bot.token, bot.username, bot.name = now.token, now.username, now.name
        self.bots[bot.id] = bot
        self.bot_bells[bot.id] = Bell()
        self.save_bot(bot)

    def bot_named(self, username: str) -> Bot | None:
        """Give the bot with this user name, any case, with or without @."""
        wanted = username.removeprefix("@").lower()
        return next((bot for bot in self.bots.values() if bot.username.lower() == wanted), None)

    def person_bell(self, person: int) -> Bell:
        """Give the bell that rings when one of this person's chats changes."""
        return self.person_bells.setdefault(person, Bell())

    def private_chat(self, bot: Bot, person: int) -> Chat:
        """Give the chat of a person with a bot; it comes into being when first looked at."""
        key = f"{bot.id}:{person}"
        chat = self.chats.get(key)
        if chat is None:
            chat = self.chats[key] = Chat(key=key, kind="private", id=person, bot=bot.id, members=[person])
        return chat

    def chats_of(self, person: int) -> list[Chat]:
        """Give a person's chats: with every bot, and the groups they are in; the newest change first."""
        chats = [self.private_chat(bot, person) for bot in self.bots.values()]
        chats += [c for c in self.chats.values() if not c.private and person in c.members and not c.migrated_to]
        return sorted(chats, key=lambda c: -c.revision)

    # -- changes -------------------------------------------------------------------------------------------------------------

    def touched(self, chat: Chat) -> None:
        """Note that a chat changed: a new revision, kept, and everybody in it is told."""
        self.revision += 1
        chat.revision = self.revision
        self.keep.mark("chat", chat.key, chat.row)
        for person in chat.members:
            self.person_revision[person] = self.revision
            bell = self.person_bells.get(person)
            if bell is not None:
                bell.ring()

    def house_changed(self, what: str) -> None:
        """Note that the "mail", the "clock" or the "people" changed."""
        self.house_revision += 1
        self.house_changes.append((self.house_revision, what))
        for bell in (self.house_bell, *self.person_bells.values()):
            bell.ring()

    def add_message(self, chat: Chat, author: int, text: str = "", entities: list[Json] | None = None) -> Message:
        """Put a new message at the end of a chat; the caller completes it and calls ``publish``."""
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            number = chat.last_message_id
        else:  # private chats and basic groups share one sequence of the bot's account
            bot = self.bots[chat.bot]
            bot.last_message_id += 1
            self.save_bot(bot)
            number = chat.last_message_id = bot.last_message_id
        return Message(chat.key, number, int(self.clock.now()), author, text, entities or [])

    def publish(self, chat: Chat, message: Message) -> None:
        """Keep a new message, forget the oldest above the bound, and tell the phones."""
        chat.messages[message.message_id] = message
        self.save_message(message)
        for old in list(islice(chat.messages, max(0, len(chat.messages) - bounds.MESSAGES_PER_CHAT))):
            self.drop_message(chat, old)
        self._order.append((chat.key, message.message_id))
        while len(self._order) > bounds.MESSAGES:
            key, number = self._order.popleft()
            if number in self.chats[key].messages:
                self.drop_message(self.chats[key], number)
        self.touched(chat)

    def drop_message(self, chat: Chat, message_id: int) -> None:
        """Forget a message."""
        del chat.messages[message_id]
        self.keep.mark("message", f"{chat.key}/{message_id}", None)

    def add_file(self, name: str, mime: str, body: bytes, width: int = 0, height: int = 0) -> StoredFile:
        """Keep a file and give its record; the oldest files go when the bound on all bodies is reached."""
        self.last_file += 1
        unique = f"AgAD{self.last_file:08d}"
        kind = "AgACAgQAAxk" if width else "BQACAgQAAxk"
        stored = StoredFile(f"{kind}{self.last_file:012d}", unique, name, mime, len(body), width, height, body)
        self.files[stored.id] = stored
        self.files_bytes += stored.size
        self.save("file", stored.id, stored)
        self.keep.mark_body("file", stored.id, body)
        self.save_meta()
        while self.files_bytes > bounds.FILES_BYTES and len(self.files) > 1:
            oldest = next(iter(self.files))
            self.files_bytes -= self.files.pop(oldest).size
            self.keep.mark("file", oldest, None)
            self.keep.mark_body("file", oldest, None)
        return stored
