"""Updates: making them, holding them back for a script, handing them to a poller, forgetting them when confirmed."""

from __future__ import annotations

from itertools import islice

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.records import Bot, Update
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World

#: not sent unless asked for by name (Bot API: getUpdates, allowed_updates)
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


def wanted(bot: Bot, kind: str) -> bool:
    """Whether a bot receives updates of this kind."""
    return kind in bot.allowed if bot.allowed else kind not in _ONLY_ON_REQUEST


def push(world: World, bot: Bot, kind: str, payload: Json, queue: str, lifetime: float | None = None) -> int | None:
    """Queue an update for a bot. Gives its id, or None when the bot asked not to hear of such."""
    if not wanted(bot, kind):
        return None
    bot.last_update_id += 1
    seconds = lifetime or (bounds.CALLBACK_SECONDS if kind == "callback_query" else bounds.MESSAGE_UPDATE_SECONDS)
    update = Update(bot.id, 0, bot.last_update_id, kind, payload, queue, world.clock.now(), seconds, held=bot.holding)
    world.history.append(update)
    _enqueue(world, bot, update)
    return update.update_id


def push_raw(world: World, bot: Bot, payload: Json, queue: str, number: int | None = None) -> int:
    """Queue an object as an update, whatever the bot asked to hear; gives its id."""
    if number is None:
        bot.last_update_id += 1
        number = bot.last_update_id
    update = Update(
        bot.id, 0, number, "raw", payload, queue, world.clock.now(), bounds.MESSAGE_UPDATE_SECONDS, held=bot.holding, loose=True
    )
    world.history.append(update)
    _enqueue(world, bot, update)
    return number


def _enqueue(world: World, bot: Bot, update: Update) -> None:
    bot.last_seq += 1
    update.seq = bot.last_seq
    (bot.held if update.held else bot.pending)[update.seq] = update
    bot.loose += update.loose and not update.held
    world.save("update", f"{bot.id}:{update.seq}", update)
    world.save_bot(bot)
    if len(bot.pending) > bounds.PENDING_UPDATES:
        forget(world, bot, next(iter(bot.pending.values())))
    if not update.held and bot.id in world.arrivals:
        world.arrivals[bot.id].append(update)
    world.bot_bells[bot.id].ring()


def forget(world: World, bot: Bot, update: Update, *, confirmed: bool = False) -> None:
    """Take an update off the queue."""
    if bot.pending.pop(update.seq, None) is not None:
        bot.loose -= update.loose
        update.confirmed = update.confirmed or confirmed
        world.keep.mark("update", f"{bot.id}:{update.seq}", None)


def expire(world: World, bot: Bot) -> None:
    """Forget updates that nobody took in time: presses after 150 s, messages after a day, by the sandbox's clock."""
    now = world.clock.now()
    for update in [u for u in islice(bot.pending.values(), 1000) if now - u.born > u.lifetime]:
        forget(world, bot, update)


def confirm(world: World, bot: Bot, offset: int) -> bool:
    """Forget everything below ``offset``; of loose updates only what was delivered. Negative: keep only the newest ``-offset``.

    Gives whether anything was forgotten.
    """
    done: list[Update] = list(bot.pending.values())[:offset] if offset < 0 else []
    for update in bot.pending.values() if offset > 0 else ():
        if update.update_id < offset:
            if not update.loose or update.delivered:
                done.append(update)
        elif not bot.loose:
            break
    for update in done:
        forget(world, bot, update, confirmed=True)
    return bool(done)


def deliverable(bot: Bot, limit: int) -> list[Update]:
    """Give the next updates in the order of delivery, at most ``limit``."""
    return list(islice(bot.pending.values(), limit))


def hold(world: World, bot: Bot, on: bool) -> None:
    """Keep new updates back, or stop doing so (what is held stays until released)."""
    bot.holding = on
    world.save_bot(bot)


def release(world: World, bot: Bot, order: list[int] | None = None) -> list[int]:
    """Put held updates on the queue, in the order of the ids given (all, oldest first, when none is given). Gives the ids."""
    held = {u.update_id: u for u in bot.held.values()}
    chosen = list(held) if order is None else order
    unknown = [number for number in chosen if number not in held]
    if unknown or len(set(chosen)) != len(chosen):
        raise KeyError(unknown[0] if unknown else "the same update twice")
    for number in chosen:
        update = held[number]
        del bot.held[update.seq]
        world.keep.mark("update", f"{bot.id}:{update.seq}", None)
        update.held, update.loose = False, order is not None
        _enqueue(world, bot, update)
    return chosen


def duplicate(world: World, bot: Bot, update_id: int) -> bool:
    """Queue an update once more under its old id. False when it is not remembered."""
    for update in reversed(world.history):
        if update.bot == bot.id and update.update_id == update_id:
            again = Update(
                bot.id, 0, update_id, update.kind, update.payload, update.queue, world.clock.now(), update.lifetime, loose=True
            )
            world.history.append(again)
            _enqueue(world, bot, again)
            return True
    return False
