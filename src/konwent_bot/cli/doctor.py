"""``konwent-bot doctor``: what is right and what is wrong with this installation, in words, with what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from konwent_bot.cli import common
from konwent_bot.clock import SystemClock
from konwent_bot.errors import N_, KonwentError, Misconfigured

if TYPE_CHECKING:
    from konwent_bot.i18n import Translator
    from konwent_bot.settings import Settings

app = common.group("Say what is right and what is wrong with this installation. Exits 1 when something is wrong.")

#: A clock this far from Telegram's makes deadlines and the expiry of links wrong for people.
DRIFT_SECONDS = 60


#: A notice that has been due for longer has met an obstacle.
LATE = timedelta(minutes=15)
_WAITING = {
    "": N_("A notice has been due for {n} min, and nobody has looked at it. Does a process with the role courier run?"),
    "telegram": N_("A notice by Telegram has been due for {n} min. Look at the log of the courier."),
    "mail": N_("A letter has been due for {n} min. Look at the log of the courier."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: right, wrong, or worth a look."""

    name: str
    sentence: KonwentError
    state: str = "right"


def right(name: str, msgid: str, /, **facts: object) -> Finding:
    """Say that something is right."""
    return Finding(name, KonwentError(msgid, **facts))


def hint(name: str, msgid: str, /, **facts: object) -> Finding:
    """Say that something works and is still worth a look."""
    return Finding(name, KonwentError(msgid, **facts), "hint")


def wrong(name: str, problem: KonwentError) -> Finding:
    """Say that something is wrong."""
    return Finding(name, problem, "wrong")


_MARKS = {"right": "✓", "hint": "!", "wrong": "✗"}
_WORDS = {"right": N_("right"), "hint": N_("look at this"), "wrong": N_("wrong")}

SETTINGS, TOKEN, WEBHOOK, DATABASE, FOLDER = N_("Settings"), N_("Token"), N_("Webhook"), N_("Database"), N_("Folder")
ZONE, FLOWS, TRANSLATIONS, ADDRESS, CLOCK, CONTROLLER, LETTERS, NOTICES = (
    N_("Time zone"), N_("Flows"), N_("Translations"), N_("Public address"), N_("Clock"), N_("Controller"), N_("Letters"), N_("Notices"),
)  # fmt: skip


@app.command()
def doctor() -> None:
    """Say what is right and what is wrong with this installation. Exits 1 when something is wrong."""
    t = common.voice()
    try:
        settings = common.settings()
    except Misconfigured as problem:  # nothing else can be looked at without them
        common.tell(_line(wrong(SETTINGS, problem), t))
        raise typer.Exit(1) from None
    findings: list[Finding] = []

    async def examine() -> None:
        async for finding in examination(settings):
            findings.append(finding)
            common.tell(_line(finding, t))

    asyncio.run(examine())
    bad = sum(finding.state == "wrong" for finding in findings)
    common.tell()
    if bad:
        common.tell(t.plural("{n} thing is wrong.", "{n} things are wrong.", bad))
        raise typer.Exit(1)
    common.tell(t("Everything needed is right."))


def _line(finding: Finding, t: Translator) -> str:
    return f"{_MARKS[finding.state]} {t(finding.name)} - {t(_WORDS[finding.state])}: {t.say(finding.sentence)}"


async def examination(settings: Settings) -> AsyncIterator[Finding]:
    """Look at one thing after another. Changes nothing but that it makes the folder of the data if it is not there."""
    yield _settings()
    for look in (_folder, _zone, _flows, _translations, _address, _controller):
        yield _kept(look, settings)
    yield await _database(settings)
    yield await _letters(settings)
    async for finding in _notices(settings):
        yield finding
    if "chat" in settings.roles or settings.telegram_token is not None:
        async for finding in _telegram(settings):
            yield finding


