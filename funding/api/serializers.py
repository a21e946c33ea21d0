"""Lines and holds as JSON. Amounts are whole fen."""

from rest_framework import serializers

from funding.models import Entry, Hold, Line


class LineSerializer(serializers.ModelSerializer):
    """A budget line with its buckets; `received` is their sum."""

    source_code = serializers.CharField(source="source.code", read_only=True)
    body_code = serializers.CharField(source="body.code", read_only=True)
    territory_code = serializers.CharField(source="territory.code", read_only=True, allow_null=True)
    purposes = serializers.SerializerMethodField()

    class Meta:
        model = Line
        fields = [
            "id", "code", "name", "name_en", "source_code", "body_code", "territory_code",
            "purposes", "valid_from", "valid_to", "received", "available", "reserved", "payable",
            "spent", "version", "head",
        ]  # fmt: skip
        read_only_fields = fields

    def get_purposes(self, line: Line) -> list[str]:
        return sorted(row.purpose.code for row in line.purposes.all())


class HoldSerializer(serializers.ModelSerializer):
    """Money kept for one piece of work, named by `subject_kind` and `subject_key`."""

    line_code = serializers.CharField(source="line.code", read_only=True)
    purpose_code = serializers.CharField(source="purpose.code", read_only=True)
    released = serializers.IntegerField(read_only=True)

    class Meta:
        model = Hold
        fields = [
            "id", "line_code", "purpose_code", "subject_kind", "subject_key", "amount", "open",
            "payable", "paid", "released", "made_at", "expires_at",
        ]  # fmt: skip
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer):
    """One movement; `hash` covers it and the hash of the entry before."""

    key = serializers.CharField(source="posting.key", read_only=True)
    kind = serializers.CharField(source="posting.kind", read_only=True)
    at = serializers.DateTimeField(source="posting.at", read_only=True)
    purpose_code = serializers.CharField(source="purpose.code", read_only=True, allow_null=True)

    class Meta:
        model = Entry
        fields = [
            "number", "at", "kind", "key", "position", "hold", "purpose_code", "source_bucket",
            "target_bucket", "amount", "previous_hash", "hash",
        ]  # fmt: skip
        read_only_fields = fields
