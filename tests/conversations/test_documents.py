"""A document sent to the bot: whether it is one of ours, as it was sent; whoever sends it, and nothing of it is kept."""

from __future__ import annotations

import pytest

from konwent_bot.chat import Chat
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import circulating, facts, versions
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.minutes import verifying
from tests.conversations.house import dump
from tests.conversations.network import Network
from tests.conversations.people import Member
from tests.sandbox.phone import Said, Sandbox
from tests.screens.archived import drafted

MB = 1024 * 1024


@pytest.fixture
async def sent(live_door: Door, network: Network, anna: Member) -> tuple[Version, bytes]:
    """Minutes of the network, to which Anna belongs, as they were sent to its institutions, and the document."""

    def work(uow: UnitOfWork) -> tuple[Version, bytes]:
        minutes = drafted(uow, OPERATOR, network)
        version = circulating.circulate(uow, OPERATOR, minutes.id, facts.get(uow, minutes.id).edition)
        return version, versions.pdf(uow, version).content

    return await live_door.act(work)


async def send(member: Member, content: bytes, name: str = "protokół.pdf") -> Said:
    """Send a file, and give what the bot says to it."""
    written = await member.phone.send_file(name, content)
    return await member.phone.wait_for(lambda said: bool(said.buttons) and said.message_id > int(written["message_id"]))


def altered(content: bytes) -> bytes:
    """Change one byte in the middle of what is drawn."""
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


async def test_a_stranger_sees_whether_a_document_is_genuine(
    sandbox: Sandbox, chat: Chat, live_door: Door, sent: tuple[Version, bytes]
) -> None:
    """Somebody of no network sends the file, the file with one byte changed, and a file of another kind: each is told apart, nothing is kept."""
    version, content = sent
    stranger = await Member.make(sandbox, "Obca", "pl")
    before = await dump(live_door.store, but=frozenset({"seen_update", "throttle"}))
    said = await send(stranger, content)
    for words in (
        "Ten dokument jest prawdziwy",
        "Lokalna Sieć lsr-janow",
        version.content.draft.title,  # its year is that of the house's clock, which other tests have moved
        "wersja 1",
        version.code,
        version.pdf_sha256,
    ):
        assert words in said.text, said.text
    assert "Nie jest jeszcze ostateczna" in said.text
    said = await send(stranger, altered(content))
    assert "Ten plik został zmieniony" in said.text
    assert "Lokalna Sieć lsr-janow" in said.text
    said = await send(stranger, b"%PDF-1.7 cos innego", "inny.pdf")
    assert "Ten plik jest nieznany" in said.text
    assert "lsr-janow" not in said.text
    assert await dump(live_door.store, but=frozenset({"seen_update", "throttle"})) == before


async def test_what_is_said_of_a_document_names_nobody(
    sandbox: Sandbox, chat: Chat, network: Network, sent: tuple[Version, bytes]
) -> None:
    """Whoever holds minutes learns of the document and nothing beside it: no institution, no answer of one, no person."""
    stranger = await Member.make(sandbox, "Obca", "uk")
    said = await send(stranger, sent[1])
    for name in network.memberships:
        assert name not in said.text


async def test_a_large_file_is_refused_before_it_is_fetched(sandbox: Sandbox, chat: Chat, anna: Member) -> None:
    """A film of 30 MB is not downloaded: Anna is told at once that it is none of ours."""
    before = len(await sandbox.calls("getfile"))
    said = await send(anna, b"\0" * (30 * MB), "film.mp4")
    assert "większy niż 20 MB" in said.text
    assert len(await sandbox.calls("getfile")) == before


async def test_too_many_files_in_an_hour_are_not_looked_at(
    sandbox: Sandbox, chat: Chat, anna: Member, sent: tuple[Version, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody keeps the secretariat busy with files: after so many in an hour the next one is for later, and is not fetched."""
    monkeypatch.setattr(verifying, "MOST_IN_AN_HOUR", 2)
    for _ in range(2):
        assert "Ten dokument jest prawdziwy" in (await send(anna, sent[1])).text
    fetched = len(await sandbox.calls("getfile"))
    assert "Za dużo prób" in (await send(anna, sent[1])).text
    assert len(await sandbox.calls("getfile")) == fetched


@pytest.mark.parametrize("kind", ["error_500", "drop_connection"])
async def test_a_file_telegram_does_not_give_is_asked_for_again(
    sandbox: Sandbox, chat: Chat, anna: Member, sent: tuple[Version, bytes], kind: str
) -> None:
    """Telegram falters while a file is fetched: once is mended unseen, and when it goes on the person is asked to send it again."""
    await sandbox.fault(kind, "getFile")
    assert "Ten dokument jest prawdziwy" in (await send(anna, sent[1])).text
    await sandbox.fault(kind, "getFile", times=2)
    assert "Nie udało się pobrać pliku" in (await send(anna, sent[1])).text
    assert "Ten dokument jest prawdziwy" in (await send(anna, sent[1])).text


async def test_a_file_answers_no_question(sandbox: Sandbox, chat: Chat, anna: Member, sent: tuple[Version, bytes]) -> None:
    """Anna sends a file in the middle of her card: it is looked at, and the question waits as it was."""
    asked = await anna.open_card()
    said = await send(anna, sent[1])
    assert "Ten dokument jest prawdziwy" in said.text
    assert (await anna.type("4")).text != asked.text, "what is typed now belongs to no question"


async def test_the_code_of_a_page_is_typed(sandbox: Sandbox, chat: Chat, sent: tuple[Version, bytes]) -> None:
    """Whoever has only paper types the code of its pages, in small letters too."""
    stranger = await Member.make(sandbox, "Obca", "pl")
    said = await stranger.type(f" {sent[0].code.lower()} ")
    assert "Ten kod jest prawdziwy" in said.text
    assert sent[0].pdf_sha256 in said.text
    wrong = sent[0].code[:-1] + ("0" if sent[0].code[-1] != "0" else "1")
    assert "Nie ma dokumentu z tym kodem" in (await stranger.type(wrong)).text
