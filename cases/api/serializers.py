"""Cases as JSON. Everything that goes out is read-only; personal details are masked by role."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases import services
from cases.models import Case, CaseEvent, Photo, Reporter, Task
from lib.masking import mask_address, mask_mobile, mask_name, mask_text
from organizations.models import Post


class PlaceSerializer(serializers.ModelSerializer):
    """A case's place: the point (WGS-84), the codes of what it lies in, and how it was found."""

    town: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    community: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    grid: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )

    class Meta:
        model = Case
        fields = ["lon", "lat", "town", "community", "grid", "place_origin"]
        read_only_fields = fields


class CaseSerializer(serializers.ModelSerializer):
    """A case as lists show it."""

    place = PlaceSerializer(source="*", read_only=True)
    category: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    lead_body: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )

    class Meta:
        model = Case
        fields = [
            "number",
            "state",
            "desk",
            "refusal",
            "channel",
            "urgency",
            "publicity",
            "title",
            "category",
            "standard",
            "place",
            "lead_body",
            "lead_post",
            "returns",
            "reworks",
            "created_at",
            "filed_at",
            "dispatched_at",
            "signed_at",
            "reported_at",
            "confirmed_at",
            "ended_at",
            "sign_due_at",
            "handle_due_at",
        ]
        read_only_fields = fields


class ReporterSerializer(serializers.ModelSerializer):
    class Meta:
        model = Reporter
        fields = ["name", "phone"]
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer):
    """Work and its money (fen); `missing` is what the hold lacks."""

    body: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )

    class Meta:
        model = Task
        fields = [
            "id",
            "kind",
            "state",
            "wanted",
            "body",
            "post",
            "points",
            "estimate",
            "actual",
            "missing",
            "unfunded",
            "result",
            "made_at",
            "ended_at",
        ]
        read_only_fields = fields


class PhotoSerializer(serializers.ModelSerializer):
    class Meta:
        model = Photo
        fields = ["id", "kind", "width", "height", "size", "sha256", "at", "is_public"]
        read_only_fields = fields


class CaseDetailSerializer(CaseSerializer):
    """One case, with its words, work and photos, and the moves that the reader may make.

    Who does not have to call back reads text, address and reporter masked; `reveal` shows the
    reporter in full, on the record.
    """

    text = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()
    reporter = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()
    tasks = serializers.SerializerMethodField()
    photos = PhotoSerializer(many=True, read_only=True)

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields,
            "text",
            "public_text",
            "address",
            "reporter",
            "tasks",
            "photos",
            "moves",
        ]
        read_only_fields = fields

    def _knows(self, case: Case) -> bool:
        user, at = self.context["request"].user, self.context["at"]
        return services.may_know_reporter(user, case, at=at)

    def get_text(self, case: Case) -> str:
        return case.text if self._knows(case) else mask_text(case.text)

    def get_address(self, case: Case) -> str:
        return case.address if self._knows(case) else mask_address(case.address)

    @extend_schema_field(ReporterSerializer)
    def get_reporter(self, case: Case) -> dict[str, str]:
        reporter = getattr(case, "reporter", None)
        if reporter is None:
            return {"name": "", "phone": ""}
        return {"name": mask_name(reporter.name), "phone": mask_mobile(reporter.phone)}

    @extend_schema_field(TaskSerializer(many=True))
    def get_tasks(self, case: Case) -> list[dict[str, Any]]:
        rows = [dict(row) for row in TaskSerializer(case.tasks.all(), many=True).data]
        if not self._knows(case):
            rows = [{**row, "result": mask_text(row["result"])} for row in rows]
        return rows

    def get_moves(self, case: Case) -> list[str]:
        return services.moves_for(self.context["request"].user, case, at=self.context["at"])


class CreatedSerializer(CaseSerializer):
    """What the creator gets: the only answer that holds the query code."""

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "query_code"]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer):
    """An event of a case's history; `hash` covers the event and `previous_hash`."""

    by: serializers.StringRelatedField = serializers.StringRelatedField()
    note = serializers.SerializerMethodField()

    class Meta:
        model = CaseEvent
        fields = [
            "number",
            "move",
            "from_state",
            "to_state",
            "by",
            "at",
            "note",
            "facts",
            "previous_hash",
            "hash",
        ]
        read_only_fields = fields

    def get_note(self, event: CaseEvent) -> str:
        row: Any = getattr(event, "note_row", None)
        text = row.text if row is not None else ""
        return text if self.context.get("knows") else mask_text(text)


def post_field(**options: Any) -> serializers.PrimaryKeyRelatedField:
    return serializers.PrimaryKeyRelatedField(queryset=Post.objects.all(), **options)
