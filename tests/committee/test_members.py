"""Members and terms."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from committee.models import Member, Term
from committee.services import members
from lib.errors import NotYours, RuleViolation
from organizations.models import ChangeRecord, Message, User
from tests.factories import committee as make
from tests.factories.organizations import LONG_AGO, BodyFactory, UserFactory

TODAY = make.AT.date()


def refused(act, code):
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code


def add(chain, person=None, **values):
    body = values.pop("body", chain.branch)
    by = values.pop("by", chain.secretary)
    person = person or UserFactory()
    return members.add_member(body, person, since=TODAY, by=by, at=make.AT, **values)


def test_a_member_is_added_with_a_record_of_who_did_it(chain):
    row = add(chain)
    record = ChangeRecord.objects.of(row).get()
    assert (row.standing, record.by) == ("full", chain.secretary)


def test_the_secretary_of_the_branch_adds_members_too(chain):
    assert add(chain, by=chain.people[0]).pk


def test_others_do_not(chain):
    with pytest.raises(NotYours):
        add(chain, by=chain.people[1])
    assert Member.objects.count() == 5


def test_nobody_is_a_member_twice_and_one_is_secretary(chain):
    refused(lambda: add(chain, chain.people[1]), "member_already")
    refused(lambda: add(chain, office="secretary"), "invalid")
    assert Member.objects.count() == 5


def test_a_department_has_no_members(chain):
    office = BodyFactory(parent=chain.committee)
    again = User.objects.get(pk=chain.secretary.pk)  # knows the new body
    refused(lambda: add(chain, body=office, by=again), "no_members")


def test_a_resident_is_no_member(chain):
    resident = UserFactory(is_resident=True)
    refused(lambda: add(chain, resident), "resident")


def test_a_branch_is_founded_with_three_full_members(db):
    chain = make.make_chain(people=2)
    begin = lambda: members.begin_term(chain.branch, since=TODAY, by=chain.secretary, at=make.AT)  # noqa: E731
    refused(begin, "too_few_members")
    add(chain, standing="probationary")
    refused(begin, "too_few_members")
    add(chain)
    term = begin()
    assert (term.number, term.valid_to) == (1, datetime.date(2031, 3, 2))


def test_a_renewal_ends_the_term_before(chain):
    first = members.begin_term(chain.branch, since=LONG_AGO, by=chain.secretary, at=make.AT)
    second = members.begin_term(
        chain.branch, since=datetime.date(2024, 1, 1), by=chain.secretary, at=make.AT
    )
    first.refresh_from_db()
    assert (first.valid_to, second.number) == (datetime.date(2024, 1, 1), 2)
    back = lambda: members.begin_term(  # noqa: E731
        chain.branch, since=LONG_AGO, by=chain.secretary, at=make.AT
    )
    refused(back, "term_order")


def test_bodies_without_a_rule_have_no_terms(chain):
    act = lambda: members.begin_term(  # noqa: E731
        chain.committee, since=TODAY, by=chain.secretary, at=make.AT
    )
    refused(act, "no_rule")


def test_a_renewal_that_is_due_is_listed_and_told_once(chain):
    since = datetime.date(2021, 4, 1)
    term = members.begin_term(chain.branch, since=since, by=chain.secretary, at=make.AT)
    assert members.due_terms(on=datetime.date(2025, 9, 1)) == []
    assert members.due_terms({chain.branch.pk}, on=TODAY) == [term]
    assert members.due_terms({chain.office.pk}, on=TODAY) == []
    assert members.tell_of_terms(at=make.AT) == 1
    assert members.tell_of_terms(at=make.AT) == 0
    message = Message.objects.get(kind="term-ends")
    assert message.to == chain.people[0]


def test_a_renewed_term_is_not_due(chain):
    members.begin_term(
        chain.branch, since=datetime.date(2021, 4, 1), by=chain.secretary, at=make.AT
    )
    members.begin_term(chain.branch, since=TODAY, by=chain.secretary, at=make.AT)
    assert members.due_terms(on=TODAY) == []


@pytest.mark.parametrize("years", [6, 0, None])
def test_the_database_refuses_terms_of_more_than_five_years_or_without_end(chain, years):
    end = None if years is None else datetime.date(2020 + years, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(body=chain.branch, number=1, valid_from=LONG_AGO, valid_to=end)


def test_the_database_refuses_a_probationary_secretary(chain):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(
            body=chain.committee, person=UserFactory(), valid_from=LONG_AGO,
            standing="probationary", office="deputy",
        )  # fmt: skip
