"""`/api/v1/consultation/consultations/XS…/opinions/` and `…/answers/`: read by everybody.

To speak one signs in: a resident for themselves, a clerk of the place for somebody whom they help.
"""

import uuid
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import permissions, serializers, status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from consultation.models import Consultation, DraftArticle, Opinion, OpinionAnswer, Stand
from consultation.opinion_workflow import OpinionState
from consultation.services import opinions as services
from lib.api import REFUSALS
from organizations.api_acting import key_header, key_of
from organizations.http import address_of, signed_in

# Keys of API clients become keys of opinions: those of two people never meet.
_KEYS = uuid.UUID("8f6c1a52-3f0e-4d0e-9a51-0d6a2f4c7b11")
NUMBER = OpenApiParameter(
    "number", OpenApiTypes.STR, OpenApiParameter.PATH, description="Number of the consultation."
)
KEY_HEADER = key_header("At most 60 characters; the same key again answers with the same opinion.")


class OpinionAnswerSerializer(serializers.ModelSerializer):
    """What became of opinions, and why. `opinions`: how many it answers."""

    opinions = serializers.IntegerField(source="answered", read_only=True)

    class Meta:
        model = OpinionAnswer
        fields = ["id", "outcome", "reason", "office", "at", "opinions"]
        read_only_fields = fields


class GivenAnswerSerializer(serializers.ModelSerializer):
    class Meta:
        model = OpinionAnswer
        fields = ["id", "outcome", "reason", "office", "at"]
        read_only_fields = fields


class OpinionSerializer(serializers.ModelSerializer):
    """What somebody said, masked. Of a hidden one the reason stands in place of the text.

    `level`: how well its author was known: 0 not, 1 by telephone, 2 by name, 3 confirmed.
    """

    reply_to = serializers.IntegerField(source="parent_id", read_only=True, allow_null=True)
    article = serializers.CharField(source="article.label", read_only=True, allow_null=True)
    level = serializers.IntegerField(read_only=True)
    is_assisted = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    hidden_for = serializers.CharField(source="hiding.reason", read_only=True, allow_null=True)
    replies = serializers.IntegerField(source="reply_count", read_only=True)
    answer = GivenAnswerSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Opinion
        fields = ["id", "reply_to", "article", "stand", "shown_as", "level", "is_assisted", "state",
                  "text", "hidden_for", "said_at", "edited_at", "likes", "replies",
                  "answer"]  # fmt: skip
        read_only_fields = fields

    def get_is_assisted(self, row: Opinion) -> bool:
        return row.assisted_by_id is not None

    def get_text(self, row: Opinion) -> str | None:
        return None if row.state == OpinionState.HIDDEN else row.public_text


class NewOpinionSerializer(serializers.Serializer):
    """`reply_to`: the opinion replied to; `article`: of the newest draft, by its label (第三条);
    `shown_as`: only for a clerk, how the person wants to be named."""

    text = serializers.CharField(max_length=services.LONGEST)
    stand = serializers.ChoiceField(Stand.choices, default=Stand.OTHER)
    reply_to = serializers.IntegerField(required=False, allow_null=True, default=None)
    article = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    is_confidential = serializers.BooleanField(default=False)
    shown_as = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class OpinionFilter(django_filters.FilterSet):
    stand = django_filters.ChoiceFilter(choices=Stand.choices)
    article = django_filters.CharFilter("article__label")
    answered = django_filters.BooleanFilter("answer", lookup_expr="isnull", exclude=True)
    thread = django_filters.NumberFilter("root")

    class Meta:
        model = Opinion
        fields: list[str] = []


class _OfConsultation(GenericViewSet):
    """Rows of the public consultation of the address."""

    permission_classes = [permissions.AllowAny]
    lookup_value_regex = r"\d+"

    def consultation(self) -> Consultation:
        rows = Consultation.objects.published().select_related("stage")
        return get_object_or_404(rows, number=self.kwargs["number"])


@extend_schema_view(list=extend_schema(parameters=[NUMBER]))
class OpinionViewSet(ListModelMixin, _OfConsultation):
    """Public opinions, newest first, without the replies (`?thread=ID` lists those below one)."""

    queryset = Opinion.objects.none()
    serializer_class = OpinionSerializer
    filterset_class = OpinionFilter
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Opinion]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Opinion.objects.filter(consultation=self.consultation()).public()
        rows = rows.select_related("answer", "hiding", "article")
        return rows if "thread" in self.request.query_params else rows.top()

    @extend_schema(
        request=NewOpinionSerializer,
        parameters=[NUMBER, KEY_HEADER],
        responses={201: OpinionSerializer, 200: OpinionSerializer, **REFUSALS},
    )
    def create(self, request: Request, number: str) -> Response:  # noqa: ARG002 -- DRF passes it
        """Say something: 201 with the new opinion, or 200 with the one that the same key made."""
        found = self.consultation()
        if not request.user.is_authenticated:
            raise NotAuthenticated
        given = NewOpinionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        at = timezone.now()
        made = services.say(
            found, self._words(found, given.validated_data), speaker=self._speaker(given), at=at
        )
        code = status.HTTP_201_CREATED if made.said_at == at else status.HTTP_200_OK
        return Response(OpinionSerializer(made).data, status=code)

    def _speaker(self, given: Any) -> services.Speaker:
        user = signed_in(self.request)
        if user.is_resident:
            return services.Speaker(user, address=address_of(self.request))
        return services.Speaker(None, clerk=user, shown_as=given.validated_data["shown_as"])

    def _words(self, found: Consultation, given: dict[str, Any]) -> services.Words:
        return services.Words(
            given["text"], given["stand"], is_confidential=given["is_confidential"],
            key=self._key(), article=_article(found, given["article"]),
            parent=_parent(found, given["reply_to"]),
        )  # fmt: skip

    def _key(self) -> uuid.UUID | None:
        said = key_of(self.request, longest=60)
        return uuid.uuid5(_KEYS, f"{self.request.user.pk}:{said}") if said else None


def _article(found: Consultation, label: str) -> DraftArticle | None:
    if not label:
        return None
    rows = DraftArticle.objects.filter(draft__consultation=found, label=label)
    article = rows.order_by("-draft__number").first()
    if article is None:
        raise Http404
    return article


def _parent(found: Consultation, key: int | None) -> Opinion | None:
    if key is None:
        return None
    return get_object_or_404(Opinion.objects.filter(consultation=found).public(), pk=key)


@extend_schema_view(list=extend_schema(parameters=[NUMBER]))
class OpinionAnswerViewSet(ListModelMixin, _OfConsultation):
    """What the host answered, newest first; one answer may answer many opinions."""

    queryset = OpinionAnswer.objects.none()
    serializer_class = OpinionAnswerSerializer
    filterset_class = None
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[OpinionAnswer]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        given = OpinionAnswer.objects.filter(consultation=self.consultation())
        public = Q(opinions__is_confidential=False)
        rows = given.annotate(answered=Count("opinions", filter=public))
        return rows.filter(answered__gt=0)
