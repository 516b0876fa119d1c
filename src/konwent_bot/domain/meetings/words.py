"""The words of meetings: kinds, ways of meeting, states, answers. Every room takes them from here."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

#: KSR White Book §1.3.7 knows the first two; regional and national bodies hold the other two (networking and central meetings
#: of 2024).
MeetingKind: TypeAlias = Literal["strategic", "operational", "networking", "central"]
#: In one place, by an online room only, or both at once.
MeetingMode: TypeAlias = Literal["in_person", "online", "hybrid"]
#: Thought of by the coordinator; on the plan members see; members were called; it took place; it will not.
MeetingStatus: TypeAlias = Literal["proposed", "planned", "convened", "held", "cancelled"]
#: What an institution answers to a call. Silence is no answer and has no word.
Answer: TypeAlias = Literal["yes", "no", "substitute"]

MEETING_KINDS: Final[tuple[MeetingKind, ...]] = get_args(MeetingKind)
MEETING_MODES: Final[tuple[MeetingMode, ...]] = get_args(MeetingMode)
MEETING_STATUSES: Final[tuple[MeetingStatus, ...]] = get_args(MeetingStatus)
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
