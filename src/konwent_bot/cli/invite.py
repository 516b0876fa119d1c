"""``konwent-bot invite``: personal links to one place or to all that are vacant, on the screen and as a sheet of QR codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid

if TYPE_CHECKING:
    from konwent_bot.documents.invitation_sheet import Sheet
    from konwent_bot.i18n import Translator
    from konwent_bot.office.bodies import BodyFacts
    from konwent_bot.office.invitations import Issued
    from konwent_bot.office.unit import UnitOfWork

app = common.group("Make invitation links: for one place, or for all that are vacant.")


@app.command()
def invite(
    body: str = typer.Option(help="Short word of the body."),
    institution: str = typer.Option("", help="Full or short name of the institution, or a part of it."),
    role: str = typer.Option("", help="With --institution: head, delegate or substitute, in English or Polish."),
    post: str = typer.Option("", help="Instead of a seat: coordinator, chair and so on."),
    number: int | None = typer.Option(None, min=1, help="Which one, where there are several."),
    everyone: bool = typer.Option(False, "--all", help="All seats and posts nobody has accepted yet."),
    sheet: Path | None = typer.Option(None, help="Write a PDF with a QR code for each link, to be cut apart."),
    as_json: bool = typer.Option(False, "--json", help="Print the links for programs."),
) -> None:
    """Make personal links. A new link to a place ends the one made before."""
    from konwent_bot.cli import choosing, inviting
    from konwent_bot.office import bodies, invitations, seats
    from konwent_bot.office.rights import OPERATOR

    t = common.voice()
    if [bool(institution or role), bool(post), everyone].count(True) != 1 or bool(institution) != bool(role):
        raise Invalid(N_("Say whom to invite in one way: --institution and --role, or --post, or --all."))
    if sheet is not None:
        _try_to_write(sheet)

    def work(uow: UnitOfWork) -> tuple[BodyFacts, list[Issued]]:
        inviting.require_links(uow)
        found = bodies.find(uow, body)
        if everyone:
            places = [(place.seat, place.post) for place in invitations.vacant(uow, found.id)]
        elif post:
            places = [(None, choosing.post(t, seats.posts_of(uow, OPERATOR, found.id), post, number).id)]
        else:
            of_body = seats.seats_of(uow, OPERATOR, found.id)
            places = [(choosing.seat(t, of_body, institution, role, number).id, None)]
        return found, [invitations.issue(uow, OPERATOR, seat=seat, post=post_) for seat, post_ in places]

    found, issued = common.act(work, named=True)
    t = common.voice()  # again: the settings have been read, and with them the zone of dates
    if as_json:
        common.tell(_for_programs(found, issued))
    elif not issued:
        common.tell(t("Nobody is waiting for an invitation: every seat and post has been accepted."))
    else:
        common.tell(inviting.links(t, issued))
    if sheet is not None and issued:
        said = _print(t, sheet, found, issued)
        if not as_json:
            common.tell(said)


def _for_programs(found: BodyFacts, issued: Sequence[Issued]) -> str:
    links = [
        {
            "seat": one.seat,
            "post": one.post,
            "institution": one.place.institution,
            "kind": one.place.kind,
            "name": one.place.name,
            "email": one.place.email,
            "link": one.link,
            "page": one.page,
            "expires_at": one.expires_at.isoformat(),
        }
        for one in issued
    ]
    return json.dumps({"body": found.slug, "invitations": links}, ensure_ascii=False, indent=2)


def _print(t: Translator, path: Path, found: BodyFacts, issued: Sequence[Issued]) -> str:
    """Write the sheet; give what to say of it."""
    made = _pdf(t, found, issued)
    _write(path, made.pdf)
    said = t("The sheet to print is in {path}.", path=path)
    if made.replaced:
        said += "\n" + t("Some signs of names cannot be printed; [?] stands for them: {signs}", signs=" ".join(made.replaced))
    return said


def _pdf(t: Translator, found: BodyFacts, issued: Sequence[Issued]) -> Sheet:
    from konwent_bot.documents import invitation_sheet
    from konwent_bot.screens.words import place

    cards = [
        invitation_sheet.Invitation(
            institution=one.place.institution,
            role=place(t, one.place.kind),
            name=one.place.name,
            link=one.link,
            page=one.page,
            until=t.day(one.expires_at),
        )
        for one in issued
    ]
    return invitation_sheet.make(t, found.name, cards)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _try_to_write(path: Path) -> None:
    """Refuse a path that cannot be written before any link is made: making links ends those given out before."""
    if path.is_dir():
        raise _unwritable(path)
    _write_beside(path, b"")
    _beside(path).unlink()


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    _write_beside(path, data)
    _beside(path).replace(path)


def _write_beside(path: Path, data: bytes) -> None:
    try:
        _beside(path).write_bytes(data)
    except OSError as error:
        raise _unwritable(path) from error


def _unwritable(path: Path) -> Invalid:
    return Invalid(N_("The sheet cannot be written to {path}. Check the folder and its rights. No link was made."), path=path)
