"""Minutes in words."""

from django import template

from volunteers.hours_words import in_hours

register = template.Library()


@register.filter
def hours(minutes: int | None) -> str:
    """150 → "2 hours 30 minutes"."""
    return "—" if minutes is None else in_hours(minutes)
