"""``konwent-bot invite``: personal links to one place or to all that are vacant: on the screen, as a sheet of QR codes, by mail."""

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


_INSTITUTION = typer.Option("", help="Full or short name of the institution, or a part of it.")
_ROLE = typer.Option("", help="With --institution: head, delegate or substitute, in English or Polish.")
_POST = typer.Option("", help="Instead of a seat: coordinator, chair and so on.")
_NUMBER = typer.Option(None, min=1, help="Which one, where there are several.")


@app.callback(invoke_without_command=True)
def invite(
    context: typer.Context,
    body: str = typer.Option("", help="Short word of the body.  [required]"),
    institution: str = _INSTITUTION,
    role: str = _ROLE,
    post: str = _POST,
    number: int | None = _NUMBER,
    everyone: bool = typer.Option(False, "--all", help="All seats and posts nobody has accepted yet."),
    sheet: Path | None = typer.Option(None, help="Write a PDF with a QR code for each link, to be cut apart."),
    as_json: bool = typer.Option(False, "--json", help="Print the links for programs."),
) -> None:
    """Make personal links. A new link to a place ends the one made before. To have them sent by mail: invite send."""
    if context.invoked_subcommand is not None:
        return
    from konwent_bot.cli import inviting
    from konwent_bot.office import bodies, invitations
    from konwent_bot.office.rights import OPERATOR

    t = common.voice()
    if not body:
        raise Invalid(N_("Something is missing: {name}."), name="--body")
    if [bool(institution or role), bool(post), everyone].count(True) != 1 or bool(institution) != bool(role):
        raise Invalid(N_("Say whom to invite in one way: --institution and --role, or --post, or --all."))
    if sheet is not None:
        _try_to_write(sheet)

    def work(uow: UnitOfWork) -> tuple[BodyFacts, list[Issued]]:
        inviting.require_links(uow)
        found = bodies.find(uow, body)
        places = _places(uow, t, found.id, institution, role, post, number)
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


@app.command()
def send(
    body: str = typer.Argument(help="Short word of the body."),
    institution: str = _INSTITUTION,
    role: str = _ROLE,
    post: str = _POST,
    number: int | None = _NUMBER,
) -> None:
    """Have invitations sent by mail: to all places nobody has accepted, or to one. The running program sends them."""
    from konwent_bot.office import bodies, notices
    from konwent_bot.office.rights import OPERATOR

    t = common.voice()
    if (bool(institution or role) and bool(post)) or bool(institution) != bool(role):
        raise Invalid(N_("Say whom to invite in one way: --institution and --role, or --post, or neither for all."))

    def work(uow: UnitOfWork) -> int:
        places = _places(uow, t, bodies.find(uow, body).id, institution, role, post, number)
        for seat, post_ in places:
            notices.invite(uow, OPERATOR, seat=seat, post=post_)
        return len(places)

    count = common.act(work)
    if not count:
        common.tell(t("Nobody is waiting for an invitation: every seat and post has been accepted."))
        return
    common.tell(t.plural("{n} invitation is on its way by e-mail.", "{n} invitations are on their way by e-mail.", count))
    if common.settings().smtp_url is None:
        common.tell(
            t(
                "There is no mail server here, so letters wait. Set KONWENT_SMTP_URL and KONWENT_MAIL_FROM for the program that runs."
            )
        )


def _places(
    uow: UnitOfWork, t: Translator, body: int, institution: str, role: str, post: str, number: int | None
) -> list[tuple[int | None, int | None]]:
    """Give the seats and posts that are meant, each as (seat, post): one by its words, or without words all that are vacant."""
    from konwent_bot.cli import choosing
    from konwent_bot.office import invitations, seats
    from konwent_bot.office.rights import OPERATOR

    if post:
        return [(None, choosing.post(t, seats.posts_of(uow, OPERATOR, body), post, number).id)]
    if institution:
        return [(choosing.seat(t, seats.seats_of(uow, OPERATOR, body), institution, role, number).id, None)]
    return [(place.seat, place.post) for place in invitations.vacant(uow, body)]


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
