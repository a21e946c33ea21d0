"""Bodies, people and posts, working calendar, inbox."""

from organizations.models.bodies import Body, BodyKind
from organizations.models.calendar import CalendarDay, WorkingPeriod
from organizations.models.changes import ChangeRecord
from organizations.models.deliveries import (
    Delivery,
    DeliveryAttempt,
    FeedAddress,
    MessageChannel,
    NotificationRule,
    Preference,
)
from organizations.models.inbox import Message
from organizations.models.legal import Citation, Law, LawArticle, LawKind
from organizations.models.people import DutyHours, Post, Skill, User
from organizations.models.residents import Code, Level, Quota, Resident, Verification
from organizations.models.tokens import AccessToken

__all__ = [
    "AccessToken",
    "Body",
    "BodyKind",
    "CalendarDay",
    "ChangeRecord",
    "Citation",
    "Code",
    "Delivery",
    "DeliveryAttempt",
    "DutyHours",
    "FeedAddress",
    "Law",
    "LawArticle",
    "LawKind",
    "Level",
    "Message",
    "MessageChannel",
    "NotificationRule",
    "Post",
    "Preference",
    "Quota",
    "Resident",
    "Skill",
    "User",
    "Verification",
    "WorkingPeriod",
]
