"""Reminders by e-mail can be ended, and are: the letter says how, the courier keeps to it, and what convenes comes all the same."""

from __future__ import annotations

from sqlalchemy import update
from tests.courier.conftest import Lines, Network
from tests.courier.office import PostOffice
from tests.office.rosters import accept

from konwent_bot.office import channels, mail_reminders, notices
from konwent_bot.office.notices import Told
from konwent_bot.store.tables import PERSON


async def reader(network: Network) -> int:
    """Let Anna accept without Telegram's telling her anything: she has blocked the bot, so letters are all she gets."""
    person = await accept(network.door, 707, seat=network.head)
    await network.door.act(lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == person).values(reach="blocked")) and None)
    return person


async def tell(network: Network, person: int, occasion: str, subject: str) -> Told:
    """Announce something to Anna; give how it stands."""
    await network.door.act(
        lambda uow: notices.announce(
            uow, recipient=f"person:{person}", occasion=occasion, subject=subject, body=network.body, revision=1
        )
    )
    return (await network.door.look(lambda uow: notices.of_subject(uow, subject)))[0]


async def test_a_reminder_says_how_to_end_reminders_and_a_call_does_not(network: Network, post: PostOffice) -> None:
    """The header a mail program makes a button of (RFC 8058), and the same address in words; a convening letter has neither."""
    person = await reader(network)
    await tell(network, person, "test.reminder", "news:1")
    await tell(network, person, "test.convening", "news:2")
    await network.send(post)
    reminder, convening = post.letters
    address = reminder["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://konwent.example/wypisz/")
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in reminder.get_content()
    assert "Żeby nie dostawać przypomnień e-mailem:" in reminder.get_content()
    assert convening["List-Unsubscribe"] is None
    assert "wypisz" not in convening.get_content()


async def test_who_ended_reminders_gets_none_by_mail_and_is_called_all_the_same(network: Network, post: PostOffice) -> None:
    """The link of the first reminder ends the next ones, also one that waits already; the ledger says why; a call arrives."""
    person = await reader(network)
    await tell(network, person, "test.reminder", "news:1")
    await network.send(post)
    token = post.letters[0]["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    await tell(network, person, "test.reminder", "news:2")
    await network.door.act(lambda uow: mail_reminders.stop(uow, token))
    await tell(network, person, "test.convening", "news:3")
    await network.send(post)
    assert [letter["Subject"] for letter in post.letters] == ["Wiadomość: news:1", "Wiadomość: news:3"]
    (waited,) = await network.door.look(lambda uow: notices.of_subject(uow, "news:2"))
    assert (waited.outcome, waited.why) == ("refused", "switched_off")
    await network.door.act(lambda uow: channels.prefer(uow, person, mail_reminders=True))
    await tell(network, person, "test.reminder", "news:4")
    await network.send(post)
    assert len(post.letters) == 3


async def test_reminders_come_by_telegram_still(lines: Lines, post: PostOffice) -> None:
    """Whoever wants both channels and no reminders by e-mail is reminded on the telephone, once, and by no letter."""
    await lines.prefer(channel="both", mail_reminders=False)
    await lines.tell("test.reminder")
    await lines.send(post)
    assert (len(await lines.heard()), post.letters) == (1, [])
    assert ((await lines.told()).outcome, (await lines.told()).by) == ("sent", ("telegram",))
    await lines.tell("test.convening", "news:2")
    await lines.send(post)
    assert (len(await lines.heard()), len(post.letters)) == (2, 1)
