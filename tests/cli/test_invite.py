"""``konwent-bot invite``: personal links on the screen, for programs, and on a sheet of QR codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.console import Console, console
from tests.cli.network import LINK, accept, rights, seat, settle

from konwent_bot import i18n
from konwent_bot.office import bodies, notices, seats
from konwent_bot.office.rights import OPERATOR

__all__ = ["console"]


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


def test_all_vacant_places_are_invited(network: Console) -> None:
    """One command makes a link for every seat and post nobody has accepted, says until when, and that they are personal."""
    said = network.ok("invite", "--body", "janow", "--all")
    head, _rule, *rows = said.split("\n\n")[0].splitlines()
    assert head.split("  ")[0] == "Instytucja"
    assert head.endswith("Link do strony")
    assert "Link do czatu" not in head  # there is no bot here, so the column is left out
    assert len(rows) == 6
    assert len(set(LINK.findall(said))) == 6
    assert any("KIS Janów" in row and "Ewa Lis" in row for row in rows)
    assert "Te linki są osobiste" in said


def test_a_link_from_the_console_lets_its_person_in(network: Console) -> None:
    """The coordinator's first link comes from the console; once accepted, the place is no longer among the vacant."""
    said = network.ok("invite", "--body", "janow", "--post", "koordynatorka")
    [token] = LINK.findall(said)
    ewa = accept(network, token, 501)
    assert rights(network, ewa) == {"coordinator"}
    assert len(LINK.findall(network.ok("invite", "--body", "janow", "--all"))) == 5
    network.refused("invite", "--body", "janow", "--post", "koordynator")


def test_a_new_link_ends_the_former_one(network: Console) -> None:
    """Whoever asks for a link twice gets a new one, and the first opens nothing."""
    words = ("invite", "--body", "janow", "--institution", "gops", "--role", "zwierzchnik")
    [first], [second] = (LINK.findall(network.ok(*words)) for _ in range(2))
    assert first != second
    with pytest.raises(Exception, match="no longer valid"):
        accept(network, first, 501)
    assert rights(network, accept(network, second, 501)) == {"representative"}


def test_programs_get_the_links_too(network: Console) -> None:
    """A program reads whose link each is and until when, and nothing else stands on standard output."""
    found = json.loads(network.ok("invite", "--body", "janow", "--all", "--json"))
    assert found["body"] == "janow"
    assert len(found["invitations"]) == 6
    first = found["invitations"][0]
    assert set(first) == {"seat", "post", "institution", "kind", "name", "email", "link", "page", "expires_at"}
    assert {one["kind"] for one in found["invitations"]} == {"coordinator", "head", "delegate", "substitute"}
    assert all(LINK.fullmatch(one["page"]) for one in found["invitations"])
    assert all((one["seat"] is None) != (one["post"] is None) for one in found["invitations"])


def test_nobody_waiting_is_said(console: Console) -> None:
    """A body where every place is taken, or which has none, has nobody to invite."""
    console.ok("body", "create", "Lokalna Sieć", "--slug", "janow")
    said = console.ok("invite", "--body", "janow", "--all")
    assert said == "Nikt nie czeka na zaproszenie: wszystkie miejsca i funkcje są przyjęte.\n"
    assert json.loads(console.ok("invite", "--body", "janow", "--all", "--json"))["invitations"] == []


def test_the_sheet_is_a_pdf_beside_nothing_else(network: Console) -> None:
    """The sheet of QR codes is written whole, replaces the former one, and leaves no other file behind."""
    folder = network.folder / "druk"
    folder.mkdir()
    sheet = folder / "zaproszenia.pdf"
    sheet.write_bytes(b"yesterday's")
    said = network.ok("invite", "--body", "janow", "--all", "--sheet", str(sheet))
    assert said.splitlines()[-1] == f"Arkusz do druku jest w pliku {sheet}."
    assert sheet.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in folder.iterdir()] == ["zaproszenia.pdf"]


