"""Keys of clients: what is sent again after a lost answer is done once."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from lib.errors import NotYours
from organizations.models import User

Row = TypeVar("Row", bound=models.Model)


def made_before(table: type[Row], key: str | None, *, by: User) -> Row | None:
    """The row that this key has made. Raises NotYours where somebody else used it."""
    if not key:
        return None
    found: Any = table._default_manager.filter(client_key=key).first()
    if found is not None and found.by_id != by.pk:
        raise NotYours(_("This key belongs to somebody else."))
    row: Row | None = found
    return row
