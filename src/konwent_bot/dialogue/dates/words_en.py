"""English words of days and hours. Forms of one word are parted by ``|``; lists count from one."""

from typing import Final

from konwent_bot.dialogue.dates.vocabulary import Words

_NUMBERS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip

ENGLISH: Final = Words(
    months=(
        "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
        "september|sept|sep", "october|oct", "november|nov", "december|dec",
    ),
    weekdays=(
        "monday|mon", "tuesday|tues|tue", "wednesday|wed", "thursday|thurs|thur|thu", "friday|fri", "saturday|sat", "sunday|sun",
    ),
    days=((-1, "yesterday"), (0, "today"), (1, "tomorrow"), (2, "day after tomorrow|the day after tomorrow")),
    units=((1, "day|days"), (7, "week|weeks"), (30, "month|months"), (365, "year|years")),
    numbers=_NUMBERS,
    tens=("twenty", "thirty", "forty", "fifty", "sixty", "seventy"),
    ordinals=(
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
        "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    ),
    ordinal_tens=("twentieth", "thirtieth"),
    hours=(),
    parts={
        "am": "am|a m", "pm": "pm|p m", "morning": "morning|in the morning", "noon": "noon|midday",
        "afternoon": "afternoon|in the afternoon", "evening": "evening|in the evening", "night": "night|at night",
        "midnight": "midnight",
    },
    signs={
        "z": "in", "a": "at", "w": "on", "k": "o'clock", "H": "half past", "q": "quarter past|a quarter past", "Q": "quarter to|a quarter to",
        "s": "past", "t": "to", "c": "coming", "i": "this", "n": "next", "l": "last", "f": "from today|from now", "e": "of|the|of the",
        "A": "a|one",
    },
    years=("this year|of this year", "next year|of next year"),
    endings="st|nd|rd|th",
    hour_endings="",
)  # fmt: skip
