"""The page for work on the street, with or without a connection; who is here; the app's papers."""

import hashlib
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from cases.forms.intake import LOGGERS
from cases.models import Urgency
from grids.models.visit_plans import VISITORS
from organizations.http import role_required
from organizations.models import User
from portal import app_icons
from portal.device_keys import keys_of, tag_of
from portal.field_words import field_words
from routing.models import Category

FIELD = LOGGERS | VISITORS


@require_safe
def field(request: HttpRequest) -> HttpResponse:
    """The shell alone: the same for everybody, so that a device may keep it."""
    shown = {"words": field_words(), "urgencies": Urgency.choices}
    return render(request, "portal/field.html", shown)


@require_safe
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Who is here: keys to open what waits, a token to send it with. 401 for nobody who works."""
    user = request.user
    if not isinstance(user, User) or user.is_resident:
        return JsonResponse({"detail": _("Sign in again.")}, status=401)
    roles = user.roles_on(timezone.localdate())
    keys = [{"id": key.id, "secret": key.secret} for key in keys_of(user)]
    return JsonResponse(
        {
            "tag": tag_of(user),
            "keys": keys,
            "csrf": get_token(request),
            "name": str(user),
            "logs": not LOGGERS.isdisjoint(roles),
            "visits": not VISITORS.isdisjoint(roles),
        }
    )


@require_safe
@role_required(*FIELD)
@never_cache
def categories(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 -- a view gets it
    """Small classes of matters to choose from on the street; `version` changes when they do."""
    rows = Category.objects.small_classes().valid_on(timezone.localdate())
    rows = rows.filter(parent__isnull=False).select_related("parent")
    listed = [
        {
            "id": row.pk,
            "code": row.code,
            "name": str(row),
            "large": str(row.parent),
        }
        for row in rows.order_by("parent__code", "code")
    ]
    version = hashlib.sha256(json.dumps(listed, ensure_ascii=False).encode()).hexdigest()[:12]
    return JsonResponse({"version": version, "categories": listed})


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view gets it
    """What a telephone must know to install the portal as an app."""
    sizes: list[dict[str, Any]] = [
        {"src": reverse("portal:app_icon", args=[size, look]), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": "maskable" if look == "maskable" else "any"}
        for size in (192, 512)
        for look in ("plain", "maskable")
    ]  # fmt: skip
    content = {
        "id": "/field/",
        "name": f"{_('Gongzhi')} · {_('On site')}",
        "short_name": _("Gongzhi"),
        "lang": get_language(),
        "start_url": reverse("portal:field"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f7f9",
        "theme_color": "#b3122a",
        "icons": sizes,
    }
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(text, content_type="application/manifest+json; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def app_icon(request: HttpRequest, size: int, look: str) -> HttpResponse:  # noqa: ARG001 -- a view gets it
    if size not in app_icons.SIZES or look not in {"plain", "maskable"}:
        raise Http404
    return HttpResponse(app_icons.png(size, maskable=look == "maskable"), content_type="image/png")
