"""New economic and social organisations: register, coverage, gaps that are mended."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from committee import coverage
from committee.models import Activity, Instructor, NewOrganisation, PartySetup
from committee.services import two_new
from lib.errors import NotYours, RuleViolation
from organizations.models import ChangeRecord
from tests.factories import committee as make
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import UserFactory

AT = make.AT
TODAY = AT.date()
YEAR = datetime.timedelta(days=365)


def refused(act, code):
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code


def gap_of(row, on=TODAY):
    rows = NewOrganisation.objects.filter(pk=row.pk)
    return rows.judged(two_new.rule_on(on), on=on).get().gap


def sent(chain, row, person=None, **values):
    dates = {"since": TODAY, "until": TODAY + YEAR, **values}
    return two_new.send_instructor(row, person or UserFactory(), by=chain.secretary, at=AT, **dates)


def held(chain, row, day=TODAY, **values):
    given = {"held_on": day, "title": "主题党日", "attended": 12, **values}
    return two_new.record_activity(row, by=values.pop("by", chain.worker), at=AT, **given)


def set_up(chain, row, form="own", **values):
    given = {"form": form, "branch": "电子公司党支部", "since": TODAY, **values}
    return two_new.set_up(row, by=chain.secretary, at=AT, **given)


def test_the_worker_of_the_place_registers_and_changes(chain):
    row = make.organisation(chain)
    assert row.town == chain.town
    assert ChangeRecord.objects.of(row).count() == 1
    changed = two_new.change(row, make.facts(chain, staff=50), by=chain.worker, at=AT)
    assert (changed.staff, ChangeRecord.objects.of(row).count()) == (50, 2)


@pytest.mark.parametrize(("values", "code"), [
    ({"uscc": "91441900000000001A"}, "uscc"), ({"party_members": 41}, "members"),
])  # fmt: skip
def test_what_is_wrong_is_refused(chain, values, code):
    refused(lambda: make.organisation(chain, **values), code)
    assert not NewOrganisation.objects.exists()


def test_a_code_stands_on_the_register_once(chain):
    make.organisation(chain)
    refused(lambda: make.organisation(chain, name="y"), "known")


def test_nobody_registers_for_another_place(chain):
    other = TerritoryFactory(community=True, parent=TerritoryFactory(town=True))
    with pytest.raises(NotYours):
        make.organisation(chain, community=other)
    refused(lambda: make.organisation(chain, community=chain.town), "community")
    assert not NewOrganisation.objects.exists()


def test_what_is_missing_follows_from_its_members(chain):
    gaps = [gap_of(make.organisation(chain, n, party_members=n)) for n in range(4)]
    assert gaps == ["instructor", "joint", "joint", "own"]


def test_a_gap_is_mended_in_form_and_then_in_effect(chain):
    row = make.organisation(chain, party_members=4)
    set_up(chain, row)
    assert gap_of(row) == "idle"
    held(chain, row)
    assert gap_of(row) == ""
    assert gap_of(row, TODAY + datetime.timedelta(days=91)) == "idle"


def test_an_instructor_covers_for_his_term(chain):
    row = make.organisation(chain)
    sent(chain, row)
    held(chain, row)
    assert gap_of(row) == ""
    assert gap_of(row, TODAY + YEAR) == "instructor"


def test_three_members_need_a_branch_of_their_own(chain):
    row = make.organisation(chain, party_members=3)
    set_up(chain, row, form="joint")
    assert gap_of(row) == "own"
    set_up(chain, row, since=TODAY + datetime.timedelta(days=1))
    forms = dict(PartySetup.objects.values_list("form", "valid_to"))
    assert forms == {"joint": TODAY + datetime.timedelta(days=1), "own": None}


def test_a_branch_needs_members(chain):
    refused(lambda: set_up(chain, make.organisation(chain, 1, party_members=2)), "too_few_members")
    refused(lambda: set_up(chain, make.organisation(chain, 2), form="joint"), "no_members")


def test_only_the_committee_sets_up_and_sends(chain):
    row = make.organisation(chain, party_members=3)
    with pytest.raises(NotYours):
        two_new.set_up(row, form="own", branch="x", since=TODAY, by=chain.worker, at=AT)
    with pytest.raises(NotYours):
        two_new.send_instructor(
            row, UserFactory(), since=TODAY, until=TODAY + YEAR, by=chain.worker, at=AT
        )


def test_an_instructor_has_no_more_than_the_rule_allows(chain):
    person = UserFactory()
    rows = [make.organisation(chain, n) for n in range(6)]
    for row in rows[:5]:
        sent(chain, row, person)
    refused(lambda: sent(chain, rows[5], person), "too_many")
    refused(lambda: sent(chain, rows[0], person), "instructs_already")
    refused(lambda: sent(chain, rows[5], until=TODAY), "order")
    first = Instructor.objects.get(organisation=rows[0])
    two_new.end_instructor(first, on=TODAY + make.DAY, by=chain.secretary, at=AT)
    later = TODAY + datetime.timedelta(days=2)
    assert sent(chain, rows[5], person, since=later).pk


def test_the_instructor_enters_what_took_place(chain):
    row = make.organisation(chain)
    person = UserFactory()
    with pytest.raises(NotYours):
        two_new.record_activity(row, held_on=TODAY, title="x", attended=1, by=person, at=AT)
    sent(chain, row, person)
    two_new.record_activity(row, held_on=TODAY, title="x", attended=1, by=person, at=AT)
    refused(lambda: held(chain, row, TODAY + datetime.timedelta(days=1)), "in_the_future")
    refused(lambda: held(chain, row, attended=0), "no_words")
    assert Activity.objects.count() == 1


def test_a_closed_organisation_counts_no_more(chain):
    row = make.organisation(chain, party_members=3)
    set_up(chain, row)
    sent(chain, row)
    done = two_new.close(row, on=TODAY, by=chain.worker, at=AT)
    assert done.closed_on == TODAY
    assert not NewOrganisation.objects.existing(TODAY).exists()
    assert not Instructor.objects.valid_on(TODAY + make.DAY).exists()
    refused(lambda: two_new.close(row, on=TODAY, by=chain.worker, at=AT), "closed")


def test_figures_of_communities_and_towns(chain, django_assert_num_queries):
    covered = make.organisation(chain, 1, party_members=3)
    set_up(chain, covered)
    held(chain, covered)
    idle = make.organisation(chain, 2)
    sent(chain, idle)
    make.organisation(chain, 3)
    rows = NewOrganisation.objects.visible_to(chain.worker, on=TODAY)
    rule = two_new.rule_on(TODAY)
    with django_assert_num_queries(2):
        found = coverage.by_community(rows, rule, on=TODAY)
    (one,) = found
    assert (one.place, one.total, one.in_form, one.in_effect, one.gaps) == (
        chain.community, 3, 2, 1, 2,
    )  # fmt: skip
    (town,) = coverage.by_town(found)
    assert (town.place, town.share_in_form, town.share_in_effect) == (chain.town, 66, 33)
    assert coverage.summed([]).share_in_form is None


def test_strangers_see_nothing(chain):
    make.organisation(chain)
    seen = lambda who: NewOrganisation.objects.visible_to(who, on=TODAY).exists()  # noqa: E731
    people = (chain.worker, chain.secretary, chain.head, UserFactory())
    assert [seen(who) for who in people] == [True, True, False, False]


def test_the_database_refuses_more_members_than_people_and_terms_without_end(chain):
    row = make.organisation(chain)
    with pytest.raises(IntegrityError), transaction.atomic():
        NewOrganisation.objects.update(party_members=41)
    with pytest.raises(IntegrityError), transaction.atomic():
        Instructor.objects.create(organisation=row, person=UserFactory(), valid_from=TODAY)
    for form in ("own", "joint"):
        values = {"organisation": row, "form": form, "branch": "x", "valid_from": TODAY}
        if form == "own":
            PartySetup.objects.create(**values)
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            PartySetup.objects.create(**values)
