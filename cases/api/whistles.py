"""`/api/v1/whistles/`: blow, list, read; arrive, release and rate by department."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from cases.models import Case, Whistle, WhistleCall
from cases.services import whistles
from cases.whistle_workflow import BEST, RATINGS, WORST
from lib.api import REFUSALS, FiniteField
from organizations.api_acting import Acting
from organizations.http import signed_in
from organizations.models import Body


def _code(**more: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="code", **more)


class CallSerializer(serializers.ModelSerializer):
    """One department: `by_place` false with an arrival means that its position proved nothing."""

    body = _code(read_only=True)
    moves = serializers.SerializerMethodField()

    class Meta:
        model = WhistleCall
        fields = [
            "body",
            "state",
            "called_at",
            "due_at",
            "arrived_at",
            "minutes",
            "by_place",
            "distance",
            "arrival_words",
            "released_at",
            "release_words",
            "response_score",
            "response_words",
            "call_score",
            "call_words",
            "moves",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_moves(self, call: WhistleCall) -> list[str]:
        user = self.context["request"].user
        return whistles.call_moves_for(user, call, at=self.context["at"])


class WhistleSerializer(serializers.ModelSerializer):
    case: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="number", read_only=True
    )
    town = _code(read_only=True)
    community = _code(read_only=True)
    body = _code(read_only=True)
    calls = serializers.SerializerMethodField()

    class Meta:
        model = Whistle
        fields = [
            "id",
            "kind",
            "case",
            "text",
            "address",
            "lon",
            "lat",
            "metres",
            "town",
            "community",
            "body",
            "called_at",
            "ended_at",
            "calls",
        ]
        read_only_fields = fields

    @extend_schema_field(CallSerializer(many=True))
    def get_calls(self, row: Whistle) -> Any:
        calls = list(row.calls.all())
        for call in calls:
            call.whistle = row
        return CallSerializer(calls, many=True, context=self.context).data


class BodiesSerializer(serializers.Serializer):
    bodies: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", queryset=Body.objects.all(), many=True
    )


class NewWhistleSerializer(BodiesSerializer):
    """The place by point (WGS-84), or that of the case."""

    kind = serializers.ChoiceField(choices=Whistle.Kind.choices)
    text = serializers.CharField(max_length=500)
    case = serializers.CharField(max_length=24, required=False)
    lon = FiniteField(required=False, min_value=-180, max_value=180)
    lat = FiniteField(required=False, min_value=-90, max_value=90)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)


class OfBodySerializer(serializers.Serializer):
    body = serializers.SlugField(help_text="Code of the department called.")


class ArrivalSerializer(OfBodySerializer):
    lon = FiniteField(required=False, min_value=-180, max_value=180)
    lat = FiniteField(required=False, min_value=-90, max_value=90)
    accuracy = FiniteField(required=False, min_value=0, help_text="Metres.")
    words = serializers.CharField(max_length=300, required=False, allow_blank=True)


class WhistleReleaseSerializer(OfBodySerializer):
    words = serializers.CharField(max_length=300, required=False, allow_blank=True)


class RatingSerializer(OfBodySerializer):
    name = serializers.ChoiceField(choices=sorted(RATINGS))
    score = serializers.IntegerField(min_value=WORST, max_value=BEST)
    words = serializers.CharField(max_length=300, required=False, allow_blank=True)


class WhistleViewSet(ListModelMixin, RetrieveModelMixin, Acting):
    """Whistles that the token's person may see, newest first."""

    queryset = Whistle.objects.none()
    serializer_class = WhistleSerializer
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Whistle]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Whistle.objects.visible_to(self.request.user, on=timezone.localdate()).for_list()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}

    def _answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = Whistle.objects.for_list().get(pk=pk)
        return Response(self.get_serializer(row).data, status=code)

    @extend_schema(request=NewWhistleSerializer, responses={201: WhistleSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Call departments to a case or to a point."""
        given, user, at = (
            self.read_input(request, NewWhistleSerializer),
            signed_in(request),
            self._at(),
        )
        number = given.pop("case", "")
        seen = Case.objects.visible_to(user, on=timezone.localdate(at))
        case = get_object_or_404(seen, number=number) if number else None
        row = whistles.blow(by=user, at=at, case=case, **given)
        return self._answer(row.pk, status.HTTP_201_CREATED)

    @extend_schema(request=BodiesSerializer, responses={200: WhistleSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def call_more(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """Further departments."""
        row, given = self.get_object(), self.read_input(request, BodiesSerializer)
        whistles.call_more(row, by=signed_in(request), at=self._at(), **given)
        return self._answer(row.pk)

    @extend_schema(request=ArrivalSerializer, responses={200: WhistleSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def arrive(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """A department is there; the position proves it, or words explain."""
        call, given = self._call(request, ArrivalSerializer)
        whistles.arrive(call, by=signed_in(request), at=self._at(), **given)
        return self._answer(call.whistle_id)

    @extend_schema(request=WhistleReleaseSerializer, responses={200: WhistleSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """A department may leave."""
        call, given = self._call(request, WhistleReleaseSerializer)
        whistles.release(call, by=signed_in(request), at=self._at(), **given)
        return self._answer(call.whistle_id)

    @extend_schema(request=RatingSerializer, responses={200: WhistleSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, pk: str) -> Response:  # noqa: ARG002 -- the view reads it
        """Each side rates the other, once."""
        call, given = self._call(request, RatingSerializer)
        whistles.rate(call, by=signed_in(request), at=self._at(), **given)
        return self._answer(call.whistle_id)

    def _call(
        self, request: Request, said: type[serializers.Serializer]
    ) -> tuple[WhistleCall, dict[str, Any]]:
        """The call that the input names, and the rest of what it says."""
        row = self.get_object()  # first: who may not see it learns nothing from its shape
        given = self.read_input(request, said)
        call = get_object_or_404(row.calls.select_related("body"), body__code=given.pop("body"))
        call.whistle = row
        return call, given

    def _at(self) -> Any:
        return self.get_serializer_context()["at"]
