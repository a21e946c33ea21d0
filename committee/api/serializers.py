"""Meetings, decisions, tasks and new organisations as JSON."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from committee.models import (
    AgendaItem,
    Ballot,
    Decision,
    Directive,
    Invitation,
    Meeting,
    NewOrganisation,
)
from committee.services.actors import MEETING, TASK
from committee.workflow import Choice
from lib.moving import Way


class PersonField(serializers.StringRelatedField):
    """The name under which a person works here."""


def _moves_of(way: Way[Any], row: Any, context: Mapping[str, Any]) -> list[str]:
    user = context["request"].user
    if isinstance(user, AnonymousUser):
        return []
    return sorted(way.open_to(row, by=user, at=context["at"]))


class SeatSerializer(serializers.ModelSerializer):
    """The reader's own place in a meeting."""

    class Meta:
        model = Invitation
        fields = ["may_vote", "present_at", "excuse"]
        read_only_fields = fields


class MeetingSerializer(serializers.ModelSerializer):
    """`seat`: the reader's own invitation; `moves`: what the reader may do now."""

    body_code = serializers.CharField(source="body.code", read_only=True)
    body_name = serializers.CharField(source="body", read_only=True)
    kind_code = serializers.CharField(source="kind.code", read_only=True)
    chair = PersonField()
    recorder = PersonField()
    seat = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = [
            "id", "number", "body_code", "body_name", "kind_code", "title", "starts_at", "ends_at",
            "place", "chair", "recorder", "state", "reason", "opened_at", "closed_at", "entitled",
            "present", "seat", "moves",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(SeatSerializer(allow_null=True))
    def get_seat(self, row: Meeting) -> Any:
        mine = [one for one in row.invitations.all() if one.person_id == self._reader]
        return SeatSerializer(mine[0]).data if mine else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_moves(self, row: Meeting) -> list[str]:
        return _moves_of(MEETING, row, self.context)

    @property
    def _reader(self) -> int | None:
        pk: int | None = self.context["request"].user.pk
        return pk


class BallotSerializer(serializers.ModelSerializer):
    """Counts stand when it is counted. In a secret one `choice` is null for everybody."""

    has_voted = serializers.SerializerMethodField()
    choice = serializers.SerializerMethodField()

    class Meta:
        model = Ballot
        fields = [
            "id", "motion", "on_people", "is_secret", "state", "opened_at", "closed_at", "entitled",
            "present", "pros", "cons", "abstentions", "passed", "has_voted", "choice",
        ]  # fmt: skip
        read_only_fields = fields

    def get_has_voted(self, row: Ballot) -> bool:
        """Whether the reader has."""
        given: list[Any] = [*row.voices.all(), *row.turnout.all()]
        return any(one.invitation.person_id == self._reader for one in given)

    @extend_schema_field(serializers.ChoiceField(choices=Choice.choices, allow_null=True))
    def get_choice(self, row: Ballot) -> str | None:
        """The reader's own voice in an open vote."""
        mine = (one for one in row.voices.all() if one.invitation.person_id == self._reader)
        return next((one.choice for one in mine), None)

    @property
    def _reader(self) -> int | None:
        pk: int | None = self.context["request"].user.pk
        return pk


class PointSerializer(serializers.ModelSerializer):
    ballots = BallotSerializer(many=True, read_only=True)

    class Meta:
        model = AgendaItem
        fields = ["id", "position", "title", "text", "outcome", "ballots"]
        read_only_fields = fields


class MeetingDetailSerializer(MeetingSerializer):
    """With its agenda, votes and minutes."""

    points = PointSerializer(source="items_in_order", many=True, read_only=True)

    class Meta(MeetingSerializer.Meta):
        fields = [*MeetingSerializer.Meta.fields, "minutes", "confirmed_at", "points"]
        read_only_fields = fields


class DecisionSerializer(serializers.ModelSerializer):
    """`directives`: numbers of the tasks that it gave."""

    meeting = serializers.IntegerField(source="item.meeting_id", read_only=True)
    body_code = serializers.CharField(source="item.meeting.body.code", read_only=True)
    title = serializers.CharField(source="item.title", read_only=True)
    by = PersonField()
    pros = serializers.IntegerField(source="ballot.pros", read_only=True)
    cons = serializers.IntegerField(source="ballot.cons", read_only=True)
    abstentions = serializers.IntegerField(source="ballot.abstentions", read_only=True)
    directives: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True
    )

    class Meta:
        model = Decision
        fields = [
            "id", "number", "meeting", "body_code", "title", "text", "basis", "at", "by", "pros",
            "cons", "abstentions", "directives",
        ]  # fmt: skip
        read_only_fields = fields


class DirectiveSerializer(serializers.ModelSerializer):
    """`due_on` is the last day; `moves`: what the reader may do now."""

    body_code = serializers.CharField(source="body.code", read_only=True)
    owner = serializers.CharField(read_only=True)
    is_late = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Directive
        fields = [
            "id", "number", "body_code", "decision", "verb", "title", "text", "measure", "owner",
            "issued_at", "due_on", "state", "reason", "percent", "reported_at", "ended_at",
            "is_late", "moves",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_late(self, row: Directive) -> bool:
        day: datetime.date = self.context["today"]
        return row.is_late(day)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_moves(self, row: Directive) -> list[str]:
        return _moves_of(TASK, row, self.context)


class NewOrganisationSerializer(serializers.ModelSerializer):
    """`gap`: what party work lacks there, empty where nothing; `in_form`: covered in form."""

    community_code = serializers.CharField(source="community.code", read_only=True)
    community_name = serializers.CharField(source="community", read_only=True)
    gap = serializers.CharField(read_only=True)
    in_form = serializers.BooleanField(read_only=True)
    is_active = serializers.BooleanField(read_only=True)

    class Meta:
        model = NewOrganisation
        fields = [
            "id", "kind", "name", "uscc", "community_code", "community_name", "staff",
            "party_members", "contact", "phone", "registered_on", "closed_on", "gap", "in_form",
            "is_active",
        ]  # fmt: skip
        read_only_fields = fields


class CoveredSerializer(serializers.Serializer):
    """Counts of a community. Shares are whole per cents, rounded down."""

    community_code = serializers.CharField(source="place.code")
    community_name = serializers.CharField(source="place")
    total = serializers.IntegerField()
    in_form = serializers.IntegerField()
    in_effect = serializers.IntegerField()
    gaps = serializers.IntegerField()
    share_in_form = serializers.IntegerField(allow_null=True)
    share_in_effect = serializers.IntegerField(allow_null=True)
