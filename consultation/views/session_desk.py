"""Sessions and votes of every consultation in reach: what comes, and what waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consultation.services import desk as services
from consultation.views.sessions import ALL
from organizations.http import role_required, signed_in

MOST = 100


@role_required(*ALL)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """`show`: one kind of what waits; without: what comes and what is open."""
    user, at = signed_in(request), timezone.now()
    show = request.GET.get("show", "")
    context: dict[str, Any] = {"at": at, "show": show, "chips": _chips(show, user, at)}
    if kind := services.WAITING.get(show):
        context[kind.of] = kind.rows(user, at).with_names()[:MOST]
    else:
        context["sessions"] = services.coming(user, at).with_names()[:MOST]
        context["votes"] = services.running(user, at).with_names()[:MOST]
    return render(request, "consultation/session_desk.html", context)


def _chips(show: str, user: Any, at: Any) -> list[dict[str, Any]]:
    first = {"label": _("To come and open"), "url": "?", "chosen": show not in services.WAITING}
    return [
        first | {"count": None},
        *(
            {"label": kind.label, "url": f"?show={key}", "chosen": key == show,
             "count": kind.rows(user, at).count()}
            for key, kind in services.WAITING.items()
        ),
    ]  # fmt: skip
