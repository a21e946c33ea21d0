"""`/api/v1/committee/organisations/` and `coverage/`: the register of new organisations."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from committee import coverage
from committee.api.acting import KEY_HEADER, key_of
from committee.api.serializers import CoveredSerializer, NewOrganisationSerializer
from committee.models import Gap, NewOrganisation
from committee.models.two_new import KEEPERS
from committee.services import two_new
from grids.models import Level, Territory
from lib.api import REFUSALS
from organizations.api_acting import Acting
from organizations.http import roles_of, signed_in


class NewOrganisationFilter(django_filters.FilterSet):
    """`gap=any`: whatever is lacking."""

    gap = django_filters.ChoiceFilter(choices=[("any", "any"), *Gap.choices], method="filter_gap")
    community = django_filters.CharFilter("community__code")

    class Meta:
        model = NewOrganisation
        fields = ["kind"]

    def filter_gap(self, rows: Any, _name: str, value: str) -> QuerySet:
        return coverage.with_gaps(rows, "" if value == "any" else value)


class RegisterSerializer(serializers.ModelSerializer):
    community = serializers.SlugRelatedField(
        slug_field="code", queryset=Territory.objects.at_level(Level.COMMUNITY)
    )

    class Meta:
        model = NewOrganisation
        fields = [
            "kind", "name", "uscc", "community", "staff", "party_members", "contact", "phone",
        ]  # fmt: skip
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "uscc": {"validators": []}
        }  # a code known already is refused by the rule


class PartyActivitySerializer(serializers.Serializer):
    held_on = serializers.DateField()
    title = serializers.CharField(max_length=120)
    attended = serializers.IntegerField(min_value=1)


class NewOrganisationViewSet(Acting, ReadOnlyModelViewSet):
    """Organisations that exist today where the reader keeps the register or instructs."""

    queryset = NewOrganisation.objects.none()
    serializer_class = NewOrganisationSerializer
    filterset_class = NewOrganisationFilter
    lookup_value_regex = r"\d+"
    keyset_order = ("pk",)

    def get_queryset(self) -> QuerySet[NewOrganisation]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        today = timezone.localdate()
        rows = NewOrganisation.objects.visible_to(self.request.user, on=today).existing(today)
        return rows.judged(two_new.rule_on(today), on=today).with_names()

    @extend_schema(
        request=RegisterSerializer, responses={201: NewOrganisationSerializer, **REFUSALS}
    )
    def create(self, request: Request) -> Response:
        """Enter one; the same code a second time is refused with `known`."""
        facts = two_new.Facts(**self.read_input(request, RegisterSerializer))
        row = two_new.register(facts, by=signed_in(request), at=timezone.now())
        return self.added(self.get_queryset().get(pk=row.pk))

    @extend_schema(
        request=PartyActivitySerializer, parameters=[KEY_HEADER],
        responses={201: NewOrganisationSerializer, **REFUSALS},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def activities(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """Something that took place there."""
        row, given = self.get_object(), self.read_input(request, PartyActivitySerializer)
        two_new.record_activity(
            row, client_key=key_of(request), by=signed_in(request), at=timezone.now(), **given
        )
        return self.added(self.get_object())


class KeepsRegister(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 -- DRF passes it
        return not KEEPERS.isdisjoint(roles_of(request))


class CoverageViewSet(GenericViewSet):
    """How far party work reaches, by community of the reader's ground."""

    queryset = NewOrganisation.objects.none()
    serializer_class = CoveredSerializer
    permission_classes = [IsAuthenticated, KeepsRegister]
    pagination_class = None
    filter_backends: list[type] = []

    @extend_schema(responses=CoveredSerializer(many=True))
    def list(self, request: Request) -> Response:
        today = timezone.localdate()
        seen = NewOrganisation.objects.visible_to(request.user, on=today)
        rows = coverage.by_community(seen, two_new.rule_on(today), on=today)
        return Response(CoveredSerializer(rows, many=True).data)
