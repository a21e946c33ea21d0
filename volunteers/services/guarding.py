"""Minors and their guardians: who answers for a child, and how the consent is given."""

import datetime
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from lib.identifiers import is_mobile
from organizations.identity import keyed
from organizations.models import User
from organizations.services import inbox
from volunteers import notifications
from volunteers.models import Guardianship, Volunteer
from volunteers.models.people import ALONE_FROM, OF_AGE
from volunteers.services.actors import organizes, speaks_for
from volunteers.services.people import Offer, register


@transaction.atomic
def register_child(  # noqa: PLR0913 -- what the form asks
    name: str,
    *,
    identity: str,
    relation: str,
    community: Territory,
    agreed: bool,
    by: User,
    at: datetime.datetime,
    offer: Offer | None = None,
) -> Volunteer:
    """A child by its guardian's own account: that is the consent. The child cannot sign in."""
    if not name.strip():
        raise RuleViolation(_("Write the child's name."), code="no_name")
    child = User(username=f"child-{secrets.token_hex(8)}", full_name=name.strip(), is_active=False)
    child.set_unusable_password()
    child.save(force_insert=True)
    volunteer = register(
        child, identity=identity, community=community, agreed=agreed, by=by, at=at, offer=offer
    )
    age = volunteer.age_on(localdate(at))
    if age is None or age >= OF_AGE:
        text = _("With 18 years people register themselves.")
        raise RuleViolation(text, code="of_age")
    Guardianship.objects.create(
        ward=volunteer,
        guardian=by,
        relation=relation,
        asked_at=at,
        consented_at=at,
        consented_by=Guardianship.Way.ACCOUNT,
    )
    return volunteer


@transaction.atomic
def name_guardian(
    volunteer: Volunteer, *, name: str, phone: str, relation: str, by: User, at: datetime.datetime
) -> Guardianship:
    """A minor names the guardian, who gets a link by text message and consents by it.

    The code of the link leaves the house in that message only; its digest is kept.
    """
    if not speaks_for(by, volunteer):
        raise NotYours(_("Only the minor names a guardian here."))
    if not volunteer.is_minor_on(localdate(at)):
        raise RuleViolation(_("With 18 years no guardian is needed."), code="of_age")
    if not is_mobile(phone):
        text = _("Write the guardian's mobile number with its 11 digits.")
        raise RuleViolation(text, code="phone")
    if phone == volunteer.person.phone:
        text = _("This is your own number: write the guardian's.")
        raise RuleViolation(text, code="own_phone")
    volunteer.guardianships.standing().update(ended_at=at, code_digest="")
    code = secrets.token_urlsafe(18)
    row = Guardianship.objects.create(
        ward=volunteer,
        name=name.strip(),
        phone=phone,
        relation=relation,
        code_digest=code_digest(code),
        asked_at=at,
    )
    link = settings.SITE_URL + reverse("volunteers:consent", args=[code])
    inbox.tell_resident(
        phone,
        key=f"volunteer-consent:{row.pk}",
        kind="volunteer-consent",
        params={"name": volunteer.person.full_name, "link": link},
        subject=(notifications.VOLUNTEER, str(volunteer.pk)),
        at=at,
    )
    return row


def code_digest(code: str) -> str:
    return keyed("guardian", code)


def by_code(code: str) -> Guardianship | None:
    """The guardianship whose link holds this code, while it stands."""
    rows = Guardianship.objects.standing().filter(code_digest=code_digest(code))
    return rows.select_related("ward__person").first()


@transaction.atomic
def consent_by_link(code: str, *, at: datetime.datetime) -> Guardianship:
    """The guardian consents; the link has then done its work and says so when opened again."""
    row = Guardianship.objects.select_for_update(of=("self",)).filter(
        code_digest=code_digest(code), ended_at=None
    ).first()  # fmt: skip
    if row is None:
        raise RuleViolation(_("This link is not valid any more."), code="no_link")
    if row.consented_at is None:
        row.consented_at, row.consented_by = at, Guardianship.Way.LINK
        row.save(update_fields=["consented_at", "consented_by"])
    return row


@transaction.atomic
def consent_on_paper(
    volunteer: Volunteer, *, name: str, relation: str, by: User, at: datetime.datetime
) -> Guardianship:
    """The organiser has seen the guardian's consent on paper."""
    if speaks_for(by, volunteer) or not organizes(by, volunteer, at=at):
        raise NotYours(_("Only the organiser of the place may do that."))
    age = volunteer.age_on(localdate(at))
    if age is None or not ALONE_FROM <= age < OF_AGE:
        text = _("On paper consent is given for people of 14 to 17 years.")
        raise RuleViolation(text, code="age")
    if not name.strip():
        raise RuleViolation(_("Write the guardian's name."), code="no_name")
    volunteer.guardianships.standing().update(ended_at=at, code_digest="")
    return Guardianship.objects.create(
        ward=volunteer,
        name=name.strip(),
        relation=relation,
        asked_at=at,
        consented_at=at,
        consented_by=Guardianship.Way.PAPER,
        seen_by=by,
    )


@transaction.atomic
def take_consent_back(volunteer: Volunteer, *, by: User, at: datetime.datetime) -> int:
    """A guardian with an account takes the consent back; nothing new can then be signed up for."""
    rows = volunteer.guardianships.standing().filter(guardian=by)
    ended = rows.update(ended_at=at)
    if not ended:
        raise NotYours(_("Only the guardian may do that."))
    return ended
