"""Every write to bodies, people, posts, calendars, tokens and inboxes; reference data of all apps
is written through `changes`, so that each change says who made it and when.
"""

from organizations.services import changes, inbox, residents
from organizations.services.bodies import change_body, end_body, make_body, move
from organizations.services.calendar import make_calendar_day, make_working_period
from organizations.services.changes import record_change
from organizations.services.people import (
    change_person,
    issue_password,
    lock_account,
    make_person,
    set_password,
    unlock_account,
)
from organizations.services.posts import change_post, end_post, give_post, set_duty_hours
from organizations.services.tokens import make_token, revoke_token
from organizations.services.verifying import revoke_verification, verify_identity

__all__ = [
    "change_body",
    "change_person",
    "change_post",
    "changes",
    "end_body",
    "end_post",
    "give_post",
    "inbox",
    "issue_password",
    "lock_account",
    "make_body",
    "make_calendar_day",
    "make_person",
    "make_token",
    "make_working_period",
    "move",
    "record_change",
    "residents",
    "revoke_token",
    "revoke_verification",
    "set_duty_hours",
    "set_password",
    "unlock_account",
    "verify_identity",
]
