"""Training as JSON: courses, bases, and whether a certificate holds; nobody's name."""

from typing import Any

from rest_framework import serializers

from talent.models import Certificate, Course, TrainingBase


class CourseSerializer(serializers.ModelSerializer):
    """`free`: places that nobody has taken yet."""

    programme = serializers.CharField(source="programme.code")
    team = serializers.CharField(source="programme.team.code")
    base = serializers.CharField(source="base.code")
    body = serializers.CharField(source="body.name")
    community = serializers.CharField(source="community.code", default=None)
    free = serializers.IntegerField()

    class Meta:
        model = Course
        fields = [
            "id", "title", "title_en", "about", "programme", "team", "base", "body", "community",
            "state", "starts_at", "ends_at", "sign_up_until", "hours", "attend_hours", "places",
            "free", "pass_mark", "full_mark",
        ]  # fmt: skip


class BaseSerializer(serializers.ModelSerializer):
    body = serializers.CharField(source="body.name", default=None)

    class Meta:
        model = TrainingBase
        fields = ["code", "name", "name_en", "address", "seats", "body"]


class CertificateSerializer(serializers.ModelSerializer):
    """What anybody who holds the code may read. The name is on the paper and on the page."""

    course = serializers.IntegerField(source="enrolment.course_id")
    title = serializers.CharField(source="enrolment.course.title")
    programme = serializers.CharField(source="enrolment.course.programme.code")
    body = serializers.CharField(source="body.name")
    issued = serializers.DateTimeField(source="at")
    holds = serializers.SerializerMethodField()
    revoked = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = [
            "number", "course", "title", "programme", "body", "issued", "content_hash", "holds",
            "revoked",
        ]  # fmt: skip

    def get_holds(self, row: Certificate) -> bool:
        return not hasattr(row, "revocation")

    def get_revoked(self, row: Certificate) -> Any:
        """When it was revoked; null: it holds."""
        revocation = getattr(row, "revocation", None)
        return None if revocation is None else revocation.at
