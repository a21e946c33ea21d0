"""`/api/v1/committee/meetings/` and `decisions/`: to read, to come, to vote, to lead."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from committee.api.acting import (
    CommitteeReasonSerializer,
    NothingSerializer,
)
from committee.api.serializers import (
    DecisionSerializer,
    MeetingDetailSerializer,
    MeetingSerializer,
)
from committee.models import AgendaItem, Ballot, Decision, Invitation, Meeting
from committee.services import attending, meetings, voting
from committee.workflow import Choice, MeetingState
from lib.api import REFUSALS
from organizations.api_acting import Acting, move
from organizations.http import signed_in


class MeetingFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=MeetingState.choices)
    body = django_filters.CharFilter("body__code")
    kind = django_filters.CharFilter("kind__code")
    after = django_filters.IsoDateTimeFilter("starts_at", lookup_expr="gte")
    before = django_filters.IsoDateTimeFilter("starts_at", lookup_expr="lt")

    class Meta:
        model = Meeting
        fields: list[str] = []


class DecisionFilter(django_filters.FilterSet):
    body = django_filters.CharFilter("item__meeting__body__code")
    meeting = django_filters.NumberFilter("item__meeting")

    class Meta:
        model = Decision
        fields: list[str] = []


class AsideSerializer(CommitteeReasonSerializer):
    point = serializers.IntegerField(help_text="Of the agenda.")


class MeetingVoteSerializer(serializers.Serializer):
    """For oneself. In a secret vote the choice goes into the box and nowhere else."""

    ballot = serializers.IntegerField()
    choice = serializers.ChoiceField(choices=Choice.choices)


class MeetingViewSet(Acting, ReadOnlyModelViewSet):
    """Meetings that the reader may see, newest first."""

    queryset = Meeting.objects.none()
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    lookup_value_regex = r"\d+"
    keyset_order = ("-starts_at", "-pk")

    def get_queryset(self) -> QuerySet[Meeting]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Meeting.objects.visible_to(self.request.user, on=timezone.localdate())
        rows = rows.with_names().prefetch_related("invitations")
        return rows if self.action == "list" else rows.prefetch_related(_points())

    def get_serializer_class(self) -> type[BaseSerializer]:
        return MeetingSerializer if self.action == "list" else MeetingDetailSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}

    make_call = move(
        "call", meetings.call_meeting, NothingSerializer, shown=MeetingDetailSerializer
    )
    make_open = move(
        "open", meetings.open_meeting, NothingSerializer, shown=MeetingDetailSerializer
    )
    make_close = move(
        "close", meetings.close_meeting, NothingSerializer, shown=MeetingDetailSerializer
    )
    make_confirm = move(
        "confirm", meetings.confirm_minutes, NothingSerializer, shown=MeetingDetailSerializer
    )
    make_cancel = move(
        "cancel", meetings.cancel_meeting, CommitteeReasonSerializer, shown=MeetingDetailSerializer
    )

    @extend_schema(request=NothingSerializer, responses={200: MeetingDetailSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def check_in(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """The reader is there."""
        return self._done(attending.check_in, self._seat())

    @extend_schema(
        request=CommitteeReasonSerializer, responses={200: MeetingDetailSerializer, **REFUSALS}
    )
    @action(detail=True, methods=["post"])
    def excuse(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """The reader cannot come."""
        seat, given = self._seat(), self.read_input(request, CommitteeReasonSerializer)
        return self._done(attending.excuse, seat, words=given["reason"])

    @extend_schema(request=AsideSerializer, responses={200: MeetingDetailSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def stand_aside(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """The reader has an interest in a point of the agenda."""
        seat, given = self._seat(), self.read_input(request, AsideSerializer)
        point = get_object_or_404(AgendaItem, meeting=seat.meeting_id, pk=given["point"])
        return self._done(voting.recuse, point, seat, reason=given["reason"])

    @extend_schema(
        request=MeetingVoteSerializer, responses={200: MeetingDetailSerializer, **REFUSALS}
    )
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """The reader's own voice, once; sent again it is refused with `voted_already`."""
        seat, given = self._seat(), self.read_input(request, MeetingVoteSerializer)
        rows = Ballot.objects.select_related("item__meeting")
        ballot = get_object_or_404(rows, item__meeting=seat.meeting_id, pk=given["ballot"])
        service: Any = voting.vote_in_secret if ballot.is_secret else voting.vote
        return self._done(service, ballot, seat, given["choice"])

    def _seat(self) -> Invitation:
        """The reader's own; 404 for who is not invited."""
        rows = Invitation.objects.select_related("meeting__body", "meeting__kind")
        return get_object_or_404(rows, meeting=self.get_object(), person=signed_in(self.request))

    def _done(self, service: Callable[..., Any], *things: Any, **more: Any) -> Response:
        service(*things, by=signed_in(self.request), at=timezone.now(), **more)
        return Response(self.get_serializer(self.get_object()).data)


def _points() -> Prefetch:
    rows = AgendaItem.objects.order_by("position").prefetch_related(
        "ballots__voices__invitation", "ballots__turnout__invitation"
    )
    return Prefetch("items", rows, to_attr="items_in_order")


class DecisionViewSet(ReadOnlyModelViewSet):
    """Decisions of the meetings that the reader may see, newest first."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    lookup_value_regex = r"\d+"
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Decision]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        seen = Meeting.objects.visible_to(self.request.user, on=timezone.localdate())
        rows = Decision.objects.with_names().filter(item__meeting__in=seen.values("pk"))
        return rows.prefetch_related("directives")
