import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIRequestFactory

from lib.api import FiniteField, KeysetPagination, answer_exception
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Skill
from tests.factories.organizations import SkillFactory


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (
            RuleViolation("No money.", code="no_money"),
            409,
            {"detail": "No money.", "code": "no_money"},
        ),
        (WrongState("Closed."), 409, {"detail": "Closed.", "code": "wrong_state"}),
        (NotYours("Not you."), 403, {"detail": "Not you.", "code": "not_yours"}),
        (ValidationError({"title": ["Too long."]}), 400, {"title": ["Too long."]}),
    ],
)
def test_each_refusal_has_its_status_and_says_why(error, status, body):
    answer = answer_exception(error, {})
    assert (answer.status_code, answer.data) == (status, body)


@pytest.mark.parametrize(("error", "status"), [(Http404(), 404), (PermissionDenied(), 403)])
def test_what_is_not_there_and_what_is_not_for_a_role_differ(error, status):
    assert answer_exception(error, {}).status_code == status


def test_an_error_of_ours_is_not_hidden():
    assert answer_exception(ZeroDivisionError(), {}) is None


class SkillSerializer(serializers.ModelSerializer):
    class Meta:
        model = Skill
        fields = ["code"]


class SkillList(generics.ListAPIView):
    queryset = Skill.objects.all()
    serializer_class = SkillSerializer
    pagination_class = KeysetPagination
    authentication_classes = permission_classes = throttle_classes = filter_backends = []
    keyset_order = ("code",)


def ask(address):
    response = SkillList.as_view()(APIRequestFactory().get(address)).render()
    return response.status_code, json.loads(response.content)


@pytest.mark.django_db
def test_a_list_links_its_next_and_previous_page():
    codes = [SkillFactory(code=code).code for code in "abc"]
    status, first = ask("/?size=2")
    assert (status, [row["code"] for row in first["results"]]) == (200, codes[:2])
    assert first["previous"] is None
    _status, second = ask(first["next"])
    assert [row["code"] for row in second["results"]] == codes[2:]
    assert second["next"] is None
    assert ask(second["previous"])[1]["results"] == first["results"]


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "field"), [("cursor=x", "cursor"), ("size=many", "size")])
def test_a_wrong_cursor_or_size_is_answered_400(query, field):
    status, body = ask(f"/?{query}")
    assert (status, list(body)) == (400, [field])


@pytest.mark.parametrize("said", ["nan", "inf", "-inf"])
def test_a_coordinate_is_a_finite_number(said):
    with pytest.raises(ValidationError):
        FiniteField(min_value=-180, max_value=180).run_validation(said)
