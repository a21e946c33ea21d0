"""The vocabulary of permissions: what a post may be.

A role alone opens nothing: a post holds it *in a body* and *for a territory*; `visible_to`
of each table combines the three.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    GRID_WORKER = "grid_worker", _("Grid worker")
    COMMUNITY_WORKER = "community_worker", _("Community worker")
    ACCEPTOR = "acceptor", _("Acceptance clerk")
    DISPATCHER = "dispatcher", _("Dispatcher")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    DEPARTMENT_HEAD = "department_head", _("Department head")
    HANDLER = "handler", _("Handler")
    VERIFIER = "verifier", _("Verifier")
    PARTY_SECRETARY = "party_secretary", _("Party secretary")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    FINANCE_MAKER = "finance_maker", _("Finance clerk (maker)")
    FINANCE_CHECKER = "finance_checker", _("Finance reviewer (checker)")
    FINANCE_PAYER = "finance_payer", _("Cashier (payer)")
    SUPERVISOR = "supervisor", _("Supervision committee member")
    ASSESSOR = "assessor", _("Assessor")
    CONSULTATION_HOST = "consultation_host", _("Consultation host")
    VOLUNTEER_ORGANIZER = "volunteer_organizer", _("Volunteer organiser")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


COMMITTEE = frozenset({Role.PARTY_SECRETARY, Role.COMMITTEE_MEMBER})
FINANCE = frozenset({Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER})
# Graded protection (GB/T 22239-2019) wants three administrators none of whom can do another's part.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
