"""What every command needs: the settings, the house, a voice, and the end of every error.

A command's module begins with ``app = common.group("...")`` and registers functions with ``@app.command()``; it reaches the
house by ``common.act`` (one unit of work, committed), ``common.look`` (a snapshot) or ``common.in_house`` (anything longer).
It raises ``errors.KonwentError`` for what a person must be told; ``cli.main`` says it on standard error and exits with its code.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from konwent_bot.errors import N_, Invalid, KonwentError

if TYPE_CHECKING:  # importing these costs more than most commands; --help must not pay
    from konwent_bot.i18n import Translator
    from konwent_bot.office.door import Door
    from konwent_bot.office.unit import UnitOfWork
    from konwent_bot.settings import Settings

T = TypeVar("T")

PROGRAM = "konwent-bot"
#: A mistake of ours (sysexits.h: EX_SOFTWARE).
BUG = 70
#: Words that were not understood.
USAGE = 2
#: Ctrl-C.
STOPPED = 130


def group(help: str) -> typer.Typer:  # noqa: A002 - typer's own word
    """Make the ``app`` of a command's module, in the form all of them share."""
    return typer.Typer(
        help=help, no_args_is_help=False, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def voice() -> Translator:
    """Give the translator of whoever types: ``KONWENT_LANGUAGE``, Polish when it is not set or not one of ours."""
    from konwent_bot import i18n

    return i18n.translator(i18n.nearest(os.environ.get("KONWENT_LANGUAGE")))


def tell(text: str = "") -> None:
    """Print to standard output."""
    typer.echo(text)


def read(file: Path, most: int) -> bytes:
    """Give the bytes of a file, or (``-``) of standard input.

    Raises:
        Unreadable: it cannot be read, or has more than ``most`` bytes.
    """
    from konwent_bot.domain.decisions.sealed import Unreadable, shown

    name = shown(str(file))
    try:
        if str(file) == "-":
            if sys.stdin is None:
                raise Unreadable(N_("There is nothing to read: standard input is closed."))
            data = sys.stdin.buffer.read(most + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unreadable(N_("The file {name} cannot be read ({reason})."), name=name, reason=reason) from None
    if len(data) > most:
        raise Unreadable(N_("The file {name} is larger than {most} MB."), name=name, most=most // 1024 // 1024)
    return data


def named(text: str) -> tuple[str, str]:
    """Read ``name=value`` of an option that chooses something. Raises ``Invalid`` where there is no "="."""
    name, sign, value = text.partition("=")
    if not sign:
        raise Invalid(N_("Write a rule as name=value, for example quorum=2/3, not “{text}”."), text=text)
    return name.strip(), value


def settings(*, quiet: bool = True, **overrides: object) -> Settings:
    """Read the settings (an override that is not ``None`` wins) and set up logs and texts as they say.

    ``quiet``: log warnings only, unless ``KONWENT_LOG_LEVEL`` asks for something; a command's own words are its report.

    Raises:
        Misconfigured: naming every variable that is wrong.
    """
    from konwent_bot.settings import load_settings

    read = load_settings(**overrides)
    configure(read, quiet=quiet)
    return read


def configure(read: Settings, *, quiet: bool = True) -> None:
    """Set up logs and texts as settings say."""
    from konwent_bot import i18n, logs

    logs.configure("warning" if quiet and "log_level" not in read.model_fields_set else read.log_level, read.log_format)
    i18n.configure(zone=read.timezone)


def in_house(work: Callable[[Door], Awaitable[T]], *, named: bool = False) -> T:
    """Open the house, run ``await work(door)``, close it, give its value.

    ``named``: ask Telegram for the bot's user name first, because links to the chat will be made (``door.house.bot_username``);
    without a token it stays empty.

    Raises:
        Misconfigured: settings, database or flows are not fit to work with; with ``named``, Telegram refuses or does not answer.
    """
    from konwent_bot import app

    given = settings()

    async def whole() -> T:
        async with app.open_house(given, named=named) as door:
            return await work(door)

    return asyncio.run(whole())


def act(work: Callable[[UnitOfWork], T], *, named: bool = False) -> T:
    """Run ``work(uow)`` in one unit of work and give its value once it is committed."""
    return in_house(lambda door: door.act(work), named=named)


def look(work: Callable[[UnitOfWork], T]) -> T:
    """Run read-only ``work(uow)`` in a snapshot and give its value."""
    return in_house(lambda door: door.look(work))


# --- the end of every error -------------------------------------------------------------------------------------------


def explain(error: BaseException) -> int:
    """Say an error on standard error in one sentence and give the exit code."""
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else 1
        case typer.Exit():
            return error.exit_code
        case KonwentError():
            _say(error)
            return error.exit_code
        case KeyboardInterrupt() | typer.Abort():
            return STOPPED
        case BrokenPipeError():  # `konwent-bot flows show ... | head`: the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        case typer.TyperException():
            return _usage(error)
        case BaseExceptionGroup() if len(error.exceptions) == 1:  # a nursery wraps what happened in it
            return explain(error.exceptions[0])
        case _:
            if (
                not logging.getLogger().handlers
            ):  # it failed before logs were set up; what is printed must be redacted all the same
                from konwent_bot import logs

                logs.configure()
            logging.getLogger("konwent_bot").critical("the command failed", exc_info=error)
            _say(
                KonwentError(
                    N_("This is a mistake of the program, not yours. The report above says where; please send it to its authors.")
                )
            )
            return BUG


def _say(error: KonwentError) -> None:
    try:
        sentence = voice().say(error)
    except KonwentError:  # no translations: the English sentence is better than none
        sentence = str(error)
    typer.echo(sentence, err=True)


def _usage(error: typer.TyperException) -> int:
    """Say what of the command's words was not understood. The library keeps its kinds of errors to itself, so they go by name."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", PROGRAM)
    parameter = getattr(error, "param", None)
    name = (getattr(parameter, "opts", None) or [""])[0] if parameter is not None else ""
    match type(error).__name__:
        case "NoArgsIsHelpError":
            typer.echo(error.format_message(), err=True)
            return USAGE
        case "NoSuchOption":
            problem = KonwentError(N_("There is no option {option}."), option=getattr(error, "option_name", ""))
        case "MissingParameter":
            problem = KonwentError(N_("Something is missing: {name}."), name=name if name.startswith("-") else name.upper())
        case "BadParameter" if name.startswith("-"):
            problem = KonwentError(N_("The value of {name} is not understood."), name=name)
        case "BadParameter" | "BadOptionUsage":
            problem = KonwentError(
                N_("The value of {name} is not understood."), name=name.upper() or getattr(error, "option_name", "")
            )
        case _ if context is not None and hasattr(context.command, "list_commands"):
            problem = KonwentError(
                N_("There is no such command. There are: {commands}."), commands=context.command.list_commands(context)
            )
        case _:
            problem = KonwentError(N_("These words are too many, or not understood."))
    _say(KonwentError(N_("{problem} To see how it is written: {command} --help"), problem=problem, command=command))
    return USAGE
