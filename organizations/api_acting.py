"""How programs act: keys of theirs, what they say, and an action that makes one move."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from lib.api import REFUSALS
from organizations.http import signed_in

_KEY = "Idempotency-Key"


def key_header(description: str) -> OpenApiParameter:
    """How a key in the header is described."""
    return OpenApiParameter(
        _KEY, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description
    )


def key_of(request: Request, *, longest: int) -> str:
    """The key in the header, or "". Raises ValidationError where it is too long."""
    key: str = request.headers.get(_KEY, "")
    if len(key) > longest:
        raise ValidationError({_KEY: [f"≤ {longest}"]})
    return key


class Acting(GenericViewSet[Any]):
    """A viewset with acts besides its reads."""

    def read_input(self, request: Request, said: type[Serializer]) -> dict[str, Any]:
        given = said(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def to_move(self) -> Any:
        """The row at this address, for who may see it."""
        return self.get_object()

    def moved(self, row: Any) -> Any:  # noqa: ARG002 -- others look it up where the mover sees it no more
        """What is answered after a move."""
        return self.get_serializer(self.to_move()).data

    def added(self, row: Any) -> Response:
        """201 with the row to which something was added, or that is new, as the reader sees it."""
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)


def move(
    name: str,
    service: Callable[..., Any],
    said: type[Serializer],
    *,
    shown: Any,
    operation_id: str | None = None,
    **more: Any,
) -> Any:
    """An action that makes one move: the service gets what the input says, by the same names.

    A move that was made is refused the second time with 409: it is never made twice. `shown`: the
    serializer of the answer, for the document; `more`: what DRF's `action` takes besides.
    """

    def post(self: Acting, request: Request, **_address: str) -> Response:
        row = self.to_move()  # first: who may not see it learns nothing from the input's shape
        given = self.read_input(request, said)
        row = service(row, by=signed_in(request), at=timezone.now(), **given)
        return Response(self.moved(row))

    post.__name__ = f"make_{name}"
    post.__doc__ = f"The move “{name}”."
    described = extend_schema(
        request=said, responses={200: shown, **REFUSALS}, operation_id=operation_id
    )
    at = {"url_path": name, "url_name": name.replace("_", "-")}
    return described(action(detail=True, methods=["post"], **at, **more)(post))
