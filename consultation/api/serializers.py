"""What everybody may read about consultations, commitments and project calls, as JSON.

No person is named: bodies answer, residents' words stand as they were released.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consultation.models import Adoption, Commitment, Consultation, Idea, ProjectCall, Stage
from consultation.progress import why


class StageSerializer(serializers.ModelSerializer):
    """A step of a consultation; `phase`: before, during or after."""

    name = serializers.CharField(source="__str__", read_only=True)
    phase = serializers.CharField(read_only=True)

    class Meta:
        model = Stage
        fields = ["order", "key", "kind", "phase", "name", "state", "opened_at", "due_at",
                  "done_at"]  # fmt: skip
        read_only_fields = fields


class AdoptionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Adoption
        fields = ["number", "verdict", "reasons", "to_dissent", "at"]
        read_only_fields = fields


class ConsultationSerializer(serializers.ModelSerializer):
    """A consultation that has begun."""

    form = serializers.CharField(source="blueprint.form", read_only=True)
    body = serializers.CharField(source="body.code", read_only=True)
    town = serializers.CharField(source="town.code", read_only=True, allow_null=True)
    community = serializers.CharField(source="community.code", read_only=True, allow_null=True)
    stage = serializers.CharField(source="stage.key", read_only=True, allow_null=True)

    class Meta:
        model = Consultation
        fields = ["number", "title", "text", "form", "body", "town", "community", "state", "stage",
                  "started_at", "due_at", "ended_at", "version", "head"]  # fmt: skip
        read_only_fields = fields


class ConsultationDetailSerializer(ConsultationSerializer):
    """With its stages, what became of its result and what was promised."""

    stages = serializers.SerializerMethodField()
    adoptions = AdoptionSerializer(many=True, read_only=True)
    commitments = serializers.SerializerMethodField()

    class Meta(ConsultationSerializer.Meta):
        fields = [*ConsultationSerializer.Meta.fields, "stages", "adoptions", "commitments"]
        read_only_fields = fields

    @extend_schema_field(StageSerializer(many=True))
    def get_stages(self, row: Consultation) -> Any:
        return StageSerializer(row.stages.standing(), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_commitments(self, row: Consultation) -> list[str]:
        return [one.number for one in row.commitments.order_by("pk")]


class CommitmentSerializer(serializers.ModelSerializer):
    """What a body promised. Amounts are whole fen; `kept` was set aside, `actual` is the cost."""

    number = serializers.CharField(read_only=True)
    owner = serializers.CharField(source="owner.code", read_only=True)
    community = serializers.CharField(source="community.code", read_only=True, allow_null=True)
    consultation = serializers.CharField(
        source="consultation.number", read_only=True, allow_null=True
    )
    idea = serializers.CharField(source="idea.number", read_only=True, allow_null=True)
    kept = serializers.IntegerField(read_only=True)
    line = serializers.CharField(source="line.code", read_only=True, allow_null=True)

    class Meta:
        model = Commitment
        fields = ["id", "number", "title", "text", "owner", "community", "consultation", "idea",
                  "state", "share", "promised_on", "due_on", "line", "kept", "actual", "proof",
                  "made_at", "begun_at", "ended_at", "version", "head"]  # fmt: skip
        read_only_fields = fields


class IdeaSerializer(serializers.ModelSerializer):
    """An idea in its released words; its point to three decimals, about a hundred metres."""

    number = serializers.CharField(read_only=True)
    place = serializers.CharField(source="public_place", read_only=True)
    department = serializers.CharField(source="department.code", read_only=True, allow_null=True)
    lon = serializers.SerializerMethodField()
    lat = serializers.SerializerMethodField()
    merged_into = serializers.CharField(
        source="merged_into.number", read_only=True, allow_null=True
    )
    why = serializers.SerializerMethodField()

    class Meta:
        model = Idea
        fields = ["number", "public_title", "public_text", "place", "lon", "lat", "guess", "state",
                  "department", "estimate", "finding", "merged_into", "rank", "votes", "left",
                  "why"]  # fmt: skip
        read_only_fields = fields

    def get_lon(self, row: Idea) -> float | None:
        return round(row.lon, 3) if row.lon is not None else None

    def get_lat(self, row: Idea) -> float | None:
        return round(row.lat, 3) if row.lat is not None else None

    def get_why(self, row: Idea) -> str:
        return why(row, row.call)


class ProjectCallSerializer(serializers.ModelSerializer):
    """A call for projects. Amounts are whole fen."""

    number = serializers.CharField(read_only=True)
    body = serializers.CharField(source="body.code", read_only=True)
    town = serializers.CharField(source="town.code", read_only=True)
    community = serializers.CharField(source="community.code", read_only=True, allow_null=True)
    line = serializers.CharField(source="line.code", read_only=True)

    class Meta:
        model = ProjectCall
        fields = ["id", "number", "title", "text", "body", "town", "community", "line", "budget",
                  "most_of_one", "way", "most_choices", "state", "published_at", "ideas_until",
                  "opened_at", "votes_until", "decided_at", "voters", "version",
                  "head"]  # fmt: skip
        read_only_fields = fields


class CommitmentNoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class CommitmentReasonSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=1000)


class CommitmentShareSerializer(CommitmentNoteSerializer):
    share = serializers.IntegerField(min_value=0, max_value=99)


class CommitmentPutOffSerializer(CommitmentReasonSerializer):
    due_on = serializers.DateField()


class CommitmentReportSerializer(serializers.Serializer):
    proof = serializers.CharField(max_length=2000)
    actual = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
