"""The bare card page: what an experienced aiohttp developer writes for the same card with stock parts. FROZEN.

aiohttp's router and ``request.post()``, one Jinja environment with autoescape, and plain ``sqlite3`` on one thread of its own: WAL,
``synchronous=FULL``, one transaction and one commit for each form. It looks the session's cookie up in a table for every request,
holds the form's token to it, takes an answer once and in its turn, carries "saved" over the redirect in a cookie, and shows the pages
our house shows, word for word, from the script the bench writes. It asks no rights, keeps no history of events, knows one
language and one flow, and sends none of our security headers.

It is what (e) is measured against, so it is not to be tuned, in either direction, except for a new major version of aiohttp.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment

T = TypeVar("T")

#: Seconds after which a session nobody uses is over.
IDLE = 2 * 60 * 60
#: Longest text taken for an answer.
MOST_CHARS = 1000
#: Characters of an answer that are read back.
READ_BACK = 120
ZONE = ZoneInfo("Europe/Warsaw")

TABLES = """
CREATE TABLE person (id INTEGER PRIMARY KEY, language TEXT NOT NULL);
CREATE TABLE session (token_hash TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, seen_at REAL NOT NULL);
CREATE TABLE card (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, opens TEXT NOT NULL, turn INTEGER NOT NULL DEFAULT 0,
    sent_at REAL, UNIQUE (person, opens)
);
CREATE TABLE answer (card INTEGER NOT NULL REFERENCES card, question INTEGER NOT NULL, value TEXT NOT NULL, told TEXT NOT NULL,
    at REAL NOT NULL, PRIMARY KEY (card, question));
"""

PAGE = """\
<!doctype html>
<html lang="pl">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{{ page.head }}</title>
  <link rel="stylesheet" href="/static/style.0123456789ab.css">
  <link rel="icon" href="/static/icon.0123456789ab.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">{{ frame.say.skip }}</a>
<header>
  <div class="wide">
    <a class="brand" href="/">{{ frame.say.name }}</a>
    <nav aria-label="{{ frame.say.menu }}">
      <ul>
{% for label, path in frame.menu %}
        <li><a href="{{ path }}">{{ label }}</a></li>
{% endfor %}
        <li><form method="post" action="{{ frame.sign_out }}"><input type="hidden" name="k" value="{{ token }}"><button class="quiet">{{ frame.say.sign_out }}</button></form></li>
      </ul>
    </nav>
  </div>
</header>
<div class="page">
  <main id="main" tabindex="-1">
{% if problem %}
    <div class="problem" role="alert" tabindex="-1" autofocus><p class="name">{{ frame.say.problem }}</p></div>
{% endif %}
{% if flash %}
    <p class="notice" role="status">{{ flash }}</p>
{% endif %}
{% if not page.asking %}
    <h1>{{ page.heading }}</h1>
{% endif %}
{% for line in page.context %}
    <p class="context">{{ line }}</p>
{% endfor %}
{% if page.asking %}
{% set ask = page.asking %}
    <p class="place">{{ ask.place }}</p>
    <form class="ask" method="post" action="{{ ask.path.format(card=card, turn=turn) }}" novalidate>
      <input type="hidden" name="k" value="{{ token }}">
{% if ask.kind == "options" %}
      <fieldset{% if ask.described %} aria-describedby="{{ ask.described }}"{% endif %}>
      <legend><h1>{{ page.heading }}</h1></legend>
{% for hint in ask.hints %}
      <p class="hint" id="hint-{{ loop.index }}">{{ hint }}</p>
{% endfor %}
{% for one in ask.options %}
      <label class="option" for="{{ one.id }}"><input type="{{ "checkbox" if ask.several else "radio" }}" id="{{ one.id }}" name="choice" value="{{ one.value }}"><span>{{ one.label }}</span></label>
{% endfor %}
{% if ask.apart %}
      <p class="or">{{ frame.say.or }}</p>
{% for one in ask.apart %}
      <label class="option" for="{{ one.id }}"><input type="{{ "checkbox" if ask.several else "radio" }}" id="{{ one.id }}" name="choice" value="{{ one.value }}"><span>{{ one.label }}</span></label>
{% endfor %}
{% endif %}
      </fieldset>
{% else %}
      <h1><label for="text">{{ page.heading }}</label></h1>
{% for hint in ask.hints %}
      <p class="hint" id="hint-{{ loop.index }}">{{ hint }}</p>
{% endfor %}
      <textarea id="text" name="text" rows="{{ ask.rows }}" aria-describedby="{{ ask.described }}">
