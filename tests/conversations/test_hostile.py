"""Names and texts that would break careless markup, templates or formats: shown as they were written, and never run."""

from __future__ import annotations

import unicodedata

from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.screens.intents import SeeCoverage
from tests.conversations.answers import MEANT, already, cards, draft, in_review
from tests.conversations.house import answering
from tests.conversations.network import make
from tests.conversations.people import Member, verb
from tests.sandbox.phone import Sandbox

NASTY = (
    "<script>alert(1)</script> & {x} {{7*7}}",
    "%s %(name)s {name} {0} </b></i>&lt;",
    "\u202eodwrócone \u200f\u200b👩‍👩‍👧 “cudzysłów” \\u0041",
    "Ż" * 280,
)


#: Signs that turn the reading direction round are taken out on the way (Telegram does so, and so does the flow engine).
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), 0x2066, 0x2067, 0x2068, 0x2069])


def seen(text: str) -> str:
    """Give a text as it is kept: composed, without the signs that would turn round whatever stands after them."""
    return unicodedata.normalize("NFC", text.translate(_TURNS))


async def test_names_of_the_worst_kind_are_shown_as_they_are(sandbox: Sandbox, live_door: Door) -> None:
    """A roster with markup in its names: invitation, home, question, review, thanks and coverage show it literally, and all arrive."""
    network = await make(live_door, slug="b-i", names=NASTY)
    async with answering(sandbox, live_door):
        anna = await Member.make(sandbox, "<b>Anna</b> {x}", "pl")
        for name in NASTY:
            said = await anna.accept(network.tokens[name, "head"])
            assert seen(name) in said.text
        kinga = await Member.make(sandbox, "Kinga", "uk")
        await kinga.accept(network.tokens["", "coordinator"])
        said = await kinga.press(SeeCoverage)
        assert all(seen(name) in said.text for name in NASTY)
        for name in NASTY:
            await anna.type("/sprawy")
            said = await anna.open_card(network.memberships[name])
            assert seen(name)[:150] in said.text, "a conversation may shorten a very long name"
            assert "49" not in said.text
        for value in ("4", "5"):
            said = await anna.type(value)
            assert NASTY[-1][:150] in said.text


async def test_texts_of_the_worst_kind_are_kept_and_shown_as_they_are(anna: Member, live_door: Door) -> None:
    """Whatever somebody writes as a free text is read back literally in the review and stands so in the card."""
    await anna.open_card()
    await already(anna, live_door, {name: MEANT[name] for name in list(MEANT)[:17]})
    written = (
        "<b>pogrubione</b> & <i>",
        "{{7*7}} {name} {0} %s %d %(x)s",
        "\u202eod prawej do lewej\u202c i 👩‍👩‍👧‍👦",
        "</b></blockquote>&amp;&lt;",
        "'; DROP TABLE card; -- \"",
        "a" + "\u0301" * 200,
        "ż" * 500,
    )
    said = await anna.type(written[0])
    for text in written:
        assert in_review(said)
        said = await anna.press(verb("edit", "conclusion"))
        said = await anna.type(text)
        assert in_review(said)
        assert seen(text) in said.text
        assert seen(str((await draft(live_door))["conclusion"])) == seen(text)
    await anna.press(verb("confirm"))
    [(_, _, answers)] = await cards(live_door)
    assert answers["conclusion"] == written[-1]


async def test_texts_that_are_too_long_are_refused_with_the_limit(anna: Member, live_door: Door) -> None:
    """501, 4,096 and 5,000 characters are refused with a sentence that says how many there may be; nothing of them is stored."""
    await anna.open_card()
    meant = {name: MEANT[name] for name in list(MEANT)[:17]}
    await already(anna, live_door, meant)
    for number in (501, 4096, 5000):
        said = await anna.type("<&>" * (number // 3) + "x" * (number % 3))
        assert "⚠️" in said.text
        assert "500" in said.text
        assert not in_review(said)
        assert await draft(live_door) == meant


async def test_a_zero_byte_harms_nothing(anna: Member, live_door: Door) -> None:
    """A zero byte, which one of the engines cannot store, is taken out of a text or the text is refused; the rest goes on."""
    await anna.open_card()
    await already(anna, live_door, {name: MEANT[name] for name in list(MEANT)[:17]})
    said = await anna.type("przed\x00po")
    assert anna.t("This was not done") not in said.text
    assert "\x00" not in str(await draft(live_door))


def test_the_stage_is_the_house_as_shipped(house: House) -> None:
    """These conversations run over the flows that are shipped, not over a copy."""
    assert house.flows.flows["karta-wspolpracy"].file.minutes == 6
