"""``konwent-bot privacy``: what is held about a person, for that person; erasing somebody; how long a body keeps its cards' texts."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid, NotFound, Refused

if TYPE_CHECKING:
    from konwent_bot.i18n import Translator
    from konwent_bot.office.door import Door
    from konwent_bot.office.own_data import Held, Remains
    from konwent_bot.office.unit import UnitOfWork

app = common.group("Show or erase what is held about a person; say how long cards are kept.")

_PERSON = typer.Argument(None, metavar="[PERSON]", min=1, help="Number of the person.")
_EMAIL = typer.Option("", help="Or the person's e-mail address.")
#: Backups named in one list.
_LISTED = 12


@app.command()
def export(
    person: int | None = _PERSON,
    email: str = _EMAIL,
    to: Path | None = typer.Option(None, metavar="FILE", help="Write the document to a file that only you may read."),
) -> None:
    """Give everything that is held about a person as one JSON document, to be handed to that person."""
    from konwent_bot.office import privacy

    _one_way(person, email)
    made = json.dumps(common.look(lambda uow: privacy.export(uow, _find(uow, person, email))), ensure_ascii=False, indent=2)
    if to is None:
        common.tell(made)
        return
    path = to.expanduser().absolute()
    _write(path, made)
    t = common.voice()
    common.tell(t("The document is in {path}. It is personal: hand it to that person only, then delete it.", path=path))


@app.command()
def erase(
    person: int | None = _PERSON,
    email: str = _EMAIL,
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
) -> None:
    """Erase everything personal of somebody for good: says first what goes and what stays, and asks."""
    from konwent_bot import app as house
    from konwent_bot.cli.backup import FOLDER

    _one_way(person, email)
    settings = common.settings()
    seen = common.look(lambda uow: _see(uow, person, email))
    t = common.voice()
    common.tell(_said(t, seen))
    backups = _backups(settings.data_dir / FOLDER)
    if not yes:
        question = t("Erase person {number} for good? Type yes or no", number=str(seen.held.number))
        answer = str(typer.prompt(question, default="", show_default=False)).strip().lower()
        if answer not in {"y", "yes", "t", "tak", "т", "так"}:
            common.tell(t("Nothing has been changed."))
            raise typer.Exit(1)
    wiped = common.in_house(lambda door: _erase(door, seen.held.number))
    common.tell(t("Person {number} has been erased.", number=str(seen.held.number)))
    if not wiped:
        common.tell(
            t(
                "Another program is reading the database, so traces may stand in its files for a while. To wipe them, stop it and start it again."
            )
        )
    if backups:
        common.tell(
            t.plural(
                "{n} backup still holds the data until it is deleted: {names}",
                "{n} backups still hold the data until they are deleted: {names}",
                len(backups),
                names=", ".join(backups[:_LISTED]) + (", …" if len(backups) > _LISTED else ""),
            )
        )
    common.tell(
        t(
            "Backups kept elsewhere hold it too. Whoever restores one here erases the person again by the list in {path}; keep that file.",
            path=settings.data_dir / house.ERASURES,
        )
    )


@app.command()
def retention(
    body: str = typer.Argument(metavar="BODY", help="Short word of the body."),
    months: int | None = typer.Option(None, help="Keep the texts of cards so many months after each round."),
) -> None:
    """Say for how many months after a round a body keeps the texts of its cards, or choose it."""
    from konwent_bot.office import bodies
    from konwent_bot.office import retention as rules
    from konwent_bot.office.rights import OPERATOR

    def work(uow: UnitOfWork) -> tuple[str, int]:
        found = bodies.find(uow, body)
        if months is not None:
            rules.choose(uow, OPERATOR, found.id, months)
        return found.name, rules.months(uow, found.id)

    name, number = common.look(work) if months is None else common.act(work)
    t = common.voice()
    common.tell(
        t.plural(
            "{body}: texts and former versions of cards are deleted {n} month after their round closes.",
            "{body}: texts and former versions of cards are deleted {n} months after their round closes.",
            number,
            body=name,
        )
    )
    common.tell(t("Answers on scales stay. Unfinished cards are deleted 30 days after their round closes, in every body."))


# --- inside -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is shown before an erasure."""

    held: Held
    remains: Remains


def _see(uow: UnitOfWork, person: int | None, email: str) -> _Seen:
    from konwent_bot.office import privacy

    number = _find(uow, person, email)
    return _Seen(privacy.held(uow, number), privacy.remains(uow, number))


async def _erase(door: Door, person: int) -> bool:
    """Erase; tell whether the database's files hold no trace any more."""
    from konwent_bot.office import privacy
    from konwent_bot.office.rights import OPERATOR

    await door.act(lambda uow: privacy.erase(uow, OPERATOR, person))
    return await door.store.scrub()  # the door has done it already; once more says how it stands


def _one_way(person: int | None, email: str) -> None:
    if (person is None) == (not email.strip()):
        raise Invalid(N_("Say who is meant in one way: a number, or --email."))


def _find(uow: UnitOfWork, person: int | None, email: str) -> int:
    from konwent_bot.office import own_data

    if person is not None:
        return person
    found = own_data.by_email(uow, email)
    match found:
        case []:
            raise NotFound(N_("Nobody here has the address {email}."), email=email.strip())
        case [one]:
            return one.number
        case _:
            raise Refused(
                N_("Several people have the address {email}: {people}. Please give the number."),
                email=email.strip(),
                people=[f"{one.number} ({', '.join(filter(None, (one.name, *one.places)))})" for one in found],
            )


def _said(t: Translator, seen: _Seen) -> str:
    from konwent_bot.screens.words import period, place

    held = seen.held
    who = ", ".join(filter(None, (held.name, held.email))) or t("no name and no address")
    lines = [t("Person {number}: {who}", number=str(held.number), who=who), "", t("Erased at once and for good:")]
    lines.append("  - " + t("name, addresses, Telegram number, language, sessions and links, letters that wait"))
    lines += [
        "  - "
        + t(
            "the place {place}: it will be vacant and name nobody",
            place=", ".join(filter(None, (place(t, one.kind), one.institution, one.body))),
        )
        for one in held.places
    ]
    drafts = sum(one.open for one in held.talks)
    if drafts:
        lines.append("  - " + t.plural("{n} unfinished card with its answers", "{n} unfinished cards with their answers", drafts))
    lines += ["", t("What stays, and why:")]
    lines += [
        "  - "
        + t(
            "card of {institution}, {period}, version {version}, sent as {role}",
            institution=one.institution, period=period(t, one.period), version=str(one.version), role=place(t, one.role),
        )
        for one in seen.remains.cards
    ]  # fmt: skip
    if seen.remains.entries:
        lines.append(
            "  - " + t.plural("{n} entry of the record, by number", "{n} entries of the record, by number", seen.remains.entries)
        )
    lines += ["  " + t(why) for why in seen.remains.why]
    return "\n".join(lines)


def _backups(folder: Path) -> list[str]:
    """Name the backups in our own folder; all of them were made before."""
    with suppress(OSError):
        return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return []


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise Invalid(
            N_("The document cannot be written to {path} ({reason})."), path=path, reason=error.strerror or type(error).__name__
        ) from error
