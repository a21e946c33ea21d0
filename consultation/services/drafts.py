"""Draft regulations: each version is brought in whole, split into articles, and then stays."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from consultation.articles import split
from consultation.models import Consultation, Draft, DraftArticle
from consultation.services.actors import demand
from consultation.services.history import lock, record
from consultation.workflow import Actor
from lib.chain import fingerprint
from lib.errors import RuleViolation
from organizations.models import User

MOST_ARTICLES = 500


@transaction.atomic
def bring_in(
    consultation: Consultation,
    *,
    title: str,
    text: str,
    by: User,
    at: datetime.datetime,
    reason: str = "",
) -> Draft:
    """The next version. Raises RuleViolation where no article is found, or no reason is given."""
    locked = lock(consultation)
    demand(by, locked, Actor.HOST, at=at)
    articles = split(text)
    if not articles or len(articles) > MOST_ARTICLES:
        raise RuleViolation(
            _("No articles were found: each begins on a line of its own with 第…条."),
            code="no_articles",
        )
    number = locked.drafts.count() + 1
    if number > 1 and not reason.strip():
        raise RuleViolation(_("Say why the draft was changed."), code="no_reason")
    draft = Draft.objects.create(
        consultation=locked, number=number, title=title.strip()[:120],
        reason=reason.strip()[:300], by=by, at=at,
    )  # fmt: skip
    DraftArticle.objects.bulk_create(
        DraftArticle(
            draft=draft, place=place, label=one.label[:20], chapter=one.chapter[:120], text=one.text
        )
        for place, one in enumerate(articles, start=1)
    )
    digest = fingerprint({"articles": [[one.label, one.text] for one in articles]})
    record(locked, "draft-version", by=by, at=at, version=number, digest=digest)
    return draft
