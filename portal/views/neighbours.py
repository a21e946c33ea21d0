"""Who is my grid worker: by a point or an address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grids.addresses import find_in_text
from grids.locate import Place, locate
from portal.forms import PlaceForm
from portal.neighbours import neighbours_of


@require_safe
def my_grid(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.GET or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        place = _place(form)
        context["asked"] = True
        if place is not None and place.community_id is not None:
            context["found"] = neighbours_of(place, at=timezone.now())
    return render(request, "portal/my_grid.html", context)


def _place(form: PlaceForm) -> Place | None:
    given = form.cleaned_data
    if given["lon"] is not None and given["lat"] is not None:
        return locate(given["lon"], given["lat"])
    return find_in_text(given["address"])
