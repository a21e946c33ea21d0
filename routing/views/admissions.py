"""Applications for admission: the department drafts and applies, the committee reviews together."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.scopes import scopes_of
from lib.roles import COMMITTEE, Role
from organizations.acting import answer_act, content_of, onwards, page_of, saved
from organizations.http import reader, role_required, roles_of, signed_in
from organizations.models import Body, Post, User
from routing import rights, services
from routing.forms.admissions import (
    ConveneForm,
    EvaluationForm,
    MatterForm,
    ShareForm,
    TimeForm,
    begun,
)
from routing.forms.duties import ReasonForm
from routing.models import AdmissionApplication, AdmissionShare
from routing.services.ways import APPLICATION

READERS = rights.READERS | {Role.COMMUNITY_WORKER}
WRITE = ("GET", "HEAD", "POST")


def _visible(request: HttpRequest, pk: int) -> AdmissionApplication:
    user, day = reader(request)
    rows = AdmissionApplication.objects.visible_to(user, on=day).with_names()
    return get_object_or_404(rows, pk=pk)


@role_required(*READERS)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    user, day = reader(request)
    rows = AdmissionApplication.objects.visible_to(user, on=day).with_names()
    state = request.GET.get("state", "")
    context = {
        "page": page_of(request, rows.filter(state=state) if state else rows),
        "mine": AdmissionApplication.objects.to_review(user).with_names().order_by("pk"),
        "state": state,
        "states": AdmissionApplication._meta.get_field("state").choices,
        "may_apply": Role.DEPARTMENT_HEAD in roles_of(request),
    }
    return render(request, "routing/applications.html", context)


def _departments(user: User) -> QuerySet[Body]:
    day = timezone.localdate()
    scopes = [one for one in scopes_of(user, on=day) if one.role == Role.DEPARTMENT_HEAD]
    own = {scope.body_id for scope in scopes}
    below = {key for scope in scopes for key in scope.body_ids}
    rows: QuerySet[Body] = Body.objects.valid_on(day)
    return rows.filter(pk__in=own | below).order_by("code")


@role_required(Role.DEPARTMENT_HEAD)
@require_http_methods(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    form = MatterForm(request.POST or None, departments=_departments(signed_in(request)))
    if request.method == "POST" and form.is_valid():
        department = form.cleaned_data["department"]
        made = saved(request, form, services.draft_application, form.matter, department)
        if made:
            return onwards(request, "routing:application", made.pk)
    return _form(request, form, _("Apply to hand a matter over"), reverse("routing:applications"))


def _form(request: HttpRequest, form: Any, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "routing/form.html", context, status=422 if form.errors else 200)


@role_required(*READERS)
@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, day) = _visible(request, pk), reader(request)
    shares = found.shares.select_related("community", "line", "purpose", "own_line", "admission")
    context = {
        "application": found,
        "shares": shares.prefetch_related("people__post__person", "evaluations").order_by("pk"),
        "moves": set(APPLICATION.open_to(found, by=user, at=timezone.now())),
        "missing": services.missing_shares(found) if found.state == "draft" else {},
        "reviews": found.reviews.select_related("reviewer").order_by("-round", "pk"),
        "score": services.average_of(found),
        "speaks": {share.pk for share in shares if rights.speaks_for(user, share.community, day)},
        "heads": rights.heads(user, found.department, day),
        "reason_form": ReasonForm(),
        "today": day,
        "events": found.events.select_related("by").order_by("number"),
    }
    return render(request, "routing/application.html", context)


@role_required(Role.DEPARTMENT_HEAD)
@require_http_methods(WRITE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = MatterForm(
        request.POST or None, initial=begun(found),
        departments=Body.objects.filter(pk=found.department_id),
    )  # fmt: skip
    posted = request.method == "POST" and form.is_valid()
    if posted and saved(request, form, services.edit_application, found, form.matter):
        return onwards(request, "routing:application", pk)
    return _form(request, form, str(found), reverse("routing:application", args=[pk]))


@role_required(Role.DEPARTMENT_HEAD)
@require_http_methods(WRITE)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """What one community gets."""
    found, day = _visible(request, pk), timezone.localdate()
    form = ShareForm(request.POST or None, department=found.department, on=day)
    if request.method == "POST" and form.is_valid():
        community = form.cleaned_data["community"]
        if saved(request, form, services.set_share, found, community, **form.content):
            return onwards(request, "routing:application", pk, done=_("Promised."))
    title = _("What a community gets")
    return _form(request, form, title, reverse("routing:application", args=[pk]))


@role_required(Role.DEPARTMENT_HEAD)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    rows = AdmissionShare.objects.select_related("application")
    found = get_object_or_404(rows, pk=pk)
    _visible(request, found.application_id)
    back = reverse("routing:application", args=[found.application_id])
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    return answer_act(
        request, lambda: services.drop_share(found, **who), done=_("Taken out."), back=back
    )


@role_required(*COMMITTEE)
@require_http_methods(WRITE)
def convene(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = ConveneForm(request.POST or None, people=_reviewers(found))
    if request.method == "POST" and form.is_valid():
        people = list(form.cleaned_data["reviewers"])
        if saved(request, form, services.convene, found, people):
            return onwards(request, "routing:application", pk, done=_("The reviewers were told."))
    title = _("Open the joint review")
    return _form(request, form, title, reverse("routing:application", args=[pk]))


def _reviewers(found: AdmissionApplication) -> QuerySet[User]:
    """Heads of departments and members of committees, but not who applied."""
    roles = COMMITTEE | {Role.DEPARTMENT_HEAD, Role.SUPERVISOR}
    posts = Post.objects.valid_on(timezone.localdate()).filter(role__in=roles)
    rows = User.objects.filter(pk__in=posts.values("person"), is_active=True)
    return rows.exclude(pk__in=[found.made_by_id, found.applied_by_id or 0]).order_by(
        "full_name", "pk"
    )


@role_required(*READERS)
@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: apply, revise, agree, object, admit, refuse, withdraw or revoke."""
    found = _visible(request, pk)
    reason = request.POST.get("reason", "")[:300]
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    acts: dict[str, Callable[[], Any]] = {
        "apply": lambda: services.apply_for(found, **who),
        "revise": lambda: services.revise_application(found, **who),
        "agree": lambda: services.agree(found, words=reason, **who),
        "object": lambda: services.object_to(found, reason=reason, **who),
        "admit": lambda: services.admit(found, **who),
        "refuse": lambda: services.refuse_application(found, reason=reason, **who),
        "withdraw": lambda: services.withdraw_application(found, reason=reason, **who),
        "revoke": lambda: services.revoke(found, reason=reason, **who),
    }
    back = reverse("routing:application", args=[pk])
    return answer_act(request, acts[name], done=_("Done."), back=back)


@role_required(Role.DEPARTMENT_HEAD)
@require_http_methods(WRITE)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = TimeForm(request.POST or None, initial={"begins": found.ends})
    made = saved(request, form, services.renew_application, found, **content_of(form))
    if made:
        return onwards(request, "routing:application", made.pk, done=_("Drafted. Look it over."))
    return _form(request, form, _("Renew it"), reverse("routing:application", args=[pk]))


@role_required(*READERS)
@require_http_methods(WRITE)
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """What the community says this year."""
    rows = AdmissionShare.objects.select_related("application__category", "community")
    found = get_object_or_404(rows, pk=pk)
    _visible(request, found.application_id)
    if not rights.speaks_for(signed_in(request), found.community, timezone.localdate()):
        raise PermissionDenied
    form = EvaluationForm(request.POST or None)
    if saved(request, form, services.evaluate, found, **content_of(form)):
        return onwards(request, "routing:application", found.application_id, done=_("Thank you."))
    back = reverse("routing:application", args=[found.application_id])
    return _form(request, form, _("How does it go this year?"), back)
