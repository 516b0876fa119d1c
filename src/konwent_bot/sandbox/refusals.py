"""What the Bot API says when it says no, in the words of the open server (tdlib/telegram-bot-api) and of tdlib."""

from __future__ import annotations

from konwent_bot.sandbox.shapes import Json


class Refusal(Exception):
    """An answer with ``ok: false``: HTTP status = ``code``, the description, and sometimes parameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The JSON body Telegram would send."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ConnectionDropped(Exception):
    """A scripted fault: the connection is to break without an answer."""


def bad_request(text: str) -> Refusal:
    """A 400 in the server's manner: the first letter of the reason is lowered unless the reason is a CODE_LIKE_THIS."""
    if len(text) > 1 and text[0].isupper() and not text[1].isupper():
        text = text[0].lower() + text[1:]
    return Refusal(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refusal:
    """A 403."""
    return Refusal(403, f"Forbidden: {text}")


def too_many(seconds: int) -> Refusal:
    """A 429 that names how long to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


NOT_FOUND = (404, "Not Found")
UNAUTHORIZED = (401, "Unauthorized")
POLL_TAKEN_OVER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
POLL_WEBHOOK_SET = "Conflict: terminated by setWebhook request"
POLL_WITH_WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content and "
    "reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
UPGRADED = "group chat was upgraded to a supergroup chat"
