"""One row of everything that stands behind the public pages of money, in the home town."""

from django.utils import timezone

from funding import services
from funding.models import CollectiveOffice
from funding.services.counting import count_entries
from tests.factories import public_money as made
from tests.factories.organizations import LONG_AGO, UserFactory

OURS = (
    "decision_new decision decision_minutes plan_new plan_act donation donation_receipt "
    "donation_act project_new use_report question question_move statement_correct "
    "standard_new standard_check"
)
PUBLIC = "line hold subject statement statement_version project question download"
ADDRESSES = frozenset(
    [f"funding:{name}" for name in OURS.split()]
    + [f"portal:money_{name}" for name in PUBLIC.split()]
)


def examples_at(name, world):
    """(label, arguments) of one address; empty where it is not one of money."""
    if name not in ADDRESSES:
        return []
    return world.of_money[name]


def examples_of(world):
    """{name of the address: [(label, arguments)]}"""
    line = world.town.line
    given, bare, decision, question = _rows(world)
    month = "2026-10"
    one = {name: [("", {"pk": pk})] for name, pk in _by_key(world, given, bare, decision, question)}
    return {
        **one,
        "funding:donation_act": _acts(given.pk, "confirm", "refuse", "hide"),
        "funding:plan_act": _acts(decision.pk, "approve", "pay"),
        "funding:question_move": _acts(question.pk, "release", "decline", "answer"),
        "funding:standard_new": [(kind, {"kind": kind}) for kind in ("pay", "service")],
        "funding:standard_check": [("pay", {"kind": "pay", "pk": world.pay.pk})],
        "portal:money_line": [("", {"code": line.code})],
        "portal:money_hold": [("", {"pk": world.case.tasks.get().hold_id})],
        "portal:money_subject": [
            ("published", {"kind": "case", "key": world.published.pk}),
            ("hidden", {"kind": "case", "key": world.case.pk}),
        ],
        "portal:money_statement": [("", {"body": line.body.code, "month": month})],
        "portal:money_statement_version": [
            ("", {"body": line.body.code, "month": month, "version": 1})
        ],
        "portal:money_project": [("", {"code": given.line.code})],
        "portal:money_question": [("", {"number": question.number})],
        "portal:money_download": [("", {"key": "lines", "kind": "csv"})],
    }


def _acts(pk, *names):
    return [(name, {"pk": pk, "name": name}) for name in names]


def _by_key(world, given, bare, decision, question):
    yield "funding:decision_new", world.town.line.pk
    yield from ((f"funding:{name}", decision.pk) for name in ("decision", "decision_minutes"))
    yield "funding:plan_new", decision.pk
    yield from ((f"funding:{name}", given.pk) for name in ("donation", "donation_receipt"))
    yield "funding:project_new", bare.pk
    yield "funding:use_report", given.line.project.pk
    yield "funding:question", question.pk
    yield "funding:statement_correct", world.statement.pk


def _rows(world):
    town, at = world.town, timezone.now()
    maker, office = world.people["finance_maker"], town.office
    line = made.donation_line(town.purpose, body=office, code="gifts")
    bare = made.donation_line(town.purpose, body=office, code="bare-gifts")
    given = made.recorded(line, by=maker, key="permissions")
    services.make_project(line, name="x", about="x", begins=made.GIVEN, by=maker, at=at)
    decision = made.decided(town.line, by=maker)
    plan = services.Distribution(2026, 100_00, 0, [("1", 1)])
    services.draft_plan(decision, plan, by=maker, at=at)
    question = services.ask(office, text="钱花到哪里去了", at=at, line=town.line)
    count_entries()
    statement_month = made.AT.date().replace(month=10, day=1)
    world.statement = services.publish_statement(office, statement_month, by=town.system, at=at)
    paid = services.Paid(people=3, pay=1, benefits=0)
    world.pay = services.enter_pay(
        office, world.rows["pay-grades"], month=made.GIVEN, paid=paid, by=maker, at=at
    )
    return given, bare, decision, question


def catalogue_rows(town):
    return {
        "offices": CollectiveOffice.objects.create(
            body=town.office, person=UserFactory(), office="director", valid_from=LONG_AGO
        ),
        "pay-grades": made.pay_grade(),
        "service-standards": made.service_standard(),
    }
