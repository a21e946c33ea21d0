"""What this app offers to pages: catalogues, menu, queues, names, words, the load beside pay."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from lib.roles import COMMITTEE, Role
from organizations.http import reader, roles_of, signed_in
from organizations.models import Body, Post, User
from routing import admission_notifications, agenda_matters, catalogues, notifications, rights
from routing.models import AdmissionApplication, DutyChange, DutyEntry
from routing.services.ways import APPLICATION, CHANGE
from routing.views.admissions import READERS
from talent.models.chain import led_bodies

REVIEWERS = COMMITTEE | {Role.DEPARTMENT_HEAD, Role.SUPERVISOR}


def register() -> None:
    """May be called twice."""
    agenda_matters.register()
    notifications.register_wordings()
    admission_notifications.register_wordings()
    catalogues.register()
    menu.register(
        MenuEntry(
            "routing:matrix", gettext_lazy("Duty list"), "routing:matrix", "list-check",
            rights.READERS, 62,
        )
    )  # fmt: skip
    menu.register(
        MenuEntry(
            "routing:applications", gettext_lazy("Admission of matters"), "routing:applications",
            "door-enter", READERS, 63,
        )
    )  # fmt: skip
    _register_queues()
    references.register(notifications.CHANGE, name_changes)
    references.register(admission_notifications.APPLICATION, name_applications)
    references.register(admission_notifications.REFUSAL, name_refusals)
    panels.register("talent:staffing", Panel("load", 10, "routing/_load_panel.html", on_staffing))
    panels.register("catalogue:duties", Panel("change", 5, "routing/_entry_panel.html", on_entry))


def _register_queues() -> None:
    changes = cast("str", reverse_lazy("routing:changes"))
    applications = cast("str", reverse_lazy("routing:applications"))
    for order, (key, label, roles, count, url) in enumerate(
        (
            ("changes", gettext_lazy("Changes of the duty list to review"), COMMITTEE,
             count_changes, changes),
            ("applications", gettext_lazy("Applications for admission"), COMMITTEE,
             count_applications, applications),
            ("reviews", gettext_lazy("Admissions to review"), REVIEWERS, count_reviews,
             applications),
        ),
        start=130,
    ):  # fmt: skip
        queues.register(Queue(f"routing:{key}", label, order, roles, count, url))


def count_changes(user: User) -> int:
    now = timezone.now()
    rows = DutyChange.objects.waiting()
    return sum("adopt" in CHANGE.open_to(row, by=user, at=now) for row in rows)


def count_applications(user: User) -> int:
    now = timezone.now()
    rows = AdmissionApplication.objects.waiting().select_related("department")
    return sum("convene" in APPLICATION.open_to(row, by=user, at=now) for row in rows)


def count_reviews(user: User) -> int:
    return AdmissionApplication.objects.to_review(user).count()


def on_entry(request: HttpRequest, entry: DutyEntry) -> dict[str, Any] | None:
    """The way from an entry to a draft that changes it."""
    if roles_of(request).isdisjoint(rights.DRAFTERS):
        return None
    return {"entry": entry, "drafts": DutyChange.objects.drafts_of(signed_in(request))[:5]}


def name_changes(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    rows = DutyChange.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {
        str(row.pk): Reference(row.title, reverse("routing:change", args=[row.pk])) for row in rows
    }


def name_applications(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    seen = AdmissionApplication.objects.visible_to(user, on=timezone.localdate())
    rows = seen.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {
        str(row.pk): Reference(str(row), reverse("routing:application", args=[row.pk]))
        for row in rows.select_related("category")
    }


def name_refusals(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    page = Reference(_("Refused by communities"), reverse("routing:refusals"))
    return dict.fromkeys(keys, page)


def on_staffing(request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    """By body that the reader leads: people who take tasks, what lies on them, how much may."""
    user, today = reader(request)
    posts = Post.objects.valid_on(today).filter(body__in=led_bodies(user, on=today), capacity__gt=0)
    rows = posts.values("body").annotate(
        people=Count("pk"),
        room=Sum("capacity"),
        points=Coalesce(Sum("load__points"), 0),
        open_tasks=Coalesce(Sum("load__tasks"), 0),
    )
    found = {row["body"]: row for row in rows.order_by()}
    bodies = Body.objects.filter(pk__in=found).order_by("code")
    return {"rows": [{**found[body.pk], "body": body} for body in bodies]} if found else None
