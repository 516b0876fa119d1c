"""Formatted text: read as Telegram reads it, shown so that nothing in it can act on the page."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.sandbox.markup import formatted, safe_html
from konwent_bot.sandbox.refusals import Refusal
from konwent_bot.sandbox.shapes import units


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#x27;", "a & b <c> \"d\" 'e'", []),
        ("&nbsp; &copy &amp", "&nbsp; &copy &", []),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("🎉<u>x</u>", "🎉x", [("underline", 2, 1)]),
        ("<s>a</><del>b</del><strike>c</strike>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("/start i @konwent_demo_bot", "/start i @konwent_demo_bot", [("bot_command", 0, 6), ("mention", 9, 17)]),
        ("https://example.org/a.", "https://example.org/a.", [("url", 0, 21)]),
        ("<code>https://example.org</code>", "https://example.org", [("code", 0, 19)]),
    ],
)
def test_html_is_read_as_telegram_reads_it(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Tags become entities counted in UTF-16, four named and all numeric references become letters, blank ends go."""
    read, found = formatted(source, "HTML", None)
    assert (read, [(e["type"], e["offset"], e["length"]) for e in found]) == (text, entities)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b ", 'Empty attribute name in the tag "b" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=a:b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<!-- x -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("żż</i>", "Unexpected end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<tg-emoji emoji-id='x'>x</tg-emoji>", "invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_at_the_byte_where_it_breaks(source: str, words: str) -> None:
    """The refusal names the tag and the offset in bytes, as tdlib's parser does."""
    with pytest.raises(Refusal) as refusal:
        formatted(source, "HTML", None)
    assert refusal.value.description.removeprefix("Bad Request: can't parse entities: ").lower() == words.lower()


def test_a_link_the_server_would_drop_keeps_only_its_words() -> None:
    """A link to localhost or a script loses the link; one to a page keeps it."""
    _, found = formatted(
        '<a href="http://localhost/x">a</a> <a href="javascript:x">b</a> <a href="https://x.org/?a=1&amp;b=2">c</a>', "HTML", None
    )
    assert [(e["type"], e["url"]) for e in found] == [("text_link", "https://x.org/?a=1&b=2")]


def test_no_more_than_a_hundred_entities_count() -> None:
    """The hundred and first bold word is plain."""
    text, found = formatted("<b>x</b> " * 150, "HTML", None)
    assert (len(text), len(found)) == (299, 100)


def test_markdown_is_refused_clearly() -> None:
    """The product writes HTML; the sandbox says so instead of guessing."""
    with pytest.raises(Refusal, match="does not read Markdown"):
        formatted("*x*", "MarkdownV2", None)


class _Tags(HTMLParser):
    """Checks that what is shown has only our tags, properly nested, and collects its words."""

    ALLOWED = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote", "a", "span"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED
        for name, value in attrs:
            assert name in ("href", "rel", "class"), name
            assert name != "href" or str(value).startswith(("https://", "http://", "mailto:"))
        self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


_KINDS = st.sampled_from(
    ["bold", "italic", "underline", "strikethrough", "code", "pre", "blockquote", "spoiler", "text_link", "url", "email"]
)
_ENTITY = st.fixed_dictionaries(
    {
        "type": _KINDS,
        "offset": st.integers(0, 12),
        "length": st.integers(1, 12),
        "url": st.sampled_from(["https://a.pl/\"'<", "javascript:x"]),
    }
)


@given(st.text("ab<>&\"'/ż🎉\n", max_size=12), st.lists(_ENTITY, max_size=5))
def test_what_a_phone_shows_is_the_text_and_nothing_else(text: str, entities: list[dict[str, object]]) -> None:
    """Whatever the text and however its entities overlap, the page gets escaped words inside our own tags."""
    length = units(text)
    sound = [e for e in entities if int(str(e["offset"])) + int(str(e["length"])) <= length and not _splits_a_pair(text, e)]
    sound = [e for e in sound if e["type"] != "url" or text.startswith("http")]
    page = _Tags()
    page.feed(safe_html(text, sound))
    page.close()
    assert (page.words, page.stack) == (text, [])


def _splits_a_pair(text: str, entity: dict[str, object]) -> bool:
    borders, at = {0}, 0
    for letter in text:
        at += units(letter)
        borders.add(at)
    start = int(str(entity["offset"]))
    return start not in borders or start + int(str(entity["length"])) not in borders
