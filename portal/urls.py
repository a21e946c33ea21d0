"""Addresses of everybody, and the workbench's home."""

from django.urls import path

from portal.views import (
    answer,
    design,
    follow,
    home,
    money,
    money_data,
    money_donations,
    money_questions,
    money_standards,
    money_statements,
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
    path("report/kinds/", report.kinds, name="kinds"),
    path("report/<str:number>/receipt/", report.receipt, name="receipt"),
    path("follow/", follow.follow, name="follow"),
    path("follow/<str:number>/", follow.progress, name="progress"),
    path("follow/<str:number>/urge/", follow.urge, name="urge"),
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
    path("money/", money.money, name="money"),
    path("money/lines/<slug:code>/", money.line, name="money_line"),
    path("money/reservations/<int:pk>/", money.hold, name="money_hold"),
    path("money/for/<str:kind>/<str:key>/", money.subject, name="money_subject"),
    path("money/statements/", money_statements.statements, name="money_statements"),
    path(
        "money/statements/<slug:body>/<str:month>/",
        money_statements.statement,
        name="money_statement",
    ),
    path(
        "money/statements/<slug:body>/<str:month>/<int:version>/",
        money_statements.statement,
        name="money_statement_version",
    ),
    path("money/proofs/", money_statements.proofs, name="money_proofs"),
    path("money/donations/", money_donations.donations, name="money_donations"),
    path("money/donations/mine/", money_donations.my_donation, name="money_my_donation"),
    path("money/donations/<slug:code>/", money_donations.project, name="money_project"),
    path("money/questions/", money_questions.questions, name="money_questions"),
    path("money/questions/ask/", money_questions.ask, name="money_ask"),
    path("money/questions/asked/", money_questions.asked, name="money_asked"),
    path("money/questions/<str:number>/", money_questions.question, name="money_question"),
    path("money/standards/", money_standards.standards, name="money_standards"),
    path("money/data/", money_data.data, name="money_data"),
    path("money/data/<slug:key>.<slug:kind>", money_data.download, name="money_download"),
    path("about/", statements.about, name="about"),
    path("privacy/", statements.privacy, name="privacy"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("site-map/", statements.site_map, name="site_map"),
    path("offline/", statements.offline, name="offline"),
    path("service-worker.js", statements.service_worker, name="service_worker"),
    path("workbench/", workbench.waiting, name="workbench"),
    path("design/", design.components, name="design"),
]
