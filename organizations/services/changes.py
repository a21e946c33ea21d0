"""Writing reference data: a row, its links and the record of who changed what, in one transaction.

Every catalogue of every app is written with `create`, `revise` and `end`. What a record may not
keep (passwords) is left out; what identifies a person is kept masked: records are for ever, people
may ask to be forgotten. A model says by `recorded_as` (name of a column → function of its value)
what a record keeps instead of such a value.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from lib.masking import mask_email, mask_mobile, mask_name
from organizations.models import ChangeRecord, User
from organizations.services import citations

M = TypeVar("M", bound=models.Model)
CREATE, CHANGE, END, DELETE = "create", "change", "end", "delete"
_LEFT_OUT = {"password", "last_login", "session_ticket"}
_MASKED = {
    "full_name": mask_name, "full_name_en": mask_name, "phone": mask_mobile, "email": mask_email,
    "nickname": mask_name,
}  # fmt: skip


def snapshot(obj: models.Model) -> dict[str, Any]:
    """The row's columns and many-to-many keys as JSON values, fit for a record."""
    values = {
        field.attname: _kept(obj, field.attname, field.value_from_object(obj))
        for field in obj._meta.concrete_fields
        if field.attname not in _LEFT_OUT
    }
    for many in obj._meta.many_to_many:
        if isinstance(obj, User):
            break  # groups and permissions of Django's own are not used
        values[many.name] = sorted(getattr(obj, many.name).values_list("pk", flat=True))
    kept: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return kept


def _kept(obj: models.Model, name: str, value: Any) -> Any:
    masks = _MASKED if isinstance(obj, User) else getattr(obj, "recorded_as", {})
    return masks[name](value) if name in masks and value else value


def record_change(
    obj: models.Model,
    *,
    before: Mapping[str, Any],
    by: User,
    at: datetime.datetime,
    action: str = CHANGE,
) -> ChangeRecord | None:
    """Append what changed since `before` (a snapshot; empty for a new row); None: nothing did."""
    after = {} if action == DELETE else snapshot(obj)
    return record_values(obj, before=before, after=after, by=by, at=at, action=action)


def record_values(
    obj: models.Model,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: User,
    at: datetime.datetime,
    action: str,
) -> ChangeRecord | None:
    """As `record_change` for what is no column of the row (its duty hours, its territories)."""
    names = sorted(
        name
        for name in {*before, *after}
        if name not in before or name not in after or before[name] != after[name]
    )
    if not names:
        return None
    record = ChangeRecord(
        kind=obj._meta.label_lower,
        key=str(obj.pk),
        action=action,
        by=by,
        at=at,
        before={name: before[name] for name in names if name in before},
        after={name: after[name] for name in names if name in after},
    )
    record.seal(previous=ChangeRecord.objects.of(obj).order_by("-number").first())
    record.save(force_insert=True)
    return record


def create(
    obj: M,
    *,
    by: User,
    at: datetime.datetime,
    links: Mapping[str, Iterable[models.Model]] | None = None,
) -> M:
    """Save a new row with its many-to-many `links`. Raises RuleViolation where it is refused."""
    with transaction.atomic():
        _check(obj)
        obj.save(force_insert=True)
        _link(obj, links or {})
        record_change(obj, before={}, by=by, at=at, action=CREATE)
        citations.keep([obj], at=at)
    return obj


def revise(
    obj: M,
    values: Mapping[str, Any],
    *,
    by: User,
    at: datetime.datetime,
    links: Mapping[str, Iterable[models.Model]] | None = None,
    action: str = CHANGE,
) -> M:
    """Change columns and links of a row, read again under its lock; returns that row."""
    with transaction.atomic():
        row = locked(obj)
        before = snapshot(row)
        for name, value in values.items():
            setattr(row, name, value)
        _check(row)
        if values:
            row.save(update_fields=list(values))
        _link(row, links or {})
        record_change(row, before=before, by=by, at=at, action=action)
        citations.keep([row], at=at)
    return row


