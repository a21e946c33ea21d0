"""`/api/v1/consultation/`: everybody reads; the moves belong to those who carry out."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import permissions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from consultation.api.filters import CommitmentFilter, ConsultationFilter, ProjectCallFilter
from consultation.api.serializers import (
    CommitmentNoteSerializer,
    CommitmentPutOffSerializer,
    CommitmentReasonSerializer,
    CommitmentReportSerializer,
    CommitmentSerializer,
    CommitmentShareSerializer,
    ConsultationDetailSerializer,
    ConsultationSerializer,
    IdeaSerializer,
    ProjectCallSerializer,
)
from consultation.models import Commitment, Consultation, Idea, ProjectCall
from consultation.services import carrying, committing
from organizations.api_acting import Acting, move


class ConsultationViewSet(ReadOnlyModelViewSet):
    """Consultations that have begun, newest first; without an account."""

    queryset = Consultation.objects.none()
    serializer_class = ConsultationSerializer
    filterset_class = ConsultationFilter
    permission_classes = [permissions.AllowAny]
    lookup_field = "number"
    lookup_value_regex = r"XS\d+"
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Consultation]:
        rows = Consultation.objects.published().with_names()
        return rows.prefetch_related("adoptions") if self.action == "retrieve" else rows

    def get_serializer_class(self) -> type[BaseSerializer]:
        is_one = self.action == "retrieve"
        return ConsultationDetailSerializer if is_one else ConsultationSerializer


def _move(name: str, service: Callable[..., Commitment], said: type[Serializer]) -> Any:
    return move(
        name, service, said, shown=CommitmentSerializer, operation_id=f"commitments_{name}",
        permission_classes=[permissions.IsAuthenticated],
    )  # fmt: skip


class CommitmentViewSet(Acting, ReadOnlyModelViewSet):
    """What bodies have promised, newest first; without an account. Moves need a token."""

    queryset = Commitment.objects.none()
    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilter
    permission_classes = [permissions.AllowAny]
    lookup_value_regex = r"\d+"
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Commitment]:
        shown = Consultation.objects.published()
        rows = Commitment.objects.filter(Q(consultation__in=shown) | Q(idea__isnull=False))
        return rows.with_names()

    def to_move(self) -> Commitment:
        """The one of the address, if the token's person works on it."""
        rows = Commitment.objects.visible_to(self.request.user, on=timezone.localdate())
        found: Commitment | None = rows.with_names().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    make_begin = _move("begin", carrying.begin_work, CommitmentNoteSerializer)
    make_progress = _move("progress", carrying.step_on, CommitmentShareSerializer)
    make_report = _move("report", carrying.report, CommitmentReportSerializer)
    make_confirm = _move("confirm", carrying.confirm, CommitmentNoteSerializer)
    make_send_back = _move("send_back", carrying.send_back, CommitmentReasonSerializer)
    make_put_off = _move("put_off", committing.put_off, CommitmentPutOffSerializer)
    make_supervise = _move("supervise", committing.supervise, CommitmentReasonSerializer)
    make_drop = _move("drop", committing.drop, CommitmentReasonSerializer)


class ProjectCallViewSet(ReadOnlyModelViewSet):
    """Project calls that were published, newest first; without an account."""

    queryset = ProjectCall.objects.none()
    serializer_class = ProjectCallSerializer
    filterset_class = ProjectCallFilter
    permission_classes = [permissions.AllowAny]
    lookup_value_regex = r"\d+"
    keyset_order: tuple[str, ...] = ("-pk",)

    def get_queryset(self) -> QuerySet[ProjectCall]:
        return ProjectCall.objects.published().with_names()

    @extend_schema(responses=IdeaSerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None)
    def ideas(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- DRF passes them
        """The public ideas of a call, in the order in which they came in."""
        self.keyset_order = ("pk",)
        rows = Idea.objects.public().filter(call=self.get_object()).with_names()
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(IdeaSerializer(page, many=True).data)
