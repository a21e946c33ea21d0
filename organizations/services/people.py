"""People and their way in: the system administrator opens accounts, the security administrator
issues passwords and locks accounts; so neither can act as another person unseen.
"""

import datetime
import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from lib.roles import ADMINISTRATORS
from organizations.models import User
from organizations.services import changes

# No letters or digits that are read for one another on paper.
_ALPHABETS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "!#%+-=?@")


def make_person(
    *, username: str, full_name: str, by: User, at: datetime.datetime, **values: Any
) -> User:
    """An account without a password: nobody can sign in before one is issued."""
    person = User(username=username, full_name=full_name, date_joined=at, **values)
    person.set_unusable_password()
    return changes.create(person, by=by, at=at)


def change_person(person: User, *, by: User, at: datetime.datetime, **values: Any) -> User:
    """Names and telephone; passwords and locks have their own services."""
    if not values.keys() <= {"full_name", "full_name_en", "phone", "email"}:
        raise TypeError("change_person() changes names, telephone and mail only")
    return changes.revise(person, values, by=by, at=at)


def set_password(
    person: User, *, password: str, by: User, at: datetime.datetime, must_change: bool = False
) -> User:
    """Raises RuleViolation where the password rules refuse. What was typed is never recorded."""
    with transaction.atomic():
        row = changes.locked(person)
        try:
            validate_password(password, row)
        except ValidationError as error:
            raise RuleViolation(" ".join(error.messages), code="weak_password") from error
        return _write_password(row, password, must_change=must_change, by=by, at=at)


def issue_password(person: User, *, by: User, at: datetime.datetime) -> str:
    """A random password to hand over; it opens only the page where the person chooses their own."""
    leave_other_administrators(person, by=by, at=at)
    password = _random_password()
    with transaction.atomic():
        _write_password(changes.locked(person), password, must_change=True, by=by, at=at)
    return password


def leave_other_administrators(person: User, *, by: User, at: datetime.datetime) -> None:
    """Who could open an administrator's account alone would be two of the three: that is done on
    the machine (`manage.py issue_password`), with the system administrator looking on."""
    if by.is_system or person.pk == by.pk:
        return
    if person.roles_on(timezone.localdate(at)) & ADMINISTRATORS:
        raise RuleViolation(
            _("An administrator's account is opened on the server: manage.py issue_password."),
            code="administrator",
        )


def _write_password(
    row: User, password: str, *, must_change: bool, by: User, at: datetime.datetime
) -> User:
    before = changes.snapshot(row)
    row.set_password(password)
    row.must_change_password = must_change
    row.password_changed_at = at
    row.save(update_fields=["password", "must_change_password", "password_changed_at"])
    changes.record_change(row, before=before, by=by, at=at, action="password")
    return row


def _random_password() -> str:
    letters = [secrets.choice(alphabet) for alphabet in _ALPHABETS for _again in range(3)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def lock_account(person: User, *, by: User, at: datetime.datetime) -> User:
    """Nobody can sign in with it, its tokens stop, its sessions end with the next request."""
    if person.pk == by.pk:
        raise RuleViolation(
            _("Ask another security administrator to lock your account."), code="own"
        )
    return changes.revise(person, {"is_active": False}, by=by, at=at, action="lock")


def unlock_account(person: User, *, by: User, at: datetime.datetime) -> User:
    if person.is_system:
        raise RuleViolation(_("The system's own account stays closed."), code="system")
    return changes.revise(person, {"is_active": True}, by=by, at=at, action="unlock")


def note_sign_in(person: User, *, ticket: str) -> None:
    """The ticket of the newest session: where only one is allowed, the others end by it."""
    User.objects.filter(pk=person.pk).update(session_ticket=ticket)
