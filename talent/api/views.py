"""Training for everybody: courses, bases, and the check of a certificate by its code."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from rest_framework import mixins
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from talent.api.serializers import BaseSerializer, CertificateSerializer, CourseSerializer
from talent.models import Certificate, Course, TrainingBase
from talent.workflow.training import CourseState


class CourseFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=CourseState)
    team = filters.CharFilter(field_name="programme__team__code")
    base = filters.CharFilter(field_name="base__code")

    class Meta:
        model = Course
        fields = ["state", "team", "base"]


class CourseViewSet(ReadOnlyModelViewSet):
    """Courses that were opened, the newest first. Planned ones are nobody's yet."""

    queryset = Course.objects.none()
    serializer_class = CourseSerializer
    permission_classes = [AllowAny]
    filterset_class = CourseFilter

    def get_queryset(self) -> QuerySet[Course]:
        return Course.objects.public().with_names()


class BaseViewSet(ReadOnlyModelViewSet):
    """Bases of practical training that there are today."""

    queryset = TrainingBase.objects.none()
    serializer_class = BaseSerializer
    permission_classes = [AllowAny]
    lookup_field = "code"
    keyset_order = ("pk",)

    def get_queryset(self) -> QuerySet[TrainingBase]:
        today: datetime.date = timezone.localdate()
        return TrainingBase.objects.valid_on(today).select_related("body")


class CertificateViewSet(mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Whether the certificate with a code holds. There is no list of them."""

    queryset = Certificate.objects.none()
    serializer_class = CertificateSerializer
    permission_classes = [AllowAny]
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Za-z]{1,20}"

    def get_queryset(self) -> QuerySet[Certificate]:
        return Certificate.objects.with_names()

    def get_object(self) -> Certificate:
        self.kwargs["code"] = self.kwargs["code"].upper()
        found: Certificate = super().get_object()
        return found
