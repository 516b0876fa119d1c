from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import Bot, MakePhone, Phone, key

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALERT = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><svg/onload=window.pwned=1>'
RTL = "\u202eodwrócone\u202c \u2067עברית\u2069 \u200f koniec"
TEXTS = [
    ALERT,
    "{{7*7}} ${7*7} %s %(x)s {0} &lt;b&gt; &amp;",
    RTL,
    "ż" * 4096,
    "https://example.org/" + "bardzo-długa-ścieżka/" * 60,
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f" * 200,
    "\n".join("wiersz" for _ in range(300)),
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 ﷽ \ufdfd " * 40,
]
#: what the server's markup could be if the server were wrong, and the only elements that may come of it
MARKUP = [
    (ALERT, ""),
    ('<b onclick="window.pwned=1" style="position:fixed" class="x" id="main">a</b>', "<b>a</b>"),
    ('<a href="javascript:window.pwned=1">a</a>', "<span>a</span>"),
    ('<a href="JaVaScRiPt:window.pwned=1">a</a>', "<span>a</span>"),
    ('<a href="data:text/html,<script>window.pwned=1</script>">a</a>', "<span>a</span>"),
    ('<a href="vbscript:x">a</a><a>b</a><a href="//[">c</a>', "<span>a</span><span>b</span><span>c</span>"),
    ("<iframe srcdoc='<script>parent.pwned=1</script>'></iframe><object data=x></object><style>*{display:none}</style>", ""),
    ("<form action=/clock method=post><input name=a><button>b</button></form>", "b"),
    ("<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1></style></table></math>", ""),
    (
        "<template><img src=x onerror=window.pwned=1></template><noscript><p title='</noscript><img src=x onerror=window.pwned=1>'>",
        "",
    ),
    ("<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=x>a", "a"),
    (
        "<blockquote><pre><code>x</code></pre></blockquote><i>i</i><u>u</u><s>s</s>y<br>z",
        "<blockquote><pre><code>x</code></pre></blockquote><i>i</i><u>u</u><s>s</s>y<br>z",
    ),
    ("<b>" * 3000 + "głęboko" + "</b>" * 3000, None),
]


@pytest.mark.parametrize("text", TEXTS, ids=["markup", "templates", "rtl", "4096", "address", "marks", "lines", "unicode"])
async def test_no_text_breaks_the_narrowest_phone(make_phone: MakePhone, bot: Bot, text: str) -> None:
    """Whatever is written, by the bot or by a person, is shown as it is written and nothing slides sideways at 320 pixels."""
    phone = await make_phone(size=(320, 640))
    await bot.hear(phone.person)
    await phone.open("czat")
    label = text[:200].strip() or "x"
    await bot.say(phone.person, text, [[key(label, "a"), key("Dalej", "b")]])
    await phone.write(text[:500])
    said = (await bot.hear(phone.person))["text"]
    await expect(phone.log.locator(".from-bot .text")).to_be_visible()
    await expect(phone.log.locator(".from-me .text")).to_have_count(2)
    shown = await phone.log.locator(".from-bot .text").evaluate("node => node.textContent")
    assert shown.replace(" (otwiera się w nowej karcie)", "").split() == text.split()
    mine = await phone.log.locator(".from-me .text").last.evaluate("node => node.textContent")
    assert mine.replace(" (otwiera się w nowej karcie)", "") == said
    await nothing_slides(phone)
    await nothing_ran(phone)


async def test_hostile_names_and_labels_are_only_words(make_phone: MakePhone, bot: Bot) -> None:
    """A name, a note, a caption, a file's name and a quoted text made of markup stay words on every screen that shows them."""
    phone = await make_phone(ALERT[:60], note=f"{ALERT} {RTL} {'x' * 200}", size=(320, 640))
    await bot.hear(phone.person)
    await phone.open()
    await nothing_slides(phone)
    await phone.open("czat")
    file = ("\u202egpj.<b>exe</b>" + "y" * 90 + ".pdf", b"%PDF-1.7")
    sent = await bot.call("sendDocument", {"document": file}, chat_id=phone.person, caption=ALERT)
    await bot.say(phone.person, "odpowiedź", reply_parameters={"message_id": sent["message_id"]})
    await expect(phone.message("odpowiedź").locator(".quote")).to_contain_text("onerror")
    await nothing_slides(phone)
    await nothing_ran(phone)
    await phone.page.goto(f"{phone.base}/#/")
    await phone.page.get_by_label("Szukaj osoby").fill(str(phone.person))
    await expect(phone.page.get_by_role("main").get_by_role("link")).to_have_count(1)
    await nothing_slides(phone)
    await nothing_ran(phone)


async def test_markup_is_copied_from_a_short_list_even_if_the_server_were_wrong(phone: Phone) -> None:
    """Of any HTML only eight plain tags and safe links survive, without attributes, and nothing in it runs."""
    for markup, expected in MARKUP:
        made = await phone.page.evaluate(
            """async markup => {
                const { richNodes } = await import("/page/text.js");
                const box = document.createElement("div");
                document.body.append(box);
                box.append(...richNodes(markup, 1));
                const result = [box.innerHTML, [...box.querySelectorAll("*")].map(node => node.localName)];
                box.remove();
                return result;
            }""",
            markup,
        )
        if expected is None:
            assert set(made[1]) == {"b"}
        else:
            assert made[0] == expected, markup
    await nothing_ran(phone)
    phone.complaints.clear()  # the policy of the page reports handlers it has refused, even in a document nobody shows


async def nothing_slides(phone: Phone) -> None:
    """No part of the screen is wider than its frame."""
    wide = await phone.page.evaluate(
        """() => [document.scrollingElement, ...document.querySelectorAll("main, .log, .bubble, .key, .row, .top, .page")]
            .filter(node => node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > innerWidth + 1)
            .map(node => `${node.localName}.${node.className} ${node.scrollWidth} > ${node.clientWidth}`)"""
    )
    assert wide == []


async def nothing_ran(phone: Phone) -> None:
    """No script of a text ran and no element of it was made."""
    assert await phone.page.evaluate("() => window.pwned === undefined")
    assert await phone.page.locator("main :is(img, script, iframe, form form, style, object)").count() == 0
