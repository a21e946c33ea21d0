"""What templates of consultation draw: the tabs of one consultation."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

# key, label, name of the address (with the consultation's number).
TABS: tuple[tuple[str, Any, str], ...] = (
    ("overview", _("Overview"), "consultation:consultation"),
    ("publications", _("Publications"), "consultation:publications"),
    ("objections", _("Objections"), "consultation:objections"),
    ("opinions", _("Opinions"), "consultation:opinions"),
    ("sessions", _("Sessions and votes"), "consultation:sessions"),
    ("carrying_out", _("Carrying out"), "consultation:carrying_out"),
)


@register.simple_tag
def consultation_tabs(number: str) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": label, "url": reverse(name, args=[number])}
        for key, label, name in TABS
    ]
