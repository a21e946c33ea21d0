"""Load what the portal needs to know before its first case; safe to repeat at any time."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.services.reference import load_reference as load_cases
from consultation.services.blueprints import load_reference as load_consultation
from funding.services.reference import load_reference as load_funding
from grids.services.reference import load_reference as load_grids
from organizations.models import User
from organizations.services.reference import load_reference as load_organizations
from routing.services.reference import load_reference as load_routing
from volunteers.services.reference import load_reference as load_volunteers

# Lower apps first: standards name skills and purposes.
LOADERS: dict[str, Callable[..., int]] = {
    "organizations": load_organizations,
    "grids": load_grids,
    "funding": load_funding,
    "volunteers": load_volunteers,
    "routing": load_routing,
    "cases": load_cases,
    "consultation": load_consultation,
}


class Command(BaseCommand):
    help = (
        "Add reference data that is missing: kinds of bodies, skills, working periods, territory, "
        "sources and purposes of money, categories and standards, reasons, limits of stages and "
        "steps of warning, rules for messages and of volunteering, forms of consultation and the "
        "content list. What people have edited stays."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        by, at = User.objects.system(), timezone.now()
        for app, load in LOADERS.items():
            self.stdout.write(f"{app}: {load(by=by, at=at)} added")
