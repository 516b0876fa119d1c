"""Every screen there is as a page: found right by axe, fits any phone, is valid and light. New screens are looked at by themselves."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect
from tests.web.browser.conftest import Wall
from tests.web.browser.gallery import missing
from tests.web.browser.html import read

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Look = Callable[..., Awaitable[Page]]

#: What axe is asked: the levels promised in the accessibility statement, and more contrast than they ask for.
RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: The only rules of axe that a colour scheme has a say in.
CONTRAST: Final = {"runOnly": ["color-contrast", "color-contrast-enhanced"], "resultTypes": ["violations"]}
#: All the others: axe takes half its time to measure contrast, and need not measure the same element in the same place again.
STRUCTURE: Final = {
    "runOnly": RULES["runOnly"],
    "rules": {"color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}
#: Runs axe and gives what it finds wrong: rule, and the elements. It must have looked at something.
AXE: Final = """async options => {
    const found = await axe.run(document, options);
    if (!found.passes.length) throw new Error("axe looked at nothing");
    return found.violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(" | ")}`);
}"""
#: Most bytes of a page with its style sheet.
WEIGHT: Final = 30_000
#: Gives what one presses that is smaller than a thumb. Links inside a sentence are as high as the sentence.
SMALL: Final = """() => [...document.querySelectorAll("a, button, input, textarea, summary, label.option")]
    .filter(node => node.checkVisibility() && node.type !== "hidden" && !node.matches(".skip, .option input"))
    .map(node => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 24)
    .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""
#: How far apart a reader may set letters, words and lines without losing anything (WCAG 2.1, 1.4.12).
SPACED: Final = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"
#: Gives what stands out to the right of the page.
WIDE: Final = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter(node => node.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 3).map(node => node.outerHTML.slice(0, 90))"""


async def violations(page: Page, options: object = RULES) -> list[str]:
    """What axe finds wrong on the page."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    found: list[str] = await page.evaluate(AXE, options)
    return found


async def test_every_kind_of_intent_has_a_picture() -> None:
    """Whoever adds something one may ask for gives it a scene, and every test here looks at its page."""
    assert missing() == set()


async def differing(wall: Wall, page: Page) -> list[str]:
    """Give the pictures that between them have every element in every place it is in anywhere: colours depend on nothing else."""
    places: list[list[str]] = await page.evaluate(
        """pages => pages.map(html => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("body *")].map(node => {
            const path = [];
            for (let at = node; at; at = at.parentElement)
                path.push(at.localName + "." + at.className + "." + (at.getAttribute("aria-current") ?? "") + "." + (at.type ?? ""));
            return path.join(" ");
        }))""",
        list(wall.html.values()),
    )
    seen: set[str] = set()
    chosen = []
    for name, found in zip(wall.pictures, places, strict=True):
        if not seen.issuperset(found):
            chosen.append(name)
            seen.update(found)
    assert len(chosen) > 10
    return chosen


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_any_screen(wall: Wall, look: Look, scheme: Literal["light", "dark"]) -> None:
    """WCAG 2.1 AA, best practice and contrast of 7:1, with errors and without, in both schemes."""
    page = await look(color_scheme=scheme)
    found, coloured = {}, await differing(wall, page)
    for name in wall.pictures if scheme == "light" else coloured:
        await wall.hang(page, name)
        found[name] = await violations(page, CONTRAST if scheme == "dark" else RULES if name in coloured else STRUCTURE)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_axe_would_have_found_something(wall: Wall, look: Look) -> None:
    """Pages made badly on purpose prove that the silence above means something."""
    page = await look()
    await wall.hang(page, "Resume 2")
    await page.add_style_tag(content=".place { color: #949494 }")
    await page.locator("label").first.evaluate("node => node.replaceWith(node.firstElementChild)")
    found = " ".join(await violations(page))
    for rule in ("color-contrast", "label"):
        assert re.search(rf"\b{rule}:", found), rule
    await page.set_content('<html><body><img src="x.png"><input><p style="color:#767676;background:#fff">blado</p></body></html>')
    found = " ".join(await violations(page))
    for rule in ("html-has-lang", "image-alt", "label", "color-contrast-enhanced", "document-title", "landmark-one-main"):
        assert re.search(rf"\b{rule}:", found), rule


@pytest.mark.parametrize(
    ("width", "letters", "spaced"),
    [(320, "100%", False), (412, "200%", False), (1280, "200%", False), (320, "100%", True)],
    ids=["narrow", "letters 200", "wide, letters 200", "spaced"],
)
async def test_nothing_slides_sideways_and_a_thumb_finds_everything(
    wall: Wall, look: Look, width: int, letters: str, spaced: bool
) -> None:
    """The narrowest phone (1280 pixels enlarged fourfold are as wide), letters twice as large or wide apart; targets of 44 pixels."""
    page = await look(viewport={"width": width, "height": 640})
    wide, small = {}, {}
    for name in wall.pictures:
        await wall.hang(page, name)
        await page.evaluate("size => { document.documentElement.style.fontSize = size; }", letters)
        if spaced:
            await page.add_style_tag(content=SPACED)
        wide[name] = await page.evaluate(WIDE)
        small[name] = await page.evaluate(SMALL)
    assert {name: found for name, found in wide.items() if found} == {}
    assert {name: found for name, found in small.items() if found} == {}


async def test_a_bad_page_would_slide_and_have_small_targets(look: Look) -> None:
    """The measures above see what they are made to see."""
    page = await look(viewport={"width": 320, "height": 640})
    await page.set_content('<!doctype html><p style="width:600px">szeroko</p><p><a href="/">x</a> <button>y</button></p>')
    assert await page.evaluate(WIDE)
    assert len(await page.evaluate(SMALL)) == 2


async def test_every_page_is_valid_and_no_browser_has_to_mend_it(wall: Wall, look: Look) -> None:
    """Tags, attributes and references are right, and Chromium builds exactly the elements that were written."""
    page = await look()
    built = await page.evaluate(
        """pages => pages.map(html => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("*")]
            .map(node => node.localName))""",
        list(wall.html.values()),
    )
    wrong = {}
    for (name, html), elements in zip(wall.html.items(), built, strict=True):
        faults, tags = read(html)
        if elements != tags:
            faults.append("the browser built something else")
        if faults:
            wrong[name] = faults
    assert wrong == {}


async def test_a_bad_page_is_not_valid() -> None:
    """The reader sees what browsers forgive."""
    faults, _ = read(
        '<html><body><p><div onclick="x" style="y"></div><form><form></form></form><label for="z">a</label></body></html>'
    )
    for said in (
        "no doctype", "<div> in html body p: may not stand there", "attribute onclick", "attribute style", "inside form",
        "</body> closes ['p']", "refers to what is not there: z",
    ):  # fmt: skip
        assert any(said in fault for fault in faults), (said, faults)


async def test_every_page_is_light_and_asks_for_its_style_only(wall: Wall, look: Look) -> None:
    """A page with its style sheet stays under 30 kB in two requests, and the style sheet asks for nothing."""
    heavy = {name: size for name, html in wall.html.items() if (size := len(html.encode()) + len(wall.style)) >= WEIGHT}
    assert heavy == {}
    assert b"url(" not in wall.style
    assert b"@import" not in wall.style
    page = await look()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url.removeprefix(wall.url)))
    for name in ("Resume 2", "everything"):
        asked.clear()
        await page.goto(wall.at(name), wait_until="networkidle")
        assert [re.sub(r"[0-9a-f]{12}", "…", one) for one in asked if not one.endswith(".svg")] in (
            [wall.at(name).removeprefix(wall.url), "static/style.….css"],
            [wall.at(name).removeprefix(wall.url)],
        ), "the second page has the style already"


async def test_each_page_has_its_parts_once_and_in_order(wall: Wall, look: Look) -> None:
    """Skip link first, one banner, one main part, one foot, one heading and those of its parts; the language is said; an error is told in the tab too."""
    page = await look()
    built = await page.evaluate(
        """pages => pages.map(html => new DOMParser().parseFromString(html, "text/html")).map(found => ({
            lang: found.documentElement.lang, title: found.title, skip: found.body.firstElementChild.className,
            parts: [...found.body.children].map(node => node.localName), mains: found.querySelectorAll("main").length,
            headings: [...found.querySelectorAll("h1, h2, h3")].map(node => node.localName),
            outside: [...found.querySelectorAll("a[href^='http']")].filter(node => node.rel !== "noreferrer").length,
            problems: found.querySelectorAll(".problem").length}))""",
        list(wall.html.values()),
    )
    for (name, picture), seen in zip(wall.pictures.items(), built, strict=True):
        assert seen["lang"] == picture.t.language, name
        assert (seen["skip"], seen["parts"]) == ("skip", ["a", "header", "div", "footer"]), name
        headings = ["h1", *("h2" for _ in picture.screen.sections)]
        assert (seen["mains"], seen["headings"], seen["outside"]) == (1, headings, 0), name
        assert seen["title"].startswith(picture.t("Error: {title}", title="")) == bool(seen["problems"]), name
        assert picture.t("Secretariat of cooperation bodies") in seen["title"], name


async def test_a_problem_stands_first_has_the_focus_and_leads_to_its_field(wall: Wall, look: Look) -> None:
    """Wherever something was refused: the summary is the first thing of the page and focused, its links go to fields that say the same."""
    page = await look()
    seen = 0
    for name, picture in wall.pictures.items():
        asks = picture.screen.question is not None or picture.screen.form is not None
        if not (asks and picture.screen.problem):
            continue
        seen += 1
        await page.goto(wall.at(name))
        # A browser gives the focus when it first draws, which may be a moment after the page is there.
        await expect(page.locator("main > :first-child"), name).to_be_focused()
        first, links, faults = await page.evaluate(
            """() => { const first = document.querySelector("main").firstElementChild; return [
                [first.className, first.getAttribute("role")],
                [...first.querySelectorAll("a")].map(link => [link.textContent, document.querySelector(link.hash)?.localName]),
                [...document.querySelectorAll(".fault")].map(node => node.textContent)]; }"""
        )
        assert first == ["problem", "alert"], name
        assert links, name
        for said, field in links:
            assert said in faults, name
            assert field in ("input", "textarea", "button"), (name, field)
        await page.locator(".problem a").last.click()
        assert await page.evaluate("() => ['INPUT', 'TEXTAREA', 'BUTTON'].includes(document.activeElement.tagName)"), name
    assert seen > 15


async def test_what_was_sent_stands_in_the_form_again(wall: Wall, look: Look) -> None:
    """After a refusal nobody types twice: marks, texts, the parts of a day and an hour."""
    page = await look(java_script_enabled=False)
    await page.goto(wall.at("question multi reasons, wrong"))
    assert await page.locator("input:checked").evaluate_all("nodes => nodes.map(node => node.value)") == ["staff"]
    await page.goto(wall.at("question date host_day, wrong"))
    assert [await page.locator(f"#{part}").input_value() for part in ("day", "month", "year", "text")] == ["32", "13", "2026", ""]
    await page.goto(wall.at("question time host_hour, wrong"))
    assert [await page.locator(f"#{part}").input_value() for part in ("hour", "minute")] == ["25", "99"]
    await page.goto(wall.at("question text quality_why, wrong"))
    assert await page.locator("textarea").input_value() == "25:99"
    await page.goto(wall.at("everything"))
    assert await page.locator("#kept").input_value() == wall.pictures["everything"].frame.kept
    assert await page.locator("#f-email").input_value() == "<b>anna</b>"


async def test_on_paper_only_the_matter_is_left(wall: Wall, look: Look) -> None:
    """A printed review has its answers in black on white, without menus and buttons."""
    page = await look(color_scheme="dark")
    await page.goto(wall.at("Resume 1"))
    rows = await page.locator(".rows dd:not(.do)").count()
    assert rows >= 18
    await page.emulate_media(media="print", color_scheme="dark")
    for gone in ("nav", "footer", ".acts", ".do", ".skip"):
        assert await page.locator(gone).evaluate_all("nodes => nodes.filter(node => node.checkVisibility()).length") == 0, gone
    assert (
        await page.locator(".rows dd:not(.do)").evaluate_all("nodes => nodes.filter(node => node.checkVisibility()).length")
        == rows
    )
    ink, paper = await page.evaluate(
        "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


async def test_with_forced_colours_one_sees_what_is_chosen_and_where_one_is(wall: Wall, look: Look) -> None:
    """In a contrast theme of the system a chosen answer, buttons and the focus keep an outline of their own."""
    page = await look(forced_colors="active")
    await page.goto(wall.at("question multi reasons, wrong"))
    chosen, other = await page.locator(".option").evaluate_all(
        "nodes => nodes.slice(0, 2).map(node => getComputedStyle(node).borderTopWidth)"
    )
    assert (chosen, other) == ("3px", "1px")
    assert await page.locator("button.main").evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
    await page.keyboard.press("Tab")
    assert await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"


async def test_nothing_moves(wall: Wall) -> None:
    """There is no motion to reduce."""
    assert not re.search(rb"transition|animation|@keyframes|scroll-behavior", wall.style)
