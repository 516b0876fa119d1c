"""Scripted faults: what a script told the sandbox to do wrong, to which calls, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.shapes import Json

KINDS: Final = (
    "timeout_before",  # nothing is done, the answer never comes
    "timeout_after",  # it is done, the answer never comes
    "drop_connection",  # nothing is done, the connection breaks at once
    "drop_after",  # it is done, the connection breaks at once
    "error_500",
    "error_502",
    "retry_after",  # 429
    "migrate",  # the group becomes a supergroup first, and the call learns of it
    "smtp",  # method "mail" only: the letter is answered with ``code``
)


@dataclass(slots=True)
class Fault:
    """One order: the next ``times`` calls of ``method`` (``*``: any; ``mail``: letters) in ``chat_id`` (None: any) fail as ``kind``."""

    id: int
    method: str
    kind: str
    times: int
    chat_id: int | None
    seconds: float | None
    code: int

    def json(self) -> Json:
        """The order as it was given, with what is left of it."""
        return {
            "id": self.id,
            "method": self.method,
            "kind": self.kind,
            "times": self.times,
            "chat_id": self.chat_id,
            "seconds": self.seconds,
            "code": self.code,
        }


class Faults:
    """The orders not yet used up, first come first served."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []
        self._last = 0

    def add(self, order: Json) -> Fault:
        """Take an order; ``ValueError`` says what is wrong with it."""
        kind, method = order.get("kind"), order.get("method", "*")
        times, seconds, chat_id, code = order.get("times", 1), order.get("seconds"), order.get("chat_id"), order.get("code", 451)
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if not isinstance(method, str) or (kind == "smtp") != (method == "mail"):
            raise ValueError("kind smtp goes with method mail, and no other kind does")
        if not isinstance(times, int) or not 1 <= times <= 1_000_000:
            raise ValueError("times must be a number from 1 to 1000000")
        if seconds is not None and (not isinstance(seconds, int | float) or not 0 <= seconds <= bounds.FAULT_SECONDS):
            raise ValueError(f"seconds must be a number from 0 to {bounds.FAULT_SECONDS:.0f}")
        if chat_id is not None and not isinstance(chat_id, int):
            raise ValueError("chat_id must be a whole number")
        if not isinstance(code, int) or not 400 <= code <= 599:
            raise ValueError("code must be a number from 400 to 599")
        if len(self.orders) >= bounds.FAULTS:
            raise ValueError(f"there are {bounds.FAULTS} faults already")
        self._last += 1
        fault = Fault(self._last, method, kind, times, chat_id, seconds, code)
        self.orders.append(fault)
        return fault

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Give the fault this call suffers, and count it. ``method`` in any case."""
        for fault in self.orders:
            named = fault.method.lower()
            if (named == method or (named == "*" and method != "mail")) and fault.chat_id in (None, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.orders.remove(fault)
                return fault
        return None
