"""Addresses of everybody, and the workbench's home."""

from django.urls import path

from portal.views import (
    answer,
    design,
    follow,
    home,
    neighbours,
    published,
    report,
    statements,
    workbench,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("report/", report.report, name="report"),
    path("report/danger/", report.danger, name="danger"),
    path("report/<str:number>/receipt/", report.receipt, name="receipt"),
    path("follow/", follow.follow, name="follow"),
    path("follow/<str:number>/", follow.progress, name="progress"),
    path("follow/<str:number>/withdraw/", follow.withdraw, name="withdraw"),
    path("follow/<str:number>/reopen/", follow.reopen, name="reopen"),
    path("answer/<str:code>/", answer.answer, name="answer"),
    path("published/", published.published, name="published"),
    path("published/<str:number>/", published.published_case, name="published_case"),
    path(
        "published/<str:number>/photos/<int:pk>/<str:size>/", published.photo, name="public_photo"
    ),
    path("my-grid/", neighbours.my_grid, name="my_grid"),
    path("verify/", published.verify, name="verify"),
    path("about/", statements.about, name="about"),
    path("privacy/", statements.privacy, name="privacy"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("site-map/", statements.site_map, name="site_map"),
    path("offline/", statements.offline, name="offline"),
    path("service-worker.js", statements.service_worker, name="service_worker"),
    path("workbench/", workbench.waiting, name="workbench"),
    path("design/", design.components, name="design"),
]
