"""Quorum and majority are exact; reference data loads once."""

from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from committee.models import CoverageRule, MeetingKind, TermRule
from committee.models.rules import reaches
from committee.services.reference import load_reference
from organizations.models import User
from organizations.services.reference import load_reference as load_organizations
from tests.factories.organizations import LONG_AGO, BodyFactory

HALF, THIRDS = Fraction(1, 2), Fraction(2, 3)


@pytest.mark.parametrize(("count", "of", "share", "over", "enough"), [
    (5, 10, HALF, False, True),
    (5, 10, HALF, True, False),
    (6, 10, HALF, True, True),
    (4, 9, HALF, False, False),
    (2, 3, THIRDS, False, True),
    (2, 3, THIRDS, True, False),
    (66, 100, THIRDS, False, False),
    (67, 100, THIRDS, False, True),
    (0, 0, HALF, False, False),
    (0, 0, Fraction(0), False, True),
])  # fmt: skip
def test_shares_are_counted_without_rounding(count, of, share, over, enough):
    assert reaches(count, of, share, over=over) is enough


def load(loader):
    return loader(by=User.objects.system(), at=timezone.now())


def test_reference_data_loads_once_and_knows_every_kind_of_body_it_names(db):
    load(load_organizations)
    assert load(load_reference) == 13
    assert load(load_reference) == 0
    empty = [kind.code for kind in MeetingKind.objects.all() if not kind.body_kinds.exists()]
    assert empty == []
    assembly = MeetingKind.objects.get(code="members-assembly")
    assert assembly.has_quorum(5, 10)
    assert not assembly.has_quorum(4, 10)
    assert assembly.passes(6, present=6, entitled=10)
    assert not assembly.passes(5, present=6, entitled=10)


def test_a_body_holds_the_meetings_of_its_kind_only(db):
    load(load_organizations)
    load(load_reference)
    from organizations.models import BodyKind

    branch = BodyFactory(kind=BodyKind.objects.get(code="grid-party"))
    codes = MeetingKind.objects.held_by(branch, on=timezone.localdate()).values_list("code")
    assert {code for (code,) in codes} == {
        "members-assembly", "branch-committee", "party-lesson", "joint-meeting",
    }  # fmt: skip


@pytest.mark.parametrize("values", [
    {"quorum_part": 3, "quorum_whole": 2}, {"majority_whole": 0}, {"every_months": 5},
    {"valid_to": LONG_AGO},
])  # fmt: skip
def test_the_database_refuses_shares_above_one_and_odd_parts_of_a_year(db, values):
    row = MeetingKind(code="x", name="x", name_en="x", attends="all", valid_from=LONG_AGO)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_database_refuses_rules_without_numbers(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverageRule.objects.create(valid_from=LONG_AGO, own_from=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermRule.objects.create(body_kind=BodyFactory().kind, valid_from=LONG_AGO, term_years=0)
