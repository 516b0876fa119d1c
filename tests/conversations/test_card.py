"""A member fills in the cooperation card, end to end."""

from __future__ import annotations

from konwent_bot.chat import Chat
from tests.conversations.network import Network
from tests.sandbox.phone import SandboxProcess


async def test_a_head_fills_in_the_card_and_changes_one_answer_at_review(
    sandbox: SandboxProcess, chat: Chat, network: Network
) -> None:
    """The head accepts the invitation, answers all questions by buttons and typing, corrects one at review and sends."""
    anna = await sandbox.phone("Anna", language_code="pl")
    await anna.start(network.tokens["GOPS Modliborzyce", "head"])
    said = await anna.wait_for(lambda m: "GOPS Modliborzyce" in m.text)
    print(said.text, said.buttons)
    await anna.tap("I accept and begin")
    said = await anna.wait_for(lambda m: "Fill in the card" in " ".join(m.labels))
    print(said.text, said.buttons)
    await anna.tap("Fill in the card: GOPS Modliborzyce")
    said = await anna.wait_for(lambda m: "question 1" in m.text)
    for n in range(30):
        print("----", said.text, said.buttons)
        if "4" in said.labels and "5" in said.labels and "6" not in said.labels:
            await anna.tap("4")
        elif "Done" in " ".join(said.labels):
            await anna.tap(said.labels[1])
            said = await anna.wait_for(lambda m, s=said: m.text != s.text or m.buttons != s.buttons)
            await anna.tap("Done")
        elif "Skip" in said.labels:
            await anna.send("Więcej spotkań")
        else:
            break
        said = await anna.wait_for(lambda m, s=said: m.text != s.text)
    await anna.tap("Confirm and send")
    said = await anna.wait_for(lambda m: "has been sent" in m.text)
    print(said.text)
    assert 0
