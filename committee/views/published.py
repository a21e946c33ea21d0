"""What committees decided, for everybody; and how it is published."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee.forms.meetings import PublishForm
from committee.models import Decision, Meeting, PublicDecision
from committee.services import publishing
from committee.services.actors import MEETING
from organizations.acting import answer_form, page_of
from organizations.http import reader
from organizations.models import Body


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The newest version of each; `body` shows those of one."""
    rows = PublicDecision.objects.current().with_names()
    shown = Body.objects.filter(
        pk__in=PublicDecision.objects.values("decision__item__meeting__body")
    ).order_by("code")
    chosen = request.GET.get("body", "")
    if chosen.isdigit():
        rows = rows.filter(decision__item__meeting__body=int(chosen))
    context = {"page": page_of(request, rows), "bodies": shown[:100], "chosen": chosen}
    return render(request, "committee/published.html", {**context, "at": timezone.now()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    seen = Meeting.objects.visible_to(user, on=today).values("pk")
    rows = Decision.objects.with_names().filter(item__meeting__in=seen)
    decision = get_object_or_404(rows, pk=pk)
    meeting = decision.item.meeting
    if "publish" not in MEETING.open_to(meeting, by=user, at=timezone.now()):
        raise PermissionDenied
    last = decision.published.order_by("-version").first()
    begun = {"title": last.title, "text": last.text} if last else {
        "title": decision.item.title[:120], "text": decision.text,
    }  # fmt: skip
    form = PublishForm(request.POST or None, initial=begun, is_first=last is None)

    def write(given: dict[str, Any]) -> str:
        publishing.publish_decision(decision, by=user, at=timezone.now(), **given)
        return reverse("committee:published")

    return answer_form(
        request, form, write, template="committee/form.html", title=_("Publish the decision"),
        back_url=reverse("committee:meeting", args=[meeting.pk]), about=decision.text,
    )  # fmt: skip
