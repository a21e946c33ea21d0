"""Views of lists with a name: kept by a person, or for everybody who holds such a post."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import SavedView
from lib.errors import NotYours, RuleViolation
from organizations.models import Post, User

MOST_VIEWS = 50


def save_view(
    *,
    name: str,
    query: str,
    by: User,
    at: datetime.datetime,
    post: Post | None = None,
    is_default: bool = False,
) -> SavedView:
    """Keep a list under a name; the same name again replaces it. With `post`, for all who hold such
    a post (its body and role). Raises NotYours, RuleViolation.
    """
    on = timezone.localdate(at)
    if post is not None and not Post.objects.held_by(by, on=on).filter(pk=post.pk).exists():
        raise NotYours(_("Choose a post that you hold."))
    owner: dict[str, Any] = {"body": post.body, "role": post.role} if post else {"person": by}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if SavedView.objects.filter(**owner).exclude(name=name).count() >= MOST_VIEWS:
            raise RuleViolation(_("Fifty views are enough: remove one first."), code="many_views")
        if is_default:
            SavedView.objects.filter(**owner, is_default=True).update(is_default=False)
        return _write(owner, name, query=query, is_default=is_default, made_by=by, made_at=at)


def _write(owner: dict[str, Any], name: str, **values: Any) -> SavedView:
    try:
        with transaction.atomic():
            view, _is_new = SavedView.objects.update_or_create(**owner, name=name, defaults=values)
    except IntegrityError as error:  # somebody with the same post chose a default at this moment
        raise RuleViolation(_("Somebody has just saved a view: save again.")) from error
    return view


def remove_view(view: SavedView, *, by: User, at: datetime.datetime) -> None:
    """Own views; those of a post by anybody who holds such a post."""
    if not SavedView.objects.open_to(by, on=timezone.localdate(at)).filter(pk=view.pk).exists():
        raise NotYours(_("This view belongs to somebody else."))
    view.delete()