@pytest.mark.parametrize("name", ["", "nie-ma/arkusz.pdf"])
def test_a_sheet_that_cannot_be_written_costs_no_link(network: Console, name: str, tmp_path: Path) -> None:
    """A wrong path for the sheet is refused before any link is made: links given out before go on working."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    said = network.refused("invite", "--body", "janow", "--all", "--sheet", str(tmp_path / name))
    assert said.startswith("Nie można zapisać arkusza w ")
    assert rights(network, accept(network, token, 501)) == {"coordinator"}


def test_links_that_lead_nowhere_are_not_made(network: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a bot and without pages there is nothing to link to; links given out before go on working."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    monkeypatch.delenv("KONWENT_PUBLIC_URL")
    assert network.refused("invite", "--body", "janow", "--all").startswith("Linki muszą dokądś prowadzić.")
    assert rights(network, accept(network, token, 501)) == {"coordinator"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Proszę wskazać zapraszane osoby w jeden sposób"),
        (("--all", "--post", "koordynator"), "Proszę wskazać zapraszane osoby w jeden sposób"),
        (("--institution", "gops"), "Proszę wskazać zapraszane osoby w jeden sposób"),
        (("--institution", "gops", "--role", "woźny"), "Nie ma miejsca „woźny”. Są: "),
        (("--institution", "gops", "--role", "koordynator"), "Nie ma miejsca „koordynator”. Są: "),
        (("--institution", "gops", "--role", "zwierzchnk"), "Nie ma roli „zwierzchnk”. Czy chodzi o „zwierzchnik”?"),
        (("--post", "zwierzchnik"), "Nie ma funkcji „zwierzchnik”. Są: "),
        (("--post", "protokolant"), "Tej funkcji nikomu jeszcze nie powierzono: "),
        (("--institution", "starostwo", "--role", "head"), "Nie ma tu instytucji „starostwo” z miejscami w składzie. Są: GOPS"),
        (("--institution", "modliborzyc", "--role", "head"), "„modliborzyc” może oznaczać: GOPS Modliborzyce, Zespół szkół."),
        (("--institution", "gops", "--role", "substitute"), "GOPS Modliborzyce nie ma takiego miejsca. Ma: "),
        (("--institution", "zespół", "--role", "zastępca"), "Zespół szkół ma kilka takich miejsc: 1 (Ola Mak), 2 (Adam Bąk)."),
    ],
)
def test_a_slip_is_answered_in_one_sentence(network: Console, words: tuple[str, ...], sentence: str) -> None:
    """An unknown, missing or ambiguous place is refused with the choices, and no link is made."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    assert network.refused("invite", "--body", "janow", *words).startswith(sentence)
    assert rights(network, accept(network, token, 501)) == {"coordinator"}
    assert network.refused("invite", "--body", "nikt", "--all").startswith("Nie ma ciała współpracy nikt.")


# --- by mail ----------------------------------------------------------------------------------------------------------


def _announced(network: Console) -> list[str]:
    return sorted(network.look(lambda uow: notices.standing(uow, bodies.find(uow, "janow").id)))


def test_all_vacant_places_are_written_to(network: Console) -> None:
    """One command announces a letter to every place nobody has accepted; no link is made or ended before a letter leaves."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    said = network.ok("invite", "send", "janow")
    assert said.splitlines()[0] == _say(
        "{n} invitation is on its way by e-mail.", "{n} invitations are on their way by e-mail.", 6
    )
    assert "KONWENT_SMTP_URL" in said  # nothing is set up for mail here
    assert len(_announced(network)) == 6
    assert rights(network, accept(network, token, 501)) == {"coordinator"}
    network.ok("invite", "send", "janow")
    assert len(_announced(network)) == 6


def test_one_place_is_written_to(network: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seat or a post is named as for a link; with a mail server set nothing more is said."""
    monkeypatch.setenv("KONWENT_SMTP_URL", "smtp://kis:tajne@poczta.example")
    one = _say("{n} invitation is on its way by e-mail.", "{n} invitations are on their way by e-mail.", 1) + "\n"
    assert network.ok("invite", "send", "janow", "--institution", "gops", "--role", "zwierzchnik") == one
    assert network.ok("invite", "send", "janow", "--post", "koordynator") == one
    assert _announced(network) == [f"post:{_coordinator(network)}", f"seat:{seat(network, 'GOPS Modliborzyce', 'head').id}"]


def test_a_slip_writes_to_nobody(network: Console) -> None:
    """Two ways at once, half a way, an unknown place, an unknown body, a place that is taken: one sentence, and no letter."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    accept(network, token, 501)
    for words in (
        ("janow", "--institution", "gops"),
        ("janow", "--role", "head"),
        ("janow", "--post", "koordynator", "--institution", "gops", "--role", "head"),
        ("janow", "--institution", "starostwo", "--role", "head"),
        ("janow", "--post", "koordynator"),
        ("nikt",),
    ):
        assert network.refused("invite", "send", *words)
    assert _announced(network) == []


def _coordinator(network: Console) -> int:
    (post,) = network.look(lambda uow: seats.posts_of(uow, OPERATOR, bodies.find(uow, "janow").id))
    return post.id


def _say(one: str, many: str, n: int) -> str:
    return i18n.translator("pl").plural(one, many, n)
