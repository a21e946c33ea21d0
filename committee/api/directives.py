"""`/api/v1/committee/directives/`: tasks to read, to accept, to report on, to confirm."""

from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from committee.api.acting import (
    KEY_HEADER,
    CommitteeReasonSerializer,
    NothingSerializer,
    key_of,
)
from committee.api.serializers import DirectiveSerializer
from committee.models import Directive
from committee.models.directives import DirectiveQuerySet
from committee.services import directives
from committee.workflow import DirectiveState, Verb
from lib.api import REFUSALS
from organizations.api_acting import Acting, move
from organizations.http import signed_in


class DirectiveFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=DirectiveState.choices)
    verb = django_filters.ChoiceFilter(choices=Verb.choices)
    body = django_filters.CharFilter("body__code")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt")
    mine = django_filters.BooleanFilter(method="filter_mine", label="What the reader is to do")
    overdue = django_filters.BooleanFilter(method="filter_overdue")

    class Meta:
        model = Directive
        fields: list[str] = []

    def filter_mine(self, rows: DirectiveQuerySet, _name: str, value: bool) -> QuerySet:  # noqa: FBT001 -- django-filter calls it so
        user = cast("HttpRequest", self.request).user
        own = Directive.objects.owned_by(user, on=timezone.localdate()).values("pk")
        return rows.filter(pk__in=own) if value else rows.exclude(pk__in=own)

    def filter_overdue(self, rows: DirectiveQuerySet, _name: str, value: bool) -> QuerySet:  # noqa: FBT001 -- django-filter calls it so
        late = Directive.objects.overdue(timezone.localdate()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class DirectiveProgressSerializer(serializers.Serializer):
    """`proofs`: photos or papers, as multipart form data."""

    percent = serializers.IntegerField(min_value=0, max_value=100)
    text = serializers.CharField(max_length=1000)
    proofs = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=directives.MOST_PROOFS
    )


class ExtendSerializer(CommitteeReasonSerializer):
    due_on = serializers.DateField()


class DirectiveViewSet(Acting, ReadOnlyModelViewSet):
    """Tasks that the reader may see, newest first."""

    queryset = Directive.objects.none()
    serializer_class = DirectiveSerializer
    filterset_class = DirectiveFilter
    parser_classes = [JSONParser, MultiPartParser, FormParser]
    lookup_value_regex = r"\d+"
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Directive]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Directive.objects.visible_to(self.request.user, on=timezone.localdate()).with_names()

    def get_serializer_context(self) -> dict[str, Any]:
        now = timezone.now()
        return {**super().get_serializer_context(), "at": now, "today": timezone.localdate(now)}

    make_accept = move("accept", directives.accept, NothingSerializer, shown=DirectiveSerializer)
    make_report = move(
        "report", directives.report_back, NothingSerializer, shown=DirectiveSerializer
    )
    make_confirm = move("confirm", directives.confirm, NothingSerializer, shown=DirectiveSerializer)
    make_send_back = move(
        "send_back", directives.send_back, CommitteeReasonSerializer, shown=DirectiveSerializer
    )
    make_extend = move("extend", directives.extend, ExtendSerializer, shown=DirectiveSerializer)
    make_drop = move("drop", directives.drop, CommitteeReasonSerializer, shown=DirectiveSerializer)

    @extend_schema(
        request={
            "application/json": DirectiveProgressSerializer,
            "multipart/form-data": DirectiveProgressSerializer,
        },
        parameters=[KEY_HEADER],
        responses={201: DirectiveSerializer, **REFUSALS},
    )
    @action(detail=True, methods=["post"])
    def progress(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """How far it is, with what proves it."""
        row, given = self.get_object(), self.read_input(request, DirectiveProgressSerializer)
        files = [(file, file.name) for file in given.pop("proofs", [])]
        directives.add_progress(
            row, files=files, client_key=key_of(request), by=signed_in(request),
            at=timezone.now(), **given,
        )  # fmt: skip
        return self.added(self.get_object())
