"""How what the duty list lacks could be mended: everything filled in that can be known."""

import datetime
from collections import Counter

from grids.models import Territory
from organizations.models import Body
from organizations.models.bodies import Nature
from routing.models import Category, DutyEntry, DutyFinding, DutyFlaw
from routing.services.duty_changes import Step


def proposed_step(finding: DutyFinding, *, on: datetime.date) -> Step:
    """A gap gets who leads its like; an overlap keeps the first; a misplacement a department.

    `lead` may be None where nothing like it is led by anybody.
    """
    entries = list(DutyEntry.objects.filter(pk__in=finding.entries).with_names().order_by("pk"))
    like = likely_lead(finding.category, finding.community, on=on)
    if finding.kind == DutyFlaw.OVERLAP and entries:
        first = entries[0]
        return Step(
            first.category, first.territory, first.lead, first.legal_basis, first.payer,
            list(first.assistants.all()), entries,
        )  # fmt: skip
    own = [
        entry
        for entry in entries
        if (entry.category_id, entry.territory_id) == (finding.category_id, finding.community_id)
    ]
    basis = like.legal_basis if like else ""
    return Step(
        finding.category, finding.community, like.lead if like else None, basis,
        like.payer if like else None, list(like.assistants.all()) if like else (), own,
    )  # fmt: skip


def likely_lead(category: Category, community: Territory, *, on: datetime.date) -> DutyEntry | None:
    """An entry of the department that leads most of the same large class in the same town."""
    alike = DutyEntry.objects.valid_on(on).exclude(lead__kind__nature=Nature.COMMUNITY)
    places = [community.pk, community.parent_id]
    classes = Category.objects.filter(parent=category.parent_id).values("pk")
    near = alike.filter(territory__in=places) | alike.filter(territory__parent=community.parent_id)
    same = near.filter(category=category) | near.filter(category=category.parent_id)
    found = list(same.with_names().distinct()[:50])
    found = found or list(near.filter(category__in=classes).with_names().distinct()[:200])
    living = [entry for entry in found if _holds(entry.lead, on)]
    most = Counter(entry.lead_id for entry in living).most_common(1)
    return next((entry for entry in living if most and entry.lead_id == most[0][0]), None)


def _holds(body: Body, on: datetime.date) -> bool:
    return body.is_valid_on(on)
