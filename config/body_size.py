"""A request that carries more than any form of ours is turned away before anybody reads it.

Django limits fields, not files, and the check against forgery reads the whole body of a POST.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def body_size_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said[:20]) > settings.LARGEST_REQUEST:
            return HttpResponse(status=413)
        return get_response(request)

    return answer
