"""What a matter is and who must do it: published to everybody, as duty lists are."""

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from routing.api.filters import CategoryFilter, DutyFilter
from routing.api.serializers import CategorySerializer, DutySerializer
from routing.models import Category, DutyEntry
from routing.models.catalogue import CategoryQuerySet


class CategoryViewSet(ReadOnlyModelViewSet):
    """Small classes that hold today, each with its filing standards."""

    queryset = Category.objects.none()
    serializer_class = CategorySerializer
    permission_classes = [AllowAny]
    filterset_class = CategoryFilter
    lookup_field = "code"
    keyset_order = ("pk",)

    def get_queryset(self) -> QuerySet[Category]:
        today = timezone.localdate()
        rows: CategoryQuerySet = Category.objects.small_classes().valid_on(today)
        return rows.with_standards(today)


class DutyViewSet(ReadOnlyModelViewSet):
    """Entries of the duty list that hold today, precedents among them."""

    queryset = DutyEntry.objects.none()
    serializer_class = DutySerializer
    permission_classes = [AllowAny]
    filterset_class = DutyFilter
    keyset_order = ("pk",)

    def get_queryset(self) -> QuerySet[DutyEntry]:
        return DutyEntry.objects.valid_on(timezone.localdate()).with_names()
