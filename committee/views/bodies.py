"""The chain of bodies: who belongs to them, for which term, what they owe and do."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee.acting import form_about
from committee.forms.directives import EndForm, MemberForm, TermForm
from committee.models import Directive, Meeting, Member, Term
from committee.models.members import MEETS, bodies_known_to, bodies_led_by
from committee.services import members
from committee.services.actors import leads
from committee.services.owed import meetings_owed
from organizations.http import reader, signed_in
from organizations.models import Body

WRITES = ["GET", "HEAD", "POST"]
MOST = 300


@login_required
@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """Party bodies and committees that one leads or belongs to, as a tree with their terms."""
    user, today = reader(request)
    holding = Q(members__valid_from__lte=today) & (
        Q(members__valid_to=None) | Q(members__valid_to__gt=today)
    )
    rows = Body.objects.with_tree_fields().valid_on(today).with_kind()
    meets = rows.filter(kind__nature__in=MEETS, pk__in=bodies_known_to(user, on=today))
    found = list(meets.annotate(people=Count("members", filter=holding))[:MOST])
    terms = {term.body_id: term for term in Term.objects.last_ones().filter(body__in=found)}
    due = {term.body_id for term in members.due_terms({row.pk for row in found}, on=today)}
    least = min((row.tree_depth for row in found), default=0)
    tree = [
        {"body": row, "term": terms.get(row.pk), "is_due": row.pk in due,
         "depth": min(row.tree_depth - least, 4)}
        for row in found
    ]  # fmt: skip
    return render(request, "committee/bodies.html", {"tree": tree, "today": today})


def _known(request: HttpRequest, pk: int) -> Body:
    user, today = reader(request)
    rows = Body.objects.valid_on(today).with_kind().filter(kind__nature__in=MEETS)
    known = rows.filter(pk__in=bodies_known_to(user, on=today))
    found: Body = get_object_or_404(known, pk=pk)
    return found


@login_required
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    found = _known(request, pk)
    last = Term.objects.of_body(found).first()
    meetings = Meeting.objects.visible_to(user, on=today).with_names().filter(body=found)
    tasks = Directive.objects.visible_to(user, on=today).with_names().filter(body=found)
    context = {
        "body": found,
        "members": Member.objects.of_body(found, on=today).with_names().order_by("pk")[:MOST],
        "term": last,
        "is_due": bool(members.due_terms({found.pk}, on=today)),
        "owed": meetings_owed({found.pk}, on=today),
        "meetings": meetings.order_by("-starts_at")[:10],
        "tasks": tasks.going_on().order_by("due_on", "pk")[:20],
        "leads": found.pk in bodies_led_by(user, on=today),
        "today": today,
        "at": timezone.now(),
    }
    return render(request, "committee/body.html", context)


def _led(request: HttpRequest, pk: int) -> Body:
    found = _known(request, pk)
    if not leads(signed_in(request), found.pk, at=timezone.now()):
        raise PermissionDenied
    return found


def _form(request: HttpRequest, form: Any, found: Body, act: Any, title: str) -> HttpResponse:
    back = reverse("committee:body", args=[found.pk])
    return form_about(request, form, act, title=title, about=str(found), back=back)


@login_required
@require_http_methods(WRITES)
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _led(request, pk)
    form = MemberForm(request.POST or None, initial={"since": timezone.localdate()})

    def act(**given: Any) -> None:
        members.add_member(found, given.pop("person"), **given)

    return _form(request, form, found, act, _("Add a member"))


@login_required
@require_http_methods(WRITES)
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Member.objects.select_related("body__kind", "person"), pk=pk)
    found = _led(request, row.body_id)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    title = _("End the membership of %(person)s") % {"person": row.person}
    return _form(request, form, found, lambda **given: members.end_member(row, **given), title)


@login_required
@require_http_methods(WRITES)
def term_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _led(request, pk)
    form = TermForm(request.POST or None, initial={"since": timezone.localdate()})
    title = _("Found it, or enter a renewal")
    return _form(request, form, found, lambda **given: members.begin_term(found, **given), title)
