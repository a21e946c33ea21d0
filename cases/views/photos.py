"""Stored photos, served after a look at who may see the case."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from cases.models import Photo
from cases.models.attachments import PhotoQuerySet


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    return _file(get_object_or_404(_visible(request), pk=pk), "image")


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def thumbnail(request: HttpRequest, pk: int) -> FileResponse:
    return _file(get_object_or_404(_visible(request), pk=pk), "thumbnail")


def _visible(request: HttpRequest) -> PhotoQuerySet:
    return Photo.objects.visible_to(request.user, on=timezone.localdate())


def _file(photo: Photo, field: str) -> FileResponse:
    stored = getattr(photo, field)
    try:
        return FileResponse(stored.open("rb"), content_type="image/jpeg")
    except (FileNotFoundError, ValueError) as error:  # gone, or erased
        raise Http404 from error
