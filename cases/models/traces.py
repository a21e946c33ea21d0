"""Why a case went where it went: one row per decision of the router."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case


class RoutingTrace(models.Model):
    """`outcome` is "match" or a refusal's code. `reasons` are [code, params] pairs, put into words
    in the reader's language; `facts` and `candidates` are what was weighed, every candidate with
    why not, and the line with what was left on it. `lead` is the body found, also by a refusal that
    came as far (nobody free, no money)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="traces")
    at = models.DateTimeField()
    outcome = models.SlugField()
    lead = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)

    class Meta:
        verbose_name = _("routing decision")
        verbose_name_plural = _("routing decisions")
        indexes = [models.Index(fields=["case", "-id"], name="trace_case")]
