"""``konwent-bot post give``: the first coordinator, and those who follow."""

from __future__ import annotations

import pytest
from tests.cli.console import Console, console
from tests.cli.network import LINK, accept, rights, settle

__all__ = ["console"]


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a network on it."""
    return settle(console)


def test_the_first_coordinator_comes_from_the_console(console: Console) -> None:
    """Before there is a roster the operator gives the post to somebody and hands them the link."""
    console.ok("body", "create", "Lokalna Sieć", "--slug", "janow")
    said = console.ok(
        "post", "give", "--body", "janow", "--post", "coordinator", "--name", "Ewa Lis", "--email", "ewa@kis.example"
    )
    assert said.startswith("Powierzono funkcję: ")
    [token] = LINK.findall(said)
    assert rights(console, accept(console, token, 501)) == {"coordinator"}


def test_a_post_given_on_leaves_its_former_holder_without_it(network: Console) -> None:
    """The coordinator changes: the former one may do nothing more, the new one gets a link."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    ewa = accept(network, token, 501)
    said = network.ok("post", "give", "--body", "janow", "--post", "koordynator", "--name", "Adam Bąk")
    assert "Poprzednia osoba nie ma już z tej funkcji żadnych uprawnień." in said
    assert rights(network, ewa) == frozenset()
    [token] = LINK.findall(said)
    assert rights(network, accept(network, token, 502)) == {"coordinator"}


def test_the_holder_of_a_seat_gets_a_post_without_another_link(network: Console) -> None:
    """A head who is here already becomes chair at once."""
    head = ("--body", "janow", "--institution", "GOPS", "--role", "head")
    [token] = LINK.findall(network.ok("invite", *head))
    anna = accept(network, token, 501)
    said = network.ok("post", "give", *head, "--post", "przewodnicząca")
    assert LINK.findall(said) == []
    assert rights(network, anna) == {"representative", "chair"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--post", "coordinator"), "Proszę podać, kto ma pełnić funkcję"),
        (("--post", "coordinator", "--institution", "GOPS"), "Proszę wskazać osobę w jeden sposób"),
        (
            ("--post", "coordinator", "--institution", "GOPS", "--role", "head", "--name", "Ola"),
            "Proszę wskazać osobę w jeden sposób",
        ),
        (("--post", "król", "--name", "Ola"), "Nie ma funkcji „król”. Są: "),
        (("--post", "koordynatr", "--name", "Ola"), "Nie ma roli „koordynatr”. Czy chodzi o „koordynator”?"),
        (("--post", "chair", "--institution", "Zespół", "--role", "head"), "Tego miejsca nikt nie zajmuje."),
        (("--post", "chair", "--email", "ola@"), "„ola@” nie jest poprawnym adresem e-mail."),
    ],
)
def test_a_slip_is_answered_in_one_sentence(network: Console, words: tuple[str, ...], sentence: str) -> None:
    """Whatever is wrong, the operator reads one sentence and the post stays where it is."""
    [token] = LINK.findall(network.ok("invite", "--body", "janow", "--post", "koordynator"))
    ewa = accept(network, token, 501)
    assert network.refused("post", "give", "--body", "janow", *words).startswith(sentence)
    assert rights(network, ewa) == {"coordinator"}
