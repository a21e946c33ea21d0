"""Load what the portal needs to know before its first case; safe to repeat at any time."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.services.reference import load_reference as load_cases
from committee.services.reference import load_reference as load_committee
from consultation.services.blueprints import load_reference as load_consultation
from emergency.services.reference import load_reference as load_emergency
from funding.services.reference import load_reference as load_funding
from grids.services.reference import load_reference as load_grids
from organizations.models import User
from organizations.services import citations
from organizations.services.reference import load_reference as load_organizations
from oversight.services.reference import load_reference as load_oversight
from routing.services.reference import load_reference as load_routing
from talent.services.reference import load_reference as load_talent
from volunteers.services.reference import load_reference as load_volunteers

# Lower apps first: standards name skills and purposes.
LOADERS: dict[str, Callable[..., int]] = {
    "organizations": load_organizations,
    "grids": load_grids,
    "committee": load_committee,
    "funding": load_funding,
    "volunteers": load_volunteers,
    "talent": load_talent,
    "emergency": load_emergency,
    "routing": load_routing,
    "cases": load_cases,
    "consultation": load_consultation,
    "oversight": load_oversight,
}


class Command(BaseCommand):
    help = (
        "Add reference data that is missing: kinds of bodies, skills, working periods, territory, "
        "kinds of meetings, rules of terms and of coverage, sources and purposes of money, "
        "categories and standards, reasons, limits of stages and steps of warning, rules for "
        "messages, of volunteering and selection, of emergencies, talent teams, forms of "
        "consultation and the content list, schemes of appraisal. What people have edited stays."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        by, at = User.objects.system(), timezone.now()
        for app, load in LOADERS.items():
            self.stdout.write(f"{app}: {load(by=by, at=at)} added")
        self.stdout.write(f"links with laws: {citations.keep_all(at=at)} added")
