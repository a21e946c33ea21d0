"""What comes in with moves by which several bodies work on one case: its shape only."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cases.api.inputs import MOST_FEN, MatterSerializer
from cases.api.serializers import post_field
from cases.models import Case, Task
from cases.services.splitting import FEWEST, MOST
from funding.models import Line
from organizations.models import Body


def _task_field() -> serializers.PrimaryKeyRelatedField:
    return serializers.PrimaryKeyRelatedField(
        queryset=Task.objects.filter(kind=Task.Kind.ASSIST),
        required=False,
        help_text=_("Needed where the case has several assistants."),
    )


class TaskInput(serializers.Serializer):
    task = _task_field()


class TaskNoteInput(TaskInput):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class TaskReasonInput(TaskInput):
    note = serializers.CharField(max_length=2000)


class AssistSerializer(serializers.Serializer):
    post = post_field()
    note = serializers.CharField(max_length=500, help_text=_("What is wanted of them."))
    points = serializers.IntegerField(min_value=1, max_value=20, required=False)
    cost = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, required=False, help_text=_("Fen.")
    )
    line: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", queryset=Line.objects.all(), required=False
    )
    due_at = serializers.DateTimeField(required=False)
    beyond_capacity = serializers.BooleanField(required=False)


class AssistReportSerializer(TaskInput):
    result = serializers.CharField(max_length=10_000)
    actual = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, required=False, help_text=_("What it cost, in fen.")
    )


class TransferSerializer(serializers.Serializer):
    post = post_field()
    note = serializers.CharField(max_length=1000)
    beyond_capacity = serializers.BooleanField(required=False)


class SuperviseSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2000)
    hours = serializers.IntegerField(
        min_value=1, max_value=400, required=False, help_text=_("Working hours for the reply.")
    )


class PartSerializer(MatterSerializer):
    """What is not given is as in the whole; `body`: its head finds the person."""

    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=10_000, required=False)
    body: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", queryset=Body.objects.all(), required=False
    )


class SplitSerializer(serializers.Serializer):
    parts = serializers.ListField(child=PartSerializer(), min_length=FEWEST, max_length=MOST)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class MergeSerializer(serializers.Serializer):
    kept = serializers.CharField(
        max_length=24, help_text=_("Number of the case that is kept; one that the caller sees.")
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    def validate_kept(self, number: str) -> Case:
        request, at = self.context["request"], self.context["at"]
        seen = Case.objects.visible_to(request.user, on=timezone.localdate(at))
        kept = seen.filter(number=number).first()
        if kept is None:
            raise serializers.ValidationError(_("There is no such case for you."))
        return kept
