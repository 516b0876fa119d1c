"""A browser without scripts, as far as forms, cookies and redirects go: it presses what stands on a page and nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from types import TracebackType

import aiohttp
from aiohttp.test_utils import TestServer
from yarl import URL

from konwent_bot.office.door import Door
from konwent_bot.web import application

#: The cookie of a house that is reached by https.
COOKIE = "__Host-konwent"
FLASH = COOKIE + "-flash"
PL = {"Accept-Language": "pl"}


@dataclass
class FoundForm:
    """A form on a page: where it goes, what its fields hold as shown, and the words of its button."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    #: Names of radio buttons and checkboxes: value -> checked.
    choices: dict[str, bool] = field(default_factory=dict)
    enctype: str = ""
    label: str = ""


class _Reader(HTMLParser):
    """Reads forms, links and headings out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self.links: list[tuple[str, str]] = []
        self._form: FoundForm | None = None
        self._area: str | None = None
        self._into = ""
        self._said: list[str] = []
        self._href = ""
        self.titles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._form = FoundForm(given.get("action", ""), enctype=given.get("enctype", ""))
                self.forms.append(self._form)
            case "input" if self._form is not None:
                if given.get("type") in ("radio", "checkbox"):
                    self._form.choices[given["value"]] = "checked" in given
                elif given.get("type") != "file" and "name" in given:
                    self._form.fields.append((given["name"], given.get("value", "")))
            case "textarea":
                self._area = given.get("name", "")
                self._said = []
            case "a" | "button" | "h1":
                self._into, self._href, self._said = tag, given.get("href", ""), []

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        said = " ".join("".join(self._said).split())
        match tag:
            case "form":
                self._form = None
            case "textarea" if self._area is not None:
                if self._form is not None and self._area:
                    self._form.fields.append((self._area, "".join(self._said).removeprefix("\n")))
                self._area = None
            case "a" if self._into == "a":
                self.links.append((said, self._href))
            case "button" if self._into == "button" and self._form is not None:
                self._form.label = said
            case "h1" if self._into == "h1":
                self.titles.append(said)


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    #: Cookies it set: name -> attributes in lower case, the value under "".
    set_cookies: Mapping[str, Mapping[str, str]]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader

    @property
    def forms(self) -> list[FoundForm]:
        return self.read.forms

    @property
    def title(self) -> str:
        titles = self.read.titles
        if titles:
            return titles[0]
        legend = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL)
        return re.sub(r"<[^>]+>", "", legend[1]).strip() if legend else ""

    def form(self, action: str) -> FoundForm:
        """Give the form that goes to this path, or whose path begins so."""
        (found, *_) = [form for form in self.forms if form.action == action or form.action.startswith(action)]
        return found

    @property
    def token(self) -> str:
        """Give ``k`` of the page's forms."""
        return next(value for form in self.forms for name, value in form.fields if name == "k")

    def press(self, label: str) -> FoundForm:
        """Give the form whose button says so."""
        (found,) = [form for form in self.forms if form.label == label]
        return found


class Browser:
    """Keeps cookies as a browser would; everything else it is told to do."""

    def __init__(self, base: URL, cookies: Mapping[str, str] | None = None, headers: Mapping[str, str] = PL) -> None:
        self.base = base
        self.cookies = dict(cookies or {})
        self.headers = dict(headers)
        self._client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.close()

    @property
    def cookie(self) -> str:
        return self.cookies.get(COOKIE) or self.cookies.get("konwent", "")

    async def ask(
        self, method: str, path: str, *, data: object = None, headers: Mapping[str, str] | None = None, keep: bool = True
    ) -> Page:
        """Send a request as it is; ``keep=False`` leaves the cookies as they were."""
        sent = {**self.headers, **(headers or {})}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        url = URL(str(self.base).rstrip("/") + path, encoded=True)
        async with self._client.request(method, url, data=data, headers=sent, allow_redirects=False) as response:
            body = await response.read()
            given: dict[str, dict[str, str]] = {}
            for line in response.headers.getall("Set-Cookie", ()):
                for name, morsel in SimpleCookie(line).items():
                    given[name] = {key: str(value) for key, value in morsel.items() if value} | {"": morsel.value}
            if keep:
                for name, attributes in given.items():
                    if attributes.get("max-age") == "0":
                        self.cookies.pop(name, None)
                    else:
                        self.cookies[name] = attributes[""]
            return Page(response.status, response.headers, body, given)

    async def get(self, path: str, **headers: str) -> Page:
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, fields: Sequence[tuple[str, str]] | Mapping[str, str], **headers: str) -> Page:
        return await self.ask("POST", path, data=aiohttp.FormData(fields)(), headers=headers)

    async def send(self, form: FoundForm, **changed: str | Sequence[str]) -> Page:
        """Send a form as it stands on the page, with some fields changed (``choice`` may be several)."""
        chosen = changed.pop("choice", None)
        fields = [(name, str(changed.pop(name, value))) for name, value in form.fields]
        marked = (chosen,) if isinstance(chosen, str) else chosen
        if marked is None:
            marked = tuple(value for value, checked in form.choices.items() if checked)
        fields += [("choice", value) for value in marked]
        assert not changed, f"no such field: {changed}"
        return await self.post(form.action, fields)

    async def follow(self, page: Page) -> Page:
        """Go where a form led."""
        assert page.status == 303, (page.status, page.title)
        return await self.get(page.location)


@asynccontextmanager
async def serving(door: Door, *, trusted_proxies: int = 0) -> AsyncIterator[URL]:
    """Listen on a real socket; give the address."""
    async with TestServer(application(door, trusted_proxies=trusted_proxies)) as server:
        yield server.make_url("/")
