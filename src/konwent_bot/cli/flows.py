"""``konwent-bot flows check | show | try``: for whoever writes what the secretariat asks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid, Misconfigured, NotFound

if TYPE_CHECKING:  # reading flows costs a second that --help must not pay
    from konwent_bot.dialogue.flow import Flow
    from konwent_bot.dialogue.loading import FlowProblem
    from konwent_bot.dialogue.model import Fact
    from konwent_bot.dialogue.typed import Guard, Guards
    from konwent_bot.dialogue.values import GivenFact
    from konwent_bot.i18n import Translator

app = common.group("Check, show or try the flows: what the secretariat asks, question by question.")

_FOLDER = typer.Option("--dir", help="Folder of flows; by default those in use (KONWENT_FLOWS_DIR, or the packed ones).")


@app.command("check")
def check_(
    path: Annotated[Path | None, typer.Argument(help="A flow file or a folder of them; by default the flows in use.")] = None,
    update_lock: Annotated[bool, typer.Option("--update-lock", help="Publish: write what is asked into flows.lock.")] = False,
) -> None:
    """Say everything that must be mended: file, question, line and a sentence each. Exits 1 when there is something."""
    from konwent_bot import app as house
    from konwent_bot import i18n
    from konwent_bot.dialogue.check import check
    from konwent_bot.dialogue.lock import NAME, Lock

    place = path or _folder(None)
    t = common.voice()
    lock_file = (place if place.is_dir() else place.parent) / NAME
    lock = Lock.read(lock_file)
    translations = {language: i18n.translator(language).flow for language in i18n.languages()[1:]}
    problems, flows = check([place], acts=house.acts(), lock=None if update_lock else lock, translations=translations)
    errors = [problem for problem in problems if not problem.warning]
    if update_lock and not errors:
        published = lock.with_flows(flows)
        # Publishing must not hide what the lock is there to refuse: a changed structure under an old version, a choice gone.
        problems += [problem for flow in flows for problem in published.compare(flow, f"{flow.id}.toml")]
        errors = [problem for problem in problems if not problem.warning]
        if not errors:
            try:
                lock_file.write_text(published.to_text(), "utf-8")
            except OSError as error:
                raise Misconfigured(N_("The file {path} cannot be written."), path=lock_file) from error
            common.tell(t("Published: {path}", path=lock_file))
    for problem in problems:
        common.tell(_line(problem, t))
    if errors:
        raise typer.Exit(1)
    common.tell(t.plural("{n} flow is in order.", "{n} flows are in order.", len(flows)))


def _line(problem: FlowProblem, t: Translator) -> str:
    words = [f"{problem.file}:{problem.line}"]
    if problem.question is not None:
        words.append(t("question {question}", question=problem.question))
    if problem.warning:
        words.append(t("warning"))
    return ", ".join(words) + ": " + t.say(problem.problem)


@app.command()
def show(
    flow: Annotated[str, typer.Argument(help="Id of a flow (karta-wspolpracy), or a file.")],
    folder: Annotated[Path | None, _FOLDER] = None,
) -> None:
    """Show a flow as a sheet people can read and approve, with its conditions in words."""
    from konwent_bot.dialogue.sheets import show as sheet

    common.tell(sheet(_flow(flow, folder), common.voice()))


@app.command("try")
def try_(
    flow: Annotated[str, typer.Argument(help="Id of a flow (karta-wspolpracy), or a file.")],
    fact: Annotated[list[str] | None, typer.Option(help="A fact of the flow, NAME=VALUE; may be repeated.")] = None,
    folder: Annotated[Path | None, _FOLDER] = None,
) -> None:
    """Go through a flow in the terminal, as people do in the chat. Nothing is stored."""
    from konwent_bot.dialogue.terminal import sample_facts, try_in_terminal

    found, t = _flow(flow, folder), common.voice()
    facts = sample_facts(found) | dict(_fact(found, words) for words in fact or ())
    answers = try_in_terminal(found, facts, t, _ask, common.tell, _guards())
    if answers is None:
        common.tell(t("Stopped. Nothing was stored."))


def _guards() -> Guards:
    from konwent_bot.dialogue.problem import Problem
    from konwent_bot.domain import personal_data

    def guard(policy: personal_data.Policy) -> Guard:
        def look(text: str) -> Problem | None:
            found = personal_data.check(text, policy)
            return None if found is None else Problem(personal_data.refusal(found.kind))

        return look

    return {"strict": guard("strict"), "warn": guard("organisational")}


def _ask(prompt: str) -> str:
    return input(prompt)


# --- finding ----------------------------------------------------------------------------------------------------------


def _folder(given: Path | None) -> Path:
    from konwent_bot import resources

    if given is not None:
        return given
    return common.settings().flows_dir or resources.flows()


def _flow(name: str, folder: Path | None) -> Flow:
    """Give a flow by id or file. Raises ``NotFound``, or ``FlowInvalid`` for a file that cannot be used."""
    from konwent_bot.dialogue import loading

    path = Path(name)
    if path.suffix == ".toml":
        if not path.is_file():
            raise NotFound(N_("There is no file {path}."), path=path)
        return loading.load(path)
    shelf = loading.Shelf.load(_folder(folder))
    if name in shelf.flows:
        return shelf.flows[name]
    broken = tuple(problem for problem in shelf.problems if not problem.warning)
    if broken:
        raise loading.FlowInvalid(broken)
    raise NotFound(N_("There is no flow {flow}. There are: {flows}."), flow=name, flows=sorted(shelf.flows))


# --- facts of a trial -------------------------------------------------------------------------------------------------


def _fact(flow: Flow, words: str) -> tuple[str, GivenFact]:
    """Read ``NAME=VALUE``. Slots are written as their labels, separated by commas."""
    name, sign, value = words.partition("=")
    fact = flow.facts.get(name.strip())
    if not sign or fact is None:
        raise Invalid(
            N_("Write a fact as NAME=VALUE. {words} is not one; the flow knows: {facts}."), words=words, facts=sorted(flow.facts)
        )
    try:
        return fact.id, _read(fact, value.strip())
    except (ValueError, ArithmeticError) as error:
        raise Invalid(
            N_("{value} is no value for the fact {name}, which is of type {type}."), value=value, name=name, type=fact.type
        ) from error


def _read(fact: Fact, value: str) -> GivenFact:
    from decimal import Decimal

    match fact.type:
        case "choice" if value not in (fact.choices or ()):
            raise ValueError(value)
        case "text" | "choice":
            return value
        case "number":
            number = Decimal(value.replace(",", "."))
            if not number.is_finite():
                raise ValueError(value)
            return number
        case "yesno":
            words = {"tak": True, "yes": True, "true": True, "1": True, "nie": False, "no": False, "false": False, "0": False}
            if value.lower() not in words:
                raise ValueError(value)
            return words[value.lower()]
        case "date":
            return date.fromisoformat(value)
        case "instant":
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case "slots":
            labels = [label.strip() for label in value.split(",") if label.strip()]
            return [{"id": f"s{number}", "label": label} for number, label in enumerate(labels, 1)]
