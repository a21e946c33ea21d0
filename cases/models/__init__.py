"""The case (案卷), its tasks, history, photos, routing traces."""

from cases.models.attachments import Photo
from cases.models.callbacks import CallAttempt, CallBack, CallBackAnswer, CallBackRule
from cases.models.cases import (
    SUBJECT,
    Assistant,
    Case,
    Channel,
    NumberBlock,
    PlaceOrigin,
    Reporter,
    Urgency,
)
from cases.models.clock import Audience, Limit, Stage, StageLimit, WarningStep, Watch
from cases.models.duplicates import Distinct
from cases.models.effects import ReplayDifference, ReplayRun
from cases.models.events import CaseEvent, ChainRoot, EventNote
from cases.models.findings import FoundCase
from cases.models.lists import BulkMove, BulkRow, CaseExport, ExportState, SavedView
from cases.models.pressing import Supervision, Urging
from cases.models.requests import Request
from cases.models.retention import Erasure, PhoneKey, PhoneLookUp, RetentionRule
from cases.models.rules import CooperationRule
from cases.models.searching import CaseSearch
from cases.models.sorted import SortedCase
from cases.models.tasks import LOADING, UNSETTLED, Task, TaskState
from cases.models.terms import Reason, SelfConfirmation, Terms
from cases.models.topics import ProactiveCase, Topic, TopicCase, TopicRun
from cases.models.traces import RoutingTrace
from cases.models.verifications import Verification
from cases.models.whistles import CallNumber, Whistle, WhistleCall, WhistleEvent

__all__ = [
    "LOADING",
    "SUBJECT",
    "UNSETTLED",
    "Assistant",
    "Audience",
    "BulkMove",
    "BulkRow",
    "CallAttempt",
    "CallBack",
    "CallBackAnswer",
    "CallBackRule",
    "CallNumber",
    "Case",
    "CaseEvent",
    "CaseExport",
    "CaseSearch",
    "ChainRoot",
    "Channel",
    "CooperationRule",
    "Distinct",
    "Erasure",
    "EventNote",
    "ExportState",
    "FoundCase",
    "Limit",
    "NumberBlock",
    "PhoneKey",
    "PhoneLookUp",
    "Photo",
    "PlaceOrigin",
    "ProactiveCase",
    "Reason",
    "ReplayDifference",
    "ReplayRun",
    "Reporter",
    "Request",
    "RetentionRule",
    "RoutingTrace",
    "SavedView",
    "SelfConfirmation",
    "SortedCase",
    "Stage",
    "StageLimit",
    "Supervision",
    "Task",
    "TaskState",
    "Terms",
    "Topic",
    "TopicCase",
    "TopicRun",
    "Urgency",
    "Urging",
    "Verification",
    "WarningStep",
    "Watch",
    "Whistle",
    "WhistleCall",
    "WhistleEvent",
]
