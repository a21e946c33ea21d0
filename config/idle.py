"""A session ends when nobody has used it for `SESSION_COOKIE_AGE` seconds."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Written at most this often: a write a request would make every reader of a page a writer.
SECONDS_BETWEEN_WRITES = 60
KEY = "used_at"


def idle_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(KEY, 0) >= SECONDS_BETWEEN_WRITES:
                request.session[KEY] = now
        return response

    return answer
