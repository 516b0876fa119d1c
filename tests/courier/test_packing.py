"""What is inside a letter: words for every program, a meeting for the calendar, files, and headers nobody can add to."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

import pytest
from tests.conftest import NOW
from tests.courier.office import PostOffice, post_office

from konwent_bot.courier.mail import pack
from konwent_bot.courier.wire import reach
from konwent_bot.screens.enclosed import LARGEST, Attachment, CalendarPart, Enclosed
from konwent_bot.screens.letters import Link, Written
from konwent_bot.screens.mail import lay_out

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Spotkanie w Żółwinie\r\nEND:VCALENDAR\r\n".encode()
MEETING = CalendarPart(ICS, "REQUEST")
AGENDA = Attachment("Porządek obrad, żółty.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff\n" * 40)
URL = "https://konwent.example/s/" + "aZ09_-xY" * 20
WORDS = ("Dzień dobry,", "zapraszamy do <Żółwina> & okolic.", Link(f"{URL}?a=1&b=2"), "Sekretariat")


def packed(enclosed: Enclosed, *parts: str | Link, name: str = "notice.7.1", subject: str = "Spotkanie w poniedziałek") -> bytes:
    """The bytes of a letter to Anna."""
    written = Written("anna@gops.example", subject, parts or WORDS, "pl", enclosed)
    return pack(lay_out(written), PostOffice().server(), name=name, at=NOW).content


def letter(enclosed: Enclosed, *parts: str | Link) -> EmailMessage:
    """The letter as a mail program reads it."""
    return message_from_bytes(packed(enclosed, *parts), policy=policy.default)


def shape(part: MIMEPart) -> object:
    """The types of a letter's parts, nested."""
    kind = part.get_content_type()
    return (kind, [shape(inner) for inner in part.iter_parts()]) if part.is_multipart() else kind


