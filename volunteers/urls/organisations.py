"""Addresses of organisations and of who reports to a community."""

from django.urls import URLPattern, path, re_path

from volunteers.views import organisations, reports

urlpatterns: list[URLPattern] = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<int:pk>/report/", organisations.report, name="yearly_report"),
    path("organisations/<int:pk>/rating/", organisations.rating, name="rating"),
    path("organisations/<int:pk>/members/new/", organisations.member_new, name="member_new"),
    re_path(
        r"^organisations/(?P<pk>\d+)/(?P<name>resubmit|confirm|return|refuse|suspend|resume|end)/$",
        organisations.move,
        name="organisation_move",
    ),
    path("members/<int:pk>/end/", organisations.member_end, name="member_end"),
    path("reports/", reports.reports, name="reports"),
    re_path(r"^reports/new/(?P<kind>member|unit)/$", reports.new, name="report_new"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/tasks/new/", reports.take, name="take_up"),
    re_path(
        r"^reports/(?P<pk>\d+)/(?P<name>accept|refuse|end)/$", reports.move, name="report_move"
    ),
    re_path(
        r"^tasks/(?P<pk>\d+)/(?P<name>report|confirm|reopen|drop)/$",
        reports.task_move,
        name="task_move",
    ),
]
