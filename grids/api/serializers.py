"""Shapes of what maps ask and get."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from grids.models import Level
from grids.outlines import Box, Wanted
from lib.api import FiniteField


class PointSerializer(serializers.Serializer):
    """A point in WGS-84."""

    lon = FiniteField(min_value=-180, max_value=180)
    lat = FiniteField(min_value=-90, max_value=90)


class NamedSerializer(serializers.Serializer):
    """A territory by its key, code and name in the language of the request."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()


@extend_schema_serializer(component_name="LocatedPlace")  # a case has a place too
class PlaceSerializer(serializers.Serializer):
    """Where a point lies; null where no outline says."""

    town = NamedSerializer(allow_null=True)
    community = NamedSerializer(allow_null=True)
    grid = NamedSerializer(allow_null=True)


class WantedSerializer(serializers.Serializer):
    """Which outlines a map wants."""

    level = serializers.ChoiceField(
        [Level.TOWN, Level.COMMUNITY, Level.GRID], default=Level.COMMUNITY
    )
    town = serializers.RegexField(r"^\d{6,12}$", required=False, help_text=_("Code of a town."))
    bbox = serializers.CharField(required=False, help_text=_("west,south,east,north in degrees"))

    def validate_bbox(self, value: str) -> Box:
        try:
            west, south, east, north = (float(number) for number in value.split(","))
        except ValueError:
            raise serializers.ValidationError(
                _("Give four numbers: west,south,east,north.")
            ) from None
        if not (west < east and south < north):
            raise serializers.ValidationError(_("Give four numbers: west,south,east,north."))
        return west, south, east, north

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["level"] == Level.GRID and not (attrs.get("town") or attrs.get("bbox")):
            raise serializers.ValidationError(
                {"town": [_("Name a town or a box: the city has too many grids for one map.")]}
            )
        return attrs

    def wanted(self) -> Wanted:
        values = self.validated_data
        return Wanted(values["level"], values.get("town", ""), values.get("bbox"))