def _kept(look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except KonwentError as problem:
        return wrong(_NAMES[look], problem)


def _settings() -> Finding:
    from konwent_bot.settings import unknown_variables

    if strange := unknown_variables():
        return hint(SETTINGS, N_("These variables set nothing, perhaps a slip of the pen: {variables}."), variables=strange)
    return right(SETTINGS, N_("All variables are understood."))


def _folder(settings: Settings) -> Finding:
    from konwent_bot import app as house

    house.make_folder(settings.data_dir)
    return right(FOLDER, N_("{path} can be written into."), path=settings.data_dir)


def _zone(settings: Settings) -> Finding:
    from zoneinfo import ZoneInfo

    now = SystemClock().now().astimezone(ZoneInfo(settings.timezone))
    return right(ZONE, N_("{zone}; it is {time} there now."), zone=settings.timezone, time=now.replace(tzinfo=None))


def _flows(settings: Settings) -> Finding:
    from konwent_bot import app as house

    return right(FLOWS, N_("These can be used: {flows}."), flows=sorted(house.shelf_of(settings).flows))


def _translations(_settings: Settings) -> Finding:
    from konwent_bot import i18n

    for language in i18n.languages():
        i18n.translator(language)
    return right(TRANSLATIONS, N_("These languages are spoken: {languages}."), languages=list(i18n.LANGUAGES.values()))


def _address(settings: Settings) -> Finding:
    if settings.public_url is None:
        if settings.telegram_mode == "webhook":
            return wrong(ADDRESS, Misconfigured(N_("For a webhook KONWENT_PUBLIC_URL must be set.")))
        return hint(
            ADDRESS, N_("KONWENT_PUBLIC_URL is not set, so invitations have no page and people without Telegram no way in.")
        )
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https":
        problem = Misconfigured(
            N_("{url} does not begin with https://. Personal links must not travel in the open."), url=settings.public_url
        )
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"} and settings.telegram_mode == "polling"
        return Finding(ADDRESS, problem, "hint" if local else "wrong")
    if settings.telegram_mode == "webhook" and parts.port not in {None, 443, 80, 88, 8443}:
        # Bot API, setWebhook: "Ports currently supported for webhooks: 443, 80, 88, 8443".
        return wrong(
            ADDRESS,
            Misconfigured(N_("Telegram calls only on the ports 443, 80, 88 and 8443, not on {port}."), port=str(parts.port)),
        )
    return right(ADDRESS, N_("{url} has the right shape."), url=settings.public_url)


def _controller(settings: Settings) -> Finding:
    if not settings.controller or not settings.controller_contact:
        return hint(
            CONTROLLER,
            N_(
                "The privacy notice does not say who runs this (GDPR art. 13). Set KONWENT_CONTROLLER and KONWENT_CONTROLLER_CONTACT."
            ),
        )
    return right(CONTROLLER, N_("The privacy notice names {controller}."), controller=settings.controller)


_NAMES: dict[Callable[[Settings], Finding], str] = {
    _folder: FOLDER, _zone: ZONE, _flows: FLOWS, _translations: TRANSLATIONS, _address: ADDRESS, _controller: CONTROLLER,
}  # fmt: skip


async def _database(settings: Settings) -> Finding:
    from konwent_bot.store.engines import open_store
    from konwent_bot.store.migrate import standing

    if settings.embedded and not (settings.data_dir / "konwent.sqlite3").exists():
        return right(DATABASE, N_("There is none yet; it is made at the first start."))
    try:
        store = open_store(settings.database.get_secret_value())
        try:
            found = await standing(store)
        finally:
            await store.close()
    except KonwentError as problem:
        return wrong(DATABASE, problem)
    match found:
        case "newer":
            return wrong(
                DATABASE, Misconfigured(N_("The database was prepared by a newer version of this program. Install that version."))
            )
        case "empty" | "older" if not settings.embedded:
            return wrong(DATABASE, Misconfigured(N_("The database is not prepared for this version. Run: konwent-bot migrate")))
        case "empty" | "older":
            return right(DATABASE, N_("It answers; it is brought to this version at the next start."))
        case "current":
            return right(DATABASE, N_("It answers and is ready for this version."))


#: Why a mail server cannot be used (``courier.NotReached.why``, by its beginning), with what to do.
_UNUSABLE = (
    ("no_tls", N_("The mail server {host} offers no encryption, so the password is not sent. Use smtps://, or another server.")),
    ("tls", N_("The certificate of the mail server {host} cannot be trusted ({reason}). Check the name of the server.")),
    ("login", N_("The mail server {host} does not accept the name or the password ({reason}). Check KONWENT_SMTP_URL.")),
    ("", N_("The mail server {host} does not answer on the port {port} ({reason}). Check KONWENT_SMTP_URL and the connection.")),
)


async def _letters(settings: Settings) -> Finding:
    """Go to the mail server as far as logging in; no letter is sent. The password is never said."""
    from konwent_bot.courier import NotReached, reach, server_of

    try:
        server = server_of(settings)
    except Misconfigured as problem:
        return wrong(LETTERS, problem)
    if server is None:
        return hint(LETTERS, N_("KONWENT_SMTP_URL is not set, so letters wait and nobody gets a link by e-mail."))
    try:
        async with reach(server):
            return right(
                LETTERS, N_("The mail server {host} answers. Letters come from {sender}."), host=server.host, sender=server.sender
            )
    except NotReached as problem:
        sentence = next(sentence for beginning, sentence in _UNUSABLE if problem.why.startswith(beginning))
        facts = {"host": server.host, "port": str(server.port), "reason": problem.why}
        return wrong(LETTERS, Misconfigured(sentence, **facts))


async def _notices(settings: Settings) -> AsyncIterator[Finding]:
    """Say whether notices leave, where there is a database they could wait in."""
    from konwent_bot import app as house
    from konwent_bot.office import notices, pauses
    from konwent_bot.store.engines import open_store
    from konwent_bot.store.migrate import standing

    try:
        if settings.embedded and not (settings.data_dir / "konwent.sqlite3").exists():
            return
        store = open_store(settings.database.get_secret_value())
        try:
            current = await standing(store) == "current"
        finally:
            await store.close()
        if not current:
            return
        real = SystemClock().now()
        async with house.open_house(settings) as door:
            waiting = await door.look(lambda uow: {by: uow.now - since for by, since in notices.oldest_due_by(uow).items()})
            paused = await door.look(lambda uow: pauses.until(uow, "telegram", real=real))
    except KonwentError:
        return  # told already, where the database is looked at
    if paused is not None:
        minutes = max(1, round((paused - real).total_seconds() / 60))
        yield hint(NOTICES, N_("Telegram has asked for a pause: nothing goes out there for another {n} min."), n=minutes)
    late = {by: round(time.total_seconds() / 60) for by, time in waiting.items() if time > LATE}
    for by, minutes in sorted(late.items()):
        yield hint(NOTICES, _WAITING[by], n=minutes)
    if paused is None and not late:
        yield right(NOTICES, N_("Nothing that is due is waiting."))


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    """Look at token, webhook and clock. The token itself is never said."""
    from konwent_bot import app as house

    try:
        me = await house.ask_telegram(settings, "getMe")
    except Misconfigured as problem:
        yield wrong(TOKEN, problem)
        return
    yield right(TOKEN, N_("Telegram knows the bot as @{name}."), name=str(me.result.get("username", "")))
    if (drift := _drift(me.date)) is not None and abs(drift) > DRIFT_SECONDS:
        yield hint(
            CLOCK, N_("This machine's clock is {n} seconds away from Telegram's. Set it by a time server (NTP)."), n=abs(drift)
        )
    elif drift is not None:
        yield right(CLOCK, N_("It agrees with Telegram's."))
    try:
        yield _webhook(settings, (await house.ask_telegram(settings, "getWebhookInfo")).result)
    except Misconfigured as problem:
        yield wrong(WEBHOOK, problem)


def _drift(date: str) -> int | None:
    """Give how far this machine is ahead of a server's Date header (RFC 9110 §6.6.1), in seconds."""
    try:
        there = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return round((SystemClock().now() - there).total_seconds()) if there.tzinfo else None


def _webhook(settings: Settings, info: dict[str, object]) -> Finding:
    url, pending = str(info.get("url") or ""), info.get("pending_update_count")
    if settings.telegram_mode == "polling":
        if url:
            return hint(
                WEBHOOK,
                N_(
                    "One is set, but KONWENT_TELEGRAM_MODE is polling. It is removed at the start; if another program needs it, use another bot."
                ),
            )
        return right(WEBHOOK, N_("None is set, as it should be for polling."))
    if settings.webhook_secret is None:
        return wrong(
            WEBHOOK, Misconfigured(N_("KONWENT_WEBHOOK_SECRET is not set. Make a long random word of letters and digits."))
        )
    wanted = f"{settings.public_url}/telegram"
    if url != wanted:
        return hint(WEBHOOK, N_("Telegram does not call {wanted} yet; it is told at the start."), wanted=wanted)
    if said := info.get("last_error_message"):
        return wrong(
            WEBHOOK,
            Misconfigured(
                N_("Telegram could not reach {wanted} ({reason}); {n} updates wait."),
                wanted=wanted,
                reason=str(said),
                n=pending or 0,
            ),
        )
    return right(WEBHOOK, N_("Telegram calls {wanted}."), wanted=wanted)