</textarea>
{% endif %}
      <div class="acts"><button class="main" id="send">{{ frame.say.send }}</button></div>
    </form>
{% if page.notes %}
    <details>
      <summary>{{ frame.say.explained }}</summary>
{% for note in page.notes %}
      <p>{{ note }}</p>
{% endfor %}
    </details>
{% endif %}
{% endif %}
{% for paragraph in page.paragraphs %}
    <p>{{ paragraph }}</p>
{% endfor %}
{% if page.facts %}
    <dl class="facts">
{% for name, value in page.facts %}
      <div><dt>{{ name }}</dt><dd>{{ value }}</dd></div>
{% endfor %}
    </dl>
{% endif %}
{% if page.lines %}
    <dl class="rows">
{% for line in page.lines %}
      <div><dt>{{ line.label }}</dt><dd>{{ told[loop.index0] }}</dd><dd class="do"><form method="post" action="{{ line.act.path.format(card=card, turn=turn) }}"><input type="hidden" name="k" value="{{ token }}"><button>{{ line.act.label }}<span class="unseen">: {{ line.act.about }}</span></button></form></dd></div>
{% endfor %}
    </dl>
{% endif %}
{% if page.notes and not page.asking %}
    <div class="notes">
{% for note in page.notes %}
      <p>{{ note }}</p>
{% endfor %}
    </div>
{% endif %}
{% for row in page.acts %}
    <div class="acts">
{% for act in row %}
{% if act["get"] %}
      <a class="{{ act.weight or "plain" }}" href="{{ act.path.format(card=card, turn=turn) }}">{{ act.label }}</a>
{% else %}
      <form method="post" action="{{ act.path.format(card=card, turn=turn) }}"><input type="hidden" name="k" value="{{ token }}"><button{% if act.weight %} class="{{ act.weight }}"{% endif %}>{{ act.label }}</button></form>
{% endif %}
{% endfor %}
    </div>
{% endfor %}
  </main>
</div>
<footer>
  <div class="wide">
    <div class="session">
      <p>{{ session_ends }}</p>
      <form method="post" action="{{ page.stay.format(card=card) }}"><input type="hidden" name="k" value="{{ token }}"><button class="quiet">{{ frame.say.stay }}</button></form>
    </div>
    <ul>
{% for label, path in frame.foot %}
      <li><a href="{{ path }}">{{ label }}</a></li>
{% endfor %}
    </ul>
  </div>
</footer>
</body>
</html>
"""


@dataclass(frozen=True)
class Session:
    """Whose browser it is, and when the session is over."""

    person: int
    ends_at: float


@dataclass(frozen=True)
class Standing:
    """Where a card stands."""

    card: int
    turn: int
    sent: bool
    told: list[str]


class Gone(Exception):
    """What is asked for is not there, or not the reader's."""


