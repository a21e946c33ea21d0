"""What must be true of a rule before it is written; each refusal says what to do instead."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from lib.validity import Dated
from organizations.models import Body
from organizations.models.bodies import Nature
from routing.models import Admission, Category, CommunityDuty, DutyEntry, FilingStandard


def check_rule(rule: Dated, assistants: Collection[Body] = ()) -> None:
    """Raises RuleViolation. `assistants` are those of an entry of the duty list."""
    if isinstance(rule, FilingStandard):
        _check_small(rule.category)
    elif isinstance(rule, DutyEntry):
        _check_assistants(rule.lead, assistants)
    elif isinstance(rule, CommunityDuty):
        if rule.body is not None:
            check_community(rule.body)
    elif isinstance(rule, Admission):
        check_community(rule.community)
        _check_line(rule)


def check_parent(parent: Category | None, category: Category | None = None) -> None:
    """Two levels: a large class and its small classes. `category` None: a new one."""
    if parent is None:
        return
    if parent.parent_id is not None or parent == category or parent.standards.exists():
        raise RuleViolation(_("Choose a large class: a small class has no parts."), code="depth")
    if category is not None and Category.objects.filter(parent=category).exists():
        raise RuleViolation(
            _("This large class has small classes: move them first."), code="has_parts"
        )


def _check_small(category: Category) -> None:
    if Category.objects.filter(parent=category).exists():
        raise RuleViolation(
            _("Filing standards belong to small classes: choose one of them."), code="depth"
        )


def _check_assistants(lead: Body, assistants: Collection[Body]) -> None:
    if lead in assistants:
        raise RuleViolation(
            _("%(body)s leads already: take it out of the assistants.") % {"body": lead},
            code="assists_itself",
        )


def check_community(body: Body) -> None:
    if body.kind.nature != Nature.COMMUNITY:
        raise RuleViolation(
            _("%(body)s is not a community: choose a residents' or villagers' committee.")
            % {"body": body},
            code="no_community",
        )


def _check_line(admission: Admission) -> None:
    if admission.line.body_id not in {admission.department_id, admission.community_id}:
        raise RuleViolation(
            _("The line must belong to the department that hands the matter over."),
            code="foreign_line",
        )
