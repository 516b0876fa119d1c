"""The bounds of a flow file and of answers: named, so that a refusal can say them and a reader can find why."""

from __future__ import annotations

from typing import Final

# --- the file ---------------------------------------------------------------------------------------------------------
MAX_FILE_BYTES: Final = 1_000_000  # a flow of 200 questions with long texts is about 300 kB
MAX_QUESTIONS: Final = 200
MAX_SECTIONS: Final = 40
MAX_FACTS: Final = 40
MAX_CHOICES: Final = 100  # of one question
MAX_DEPTH: Final = 20  # tables in tables, conditions in conditions; tomllib and Jinja's parser recurse
MAX_PROBLEMS: Final = 200  # of one file: nobody reads more, and a hostile file could make a million

# --- conditions and templates -----------------------------------------------------------------------------------------
MAX_CONDITION: Final = 500  # characters, checked before parsing (5,000 brackets overflow the parser's stack)
MAX_PLACES: Final = 12  # {{ places }} of one text

# --- texts, in characters; Telegram takes 4096 a message and the engine's caller adds the body's name and hints ----------
MAX_SCREEN: Final = 3500  # section + prompt + why + who sees + everything offered
MAX_PROMPT: Final = 1500
MAX_NOTE: Final = 400  # why, who_sees
MAX_SHORT: Final = 60  # label in the review and in tables
MAX_LABEL: Final = 60  # a longer button is cut by phones
MAX_TITLE: Final = 120
MAX_LONG: Final = 1500  # intro, thanks

# --- answers ------------------------------------------------------------------------------------------------------------
MAX_TEXT_ANSWER: Final = 3000  # fits one Telegram message together with its echo
MAX_NUMBER: Final = 10**12
MAX_DECIMALS: Final = 6
MAX_SCALE: Final = 11  # points of a scale: one row of buttons (0-10)
MAX_TEXT_FACT: Final = 200  # a partner's or body's name
