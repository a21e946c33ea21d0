"""What this app offers to the pages: its catalogues and the way to them."""

import datetime
from collections.abc import Mapping
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, Panel, menu, panels, wordings
from lib.roles import ADMINISTRATORS, Role
from organizations import catalogues, services
from organizations.calendars import horizon_warning
from organizations.catalogues import Action, Catalogue, Column, Secret, Text, Values
from organizations.catalogues.legal import register_library
from organizations.catalogues.related import related
from organizations.forms import catalogues as forms
from organizations.http import roles_of
from organizations.models import (
    Body,
    BodyKind,
    CalendarDay,
    ChangeRecord,
    NotificationRule,
    Post,
    Skill,
    User,
    WorkingPeriod,
)
from organizations.services import codes, second_factor
from organizations.services.verifying import CLERKS

TIME = _("Time")
AUDIT = _("Audit")
ONLY_AUDIT = frozenset({Role.AUDIT_ADMIN})
SECURITY = frozenset({Role.SECURITY_ADMIN})
Moment = datetime.datetime


def _change_body(row: Body, values: Values, by: User, at: Moment) -> Body:
    """A new parent is a move, with its own rule; the rest is a change."""
    columns = dict(values)
    parent = columns.pop("parent", row.parent)
    if parent != row.parent:
        services.move(row, parent=parent, by=by, at=at)
    return services.change_body(row, by=by, at=at, **columns)


def _issue_password(row: User, _values: Values, by: User, at: Moment) -> Secret:
    password = services.issue_password(row, by=by, at=at)
    return Secret(password, _("It opens only the page on which the person chooses their own."))


def _lock(row: User, _values: Values, by: User, at: Moment) -> Text:
    services.lock_account(row, by=by, at=at)
    return _("The account is locked.")


def _unlock(row: User, _values: Values, by: User, at: Moment) -> Text:
    services.unlock_account(row, by=by, at=at)
    return _("The account is open again.")


def _remove_factor(row: User, _values: Values, by: User, at: Moment) -> Text:
    second_factor.remove(row, by=by, at=at)
    return _("The second step is removed; the person can set it up again.")


def _set_hours(row: Post, values: Values, by: User, at: Moment) -> Text:
    services.set_duty_hours(row, hours=values["hours"], by=by, at=at)
    return _("The duty hours are saved.")


BODIES = Catalogue(
    key="bodies",
    label=_("Bodies"),
    about=_(
        "Party organisations, committees, departments and communities, and how they hang together."
    ),
    icon="sitemap",
    place=10,
    model=Body,
    form=forms.BodyForm,
    rows=lambda _user, _day: Body.objects.with_kind().select_related("parent"),
    columns=("name", "kind", "parent", "code"),
    search=("code", "name", "name_en", "short_name"),
    filters=("kind",),
    fixed=("valid_from",),
    is_suggested=True,
    create=lambda values, by, at: services.make_body(by=by, at=at, **values),
    change=_change_body,
    end=lambda row, on, by, at: services.end_body(row, on=on, by=by, at=at),
)
KINDS = Catalogue(
    key="kinds",
    label=_("Kinds of bodies"),
    about=_("Which kinds there are, and what the rules take them for."),
    icon="category",
    place=11,
    model=BodyKind,
    form=forms.BodyKindForm,
    rows=lambda _user, _day: BodyKind.objects.all(),
    columns=("name", "nature", "code"),
    filters=("nature",),
    removable=True,
)
PEOPLE = Catalogue(
    key="people",
    label=_("People"),
    about=_(
        "Accounts of those who work here. The security administrator issues passwords and "
        "locks accounts."
    ),
    icon="users",
    place=12,
    model=User,
    form=forms.PersonForm,
    rows=lambda _user, _day: User.objects.filter(is_resident=False),
    columns=("full_name", "username", "phone", "is_active", "last_login"),
    search=("username", "full_name", "full_name_en"),
    filters=("is_active",),
    order=("username", "pk"),
    fixed=("username",),
    create=lambda values, by, at: services.make_person(by=by, at=at, **values),
    change=lambda row, values, by, at: services.change_person(row, by=by, at=at, **values),
    actions=(
        Action(
            key="password", label=_("Issue a password"), icon="key", roles=SECURITY,
            apply=_issue_password, is_open=lambda row: not row.is_system,
        ),
        Action(
            key="lock", label=_("Lock the account"), icon="lock", roles=SECURITY, apply=_lock,
            is_open=lambda row: row.is_active,
        ),
        Action(
            key="unlock", label=_("Open the account"), icon="lock-open", roles=SECURITY,
            apply=_unlock, is_open=lambda row: not row.is_active and not row.is_system,
        ),
        Action(
            key="second-step", label=_("Remove the second step"), icon="device-mobile-off",
            roles=SECURITY, apply=_remove_factor, is_open=second_factor.is_enrolled,
        ),
    ),
)  # fmt: skip


