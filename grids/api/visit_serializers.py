"""Shapes of visits: what a telephone brings, what it takes along."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from grids.models import Finding, Visit, VisitForm, VisitKind, VisitPlan, VisitTarget
from grids.services import CheckIn, Found, Report, SentPhoto
from lib.api import FiniteField

MOST_PHOTOS = 12


def _nothing() -> Any:
    """An empty list: the field of DRF is typed for mappings only."""
    return []


class FoundSerializer(serializers.Serializer):
    """Something found: `settled` says what was done on the spot, `to_case` asks for a case."""

    text = serializers.CharField(max_length=1000)
    category = serializers.CharField(max_length=60, required=False, allow_blank=True)
    settled = serializers.CharField(max_length=300, required=False, allow_blank=True)
    to_case = serializers.BooleanField(required=False, default=False)
    lon = FiniteField(required=False, allow_null=True, min_value=-180, max_value=180)
    lat = FiniteField(required=False, allow_null=True, min_value=-90, max_value=90)


class NewVisitSerializer(serializers.Serializer):
    """A visit. As JSON, or with photos as `multipart/form-data` (there `answers`, `findings` and
    `photo_of` are JSON texts)."""

    client_key = serializers.CharField(
        max_length=70,
        help_text=_("Made by the caller; the same key again answers with the same visit."),
    )
    target = serializers.PrimaryKeyRelatedField(queryset=VisitTarget.objects.select_related("grid"))
    form = serializers.PrimaryKeyRelatedField(
        queryset=VisitForm.objects.select_related("kind"),
        help_text=_("The version of the form that was filled in."),
    )
    at = serializers.DateTimeField(help_text=_("When somebody was there, by the device's clock."))
    lon = FiniteField(required=False, allow_null=True, min_value=-180, max_value=180)
    lat = FiniteField(required=False, allow_null=True, min_value=-90, max_value=90)
    accuracy_m = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=100_000
    )
    far_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    answers = serializers.JSONField(required=False, default=dict)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    findings = serializers.JSONField(required=False, default=_nothing)
    photos = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=MOST_PHOTOS
    )
    photo_of = serializers.JSONField(
        required=False,
        default=_nothing,
        help_text=_("For each photo the key of its question, or the place of its finding (0 …)."),
    )

    def validate_answers(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError(_("Give answers by the keys of their questions."))
        return value

    def validate_findings(self, value: Any) -> list[Found]:
        given = FoundSerializer(data=value, many=True)
        given.is_valid(raise_exception=True)
        return [Found(**row) for row in given.validated_data]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("lon") is None) != (attrs.get("lat") is None):
            raise serializers.ValidationError(_("A point needs both longitude and latitude."))
        photos, named = attrs.get("photos", []), attrs["photo_of"]
        if not isinstance(named, list) or len(named) != len(photos):
            raise serializers.ValidationError({"photo_of": [_("Say of each photo what it shows.")]})
        count = len(attrs["findings"])
        if any(not isinstance(one, str) and one not in range(count) for one in named):
            raise serializers.ValidationError({"photo_of": [_("There is no such finding.")]})
        return attrs


def check_in_of(given: Mapping[str, Any]) -> CheckIn:
    return CheckIn(
        at=given["at"],
        lon=given.get("lon"),
        lat=given.get("lat"),
        accuracy_m=given.get("accuracy_m"),
        far_reason=given.get("far_reason", ""),
    )


def report_of(given: Mapping[str, Any]) -> Report:
    pairs = zip(given.get("photos", []), given["photo_of"], strict=True)
    photos = [
        SentPhoto(file, question=of) if isinstance(of, str) else SentPhoto(file, finding=of)
        for file, of in pairs
    ]
    return Report(
        client_key=given["client_key"],
        answers=given["answers"],
        note=given.get("note", ""),
        findings=given["findings"],
        photos=photos,
    )


class FindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Finding
        fields = ["id", "text", "category", "state", "remark"]


class VisitSerializer(serializers.ModelSerializer):
    kind: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    target: serializers.StringRelatedField = serializers.StringRelatedField()
    grid: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    by: serializers.StringRelatedField = serializers.StringRelatedField()
    findings = FindingSerializer(many=True, read_only=True)

    class Meta:
        model = Visit
        fields = [
            "id", "client_key", "kind", "target", "grid", "by", "at", "received_at", "lon", "lat",
            "accuracy_m", "distance_m", "far_reason", "answers", "note", "state", "findings",
        ]  # fmt: skip


class FormVersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = VisitForm
        fields = ["id", "number", "questions"]


class TakenKindSerializer(serializers.ModelSerializer):
    form = FormVersionSerializer(allow_null=True, read_only=True)

    class Meta:
        model = VisitKind
        fields = ["id", "code", "name", "name_en", "icon", "target_kind", "farthest_m", "form"]


class TakenTargetSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)
    grid: serializers.StringRelatedField = serializers.StringRelatedField()

    class Meta:
        model = VisitTarget
        fields = ["id", "name", "address", "note", "grid", "lon", "lat"]


class TakenPlanSerializer(serializers.ModelSerializer):
    target = TakenTargetSerializer(read_only=True)
    is_late = serializers.SerializerMethodField()

    class Meta:
        model = VisitPlan
        fields = ["id", "kind", "target", "due_on", "last_at", "is_late"]

    def get_is_late(self, plan: VisitPlan) -> bool:
        day: datetime.date = self.context.get("today") or timezone.localdate()
        return plan.due_on < day


class TakenSerializer(serializers.Serializer):
    """What a telephone takes along: everything that is needed without a connection."""

    day = serializers.DateField()
    kinds = TakenKindSerializer(many=True)
    plans = TakenPlanSerializer(many=True)
