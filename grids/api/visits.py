"""`/api/v1/visits/`: list, read, bring one (as often as one likes), and what to take along."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from grids import services
from grids.api.visit_serializers import (
    NewVisitSerializer,
    TakenSerializer,
    VisitSerializer,
    check_in_of,
    report_of,
)
from grids.models import Visit, VisitKind
from grids.models.visit_plans import VISITORS
from grids.reach import plans_of_visitor, visits_seen_by
from grids.standing import SEES
from organizations.api_acting import key_header
from organizations.http import roles_of, signed_in

DAYS_AHEAD = 3
MOST_TAKEN = 400
REFUSALS = {
    403: OpenApiResponse(description="Not your grid, or somebody else's key."),
    409: OpenApiResponse(description="A rule refuses: `code` and `detail` say which and why."),
}
KEY_HEADER = key_header("The same as `client_key`.")


class SeesVisits(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 -- DRF passes it
        return not SEES.isdisjoint(roles_of(request))


class VisitViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """Visits that the person may see, newest first."""

    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    permission_classes = [IsAuthenticated, SeesVisits]
    parser_classes = [JSONParser, MultiPartParser]
    filter_backends: list[type] = []
    keyset_order = ("-at", "-pk")
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Visit]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        seen = visits_seen_by(self.request.user, on=timezone.localdate())
        return seen.with_names().prefetch_related("findings")

    @extend_schema(
        request={"application/json": NewVisitSerializer, "multipart/form-data": NewVisitSerializer},
        parameters=[KEY_HEADER],
        responses={201: VisitSerializer, 200: VisitSerializer, **REFUSALS},
    )
    def create(self, request: Request) -> Response:
        """Bring a visit: 201 with the new one, or 200 with the one that the same key made."""
        if VISITORS.isdisjoint(roles_of(request)):
            raise PermissionDenied(_("Visits are made by workers of grids and communities."))
        data: Any = request.data
        if key := request.headers.get("Idempotency-Key"):
            data = data.copy()
            data["client_key"] = key
        given = NewVisitSerializer(data=data)
        given.is_valid(raise_exception=True)
        said, at = given.validated_data, timezone.now()
        visit = services.make_visit(
            said["target"], said["form"], check_in=check_in_of(said), report=report_of(said),
            by=signed_in(request), at=at,
        )  # fmt: skip
        fresh = visit.received_at == at
        code = status.HTTP_201_CREATED if fresh else status.HTTP_200_OK
        return Response(VisitSerializer(visit).data, status=code)

    @extend_schema(responses=TakenSerializer, operation_id="visits_plan")
    @action(detail=False, pagination_class=None)
    def plan(self, request: Request) -> Response:
        """What to take along: kinds with the newest form of each, and what is due soon."""
        today = timezone.localdate()
        plans = plans_of_visitor(request.user, on=today)
        soon = plans.due_by(today + datetime.timedelta(days=DAYS_AHEAD)).with_names()
        kinds = VisitKind.objects.valid_on(today).order_by("code")
        taken = {"day": today, "kinds": kinds, "plans": soon.order_by("due_on", "pk")[:MOST_TAKEN]}
        return Response(TakenSerializer(taken, context={"today": today}).data)
