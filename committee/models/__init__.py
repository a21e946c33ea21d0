"""Tables of the committee's work, by subject."""

from committee.models.directives import Directive, DirectiveEvent, Progress, Proof
from committee.models.meetings import AgendaItem, Invitation, Meeting, MeetingEvent
from committee.models.members import Member, Office, Term
from committee.models.rules import Attends, CoverageRule, MeetingKind, TermRule
from committee.models.two_new import Activity, Gap, Instructor, NewOrganisation, PartySetup
from committee.models.votes import (
    Ballot,
    Decision,
    Paper,
    PaperRight,
    PublicDecision,
    Recusal,
    Turnout,
    Voice,
)

__all__ = [
    "Activity",
    "AgendaItem",
    "Attends",
    "Ballot",
    "CoverageRule",
    "Decision",
    "Directive",
    "DirectiveEvent",
    "Gap",
    "Instructor",
    "Invitation",
    "Meeting",
    "MeetingEvent",
    "MeetingKind",
    "Member",
    "NewOrganisation",
    "Office",
    "Paper",
    "PaperRight",
    "PartySetup",
    "Progress",
    "Proof",
    "PublicDecision",
    "Recusal",
    "Term",
    "TermRule",
    "Turnout",
    "Voice",
]
