"""All tables of the house, one module a noun. Importing this package fills ``SQLModel.metadata``.

Each class says what its columns mean; the constant of the same name in capitals is its table, for statements that are written
once at module level (``PERSON.c.language``): half the cost of building them anew, and typed without tricks.
"""

from typing import Final, cast

from sqlalchemy import Table
from sqlmodel import SQLModel

from konwent_bot.store.tables.audit import AuditEntry
from konwent_bot.store.tables.bodies import Body, Institution, Membership
from konwent_bot.store.tables.cards import Card, CardRound, CardVersion, RoundRoll
from konwent_bot.store.tables.decisions import (
    Ballot,
    BallotPlace,
    ConsensusRound,
    Decision,
    DecisionRuleRow,
    Paper,
    Proposal,
    ProposalComment,
    ProposalText,
    RoundPlace,
    Stance,
    Turnout,
    Vote,
)
from konwent_bot.store.tables.dialogues import Dialogue, DialogueEvent, FlowDefinition, SeenUpdate
from konwent_bot.store.tables.entering import PersonalLink, Throttle, Upload, WebSession
from konwent_bot.store.tables.meetings import (
    AgendaItem,
    Attendance,
    CalendarFeed,
    ChatGroup,
    GroupSeat,
    Material,
    Meeting,
    MeetingAnswer,
    MeetingCall,
    MeetingGuest,
    PollAnswer,
    PollDate,
    ReminderRun,
    StatusReport,
    WorkingGroup,
)
from konwent_bot.store.tables.minutes import (
    Minutes,
    MinutesFile,
    MinutesNote,
    MinutesPlace,
    MinutesRemark,
    MinutesRival,
    MinutesVersion,
    Task,
)
from konwent_bot.store.tables.notices import Delivery, Enclosure, Notice, SendingPause, SentFile
from konwent_bot.store.tables.people import Invitation, Person, Post, Seat


def _of(model: type[SQLModel]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]  # SQLModel sets it at class creation and does not say so


AGENDA_ITEM: Final = _of(AgendaItem)
ATTENDANCE: Final = _of(Attendance)
AUDIT_ENTRY: Final = _of(AuditEntry)
BALLOT: Final = _of(Ballot)
BALLOT_PLACE: Final = _of(BallotPlace)
BODY: Final = _of(Body)
CALENDAR_FEED: Final = _of(CalendarFeed)
CARD: Final = _of(Card)
CARD_ROUND: Final = _of(CardRound)
CARD_VERSION: Final = _of(CardVersion)
CHAT_GROUP: Final = _of(ChatGroup)
CONSENSUS_ROUND: Final = _of(ConsensusRound)
DECISION: Final = _of(Decision)
DECISION_RULE: Final = _of(DecisionRuleRow)
DELIVERY: Final = _of(Delivery)
DIALOGUE: Final = _of(Dialogue)
DIALOGUE_EVENT: Final = _of(DialogueEvent)
ENCLOSURE: Final = _of(Enclosure)
FLOW_DEFINITION: Final = _of(FlowDefinition)
GROUP_SEAT: Final = _of(GroupSeat)
INSTITUTION: Final = _of(Institution)
INVITATION: Final = _of(Invitation)
MATERIAL: Final = _of(Material)
MEETING: Final = _of(Meeting)
MEETING_ANSWER: Final = _of(MeetingAnswer)
MEETING_CALL: Final = _of(MeetingCall)
MEETING_GUEST: Final = _of(MeetingGuest)
MEMBERSHIP: Final = _of(Membership)
MINUTES: Final = _of(Minutes)
MINUTES_FILE: Final = _of(MinutesFile)
MINUTES_NOTE: Final = _of(MinutesNote)
MINUTES_PLACE: Final = _of(MinutesPlace)
MINUTES_REMARK: Final = _of(MinutesRemark)
MINUTES_RIVAL: Final = _of(MinutesRival)
MINUTES_VERSION: Final = _of(MinutesVersion)
NOTICE: Final = _of(Notice)
PAPER: Final = _of(Paper)
PERSON: Final = _of(Person)
PERSONAL_LINK: Final = _of(PersonalLink)
POLL_ANSWER: Final = _of(PollAnswer)
POLL_DATE: Final = _of(PollDate)
POST: Final = _of(Post)
PROPOSAL: Final = _of(Proposal)
PROPOSAL_COMMENT: Final = _of(ProposalComment)
PROPOSAL_TEXT: Final = _of(ProposalText)
REMINDER_RUN: Final = _of(ReminderRun)
ROUND_PLACE: Final = _of(RoundPlace)
ROUND_ROLL: Final = _of(RoundRoll)
SEAT: Final = _of(Seat)
SEEN_UPDATE: Final = _of(SeenUpdate)
SENDING_PAUSE: Final = _of(SendingPause)
SENT_FILE: Final = _of(SentFile)
STANCE: Final = _of(Stance)
STATUS_REPORT: Final = _of(StatusReport)
TASK: Final = _of(Task)
THROTTLE: Final = _of(Throttle)
TURNOUT: Final = _of(Turnout)
UPLOAD: Final = _of(Upload)
VOTE: Final = _of(Vote)
WEB_SESSION: Final = _of(WebSession)
WORKING_GROUP: Final = _of(WorkingGroup)

