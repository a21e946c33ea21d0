"""The ledger to be read; money moves by cases, applications and payments, never by these."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from funding.api.filters import HoldFilter, LineFilter
from funding.api.serializers import EntrySerializer, HoldSerializer, LineSerializer
from funding.models import Entry, Hold, Line


class LineViewSet(ReadOnlyModelViewSet):
    """Budget lines of the bodies in which you deal with money."""

    queryset = Line.objects.none()
    serializer_class = LineSerializer
    filterset_class = LineFilter
    keyset_order = ("pk",)

    def get_queryset(self) -> QuerySet[Line]:
        lines = Line.objects.visible_to(self.request.user, on=timezone.localdate())
        return lines.with_names().prefetch_related("purposes__purpose")

    @extend_schema(responses=EntrySerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None)
    def entries(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- DRF passes them
        """The line's chain of movements, the oldest first."""
        self.keyset_order = ("number",)
        entries = Entry.objects.filter(line=self.get_object()).with_names()
        page = self.paginate_queryset(entries)
        return self.get_paginated_response(EntrySerializer(page, many=True).data)


class HoldViewSet(ReadOnlyModelViewSet):
    """Money that is kept for a piece of work, on the lines that you may read."""

    queryset = Hold.objects.none()
    serializer_class = HoldSerializer
    filterset_class = HoldFilter
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Hold]:
        return Hold.objects.visible_to(self.request.user, on=timezone.localdate()).with_names()
