"""Categories with their filing standards, and the duty list, as JSON. Amounts are whole fen."""

from rest_framework import serializers

from routing.models import Category, DutyEntry, FilingStandard


class StandardSerializer(serializers.ModelSerializer):
    """One filing condition with its limits ([amount, unit]), closing condition, work and cost."""

    skill_code = serializers.CharField(source="skill.code", read_only=True, allow_null=True)
    purpose_code = serializers.CharField(source="purpose.code", read_only=True, allow_null=True)

    class Meta:
        model = FilingStandard
        fields = [
            "id", "rank", "condition", "condition_en", "closing_condition", "closing_condition_en",
            "sign_limit", "sign_unit", "handle_limit", "handle_unit", "urgent", "points",
            "skill_code", "cost", "purpose_code", "photo_before", "photo_after", "contact_first",
            "legal_basis",
        ]  # fmt: skip
        read_only_fields = fields


class CategorySerializer(serializers.ModelSerializer):
    """A small class; `large_code` is the large class above it."""

    large_code = serializers.CharField(source="parent.code", read_only=True, allow_null=True)
    standards = StandardSerializer(source="standards_now", many=True, read_only=True)

    class Meta:
        model = Category
        fields = [
            "id", "code", "national_code", "large_code", "name", "name_en", "keywords",
            "is_emergency", "files_automatically", "publicity", "standards",
        ]  # fmt: skip
        read_only_fields = fields


class DutySerializer(serializers.ModelSerializer):
    """Who leads and assists for a category (null: every matter) in a territory, by code."""

    category_code = serializers.CharField(source="category.code", read_only=True, allow_null=True)
    territory_code = serializers.CharField(source="territory.code", read_only=True)
    territory_name = serializers.CharField(source="territory.name", read_only=True)
    lead_code = serializers.CharField(source="lead.code", read_only=True)
    lead_name = serializers.CharField(source="lead.name", read_only=True)
    lead_name_en = serializers.CharField(source="lead.name_en", read_only=True)
    payer_code = serializers.CharField(source="payer.code", read_only=True, allow_null=True)
    assistant_codes = serializers.SerializerMethodField()

    class Meta:
        model = DutyEntry
        fields = [
            "id", "category_code", "territory_code", "territory_name", "lead_code", "lead_name",
            "lead_name_en", "assistant_codes", "payer_code", "origin", "legal_basis", "valid_from",
            "valid_to",
        ]  # fmt: skip
        read_only_fields = fields

    def get_assistant_codes(self, entry: DutyEntry) -> list[str]:
        return sorted(body.code for body in entry.assistants.all())