def _may_give(user: User, row: Any, day: datetime.date) -> bool:
    """Each of the two administrators sees the buttons of their own half (the service decides)."""
    role = row["role"] if isinstance(row, dict) else row.role
    needed = Role.SECURITY_ADMIN if role in ADMINISTRATORS else Role.SYSTEM_ADMIN
    return needed in user.roles_on(day)


POSTS = Catalogue(
    key="posts",
    label=_("Posts"),
    about=_(
        "Who holds which role in which body, from when to when; with skills, capacity and "
        "duty hours."
    ),
    icon="id-badge-2",
    place=13,
    model=Post,
    form=forms.PostForm,
    rows=lambda _user, _day: Post.objects.with_names(),
    columns=("person", "role", "body", "capacity", "valid_from"),
    search=(
        "person__full_name", "person__full_name_en", "person__username", "body__name",
        "body__name_en",
    ),
    filters=("role",),
    order=("person__username", "pk"),
    editors=frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
    may_edit=_may_give,
    fixed=("person", "body", "role", "valid_from"),
    create=lambda values, by, at: services.give_post(by=by, at=at, **values),
    change=lambda row, values, by, at: services.change_post(row, by=by, at=at, **values),
    end=lambda row, on, by, at: services.end_post(row, on=on, by=by, at=at),
    actions=(
        Action(
            key="duty-hours", label=_("Duty hours"), icon="clock", apply=_set_hours,
            roles=frozenset({Role.SYSTEM_ADMIN}), form=forms.DutyHoursForm,
            initial=forms.DutyHoursForm.of,
        ),
    ),
)  # fmt: skip
SKILLS = Catalogue(
    key="skills",
    label=_("Skills"),
    about=_("What people can do and pieces of work may need."),
    icon="tool",
    place=14,
    model=Skill,
    form=forms.SkillForm,
    rows=lambda _user, _day: Skill.objects.all(),
    columns=("name", "name_en", "code"),
    removable=True,
)
CALENDAR_DAYS = Catalogue(
    key="calendar-days",
    label=_("Calendar days"),
    about=_("Days on which the official calendar is overruled, or that it does not know yet."),
    icon="calendar-event",
    group=TIME,
    place=30,
    model=CalendarDay,
    form=forms.CalendarDayForm,
    rows=lambda _user, _day: CalendarDay.objects.all(),
    columns=("day", "is_working", "reason"),
    name_of=lambda row: f"{row.day:%Y-%m-%d} {row.reason}",
    search=("reason",),
    filters=("is_working",),
    order=("-day", "pk"),
    removable=True,
)
WORKING_PERIODS = Catalogue(
    key="working-periods",
    label=_("Working periods"),
    about=_("The hours of a working day; time limits in working hours count only these."),
    icon="clock-hour-9",
    group=TIME,
    place=31,
    model=WorkingPeriod,
    form=forms.WorkingPeriodForm,
    rows=lambda _user, _day: WorkingPeriod.objects.all(),
    columns=("starts", "ends", "valid_from", "valid_to"),
    name_of=lambda row: f"{row.starts:%H:%M}–{row.ends:%H:%M}",
    search=(),
    order=("-valid_from", "starts", "pk"),
    keep_past=True,
)

NOTIFICATION_RULES = Catalogue(
    key="notification-rules",
    label=_("Rules for messages"),
    about=_(
        "Every message lies in the inbox. Here stands which kinds also go by e-mail, text message "
        "or WeChat, to whom, and when. The most exact rule of a channel wins."
    ),
    icon="send",
    group=_("Messages"),
    place=35,
    model=NotificationRule,
    form=forms.NotificationRuleForm,
    rows=lambda _user, _day: NotificationRule.objects.all(),
    columns=("kind", "role", "channel", "timing", "urgent", "valid_from", "valid_to"),
    name_of=lambda row: f"{row.kind} · {row.get_role_display()} · {row.get_channel_display()}",
    search=("kind",),
    filters=("channel", "timing"),
    order=("kind", "role", "channel", "pk"),
    keep_past=True,
)


def _model_name(record: ChangeRecord) -> Text:
    catalogue = catalogues.of_model(record.kind)
    return catalogue.label if catalogue else record.kind


