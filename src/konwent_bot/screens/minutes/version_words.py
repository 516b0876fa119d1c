"""Words for minutes that went out: what they are called, what a version is, what an institution answered, what became of a remark."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from konwent_bot.i18n import Translator
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.roll import Place, Remark
from konwent_bot.office.minutes.versions import Version
from konwent_bot.screens import words


def called(t: Translator, minutes: Minutes) -> str:
    """Name minutes: "Protokół nr 3/2026"."""
    return t("Minutes no. {number}", number=minutes.name)


def kind(t: Translator, version: Version, *, annex: int = 0) -> str:
    """Say what a version is. ``annex``: which one of the annexes, for one of them."""
    match version.kind:
        case "final":
            return t("final version")
        case "annex":
            return t("annex no. {number}", number=annex) if annex else t("annex")
        case _:
            return t("version {number}", number=version.version)


def state(t: Translator, version: Version, *, annex: int = 0) -> str:
    """Say what a version is and when it went out: "wersja 1, 27 listopada 2026"."""
    return t("{version}, {day}", version=kind(t, version, annex=annex), day=t.day(version.created_at))


def answered(t: Translator, place: Place, remarks: int) -> str:
    """Say what an institution answered. ``remarks``: how many of its remarks there are."""
    when = "" if place.answered_at is None else t.day(place.answered_at)
    match place.answer:
        case "accepted":
            return t("accepts them, {day}", day=when)
        case "remarks":
            return t.plural("has {n} remark, {day}", "has {n} remarks, {day}", remarks, day=when)
        case "deemed":
            return t("no answer until the deadline: counts as accepted")
        case _:
            return t("no answer yet")


def became(t: Translator, remark: Remark) -> str:
    """Say what became of a remark."""
    match remark.state:
        case "accepted":
            return t("taken up: {how}", how=remark.reason) if remark.reason else t("taken up")
        case "declined":
            return t("not taken up: {reason}", reason=remark.reason)
        case _:
            return t("waits for the coordinator")


def last_day(t: Translator, instant: datetime) -> date:
    """Give the local day that ends with a deadline: answers are taken until midnight."""
    return (instant.astimezone(t.zone) - timedelta(minutes=1)).date()


def until(t: Translator, instant: datetime, now: datetime) -> str:
    """Say until when answers are taken, with how far it is: "piątek, 4 grudnia 2026 (za 7 dni)"."""
    return words.until(t, last_day(t, instant), now.astimezone(t.zone).date())


def proof(t: Translator, version: Version) -> str:
    """Say by what anybody can tell the document that was sent from every other one."""
    return t("Code of the document: {code}. SHA-256 of the file: {sha256}.", code=version.code, sha256=version.pdf_sha256)
