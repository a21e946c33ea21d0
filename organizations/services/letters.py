"""What stands in a message that leaves the house, in the reader's language."""

from collections.abc import Sequence
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import registry
from organizations.gateways import Letter
from organizations.models import Delivery, MessageChannel, Preference
from organizations.services.planning import WITHOUT_WISHES, address_of

SUBJECT_LENGTH = 70


def write(parcel: Sequence[Delivery]) -> Letter:
    """The letter of deliveries that go together: one, or a person's digest of a day."""
    first = parcel[0]
    wishes = wishes_of(first)
    address = first.address if first.to is None else address_of(first.to, wishes, first.channel)
    with translation.override(wishes.language or settings.LANGUAGE_CODE):
        subject, text = _digest(parcel) if first.is_digest else _single(first)
    key = f"digest:{first.to_id}:{first.due_at:%Y%m%d}" if first.is_digest else first.key
    return Letter(key, first.channel, address, subject, text)


def wishes_of(delivery: Delivery) -> Preference:
    return getattr(delivery.to, "preference", None) or WITHOUT_WISHES


def _single(delivery: Delivery) -> tuple[str, str]:
    sentence = registry.wordings.sentence(delivery.kind, delivery.params)
    if delivery.channel != MessageChannel.EMAIL:
        return "", f"【{settings.SITE['name'] or _('Gongzhi')}】{sentence}"
    return sentence[:SUBJECT_LENGTH], "\n\n".join([sentence, _link(delivery), _closing()])


def _digest(parcel: Sequence[Delivery]) -> tuple[str, str]:
    count = len(parcel)
    day = timezone.localdate(parcel[0].due_at).isoformat()
    title = ngettext(
        "%(count)d message until %(day)s", "%(count)d messages until %(day)s", count
    ) % {"count": count, "day": day}
    links = _links(parcel)
    lines = [
        f"{number}. {registry.wordings.sentence(row.kind, row.params)}\n   {link}"
        for number, (row, link) in enumerate(zip(parcel, links, strict=True), start=1)
    ]
    return title, "\n\n".join([*lines, _closing()])


def _link(delivery: Delivery) -> str:
    return _links([delivery])[0]


def _links(parcel: Sequence[Delivery]) -> list[str]:
    """To what each is about, as far as the reader may see it; else to the inbox."""
    about = {(row.subject_kind, row.subject_key) for row in parcel if row.subject_kind}
    found = registry.references.resolve(about, parcel[0].to)
    inbox = reverse("organizations:inbox")
    references = (found.get((row.subject_kind, row.subject_key)) for row in parcel)
    return [urljoin(settings.SITE_URL, (each and each.url) or inbox) for each in references]


def _closing() -> str:
    page = urljoin(settings.SITE_URL, reverse("organizations:preferences"))
    return _("What you get and when: %(page)s") % {"page": page}