def text(part: MIMEPart | None) -> str:
    """The words of a part."""
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class Page(HTMLParser):
    """What stands in a page: elements, links, words."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {f"{tag}.{name}": value for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_letter_of_words_alone_is_one_part() -> None:
    """Nothing is added that nobody needs; a program that reads aloud knows the language."""
    plain = letter(Enclosed())
    assert shape(plain) == "text/plain"
    assert plain["Content-Language"] == "pl"
    assert text(plain).startswith("Dzień dobry,\n\nzapraszamy do <Żółwina> & okolic.\n\nhttps://")
    assert {"Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"}.isdisjoint(plain.keys())


def test_a_convening_letter_is_put_together_as_calendars_expect() -> None:
    """Words, a page, the meeting as the last alternative, then the same meeting as a file, then the materials (MS-OXCMAIL, RFC 6047)."""
    convened = letter(Enclosed((AGENDA,), MEETING))
    alternatives = ("multipart/alternative", ["text/plain", "text/html", "text/calendar"])
    assert shape(convened) == ("multipart/mixed", [alternatives, "application/ics", "application/pdf"])
    words, invite, agenda = list(convened.iter_parts())
    plain, page, meeting = list(words.iter_parts())
    assert meeting["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert meeting["Content-Transfer-Encoding"] == "base64"
    assert not meeting.is_attachment()
    assert meeting.get_payload(decode=True) == invite.get_payload(decode=True) == ICS
    assert (invite.get_filename(), invite.is_attachment()) == ("invite.ics", True)
    assert (agenda.get_filename(), agenda.get_payload(decode=True)) == (AGENDA.name, AGENDA.content)
    assert plain["Content-Language"] == page["Content-Language"] == "pl"
    assert convened["Auto-Submitted"] == "auto-generated"
    assert convened["Message-ID"] == "<notice.7.1@kis.example>"


def test_a_cancelling_letter_says_so_in_its_head_and_in_its_file() -> None:
    """Programs believe one or the other, so the two agree."""
    convened = letter(Enclosed(calendar=CalendarPart(ICS.replace(b"REQUEST", b"CANCEL"), "CANCEL")))
    (meeting,) = [part for part in convened.walk() if part.get_content_type() == "text/calendar"]
    assert meeting["Content-Type"].params["method"] == "CANCEL"
    assert b"METHOD:CANCEL" in (meeting.get_payload(decode=True) or b"")


def test_a_reminder_with_materials_needs_no_page() -> None:
    """Words and files, without a meeting."""
    assert shape(letter(Enclosed((AGENDA,)))) == ("multipart/mixed", ["text/plain", "application/pdf"])


def test_the_page_of_a_letter_says_the_same_as_its_text() -> None:
    """Its language, a title, paragraphs and links; what people wrote stays words."""
    convened = letter(Enclosed(calendar=MEETING), *WORDS, '<script>alert("x")</script> \u202e\r\n<b>')
    page = Page(text(convened.get_body(("html",))))
    assert page.elements.count("p") == 5
    assert page.elements.count("a") == 1
    assert {"script", "b"}.isdisjoint(page.elements)
    assert (page.attributes["html.lang"], page.attributes["a.href"]) == ("pl", f"{URL}?a=1&b=2")
    spoken = [line for line in page.words.split("\n") if line and line != "Spotkanie w poniedziałek"]
    assert spoken == text(convened.get_body(("plain",))).rstrip("\n").split("\n\n")


def test_a_reminder_can_be_ended_with_one_press() -> None:
    """The address stands whole in its header, however long; only a protected one may be pressed by a program."""
    reminder = packed(Enclosed(unsubscribe=URL))
    assert f"\r\nList-Unsubscribe: <{URL}>\r\n".encode() in reminder
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in reminder
    open_one = packed(Enclosed(unsubscribe="http://127.0.0.1:8080/w/x"))
    assert b"\r\nList-Unsubscribe: <http://127.0.0.1:8080/w/x>\r\n" in open_one
    assert b"One-Click" not in open_one


@pytest.mark.parametrize(
    "address", ["https://a.example/\r\nBcc: x@y.example", "https://a.example/>,<mailto:x@y.example", "javascript:x", "https://żółw.example/", "https://a/" + "x" * 2_000]
)  # fmt: skip
def test_what_is_no_address_of_a_page_ends_nothing(address: str) -> None:
    """The letter goes, without that header and without another one."""
    assert letter(Enclosed(unsubscribe=address)).keys() == letter(Enclosed()).keys()


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ("ewa@kis.example", "ewa@kis.example"), ("ewa@żółw.example", "ewa@xn--w-uga1v8h.example"), ("żółw@kis.example", None),
        ("", None), ("nie adres", None), ("ewa@kis.example\r\nBcc: obcy@example.org", None), ("x" * 5_000, None),
    ],
)  # fmt: skip
def test_answers_go_to_whoever_coordinates(given: str, header: str | None) -> None:
    """An address every server takes, or none: a slip in a roster never stops a letter."""
    assert letter(Enclosed(reply_to=given))["Reply-To"] == header


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a\r\nContent-Type: text/html\r\n\r\n<b>",
        "\u202efdp.exe",
        "ż" * 5_000 + ".pdf",
        "",
        '"; x="',
        "🙂.pdf",
    ],
)
@pytest.mark.parametrize("media", ["application/pdf", "text/html\r\nX: y", "multipart/mixed", "message/rfc822", "x" * 900, ""])
def test_a_file_stays_a_file_whatever_it_is_called(name: str, media: str) -> None:
    """One part more, with a name that saves into one folder, and the bytes that were given."""
    sent = letter(Enclosed((Attachment(name, media, b"\r\n.\r\n--=_notice.7.1.1\r\n"),)))
    words, attached = list(sent.iter_parts())
    assert text(words).startswith("Dzień dobry,")
    assert attached.is_attachment()
    assert attached.get_payload(decode=True) == b"\r\n.\r\n--=_notice.7.1.1\r\n"
    saved = attached.get_filename() or ""
    assert 0 < len(saved) <= 120
    assert not set(saved) & set('/\\\r\n"\u202e')
    assert set(attached.keys()) == {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"}


def test_lines_on_the_wire_are_short_and_whole() -> None:
    """No line above what servers take, no line end alone, with everything a letter can hold at once (RFC 5321 §4.5.3.1.6)."""
    full = packed(
        Enclosed((AGENDA, replace(AGENDA, name="ż" * 300)), MEETING, "ewa@kis.example", URL), "ż" * 20_000, Link("https://a/" + "x" * 900)
    )  # fmt: skip
    assert max(map(len, full.split(b"\r\n"))) <= 998
    assert full.count(b"\n") == full.count(b"\r") == full.count(b"\r\n")
    head = full.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n") if not line.startswith(b"List-Unsubscribe: ")) <= 78


def test_the_same_try_gives_the_same_bytes() -> None:
    """The hash in the ledger is the hash of what anybody can make again; another try is another letter."""
    enclosed = Enclosed((AGENDA,), MEETING)
    assert packed(enclosed) == packed(enclosed)
    assert packed(enclosed) != packed(enclosed, name="notice.7.2")


def test_files_larger_than_mail_carries_are_not_enclosed() -> None:
    """Whoever writes the letter links to them instead."""
    half = Attachment("a.pdf", "application/pdf", bytes(LARGEST // 2))
    assert Enclosed((half, half)).attachments
    with pytest.raises(ValueError, match="larger than mail"):
        Enclosed((half, half, AGENDA))


async def test_a_convening_letter_arrives_byte_for_byte() -> None:
    """Through a real mail server: the calendar file and the materials come out as they went in."""
    laid = lay_out(Written("anna@gops.example", "Spotkanie", WORDS, "pl", Enclosed((AGENDA,), MEETING)))
    async with post_office() as post:
        async with reach(post.server()) as wire:
            outcome = await wire.send(pack(laid, post.server(), name="notice.7.1", at=NOW))
        assert outcome.ending == "sent"
        (came,) = post.letters
    assert [part.get_payload(decode=True) for part in came.iter_attachments()] == [ICS, AGENDA.content]
