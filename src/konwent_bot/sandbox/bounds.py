"""Every number the sandbox holds to: Telegram's limits first, our own bounds on memory after them."""

from __future__ import annotations

from typing import Final

# Telegram's (Bot API 10.1 text, or the open server's source where the text is silent)
TEXT_CHARS: Final = 4096  #: a message's text, after its entities are parsed
CAPTION_CHARS: Final = 1024  #: a caption, after its entities are parsed
CALLBACK_DATA_BYTES: Final = 64  #: a button's data, in UTF-8 bytes, at least 1
CALLBACK_TEXT_CHARS: Final = 200  #: what answerCallbackQuery may show
COPY_TEXT_CHARS: Final = 256  #: what a copy button may hold
KEYBOARD_BUTTONS: Final = 100  #: buttons under one message
KEYBOARD_ROW: Final = 8  #: buttons in one row
ENTITIES: Final = 100  #: entities that count in one message; the rest are ignored
START_PAYLOAD_CHARS: Final = 64  #: of A-Z a-z 0-9 _ -
COMMANDS: Final = 100
COMMAND_DESCRIPTION_CHARS: Final = 256
UPDATES_PER_POLL: Final = 100  #: getUpdates never gives more
POLL_SECONDS: Final = 50  #: getUpdates never waits longer
CALLBACK_SECONDS: Final = 150  #: a press is forgotten after this, by the civil clock
MESSAGE_UPDATE_SECONDS: Final = 24 * 3600  #: an undelivered message is forgotten after this
DELETE_SECONDS: Final = 48 * 3600  #: a message older than this cannot be deleted for everyone
SECRET_CHARS: Final = 256  #: a webhook's secret token
WEBHOOK_CONNECTIONS: Final = 100  #: the most a bot may ask for
WEBHOOK_CONNECTIONS_DEFAULT: Final = 40
WEBHOOK_SECONDS: Final = 60.0  #: a webhook silent for longer has failed
WEBHOOK_RETRY_AFTER_MAX: Final = 3600.0  #: a longer Retry-After of a webhook is cut to this
WEBHOOK_BACKOFF_MAX: Final = 60.0  #: the longest pause between two tries, in units of the base
WEBHOOK_GONE_SECONDS: Final = 23 * 3600  #: a webhook that answers 410 for this long is removed
PRIVATE_PER_SECOND: Final = 1.0  #: messages a second into one private chat, in the long run
PRIVATE_BURST: Final = 6.0  #: of them at once
GROUP_PER_MINUTE: Final = 20.0  #: messages a minute into one group
OVERALL_PER_SECOND: Final = 30.0  #: messages a second of one bot
UPLOAD_BYTES: Final = 50 * 2**20
PHOTO_BYTES: Final = 10 * 2**20
DOWNLOAD_BYTES: Final = 20 * 2**20  #: getFile refuses larger files

# ours: nothing that comes from outside may grow without end
BODY_BYTES: Final = UPLOAD_BYTES + 2**20  #: a request to the Bot API
PHONE_BODY_BYTES: Final = 2**20  #: a request to the phones
PEOPLE: Final = 20_000
GROUPS: Final = 2_000
NAME_CHARS: Final = 128
NOTE_CHARS: Final = 500
MESSAGES_PER_CHAT: Final = 1_000  #: older messages are forgotten
MESSAGES: Final = 400_000  #: of all chats together; the oldest are forgotten
MESSAGES_SHOWN: Final = 200  #: a phone is shown the newest ones
CALLBACKS_KEPT: Final = 50_000
PENDING_UPDATES: Final = 100_000  #: of one bot; older ones are forgotten
UPDATES_LOGGED: Final = 5_000  #: remembered with their content, so that a script can repeat them
CALLS_LOGGED: Final = 20_000
FILES_BYTES: Final = 256 * 2**20  #: bodies of all files together; the oldest are forgotten
MAILS: Final = 2_000
MAIL_BYTES: Final = 25 * 2**20
ATTACHMENTS: Final = 100  #: of one letter that are shown; the rest is in the letter as it came
CALENDAR_BYTES: Final = 256 * 2**10  #: a calendar file that is read; a larger one is only kept
CALENDAR_TEXT_CHARS: Final = 1_000  #: of each fact of a meeting
FAULTS: Final = 200
FAULT_SECONDS: Final = 3600.0
WAIT_SECONDS: Final = 60.0  #: the longest wait of one /wait request
STREAMS: Final = 500  #: open event streams
EVENT_PING_SECONDS: Final = 15.0
CLOCK_SHIFT_SECONDS: Final = 50 * 366 * 86400.0  #: the furthest the clock may stand from the machine's
