"""Leave and swaps that wait for the head of a body; and who of the body is away soon."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grids.models import Leave
from grids.rights import LEADS, leaves_to_decide, led_bodies, swaps_to_decide
from organizations.http import role_required, signed_in

AHEAD = datetime.timedelta(days=30)


@role_required(*LEADS)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    user, at, day = signed_in(request), timezone.now(), timezone.localdate()
    away = Leave.objects.approved().filter(
        post__body__in=led_bodies(user, on=day), last_day__gte=day, first_day__lte=day + AHEAD
    )
    context = {
        "leaves": leaves_to_decide(user, on=day).with_names().order_by("first_day", "pk"),
        "swaps": swaps_to_decide(user, at=at).with_names().order_by("mine__starts_at", "pk"),
        "away": away.with_names().order_by("first_day", "pk"),
    }
    return render(request, "grids/requests.html", context)