def end(obj: M, *, on: datetime.date, by: User, at: datetime.datetime) -> M:
    """Let a dated row hold until `on` (excluded). What has already ended stays ended."""
    with transaction.atomic():
        ended = getattr(locked(obj), "valid_to", None)
        if ended is not None and ended <= on:
            text = _("This has already ended on %(day)s.")
            raise RuleViolation(text % {"day": ended}, code="ended")
        return revise(obj, {"valid_to": on}, by=by, at=at, action=END)


def succeed(
    obj: M,
    values: Mapping[str, Any],
    *,
    by: User,
    at: datetime.datetime,
    links: Mapping[str, Iterable[models.Model]] | None = None,
) -> M:
    """Replace a dated rule from `values["valid_from"]` on; what it said before stays as it was.

    A rule that has not begun by that day is simply changed. Returns the row that holds from then.
    """
    begins: datetime.date = values["valid_from"]
    with transaction.atomic():
        row: Any = locked(obj)
        if row.valid_to is not None and row.valid_to <= begins:
            raise RuleViolation(
                _("This has already ended on %(day)s.") % {"day": row.valid_to}, code="ended"
            )
        if begins <= row.valid_from:
            return revise(obj, values, by=by, at=at, links=links)
        kept = {many.name: list(getattr(row, many.name).all()) for many in _many_of(row)}
        following = type(row)(**_columns(row))
        for name, value in values.items():
            setattr(following, name, value)
        end(row, on=begins, by=by, at=at)
        return cast("M", create(following, by=by, at=at, links={**kept, **(links or {})}))


def _columns(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def _many_of(row: models.Model) -> Iterable[Any]:
    return row._meta.many_to_many


def remove(obj: models.Model, *, by: User, at: datetime.datetime) -> None:
    """Delete a row that nothing refers to; its record stays."""
    with transaction.atomic():
        row = locked(obj)
        record_change(row, before=snapshot(row), by=by, at=at, action=DELETE)
        if not _is_deleted(row):
            raise RuleViolation(_("This is used and cannot be removed."), code="used")


def _is_deleted(row: models.Model) -> bool:
    if _is_chosen_by_others(row):
        return False
    try:
        row.delete()
    except models.ProtectedError:
        return False
    return True


def _is_chosen_by_others(row: models.Model) -> bool:
    """Many-to-many links protect nothing by themselves."""
    relations = row._meta.get_fields(include_hidden=True)  # also those without a name back
    links = (one for one in relations if isinstance(one, models.ManyToManyRel))
    return any(
        link.related_model._default_manager.filter(**{link.field.name: row}).exists()
        for link in links
    )


def locked(obj: M) -> M:
    """The row as it stands now, locked until the transaction ends."""
    return _rows_of(obj).select_for_update(of=("self",)).get(pk=obj.pk)


def _rows_of(obj: M) -> models.QuerySet[M]:
    """All rows of its table, also for the lazy object that a request holds of its person."""
    return cast("models.QuerySet[M]", obj._meta.model._default_manager.all())


def _check(obj: models.Model) -> None:
    try:
        obj.full_clean()
    except ValidationError as error:
        raise RuleViolation(sentence_of(error, obj), code="invalid") from error


def sentence_of(error: ValidationError, obj: models.Model) -> str:
    """All of a table's complaints as one text that names the columns as forms do."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    sentences = []
    for name, messages in error.message_dict.items():
        text = " ".join(messages)
        column = {field.name: field for field in obj._meta.fields}.get(name)
        sentences.append(f"{column.verbose_name}: {text}" if column is not None else text)
    return " ".join(sentences)


def _link(obj: models.Model, links: Mapping[str, Iterable[models.Model]]) -> None:
    for name, targets in links.items():
        getattr(obj, name).set(targets)