class Records:
    """The database: one connection, used on one thread only. Functions that take a connection run there."""

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection = self._thread.submit(self._open, path).result()

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def fill(self, visits: list[dict[str, Any]]) -> None:
        """Make the tables and let everybody in."""
        self._thread.submit(self._fill, visits).result()

    def _fill(self, visits: list[dict[str, Any]]) -> None:
        self._connection.executescript(TABLES)
        self._connection.execute("BEGIN")
        for visit in visits:
            self._connection.execute("INSERT INTO person VALUES (?, ?)", (visit["person"], visit["language"]))
            self._connection.execute(
                "INSERT INTO session VALUES (?, ?, ?)", (hashed(visit["cookie"]), visit["person"], time.time())
            )
        self._connection.execute("COMMIT")

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, "BEGIN", work)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a transaction; its value comes after the commit."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, "BEGIN IMMEDIATE", work)

    def _run(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute(begin)
        try:
            value = work(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return value


def hashed(cookie: str) -> str:
    """Give what the table knows of a cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def form_token(cookie: str) -> str:
    """Give what a form of the browser with this cookie carries."""
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()


def session_of(connection: sqlite3.Connection, cookie: str) -> Session:
    """Give the live session of a cookie."""
    row = connection.execute(
        "SELECT p.id, s.seen_at FROM session s JOIN person p ON p.id = s.person WHERE s.token_hash = ? AND s.seen_at > ?",
        (hashed(cookie), time.time() - IDLE),
    ).fetchone()
    if row is None:
        raise Gone
    return Session(row[0], row[1] + IDLE)


def standing(connection: sqlite3.Connection, session: Session, card: int) -> Standing:
    """Give where one's own card stands."""
    row = connection.execute("SELECT turn, sent_at FROM card WHERE id = ? AND person = ?", (card, session.person)).fetchone()
    if row is None:
        raise Gone
    told = connection.execute("SELECT told FROM answer WHERE card = ? ORDER BY question", (card,)).fetchall()
    return Standing(card, row[0], row[1] is not None, [one for (one,) in told])


class Site:
    """The pages."""

    def __init__(self, records: Records, script: dict[str, Any]) -> None:
        self.records = records
        self.frame: dict[str, Any] = script["frame"]
        self.begin: dict[str, Any] = script["begin"]
        self.questions: list[dict[str, Any]] = script["questions"]
        self.review: dict[str, Any] = script["review"]
        self.done: dict[str, Any] = script["done"]
        self.thanks: str = script["thanks"]
        self.template = Environment(autoescape=True, auto_reload=False, trim_blocks=True, lstrip_blocks=True).from_string(PAGE)

    def routes(self, app: web.Application) -> None:
        """Put the addresses into the router."""
        app.router.add_get("/", self.home)
        app.router.add_post(r"/s/c:{opens:[0-9a-z:]+}", self.open)
        app.router.add_get(r"/s/cb:{card:\d+}", self.see_begin)
        app.router.add_get(r"/s/r:{card:\d+}", self.see)
        app.router.add_post(r"/s/f:{card:\d+}:{turn:\d+}", self.fill)
        app.router.add_post(r"/s/d:{card:\d+}:{turn:\d+}:ok", self.send)

    async def home(self, request: web.Request) -> web.Response:
        """Show the reader's first page."""
        cookie = request.cookies.get("konwent", "")
        session = await self.records.read(lambda connection: session_of(connection, cookie))
        return self.page(request, cookie, session, self.begin, Standing(0, 0, sent=False, told=[]))

    async def open(self, request: web.Request) -> web.Response:
        """Begin a card, once."""
        cookie, _ = await self.form(request)
        opens = request.match_info["opens"]

        def work(connection: sqlite3.Connection) -> int:
            session = session_of(connection, cookie)
            connection.execute("INSERT INTO card (person, opens) VALUES (?, ?) ON CONFLICT DO NOTHING", (session.person, opens))
            (card,) = connection.execute("SELECT id FROM card WHERE person = ? AND opens = ?", (session.person, opens)).fetchone()
            return int(card)

        return see_other(f"/s/cb:{await self.records.write(work)}")

    async def see_begin(self, request: web.Request) -> web.Response:
        """Show what will be asked."""
        cookie, session, stands = await self.look(request)
        return self.page(request, cookie, session, self.begin, stands)

    async def see(self, request: web.Request) -> web.Response:
        """Show where a card stands: a question, the review, or that it was sent."""
        cookie, session, stands = await self.look(request)
        return self.page(request, cookie, session, self.page_of(stands), stands)

    def page_of(self, stands: Standing) -> dict[str, Any]:
        """Give the words of the page."""
        if stands.sent:
            return self.done
        return self.questions[stands.turn] if stands.turn < len(self.questions) else self.review

    async def look(self, request: web.Request) -> tuple[str, Session, Standing]:
        """Look a card up."""
        cookie, card = request.cookies.get("konwent", ""), int(request.match_info["card"])

        def work(connection: sqlite3.Connection) -> tuple[Session, Standing]:
            session = session_of(connection, cookie)
            return session, standing(connection, session, card)

        session, stands = await self.records.read(work)
        return cookie, session, stands

    async def fill(self, request: web.Request) -> web.Response:
        """Take an answer, if it is the turn's."""
        cookie, form = await self.form(request)
        card, turn = int(request.match_info["card"]), int(request.match_info["turn"])
        choices, text = form.getall("choice", []), str(form.get("text", "")).strip()

        def work(connection: sqlite3.Connection) -> tuple[Session, Standing, str, str]:
            session = session_of(connection, cookie)
            stands = standing(connection, session, card)
            if stands.sent or stands.turn != turn or turn >= len(self.questions):
                return session, stands, "", ""
            question = self.questions[turn]
            told = self.told(question["asking"], [str(choice) for choice in choices], text)
            if not told:
                return session, stands, "", question["asking"]["place"]
            connection.execute(
                "INSERT INTO answer VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, told = excluded.told",
                (card, turn, json.dumps(choices or text), told, time.time()),
            )
            connection.execute("UPDATE card SET turn = turn + 1 WHERE id = ?", (card,))
            short = told if len(told) <= READ_BACK else told[: READ_BACK - 1].rstrip() + "…"
            return session, stands, self.frame["saved"].format(question=question["short"], answer=short), ""

        session, stands, said, problem = await self.records.write(work)
        if problem:
            return self.page(request, cookie, session, self.page_of(stands), stands, problem=problem)
        response = see_other(f"/s/r:{card}")
        if said:
            response.set_cookie("flash", quote(said), path="/", httponly=True, samesite="Lax", max_age=60)
        return response

    def told(self, ask: dict[str, Any], choices: list[str], text: str) -> str:
        """Give an answer as it is read back; empty when it is none."""
        if ask["kind"] != "options":
            return text if len(text) <= MOST_CHARS else ""
        labels = {one["value"]: one["label"] for one in (*ask["options"], *ask["apart"])}
        if not choices or any(choice not in labels for choice in choices) or (len(choices) > 1 and not ask["several"]):
            return ""
        return ", ".join(label for value, label in labels.items() if value in choices)

    async def send(self, request: web.Request) -> web.Response:
        """Send a card that is filled in."""
        cookie, _ = await self.form(request)
        card, turn = int(request.match_info["card"]), int(request.match_info["turn"])

        def work(connection: sqlite3.Connection) -> None:
            stands = standing(connection, session_of(connection, cookie), card)
            if stands.turn == turn == len(self.questions):
                connection.execute("UPDATE card SET sent_at = ? WHERE id = ?", (time.time(), card))

        await self.records.write(work)
        response = see_other(f"/s/r:{card}")
        response.set_cookie("flash", quote(self.thanks), path="/", httponly=True, samesite="Lax", max_age=60)
        return response

    async def form(self, request: web.Request) -> tuple[str, Any]:
        """Read a form and hold its token to the cookie."""
        cookie = request.cookies.get("konwent", "")
        form = await request.post()
        if not hmac.compare_digest(str(form.get("k", "")), form_token(cookie)):
            raise web.HTTPForbidden
        return cookie, form

    def page(
        self, request: web.Request, cookie: str, session: Session, page: dict[str, Any], stands: Standing, *, problem: str = ""
    ) -> web.Response:
        """Render a page."""
        flash = unquote(request.cookies.get("flash", ""))
        ends_at = datetime.fromtimestamp(session.ends_at, ZONE)
        text = self.template.render(
            frame=self.frame, page=page, token=form_token(cookie), card=stands.card, turn=stands.turn, told=stands.told,
            flash=flash, problem=problem, session_ends=self.frame["session"].format(time=f"{ends_at:%H:%M}"),
        )  # fmt: skip
        response = web.Response(text=text, content_type="text/html", status=422 if problem else 200)
        if flash:
            response.del_cookie("flash", path="/")
        return response


def see_other(path: str) -> web.Response:
    """Lead to another page."""
    return web.Response(status=303, headers={"Location": path})


@web.middleware
async def gone(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Answer for what is not there."""
    try:
        response: web.StreamResponse = await handler(request)
    except Gone:
        raise web.HTTPNotFound from None
    return response


async def serve(database: Path, visits: list[dict[str, Any]], script: dict[str, Any], port: int) -> None:
    """Serve until SIGTERM."""
    records = Records(database)
    records.fill(visits)
    site = Site(records, script)
    app = web.Application(middlewares=[gone])
    site.routes(app)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=75)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    gc.collect()
    gc.freeze()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    assert os.environ.get("KONWENT_BENCH"), "started by python -m tests.bench only"
    asyncio.run(
        serve(
            Path(os.environ["KONWENT_BENCH_DATABASE"]),
            json.loads(Path(os.environ["KONWENT_BENCH_VISITS"]).read_text(encoding="utf-8")),
            json.loads(Path(os.environ["KONWENT_BENCH_PAGES"]).read_text(encoding="utf-8")),
            int(os.environ["KONWENT_PORT"]),
        )
    )