#: Where a person is named for good, by number: whoever stands in one of these columns keeps a row. A new column that refers to a
#: person belongs here, unless ``office.forgetting`` empties it or deletes its row.
NAMES_A_PERSON: Final = (
    AGENDA_ITEM.c.person_id,
    ATTENDANCE.c.person_id,
    BALLOT.c.person_id,
    CARD.c.person_id,
    CHAT_GROUP.c.person_id,
    INVITATION.c.used_by,
    MATERIAL.c.person_id,
    MEETING.c.person_id,
    MEETING_ANSWER.c.person_id,
    MINUTES.c.person_id,
    MINUTES_FILE.c.person_id,
    MINUTES_NOTE.c.person_id,
    MINUTES_PLACE.c.person_id,
    MINUTES_REMARK.c.person_id,
    MINUTES_REMARK.c.settled_by,
    MINUTES_VERSION.c.person_id,
    POLL_ANSWER.c.person_id,
    PROPOSAL.c.person_id,
    PROPOSAL_COMMENT.c.person_id,
    PROPOSAL_TEXT.c.person_id,
    REMINDER_RUN.c.person_id,
    STANCE.c.person_id,
    STATUS_REPORT.c.person_id,
    TASK.c.person_id,
    VOTE.c.person_id,
)

__all__ = [
    "AGENDA_ITEM",
    "ATTENDANCE",
    "AUDIT_ENTRY",
    "BALLOT",
    "BALLOT_PLACE",
    "BODY",
    "CALENDAR_FEED",
    "CARD",
    "CARD_ROUND",
    "CARD_VERSION",
    "CHAT_GROUP",
    "CONSENSUS_ROUND",
    "DECISION",
    "DECISION_RULE",
    "DELIVERY",
    "DIALOGUE",
    "DIALOGUE_EVENT",
    "ENCLOSURE",
    "FLOW_DEFINITION",
    "GROUP_SEAT",
    "INSTITUTION",
    "INVITATION",
    "MATERIAL",
    "MEETING",
    "MEETING_ANSWER",
    "MEETING_CALL",
    "MEETING_GUEST",
    "MEMBERSHIP",
    "MINUTES",
    "MINUTES_FILE",
    "MINUTES_NOTE",
    "MINUTES_PLACE",
    "MINUTES_REMARK",
    "MINUTES_RIVAL",
    "MINUTES_VERSION",
    "NAMES_A_PERSON",
    "NOTICE",
    "PAPER",
    "PERSON",
    "PERSONAL_LINK",
    "POLL_ANSWER",
    "POLL_DATE",
    "POST",
    "PROPOSAL",
    "PROPOSAL_COMMENT",
    "PROPOSAL_TEXT",
    "REMINDER_RUN",
    "ROUND_PLACE",
    "ROUND_ROLL",
    "SEAT",
    "SEEN_UPDATE",
    "SENDING_PAUSE",
    "SENT_FILE",
    "STANCE",
    "STATUS_REPORT",
    "TASK",
    "THROTTLE",
    "TURNOUT",
    "UPLOAD",
    "VOTE",
    "WEB_SESSION",
    "WORKING_GROUP",
    "AgendaItem",
    "Attendance",
    "AuditEntry",
    "Ballot",
    "BallotPlace",
    "Body",
    "CalendarFeed",
    "Card",
    "CardRound",
    "CardVersion",
    "ChatGroup",
    "ConsensusRound",
    "Decision",
    "DecisionRuleRow",
    "Delivery",
    "Dialogue",
    "DialogueEvent",
    "Enclosure",
    "FlowDefinition",
    "GroupSeat",
    "Institution",
    "Invitation",
    "Material",
    "Meeting",
    "MeetingAnswer",
    "MeetingCall",
    "MeetingGuest",
    "Membership",
    "Minutes",
    "MinutesFile",
    "MinutesNote",
    "MinutesPlace",
    "MinutesRemark",
    "MinutesRival",
    "MinutesVersion",
    "Notice",
    "Paper",
    "Person",
    "PersonalLink",
    "PollAnswer",
    "PollDate",
    "Post",
    "Proposal",
    "ProposalComment",
    "ProposalText",
    "ReminderRun",
    "RoundPlace",
    "RoundRoll",
    "Seat",
    "SeenUpdate",
    "SendingPause",
    "SentFile",
    "Stance",
    "StatusReport",
    "Task",
    "Throttle",
    "Turnout",
    "Upload",
    "Vote",
    "WebSession",
    "WorkingGroup",
]
