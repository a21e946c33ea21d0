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
from organizations.models.people import DutyHours, Post, Skill, User
from organizations.models.tokens import AccessToken

__all__ = [
    "AccessToken",
    "Body",
    "BodyKind",
    "CalendarDay",
    "ChangeRecord",
    "Delivery",
    "DeliveryAttempt",
    "DutyHours",
    "FeedAddress",
    "Message",
    "MessageChannel",
    "NotificationRule",
    "Post",
    "Preference",
    "Skill",
    "User",
    "WorkingPeriod",
]
