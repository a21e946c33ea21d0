"""How the API says no, and how its lists turn pages.

400 the shape is wrong · 401 nobody has signed in · 403 not for your role · 404 not there, or not
yours to see · 409 a rule refuses (`code` says which, `detail` says it in words).
"""

import math
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView, exception_handler

from lib import keyset
from lib.errors import NotYours, RuleViolation

# For the document of an address that a rule may refuse.
REFUSALS = {
    403: OpenApiResponse(description="Somebody else's step."),
    404: OpenApiResponse(description="Not there, or not yours to see."),
    409: OpenApiResponse(description="A rule refuses: `code` and `detail` say which and why."),
}


def answer_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's `EXCEPTION_HANDLER`: refusals of rules become 409, moves of other people 403."""
    if isinstance(exc, RuleViolation):
        code = status.HTTP_403_FORBIDDEN if isinstance(exc, NotYours) else status.HTTP_409_CONFLICT
        return Response({"detail": str(exc), "code": exc.code}, status=code)
    return exception_handler(exc, context)


class FiniteField(serializers.FloatField):
    """A number: "nan" and "inf" pass every comparison of limits, and JSON cannot say them."""

    def to_internal_value(self, data: Any) -> float:
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class KeysetPagination(BasePagination):
    """`?cursor=` and `?size=` over `lib.keyset`; a view names its order in `keyset_order`."""

    page: keyset.Page[Any]
    request: Request
    size = 50

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        order: Sequence[str] = getattr(view, "keyset_order", ("-pk",))
        self.request = request
        try:
            size = int(request.query_params.get("size", self.size))
            cursor = request.query_params.get("cursor", "")
            self.page = keyset.page(queryset, order=order, size=size, cursor=cursor)
        except keyset.BadCursor as error:
            raise ValidationError({"cursor": [_("This page does not exist.")]}) from error
        except ValueError as error:
            raise ValidationError({"size": [_("Give a number.")]}) from error
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link(self.page.next),
                "previous": self._link(self.page.previous),
                "results": data,
            }
        )

    def _link(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:  # noqa: ARG002 -- drf-spectacular passes it
        return [
            _parameter("cursor", "string", "Where the page begins: take it from `next`."),
            _parameter("size", "integer", f"Rows of a page, at most {keyset.LARGEST}."),
        ]


def _parameter(name: str, kind: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": kind},
    }
