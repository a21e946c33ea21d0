"""What a catalogue is, and which there are."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.errors import RuleViolation
from lib.roles import ADMINISTRATORS, Role
from lib.validity import Dated
from organizations.models import User
from organizations.services import changes

Text = str | Promise
ORGANISATION = _("Organisation")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Secret:
    """What an action hands over once (an issued password): shown on one page, kept nowhere."""

    text: str
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something else that may be done with a row: a button, with a form where it needs one.

    `apply(obj, values, by, at)` calls one service; it answers the sentence to show, or a Secret.
    """

    key: str
    label: Text
    icon: str
    roles: Collection[str]
    apply: Callable[[Any, Values, User, datetime.datetime], Text | Secret]
    form: type[forms.Form] | None = None
    initial: Callable[[Any], Values] = lambda _obj: {}
    is_open: Callable[[Any], bool] = lambda _obj: True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: a heading, and a field name or a function of the row."""

    label: Text
    value: str | Callable[[Any], Any]


def _anything(_user: User, _row: Any, _day: datetime.date) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """One table. `rows(user, day)` is what this person may look up, in as few queries as it takes.

    `order` is a keyset order (`lib.keyset`). `keep_past`: a rule that has been applied is not
    rewritten; a change ends the row and begins a new one on the day that the form names.
    `may_edit(user, row or values, day)` narrows what an editor may write (a committee its town).
    `fixed` fields are set once, when the row is made. `also` are facts that no form changes.
    `is_suggested`: everybody who edits some catalogue may find its rows while typing (bodies,
    territories; never people). `editor(row or None)`: address of pages of its own on which rows
    are made and changed; `form` then only names the columns.
    """

    key: str
    label: Text
    about: Text
    icon: str
    model: type[models.Model]
    rows: Callable[[User, datetime.date], models.QuerySet[Any]]
    columns: tuple[str | Column, ...]
    form: type[forms.ModelForm] | None = None
    editor: Callable[[Any], str] | None = None
    search: tuple[str, ...] = ("code", "name", "name_en")
    filters: tuple[str, ...] = ()
    order: tuple[str, ...] = ("code", "pk")
    group: Text = ORGANISATION
    place: int = 100
    readers: Collection[str] = ADMINISTRATORS
    editors: Collection[str] = frozenset({Role.SYSTEM_ADMIN})
    fixed: tuple[str, ...] = ()
    keep_past: bool = False
    removable: bool = False
    endable: bool = True
    is_changeable: bool = True
    is_suggested: bool = False
    may_edit: Callable[[User, Any, datetime.date], bool] = _anything
    create: Callable[[Values, User, datetime.datetime], Any] | None = None
    change: Callable[[Any, Values, User, datetime.datetime], Any] | None = None
    end: Callable[[Any, datetime.date, User, datetime.datetime], Any] | None = None
    actions: tuple[Action, ...] = ()
    name_of: Callable[[Any], Text] = str
    also: tuple[Column, ...] = ()

    @property
    def is_dated(self) -> bool:
        return issubclass(self.model, Dated)

    def is_read_by(self, roles: Collection[str]) -> bool:
        return not {*self.readers, *self.editors}.isdisjoint(roles)

    def is_edited_by(self, roles: Collection[str]) -> bool:
        return self.form is not None and not set(self.editors).isdisjoint(roles)

    def action(self, key: str) -> Action | None:
        return next((action for action in self.actions if action.key == key), None)

    # -- Writing ----------------------------------------------------------------------------

    def made(self, values: Values, *, by: User, at: datetime.datetime) -> Any:
        if self.create is not None:
            return self.create(values, by, at)
        columns, links = self._split(values)
        return changes.create(self.model(**columns), links=links, by=by, at=at)

    def changed(self, row: Any, values: Values, *, by: User, at: datetime.datetime) -> Any:
        if self.change is not None:
            return self.change(row, values, by, at)
        columns, links = self._split(values)
        if self.keep_past:
            return changes.succeed(row, columns, links=links, by=by, at=at)
        return changes.revise(row, columns, links=links, by=by, at=at)

    def ended(self, row: Any, *, on: datetime.date, by: User, at: datetime.datetime) -> Any:
        if self.end is not None:
            return self.end(row, on, by, at)
        return changes.end(row, on=on, by=by, at=at)

    def _split(self, values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
        many = {field.name for field in self.model._meta.many_to_many}
        return (
            {name: value for name, value in values.items() if name not in many},
            {name: value for name, value in values.items() if name in many},
        )


_catalogues: dict[str, Catalogue] = {}
# Everybody who reads at least one: the menu entry shows the way to them. It grows as apps register.
READERS: set[str] = set()


def register(catalogue: Catalogue) -> None:
    _catalogues[catalogue.key] = catalogue
    READERS.update(catalogue.readers, catalogue.editors)


def named(key: str) -> Catalogue | None:
    return _catalogues.get(key)


def every() -> Iterator[Catalogue]:
    return iter(sorted(_catalogues.values(), key=lambda catalogue: catalogue.place))


def of_model(label: str) -> Catalogue | None:
    """The catalogue of a model label (`organizations.body`), as change records name it."""
    return next((each for each in every() if each.model._meta.label_lower == label), None)


def removed(catalogue: Catalogue, row: Any, *, by: User, at: datetime.datetime) -> None:
    """Delete a row that nothing uses; what was ever used can only be ended."""
    if not catalogue.removable:
        raise RuleViolation(str(_("Rows of this catalogue are ended, not removed.")), code="kept")
    changes.remove(row, by=by, at=at)
