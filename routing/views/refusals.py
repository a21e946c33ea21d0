"""What communities refused because it was not admitted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grids.scopes import scopes_of
from organizations.acting import content_of, onwards, page_of, saved
from organizations.http import reader, role_required
from organizations.models import Body
from routing import rights, services
from routing.forms.admissions import RefusalForm
from routing.models import UnadmittedRefusal
from routing.views.admissions import READERS


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def refusals(request: HttpRequest) -> HttpResponse:
    """The list; who speaks for a community refuses here what was handed over outside."""
    user, day = reader(request)
    own = [one.body_id for one in scopes_of(user, on=day) if one.role in rights.SPEAKERS]
    communities = Body.objects.filter(pk__in=own, kind__nature="community")
    form = RefusalForm(request.POST or None, communities=communities) if communities else None
    if form is not None and saved(request, form, _refuse, **content_of(form)):
        return onwards(
            request, "routing:refusals",
            done=_("Refused. The department and the committee have been told."),
        )  # fmt: skip
    rows = UnadmittedRefusal.objects.select_related("community", "department", "category", "by")
    context = {"page": page_of(request, rows), "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "routing/refusals.html", context, status=status)


def _refuse(**given: object) -> UnadmittedRefusal:
    return services.refuse_unadmitted(given.pop("community"), **given)  # type: ignore[arg-type]  # of the form
