"""The parts that every page is made of. `docs/look.md` names them; `/design/` draws them all."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lib import areas, icons, languages, moments, tones
from lib.fen import in_capitals
from lib.fen import yuan as in_yuan
from lib.money_bar import parts

register = template.Library()


@register.simple_tag
def site_name() -> str:
    return settings.SITE["name"] or _("Gongzhi")


@register.simple_tag
def site_place() -> str:
    return settings.SITE["place"] or _("Governing together")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "clock" %}` is decoration; with a label it speaks."""
    return icons.icon(name, str(label))


@register.filter
def listed(values: Iterable[Any]) -> str:
    """`{{ names|listed }}`: one after the other, in the reader's way."""
    return languages.listed(values)


# -- States ------------------------------------------------------------------------------------


@register.inclusion_tag("_badge.html")
def badge(label: str, tone: str = "waiting", icon: str = "") -> dict[str, Any]:
    """A word in one of the fixed colours: waiting, work, checking, done, asked, overdue, ended."""
    known = tones.ALL[tone]
    return {"label": label, "tone": known.name, "icon": icon or known.icon}


@register.inclusion_tag("_badge.html")
def state(obj: Any) -> dict[str, Any]:
    """The badge of anything that has `state` and `get_state_display`."""
    tone = tones.of_state(obj.state)
    return {"label": obj.get_state_display(), "tone": tone.name, "icon": tone.icon}


@register.inclusion_tag("_badge.html")
def state_word(value: str, label: str) -> dict[str, Any]:
    """The badge of a state without its object: `{% state_word "closed" _("Closed") %}`."""
    tone = tones.of_state(value)
    return {"label": label, "tone": tone.name, "icon": tone.icon}


# -- Time --------------------------------------------------------------------------------------


def _now(context: Context) -> datetime.datetime:
    """The moment that the view put into `at`, so that a page has one; else the clock."""
    at = context.get("at")
    return at if isinstance(at, datetime.datetime) else timezone.now()


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime.datetime | None) -> SafeString | str:
    """`<time>` with everyday words; the full moment on hover and for screen readers."""
    if value is None:
        return "—"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        moments.full(value),
        moments.words(value, at=_now(context)),
    )


@register.inclusion_tag("_time_left.html", takes_context=True)
def time_left(
    context: Context,
    due: datetime.datetime | None,
    start: datetime.datetime | None = None,
    *,
    done: datetime.datetime | None = None,
    exact: str = "",
) -> dict[str, Any]:
    """A bar and words: how long until `due`. With `done` the clock stopped there.

    `exact` is what a clerk reads beside the everyday words ("16 working hours").
    """
    if due is None:
        return {"words": ""}
    at = done or _now(context)
    gone = moments.share_gone(start, due, at=at) if start else None
    return {
        "words": _("in time") if done and done <= due else moments.left(due, at=at),
        "gone": gone,
        "tone": _time_tone(due, at=at, stopped=done is not None, gone=gone),
        "exact": exact,
        "due": due,
        "full": moments.full(due),
    }


def _time_tone(
    due: datetime.datetime, *, at: datetime.datetime, stopped: bool, gone: int | None
) -> str:
    if at > due:
        return "overdue"
    if stopped:
        return "done"
    return "asked" if gone is not None and gone >= 80 else "work"


# -- Money and work ----------------------------------------------------------------------------


@register.filter
def area(square_metres: float | None) -> str:
    """Square metres: `12,345 m²`, `3.18 km²`; "—" where nobody has measured."""
    return "—" if square_metres is None else areas.spelled(square_metres)


@register.filter
def yuan(fen: int | None) -> str:
    """1234567 → "12,345.67"."""
    return "—" if fen is None else in_yuan(fen)


@register.filter
def capitals(fen: int | None) -> str:
    """12300 → "壹佰贰拾叁元整"; "" where there is nothing, or less, to say."""
    return "" if fen is None or fen < 0 else in_capitals(fen)


@register.inclusion_tag("_money_bar.html")
def money_bar(*, free: int, reserved: int, payable: int, spent: int) -> dict[str, Any]:
    """One bar of a line's four buckets, in fen, with its legend."""
    return {"parts": parts(free=free, reserved=reserved, payable=payable, spent=spent)}


@register.inclusion_tag("_load_bar.html")
def load_bar(points: int, capacity: int) -> dict[str, Any]:
    """How full a person is: points of work at once out of a capacity."""
    share = 100 if points >= capacity else round(points * 100 / capacity)
    tone = "overdue" if points > capacity else "asked" if share >= 80 else "work"
    return {"points": points, "capacity": capacity, "share": share, "tone": tone}


# -- Forms -------------------------------------------------------------------------------------


@register.inclusion_tag("_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Label, control, help and errors of a form field, tied together for screen readers."""
    return {"field": bound, "optional": not bound.field.required}


CONTROL_CLASSES = {
    "checkbox": "form-check-input",
    "select": "form-select",
    "file": "file-input",
}


@register.filter
def control(bound: BoundField) -> SafeString:
    """The control with our classes; what the form set itself stays."""
    widget = bound.field.widget
    if bound.use_fieldset:  # choices one by one: the style sheet knows them inside the fieldset
        return bound.as_widget()
    kind = getattr(widget, "input_type", None) or type(widget).__name__.lower()
    names = [CONTROL_CLASSES.get(kind, "form-control"), widget.attrs.get("class", "")]
    if bound.errors:
        names.append("is-invalid")
    return bound.as_widget(attrs={"class": " ".join(filter(None, names))})


# -- Lists -------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query of this address with some parts changed; an empty value takes a part out.

    `{% query state="closed" cursor="" %}` → `?town=3&state=closed`.
    """
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in {None, ""}:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else request.path
