"""``konwent-bot body``: entering a cooperation body, and listing those there are."""

from __future__ import annotations

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_

app = common.group("Enter a cooperation body, or list those there are.")

#: Levels in words, in the order of the ladder.
_LEVELS = {"local": N_("local"), "county": N_("county"), "regional": N_("regional"), "national": N_("national")}


@app.command()
def create(
    name: str = typer.Argument(help="Full name, as it is to stand in documents."),
    slug: str = typer.Option(help="Short word for commands, for example lsr-janow."),
    kind: str = typer.Option("lsr", help="What it is, in one word: lsr for a local reintegration network."),
    level: str = typer.Option("local", help="local, county, regional or national."),
    parent: str | None = typer.Option(None, help="Short word of the body above."),
) -> None:
    """Enter a cooperation body."""
    from konwent_bot.office import bodies
    from konwent_bot.office.rights import OPERATOR

    common.act(lambda uow: bodies.create(uow, OPERATOR, slug=slug, name=name, kind=kind, level=level, parent=parent))
    t = common.voice()
    common.tell(t("Entered: {name}.", name=" ".join(name.split())))
    common.tell(t("Next, import its roster: konwent-bot roster import FILE --body {slug}", slug=slug))


@app.command("list")
def list_() -> None:
    """List the bodies of this installation."""
    from konwent_bot.cli.tables import table
    from konwent_bot.office import bodies

    found = common.look(bodies.everyone)
    t = common.voice()
    if not found:
        common.tell(t("There is no body yet. To enter one: konwent-bot body create."))
        return
    headings = (t("Short word"), t("Name"), t("Kind"), t("Level"), t("Body above"), t("Institutions"))
    common.tell(table(headings, [(b.slug, b.name, b.kind, t(_LEVELS[b.level]), b.parent, str(b.institutions)) for b in found]))
