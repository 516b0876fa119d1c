"""``konwent-bot recount``: counting a decision again from its file. Needs no settings and no database, so that anybody may."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Refused

if TYPE_CHECKING:
    from konwent_bot.domain.decisions.recount import Recounted
    from konwent_bot.i18n import Translator

app = common.group("Count a decision again from its file, without any database.")

#: Bytes that are read of a file: room for more votes than there are institutions in a country.
_MOST = 32 * 1024 * 1024


@app.command()
def recount(
    file: Annotated[
        Path,
        typer.Argument(
            help="The export of a decision, or a few entries by hand (docs/recount.md); - reads what is typed or piped."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print verdict, numbers and sentence as JSON.")] = False,
    language: Annotated[str | None, typer.Option("--lang", help="The language of sentences: pl, en, uk.")] = None,
) -> None:
    """Count a decision again. Exits 1 when the stated result does not follow or the file contradicts itself, 2 when it cannot be read."""
    from konwent_bot import i18n
    from konwent_bot.domain.decisions.recount import recount as count
    from konwent_bot.domain.decisions.sealed import DoesNotAddUp

    t = common.voice() if language is None else i18n.translator(i18n.nearest(language))
    try:
        found = count(common.read(file, _MOST))
    except DoesNotAddUp as error:
        if as_json:
            common.tell(json.dumps({"verdict": None, "follows": False, "sentence": t.say(error)}, ensure_ascii=False))
            raise typer.Exit(1) from None
        raise
    if as_json:
        common.tell(json.dumps(_told(found, t), ensure_ascii=False))
    else:
        common.tell(_said(found, t))
    if found.follows:
        return
    if as_json:
        raise typer.Exit(1)
    raise Refused(
        N_("The stated result does not follow: the file says “{stated}”, counted it is “{counted}”."),
        stated=found.record.stated,
        counted=found.verdict,
    )


def _said(found: Recounted, t: Translator) -> str:
    """Say the rule, the result, and what that means for what the file states."""
    lines = [_rule(found, t), _sentence(found, t)]
    if found.sealed:
        lines.append(t("The export is exactly as it was written."))
    if found.follows:
        lines.append(
            t("The stated result follows: the file says “{stated}”, counted it is the same.", stated=found.record.stated)
        )
    return "\n".join(lines)


def _told(found: Recounted, t: Translator) -> dict[str, object]:
    """Tell a machine."""
    return {
        "verdict": found.verdict,
        "stated": found.record.stated,
        "follows": found.follows,
        "sealed": found.sealed,
        "numbers": _numbers(found),
        "rule": _rule(found, t),
        "sentence": _sentence(found, t),
    }


def _numbers(found: Recounted) -> dict[str, object]:
    from konwent_bot.domain.decisions.tally import Result

    result, record = found.result, found.record
    quorum = {
        "entitled": record.entitled,
        "present": record.present,
        "quorum_needed": result.quorum_needed,
        "quorum_there": result.quorum_there,
        "quorum_missing": result.quorum_missing,
    }
    if not isinstance(result, Result):
        stances = result.stances
        return {
            "agree": stances.agree,
            "reserve": stances.reserve,
            "stand_aside": stances.stand_aside,
            "object": stances.object,
            "silent": result.silent,
            "unanimous": result.unanimous,
            **quorum,
        }
    return {
        "for": result.counts.in_favour,
        "against": result.counts.against,
        "abstain": result.counts.abstain,
        **quorum,
        "base": result.base,
        "threshold": str(result.threshold),
        "needed": result.needed,
        "missing": result.missing,
        "reason": result.reason,
        "chair": result.chair,
    }


def _rule(found: Recounted, t: Translator) -> str:
    from konwent_bot.documents import decision_words

    return decision_words.rule_sentence(found.record.rule, t)


def _sentence(found: Recounted, t: Translator) -> str:
    from konwent_bot.documents import decision_words
    from konwent_bot.domain.decisions.tally import Result

    result = found.result
    return decision_words.result_sentence(result, t) if isinstance(result, Result) else decision_words.round_sentence(result, t)
