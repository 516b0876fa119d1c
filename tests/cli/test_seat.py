"""``konwent-bot seat``: handing over and vacating from the operator's console."""

from __future__ import annotations

import pytest
from tests.cli.console import Console, console
from tests.cli.network import LINK, accept, rights, seat, settle

__all__ = ["console"]

HEAD = ("--body", "janow", "--institution", "GOPS Modliborzyce", "--role", "zwierzchnik")


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


def invited(network: Console, *words: str) -> str:
    [token] = LINK.findall(network.ok("invite", *words))
    return str(token)


def test_a_hand_over_ends_access_and_invites_the_next(network: Console) -> None:
    """The head changes: one command takes the former one's access away and prints the link for the new one."""
    anna = accept(network, invited(network, *HEAD), 501)
    assert rights(network, anna) == {"representative"}
    said = network.ok("seat", "hand-over", *HEAD, "--name", "Maria Wilk", "--email", "maria@gops.example")
    assert said.splitlines()[0].startswith("Przekazano: GOPS Modliborzyce, ")
    assert said.splitlines()[0].endswith("Poprzednia osoba nie ma już dostępu.")
    assert "Te linki są osobiste" in said
    assert rights(network, anna) == frozenset()
    [token] = LINK.findall(said)
    maria = accept(network, token, 502)
    assert rights(network, maria) == {"representative"}
    assert seat(network, "GOPS Modliborzyce", "head").name == "Maria Wilk"


def test_a_hand_over_without_a_place_for_links_stands_all_the_same(network: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Access must end today even if the bot is not set up: the hand-over is done, and the console says what is missing."""
    monkeypatch.delenv("KONWENT_PUBLIC_URL")
    said = network.ok("seat", "hand-over", *HEAD, "--name", "Maria Wilk")
    assert "Zaproszenia nie utworzono" in said
    assert seat(network, "GOPS Modliborzyce", "head").name == "Maria Wilk"


def test_a_seat_is_vacated(network: Console) -> None:
    """A vacated seat lets nobody in: not its holder, not an old link."""
    anna = accept(network, invited(network, *HEAD), 501)
    said = network.ok("seat", "vacate", *HEAD)
    assert said.startswith("Zwolniono: GOPS Modliborzyce, ")
    assert rights(network, anna) == frozenset()
    assert (
        network.ok("seat", "hand-over", *HEAD, "--name", "Maria Wilk").splitlines()[0].endswith("Wcześniej nikt go nie zajmował.")
    )


def test_one_of_several_substitutes_is_named_by_number(network: Console) -> None:
    """The school has two substitutes; the second is handed over, the first stays."""
    words = ("--body", "janow", "--institution", "zespół szkół", "--role", "zastępczyni")
    assert "Proszę dodać --number" in network.refused("seat", "vacate", *words)
    network.ok("seat", "hand-over", *words, "--number", "2", "--name", "Ida Las")
    assert [seat(network, "Zespół szkół", "substitute", n).name for n in (1, 2)] == ["Ola Mak", "Ida Las"]
    assert network.refused("seat", "vacate", *words, "--number", "3").startswith("Zespół szkół nie ma takiego miejsca. Ma: ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--name", "Ola", "--email", "ola"), "„ola” nie jest poprawnym adresem e-mail."),
        (("--name", "=1+1"), "Proszę podać imię i nazwisko"),
        (("--name", "x" * 300), "Proszę podać imię i nazwisko, najwyżej 200 znaków."),
    ],
)
def test_a_slip_changes_nothing(network: Console, words: tuple[str, ...], sentence: str) -> None:
    """A wrong name or address is refused in one sentence, and the holder keeps the seat."""
    anna = accept(network, invited(network, *HEAD), 501)
    assert network.refused("seat", "hand-over", *HEAD, *words).startswith(sentence)
    assert rights(network, anna) == {"representative"}
