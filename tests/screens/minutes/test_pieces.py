"""A long text in pieces: nothing is lost, and every piece fits one message of a phone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from konwent_bot import i18n
from konwent_bot.screens import telegram
from konwent_bot.screens.minutes.pieces import OF_A_MESSAGE, pages
from konwent_bot.screens.screen import Screen, Section

_WORDS = st.text("aąż  \n", min_size=1, max_size=300) | st.text("zażółć gęślą jaźń", min_size=3500, max_size=9000)
_SECTIONS = st.lists(
    st.builds(Section, st.text("Punkt ", min_size=1, max_size=60), st.lists(_WORDS, max_size=5).map(tuple)), max_size=6
)


def said(found: list[Section]) -> str:
    """Give all that is said, without what parting a text may change: spaces and the ends of lines."""
    return "".join("".join(text.split()) for one in found for text in one.paragraphs)


@given(_SECTIONS)
def test_nothing_is_lost_and_every_page_fits(found: list[Section]) -> None:
    """Whatever was written into minutes can be read on a phone, page by page, each in one message."""
    parted = pages(found)
    assert said([one for page in parted for one in page]) == said(found)
    for page in parted:
        size = sum(len(text) + 2 for one in page for text in (one.title, *one.paragraphs))
        assert size <= OF_A_MESSAGE
        assert "…" not in telegram.render(Screen("Protokół", sections=page), i18n.translator("pl")).html


def test_short_points_share_a_page() -> None:
    """Ten points of a line each are one message, in their order, each under its heading."""
    found = [Section(f"{n}. Punkt", ("Omówiono.",)) for n in range(1, 11)]
    assert pages(found) == [tuple(found)]
    html = telegram.render(Screen("Protokół", sections=tuple(found)), i18n.translator("pl")).html
    assert html.index("<b>1. Punkt</b>") < html.index("Omówiono.") < html.index("<b>2. Punkt</b>")


def test_a_point_longer_than_a_page_keeps_its_heading() -> None:
    """Whoever turns the page within a long point still sees which one it is."""
    parted = pages([Section("4. Sprawy bieżące", ("słowo " * 2000,))])
    assert len(parted) > 3
    assert {one.title for page in parted for one in page} == {"4. Sprawy bieżące"}


def test_nothing_is_one_empty_page() -> None:
    """A text without a word still has a page to stand on."""
    assert pages([]) == [()]
