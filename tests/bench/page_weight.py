"""(f) What a page of the card weighs: its HTML with its style sheet, and how many requests a browser waits for before it shows anything.

Counted from what ``konwent-bot run --roles web`` sends, in each language, while a card is filled in: the beginning, every question
(also as it is shown again when nothing was chosen), the review, and the card that was sent. Nothing is compressed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from yarl import URL

from konwent_bot import i18n
from konwent_bot.office.rounds import CARD_FLOW
from tests.bench import machine
from tests.bench.answers import prepare
from tests.bench.data import house
from tests.bench.figures import Figure
from tests.bench.pages import await_site, free_address, site
from tests.bench.phones import TYPED
from tests.web.browsing import Browser, FoundForm, Page

#: Name of the cookie of a house that is reached by http.
_COOKIE: Final = "konwent"
#: What a browser fetches before it shows a page: style sheets, and scripts that do not wait.
_STYLE: Final = re.compile(r'<link\b[^>]*\brel="?stylesheet"?[^>]*>', re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<script\b(?![^>]*\b(?:async|defer)\b)[^>]*>", re.IGNORECASE)
_HREF: Final = re.compile(r'\bhref="([^"]+)"', re.IGNORECASE)
#: What a style sheet would have fetched.
_FETCHED: Final = re.compile(r"@import|url\(\s*['\"]?(?!data:)", re.IGNORECASE)


@dataclass
class Weighed:
    """Pages of the card, each as the bytes of its HTML and of its style sheets, and the requests it waits for."""

    html: list[int] = field(default_factory=list)
    css: list[int] = field(default_factory=list)
    blocking: list[int] = field(default_factory=list)
    #: Text of a style sheet by its path.
    sheets: dict[str, str] = field(default_factory=dict)

    @property
    def heaviest(self) -> int:
        """Bytes of HTML and style sheets of the heaviest page."""
        return max(html + css for html, css in zip(self.html, self.css, strict=True))


def measure(place: Path) -> list[Figure]:
    """Weigh; give the figures."""
    url, address = f"sqlite:///{place / 'weight.sqlite3'}", free_address()
    languages = i18n.languages()
    prepare(url, place, len(languages), 1, languages=",".join(languages))
    visits = json.loads((place / "visits.json").read_text(encoding="utf-8"))
    assert {visit["language"] for visit in visits} == set(languages)
    process = site(url, address, on=None)
    weighed = Weighed()
    try:
        await_site(address, process)
        for visit in visits:
            asyncio.run(_fill_in(URL(f"http://{address}"), visit, weighed))
    finally:
        machine.stopped(process)
    return [
        Figure("heaviest page of the card, html + css", weighed.heaviest / 1000, "kB", "< 30"),
        Figure("requests a page of the card waits for", max(weighed.blocking), "", "<= 1"),
        Figure("heaviest html of the card", max(weighed.html) / 1000, "kB"),
        Figure("style sheet", max(weighed.css) / 1000, "kB"),
        Figure("pages weighed", len(weighed.html), ""),
    ]


async def _fill_in(url: URL, visit: dict[str, Any], weighed: Weighed) -> None:
    """Fill in a card so that every question is asked, and weigh every page on the way."""
    questions = 0
    async with Browser(url, {_COOKIE: visit["cookie"]}, {}) as browser:
        home = await browser.get("/")
        page = await browser.follow(await browser.post(f"/s/{visit['opens'][0]}", [("k", home.token)]))
        await _weigh(browser, page, weighed)
        page = await browser.get(next(path for _, path in page.read.links if path.startswith("/s/r:")))
        while asking := [form for form in page.forms if form.action.startswith("/s/f:")]:
            questions += 1
            await _weigh(browser, page, weighed)
            await _weigh(browser, await browser.send(asking[0]), weighed, status=422)
            page = await browser.follow(await _answer(browser, asking[0]))
        await _weigh(browser, page, weighed)
        confirm = next(form for form in page.forms if form.action.endswith(":ok"))
        await _weigh(browser, await browser.follow(await browser.send(confirm)), weighed)
    flow = house().flows[CARD_FLOW]
    assert questions == len(flow.questions), f"{questions} of {len(flow.questions)} questions were asked"


async def _answer(browser: Browser, form: FoundForm) -> Page:
    """Answer; "other" opens a question of its own."""
    if not form.choices:
        return await browser.send(form, text=TYPED)
    return await browser.send(form, choice="other" if "other" in form.choices else next(iter(form.choices)))


async def _weigh(browser: Browser, page: Page, weighed: Weighed, *, status: int = 200) -> None:
    assert page.status == status, (page.status, page.title)
    sheets = styles_of(page.text)
    for path in sheets:
        if path not in weighed.sheets:
            sheet = await browser.get(path)
            assert sheet.status == 200, path
            weighed.sheets[path] = sheet.text
    weighed.html.append(len(page.body))
    weighed.css.append(sum(len(weighed.sheets[path].encode()) for path in sheets))
    weighed.blocking.append(requests_of(page.text, weighed.sheets))


def styles_of(page: str) -> list[str]:
    """Give the paths of a page's style sheets."""
    found = [_HREF.search(link) for link in _STYLE.findall(page)]
    return [one[1] for one in found if one is not None]


def requests_of(page: str, sheets: Mapping[str, str]) -> int:
    """Count the requests a browser waits for before it shows a page: style sheets, what these fetch, and scripts.

    ``sheets``: the text of every style sheet by its path.
    """
    styles = styles_of(page)
    return len(styles) + sum(len(_FETCHED.findall(sheets[path])) for path in styles) + len(_SCRIPT.findall(page))
