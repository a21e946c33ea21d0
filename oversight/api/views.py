"""`/api/v1/oversight/indicators/`: the numbers of the page, read only."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from organizations.http import signed_in
from oversight.figures import numbers_of
from oversight.forms.indicators import OF, IndicatorForm
from oversight.measures import MEASURES, RATES, total
from oversight.periods import Kind
from oversight.subjects import reach_of, root_of, subjects_of


class SubjectNumbersSerializer(serializers.Serializer):
    """`rates` are shares from 0 to 1, null where nothing stands below the line."""

    key = serializers.IntegerField()
    name = serializers.CharField()
    numbers = serializers.DictField(child=serializers.IntegerField())
    rates = serializers.DictField(child=serializers.FloatField(allow_null=True))


class IndicatorsSerializer(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField()
    subjects = SubjectNumbersSerializer(many=True)


PARAMETERS = [
    OpenApiParameter("of", OpenApiTypes.STR, enum=list(OF), description="Whose numbers."),
    OpenApiParameter("period", OpenApiTypes.STR, enum=Kind.values, description="Usually month."),
    OpenApiParameter("day", OpenApiTypes.DATE, description="A day in the period; usually today."),
    OpenApiParameter("first", OpenApiTypes.DATE, description="Of a custom period."),
    OpenApiParameter("last", OpenApiTypes.DATE, description="Of a custom period."),
]


class IndicatorView(APIView):
    """Numbers of areas, departments, posts or people within reach of the caller's posts."""

    @extend_schema(parameters=PARAMETERS, responses={200: IndicatorsSerializer})
    def get(self, request: Request) -> Response:
        now, today = timezone.now(), timezone.localdate()
        reach = reach_of(signed_in(request), on=today)
        if root_of(reach) is None:
            raise NotFound
        form = IndicatorForm(request.query_params.dict(), today=today)
        if not form.is_valid():
            raise ValidationError(form.errors.get_json_data())
        of, _group, period = form.asked()
        subjects = subjects_of(reach, of)
        found = numbers_of(of, [one.key for one in subjects], period, now=now)
        rows = [
            {
                "key": one.key,
                "name": one.name,
                "numbers": {code: total((code,), found[one.key]) for code in MEASURES},
                "rates": {code: rate.of(found[one.key]) for code, rate in RATES.items()},
            }
            for one in subjects
        ]
        said = {"first": period.first, "last": period.last, "subjects": rows}
        return Response(IndicatorsSerializer(said).data)