def _columns_of(record: ChangeRecord) -> str:
    return ", ".join(sorted({*record.before, *record.after}))


CHANGES = Catalogue(
    key="changes",
    label=_("Changes"),
    about=_("Who changed which reference data, when and how. Nobody can alter these records."),
    icon="history",
    group=AUDIT,
    place=90,
    model=ChangeRecord,
    rows=lambda _user, _day: ChangeRecord.objects.select_related("by"),
    columns=(
        Column(_("Time"), "at"), Column(_("Who"), "by"), Column(_("Catalogue"), _model_name),
        Column(_("Row"), "key"), Column(_("Action"), "action"), Column(_("Columns"), _columns_of),
    ),
    search=("kind", "key", "by__username", "by__full_name"),
    name_of=lambda row: f"{_model_name(row)} {row.key} · {row.number}",
    order=("-pk",),
    readers=ONLY_AUDIT,
    editors=frozenset(),
)  # fmt: skip
SIGN_INS = Catalogue(
    key="sign-ins",
    label=_("Sign-ins"),
    about=_("Who signed in and out, when and from where."),
    icon="login",
    group=AUDIT,
    place=91,
    model=AccessLog,
    rows=lambda _user, _day: AccessLog.objects.all(),
    columns=(
        Column(_("Time"), "attempt_time"), Column(_("Sign-in name"), "username"),
        Column(_("IP address"), "ip_address"), Column(_("Signed out"), "logout_time"),
    ),
    search=("username", "ip_address"),
    name_of=lambda row: row.username or "—",
    order=("-pk",),
    readers=ONLY_AUDIT,
    editors=frozenset(),
)  # fmt: skip
SIGN_IN_FAILURES = Catalogue(
    key="sign-in-failures",
    label=_("Failed sign-ins"),
    about=_("Wrong passwords and closed sign-ins."),
    icon="login-2",
    group=AUDIT,
    place=92,
    model=AccessFailureLog,
    rows=lambda _user, _day: AccessFailureLog.objects.all(),
    columns=(
        Column(_("Time"), "attempt_time"), Column(_("Sign-in name"), "username"),
        Column(_("IP address"), "ip_address"), Column(_("Locked out"), "locked_out"),
    ),
    search=("username", "ip_address"),
    name_of=lambda row: row.username or "—",
    order=("-pk",),
    readers=ONLY_AUDIT | SECURITY,
    editors=frozenset(),
)  # fmt: skip


def _calendar_ends(request: HttpRequest, _user: User) -> dict[str, Any] | None:
    """Told to those who can enter the days that the official calendar does not know yet."""
    if Role.SYSTEM_ADMIN not in roles_of(request):
        return None
    end = horizon_warning(timezone.localdate())
    return {"end": end} if end else None


def _code_words(params: Mapping[str, Any]) -> str:
    return gettext(
        "Your code is %(code)s. It holds for %(minutes)s minutes. Nobody may ask you for it."
    ) % {"code": params.get("code", "······"), "minutes": params.get("minutes", "")}


def register() -> None:
    for catalogue in (
        BODIES, KINDS, PEOPLE, POSTS, SKILLS, CALENDAR_DAYS, WORKING_PERIODS,
        NOTIFICATION_RULES, CHANGES, SIGN_INS, SIGN_IN_FAILURES,
    ):  # fmt: skip
        catalogues.register(catalogue)
    register_library()
    panels.register("catalogue:bodies", related("posts", field="body", order=10))
    panels.register("catalogue:people", related("posts", field="person", code="username"))
    panels.register(
        "portal:workbench",
        Panel("calendar-ends", 10, "organizations/_calendar_ends.html", _calendar_ends),
    )
    menu.register(
        MenuEntry(
            key="calendar", label=_("Working calendar"), url_name="organizations:calendar",
            icon="calendar", order=95,
        )
    )  # fmt: skip
    menu.register(
        MenuEntry(
            key="residents", label=_("Confirm residents"), url_name="organizations:residents",
            icon="user-check", roles=CLERKS, order=60,
        )
    )  # fmt: skip
    wordings.register(codes.KIND, _code_words)
    menu.register(
        MenuEntry(
            key="deliveries", label=_("Messages sent"), url_name="organizations:deliveries",
            icon="send", roles={Role.SYSTEM_ADMIN}, order=810,
        )
    )  # fmt: skip
    menu.register(
        MenuEntry(
            key="catalogues", label=_("Catalogues"), url_name="organizations:catalogues",
            icon="database", roles=catalogues.READERS, order=800,
        )
    )  # fmt: skip
