"""``konwent-bot verify``: whether a file is a document of ours, at a console."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import timedelta
from io import BytesIO, TextIOWrapper

import pytest
from sqlalchemy import select, update
from tests.cli.console import Console, console
from tests.cli.network import settle

from konwent_bot.office import bodies
from konwent_bot.office.meetings import entering
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import beginning, circulating, versions
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEETING

__all__ = ["console"]


def _sent(uow: UnitOfWork) -> tuple[Version, bytes]:
    """Let a meeting have been held, and its minutes go out."""
    body = bodies.find(uow, "janow").id
    given = {
        "kind": "strategic",
        "when": f"{uow.today + timedelta(days=20)}T10:00",
        "length": "m120",
        "mode": "in_person",
        "place": "Sala",
    }
    made = (
        entering.enter(uow, OPERATOR, Subject("meeting.enter", body), entering.MeetingEntered.model_validate(given)).meeting or 0
    )
    uow.execute(update(MEETING).where(MEETING.c.id == made).values(status="held"))
    minutes = beginning.begin(uow, meetings.get(uow, made))
    version = circulating.circulate(uow, OPERATOR, minutes.id, minutes.edition)
    return version, versions.pdf(uow, version).content


@pytest.fixture
def sent(console: Console) -> tuple[Version, bytes]:
    """Minutes that went out of a network, and the document."""
    return settle(console).act(_sent)


def test_a_document_as_it_was_sent_is_known(console: Console, sent: tuple[Version, bytes]) -> None:
    """It says which body, which minutes, which version, and that it is not the final one; and ends with 0."""
    said = console.ok("verify", console.file("protokol.pdf", sent[1]))
    assert said.startswith("Ten dokument jest prawdziwy\n")
    for word in ("Lokalna Sieć", sent[0].code, sent[0].pdf_sha256):
        assert word in said
    told = json.loads(console.ok("verify", console.file("inna-nazwa.bin", sent[1]), "--json"))
    assert told == {
        "state": "known", "body": "Lokalna Sieć", "minutes": told["minutes"], "version": 1, "kind": "circulated", "final": False, "newest": True,
        "code": sent[0].code, "sent_at": sent[0].created_at.isoformat(), "sha256": sent[0].pdf_sha256, "sent_sha256": sent[0].pdf_sha256,
    }  # fmt: skip


def test_one_altered_byte_ends_with_1(console: Console, sent: tuple[Version, bytes]) -> None:
    """The file still says what it was, so it is named, with both hashes."""
    altered = sent[1][:-40] + bytes([sent[1][-40] ^ 1]) + sent[1][-39:]
    path = console.file("protokol.pdf", altered)
    printed = console.run("verify", path)
    assert (printed.code, printed.err) == (1, "")
    assert printed.out.startswith("Ten plik został zmieniony\n")
    assert sent[0].pdf_sha256 in printed.out
    told = json.loads(console.run("verify", path, "--json").out)
    assert (told["state"], told["code"], told["sha256"]) == ("altered", sent[0].code, hashlib.sha256(altered).hexdigest())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xff" * 5000, "Protokół".encode()])
def test_any_other_file_ends_with_2(console: Console, sent: tuple[Version, bytes], data: bytes) -> None:
    """Empty, broken, or somebody else's: nothing is known of it, and that is all that is said."""
    path = console.file("obcy.pdf", data)
    printed = console.run("verify", path)
    assert (printed.code, printed.err) == (2, "")
    assert "Lokalna" not in printed.out
    told = json.loads(console.run("verify", path, "--json").out)
    assert told == {"state": "unknown", "sha256": hashlib.sha256(data).hexdigest()}
    assert sent[0].code not in printed.out


def test_what_is_piped_is_read(console: Console, sent: tuple[Version, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """With - instead of a name."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(sent[1])))
    assert json.loads(console.ok("verify", "-", "--json"))["state"] == "known"


def test_what_cannot_be_read_ends_with_2(console: Console) -> None:
    """A name that leads nowhere, or to a folder: one sentence, no traceback."""
    for path in (str(console.folder / "nie-ma.pdf"), str(console.folder)):
        printed = console.run("verify", path)
        assert (printed.code, printed.out, printed.err.count("\n")) == (2, "", 1)


def test_looking_at_a_file_writes_nothing(console: Console, sent: tuple[Version, bytes]) -> None:
    """A file is looked at and forgotten."""
    count = select(MEETING.c.id)
    before = console.look(lambda uow: uow.execute(count).all())
    console.ok("verify", console.file("protokol.pdf", sent[1]))
    assert console.look(lambda uow: uow.execute(count).all()) == before
