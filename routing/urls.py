"""Addresses of the duty list and of admissions, of the workbench and of everybody."""

from django.urls import path, register_converter

from routing.views import (
    admissions,
    changes,
    findings,
    matrix,
    public,
    refusals,
    service_items,
)

app_name = "routing"


class _ChangeMove:
    regex = "submit|adopt|send_back|refuse|withdraw"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class _ApplicationMove(_ChangeMove):
    regex = "apply|revise|agree|object|admit|refuse|withdraw|revoke"


register_converter(_ChangeMove, "duty_move")
register_converter(_ApplicationMove, "admission_move")

urlpatterns = [
    path("duties/", matrix.matrix, name="matrix"),
    path("duties/editions/", matrix.editions, name="editions"),
    path("duties/precedents/", matrix.precedents, name="precedents"),
    path("duties/findings/", findings.findings, name="findings"),
    path("duties/findings/shapes/", findings.shapes, name="findings_shapes"),
    path("duties/findings/check/", findings.check, name="findings_check"),
    path("duties/findings/progress/", findings.progress, name="findings_progress"),
    path("duties/findings/<int:pk>/mend/", findings.mend, name="mend"),
    path("duties/changes/", changes.changes, name="changes"),
    path("duties/changes/new/", changes.new, name="change_new"),
    path("duties/changes/<int:pk>/", changes.change, name="change"),
    path("duties/changes/<int:pk>/edit/", changes.edit, name="change_edit"),
    path("duties/changes/<int:pk>/step/", changes.step, name="change_step"),
    path("duties/changes/<int:pk>/<duty_move:name>/", changes.move, name="change_move"),
    path("duties/changes/<int:pk>/list-step/", changes.list_step, name="list_step"),
    path("duties/list-steps/<int:pk>/drop/", changes.list_drop, name="list_drop"),
    path("duties/steps/<int:pk>/drop/", changes.drop, name="step_drop"),
    path("admissions/", admissions.applications, name="applications"),
    path("admissions/new/", admissions.new, name="application_new"),
    path("admissions/<int:pk>/", admissions.application, name="application"),
    path("admissions/<int:pk>/edit/", admissions.edit, name="application_edit"),
    path("admissions/<int:pk>/share/", admissions.share, name="share"),
    path("admissions/<int:pk>/convene/", admissions.convene, name="convene"),
    path("admissions/<int:pk>/renew/", admissions.renew, name="renew"),
    path("admissions/<int:pk>/<admission_move:name>/", admissions.move, name="application_move"),
    path("admissions/shares/<int:pk>/drop/", admissions.drop, name="share_drop"),
    path("admissions/shares/<int:pk>/evaluate/", admissions.evaluate, name="evaluate"),
    path("admissions/refusals/", refusals.refusals, name="refusals"),
    path("admitted/", public.admitted, name="admitted"),
    path("community-lists/", public.communities, name="communities"),
    path("community-lists/<slug:code>/", public.community, name="community"),
    path("services/", service_items.items, name="service_items"),
    path("services/<slug:code>/", service_items.item, name="service_item"),
    path("service-centres/", service_items.centres, name="service_centres"),
]
