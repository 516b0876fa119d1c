"""``konwent-bot roster``: what a file of members says, and its import. One reader and one comparison serve both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid

if TYPE_CHECKING:
    from konwent_bot.domain.roster import Roster
    from konwent_bot.domain.roster_preview import Preview, PreviewRow
    from konwent_bot.i18n import Translator
    from konwent_bot.office.door import Door

app = common.group("Preview or import the roster of a body (CSV, XLSX, XLS, ODS).")

_FILE = typer.Argument(metavar="FILE", help="The roster: CSV, XLSX, XLS or ODS.")
_JSON = typer.Option(False, "--json", help="Print the preview for programs.")
#: Bytes read of whatever the path leads to; far more than a roster may have, so that the sentence can say how big the file is.
_MOST_READ = 64_000_000
_STATUSES = {
    "new": N_("new"),
    "unchanged": N_("unchanged"),
    "changed": N_("changed"),
    "warning": N_("warning"),
    "error": N_("error"),
}


@app.command()
def preview(
    file: Path = _FILE,
    body: str | None = typer.Option(None, help="Short word of the body; without it everything counts as new."),
    as_json: bool = _JSON,
) -> None:
    """Say row by row what an import would do. Changes nothing; exits 1 when there are errors."""
    from konwent_bot.domain.roster_preview import CurrentRoster, compare

    roster = _read(file)
    if body is None:
        found = compare(roster, CurrentRoster())
    else:
        from konwent_bot.office import bodies, rosters
        from konwent_bot.office.rights import OPERATOR

        found = common.look(lambda uow: rosters.preview(uow, OPERATOR, bodies.find(uow, body).id, roster))
    t = common.voice()
    common.tell(_for_programs(found, t) if as_json else _for_people(found, found.rows, t))
    if not found.importable:
        raise typer.Exit(1)


@app.command("import")
def import_(
    file: Path = _FILE,
    body: str = typer.Option(help="Short word of the body."),
    as_json: bool = _JSON,
) -> None:
    """Import a roster: all of it, or nothing when a row has an error. Importing the same file again changes nothing."""
    from konwent_bot.office import bodies, rosters
    from konwent_bot.office.rights import OPERATOR

    roster = _read(file)

    async def work(door: Door) -> tuple[Preview, Invalid | None]:
        try:
            done = await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, bodies.find(uow, body).id, roster))
        except Invalid as wrong:
            # Nothing was stored; whoever imports wants to see every row that is wrong, not the first alone.
            return await door.look(lambda uow: rosters.preview(uow, OPERATOR, bodies.find(uow, body).id, roster)), wrong
        return done, None

    found, wrong = common.in_house(work)
    t = common.voice()
    if as_json:
        common.tell(_for_programs(found, t))
    else:
        said = [row for row in found.rows if row.status in ("error", "warning", "changed")]
        common.tell(_for_people(found, said, t))
        if wrong is None:
            common.tell(
                t("Everything in this file is stored already; nothing changed.") if found.changes_nothing else t("Imported.")
            )
    if wrong is not None:
        raise wrong


def _read(path: Path) -> Roster:
    from konwent_bot.documents.tables import read_table
    from konwent_bot.domain.roster import read_roster

    try:
        with path.open("rb") as file:
            data = file.read(_MOST_READ)
    except FileNotFoundError as error:
        raise Invalid(N_("There is no file {path}."), path=path) from error
    except OSError as error:
        raise Invalid(
            N_("The file {path} cannot be read. Check that it is a file and that you may open it."), path=path
        ) from error
    return read_roster(read_table(data))


def _for_programs(found: Preview, t: Translator) -> str:
    whole = found.to_json(t)
    rows = [{"row": row["row"], "status": row["status"], "messages": row["messages"]} for row in whole["rows"]]
    return json.dumps({"summary": whole["summary"], "rows": rows}, ensure_ascii=False, indent=2)


def _for_people(found: Preview, rows: tuple[PreviewRow, ...] | list[PreviewRow], t: Translator) -> str:
    from konwent_bot.cli.tables import table

    parts = []
    if rows:
        headings = (t("Row"), t("Status"), t("Institution"), t("Remarks"))
        parts.append(table(headings, [_cells(row, t) for row in rows], fold_last=True))
    parts += [t(note.msgid, **note.facts) for note in found.notes]
    parts.append(_summary(found, t))
    return "\n\n".join(parts)


def _cells(row: PreviewRow, t: Translator) -> tuple[str, str, str, str]:
    institution = "" if row.entry is None else row.entry.short_name or row.entry.institution
    return str(row.row), t(_STATUSES[row.status]), institution, "\n".join(t(m.msgid, **m.facts) for m in row.messages)


def _summary(found: Preview, t: Translator) -> str:
    counts = found.summary
    said = [
        t.plural("{n} new", "{n} new ones", counts["new"]) if counts["new"] else "",
        t.plural("{n} unchanged", "{n} unchanged ones", counts["unchanged"]) if counts["unchanged"] else "",
        t.plural("{n} changed", "{n} changed ones", counts["changed"]) if counts["changed"] else "",
        t.plural("{n} with a warning", "{n} with warnings", counts["warning"]) if counts["warning"] else "",
        t.plural("{n} with an error", "{n} with errors", counts["error"]) if counts["error"] else "",
    ]
    rows = t.plural("{n} row", "{n} rows", sum(counts.values()))
    return f"{rows}: {', '.join(part for part in said if part)}."
