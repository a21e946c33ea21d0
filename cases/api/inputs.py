"""What comes in with each request: its shape only. Rules are the services'."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cases.api.serializers import post_field
from cases.models import Channel, Photo, Reason, Urgency
from funding.models import Line, Purpose
from grids.models import Level, Territory
from lib.api import FiniteField
from organizations.models import Body
from routing.models import Category, FilingStandard
from routing.models.catalogue import Publicity

MOST_FEN = 10**13


class MatterSerializer(serializers.Serializer):
    """What is said about a matter; the place by point (WGS-84), or by code, or in the address."""

    category: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Category.objects.small_classes(),
        required=False,
        allow_null=True,
    )
    standard = serializers.PrimaryKeyRelatedField(
        queryset=FilingStandard.objects.select_related("category"), required=False
    )
    lon = FiniteField(required=False, min_value=-180, max_value=180)
    lat = FiniteField(required=False, min_value=-90, max_value=90)
    territory: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Territory.objects.filter(level__in=[Level.TOWN, Level.COMMUNITY, Level.GRID]),
        required=False,
        help_text=_("Code of a grid, community or town."),
    )
    address = serializers.CharField(required=False, max_length=200, allow_blank=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    publicity = serializers.ChoiceField(choices=Publicity.choices, required=False)


class NewCaseSerializer(MatterSerializer):
    title = serializers.CharField(max_length=120, required=False)
    text = serializers.CharField(max_length=10_000)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    reporter_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    reporter_phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    client_key = serializers.CharField(
        max_length=60,
        required=False,
        help_text=_("Made by the caller; the same key again answers with the same case."),
    )


class NothingSerializer(serializers.Serializer):
    """No content."""


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReasonSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2000)


class ReleaseSerializer(ReasonSerializer):
    category: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", queryset=Category.objects.small_classes(), required=False
    )


class TextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=10_000)


class PublicTextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=10_000, allow_blank=True)
    photos: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        queryset=Photo.objects.all(),
        many=True,
        required=False,
        help_text=_("Keys of the photos that everybody may see; without it they stay as they are."),
    )


class CorrectionSerializer(MatterSerializer):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OrderSerializer(serializers.Serializer):
    post = post_field()
    standard = serializers.PrimaryKeyRelatedField(
        queryset=FilingStandard.objects.select_related("category", "purpose"), required=False
    )
    cost = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, required=False, help_text=_("Fen; replaces the estimate.")
    )


class DispatchSerializer(OrderSerializer):
    line = serializers.SlugRelatedField(
        slug_field="code", queryset=Line.objects.all(), required=False
    )
    beyond_capacity = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ActFirstSerializer(OrderSerializer):
    reason = serializers.CharField(max_length=300)


class SettleSerializer(serializers.Serializer):
    lead: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", queryset=Body.objects.all()
    )
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class FundSerializer(serializers.Serializer):
    line = serializers.SlugRelatedField(
        slug_field="code", queryset=Line.objects.all(), required=False
    )
    purpose = serializers.SlugRelatedField(
        slug_field="code", queryset=Purpose.objects.all(), required=False
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReassignSerializer(serializers.Serializer):
    post = post_field()
    beyond_capacity = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ListedReasonSerializer(ReasonSerializer):
    reason: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        queryset=Reason.objects.all(),
        required=False,
        help_text=_("One of the list, where there is a list for this move."),
    )


class FoundSerializer(NoteSerializer):
    found = serializers.BooleanField()


class ContactSerializer(ReasonSerializer):
    reached = serializers.BooleanField()


class SuspensionSerializer(ReasonSerializer):
    until = serializers.DateTimeField(help_text=_("When the work goes on by itself."))


class ReviewSerializer(NoteSerializer):
    granted = serializers.BooleanField()


class PassSerializer(NoteSerializer):
    condition_met = serializers.BooleanField(default=True)


class AdjudicateSerializer(OrderSerializer):
    line = serializers.SlugRelatedField(
        slug_field="code", queryset=Line.objects.all(), required=False
    )
    reason_to_act_first = serializers.CharField(max_length=300, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000)


class ReportSerializer(serializers.Serializer):
    result = serializers.CharField(max_length=10_000)
    actual = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, required=False, help_text=_("What it cost, in fen.")
    )


class PhotosSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Photo.Kind.choices, default=Photo.Kind.BEFORE)
    files = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=10)
