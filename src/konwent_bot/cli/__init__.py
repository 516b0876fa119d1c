"""The command line: the operator's way in. It reads words, asks the house, prints what came of it.

What may come in: arguments and ``KONWENT_*`` variables. What it must never do: hold rules of its own, show a traceback for
something expected, or print a secret. A command's module is imported only when that command is invoked, so that ``--help``
answers in a blink: each module has an ``app`` (a ``typer.Typer``), and this table says what ``--help`` shows of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:  # typer keeps its click to itself; we need the names of three types only
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

PROGRAM: Final = "konwent-bot"

#: Command -> what ``konwent-bot --help`` says of it. The module of the same name holds it.
COMMANDS: Final[Mapping[str, str]] = {
    "body": "Enter a cooperation body, or list those there are.",
    "roster": "Preview or import the roster of a body (CSV, XLSX, XLS, ODS).",
    "invite": "Make invitation links: for one place, or for all that are vacant.",
    "seat": "Hand over or vacate the seat of an institution.",
    "post": "Give a post: coordinator, chair, minute-taker.",
    "round": "Open a round of cooperation cards, or see how far it has come.",
    "meeting": "List the meetings of a body, or say by which rules it meets.",
    "decision": "Say how a body decides, or choose who may propose and whether silence is consent.",
    "minutes": "List the minutes of a body, or choose how long its institutions have for an answer.",
    "flows": "Check, show or try the flows: what the secretariat asks.",
    "date": "Say what the secretariat makes of a date as people say it.",
    "verify": "Say whether a document is one of ours, as it was sent.",
    "recount": "Count a decision again from its file, without any database.",
    "migrate": "Bring the database to this version.",
    "backup": "Copy everything the database holds into one file, while the program works.",
    "restore": "Bring an empty database to what a backup holds. All of it, or nothing.",
    "privacy": "Show or erase what is held about a person; say how long cards are kept.",
    "run": "Run the secretariat.",
    "doctor": "Say what is right and what is wrong with this installation.",
    "demo": "Show everything on this computer, with phones to hold and no Telegram.",
    "sandbox": "Run the stand-in for Telegram and a mail server alone.",
}


class LazyGroup(TyperGroup):
    """The top command: knows its subcommands by name and imports the one that is invoked."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - its shape
        """Give the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002 - its shape
        """Import a command and give it, or ``None``."""
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command = typer.main.get_command(import_module(f"{__name__}.{cmd_name}").app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - its shape
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=LazyGroup,
    name=PROGRAM,
    help="The secretariat of a cooperation body for social reintegration: Telegram, browser, e-mail.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        from konwent_bot import __version__

        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: bool = typer.Option(False, "--version", help="Say the version and stop.", callback=_version, is_eager=True),
) -> None:
    """Take the options that stand before a command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 1 refused with a sentence, 2 not understood, 70 a mistake of ours."""
    try:
        code = app(None if arguments is None else list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - the one place where errors of commands end
        from konwent_bot.cli.common import explain

        return explain(error)
    return code if isinstance(code, int) else 0
