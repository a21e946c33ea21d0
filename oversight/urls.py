"""Pages of numbers: for those who work here below /oversight/, for everybody at /numbers/."""

from django.urls import path, re_path

from oversight.views import appraisals, appraised, boards, indicators, legislation, published

app_name = "oversight"
urlpatterns = [
    path("numbers/", published.public_numbers, name="public"),
    path("numbers/appraisals/", published.public_appraisals, name="public_appraisals"),
    path("numbers/appraisals/<int:pk>/", published.public_appraisal, name="public_appraisal"),
    path("oversight/morning/", boards.morning, name="morning"),
    path("oversight/screen/", boards.screen, name="screen"),
    path("oversight/staffing/", boards.staff, name="staffing"),
    path("oversight/board/<slug:of>/<int:key>/", boards.one, name="board"),
    path("oversight/board/<slug:of>/<int:key>/<slug:kind>/", boards.report, name="report"),
    path("oversight/appraisals/", appraisals.listed, name="appraisals"),
    path("oversight/appraisals/new/", appraisals.new, name="appraisal_new"),
    path("oversight/appraisals/<int:pk>/", appraisals.appraisal, name="appraisal"),
    path("oversight/appraisals/<int:pk>/progress/", appraisals.progress, name="progress"),
    path("oversight/appraisals/<int:pk>/what-if/", appraisals.what_if, name="what_if"),
    path("oversight/appraisals/<int:pk>/<slug:name>/", appraisals.move, name="appraisal_move"),
    path("oversight/appraised/<int:pk>/", appraised.appraised, name="appraised"),
    path("oversight/appraised/<int:pk>/confer/", appraised.confer, name="confer"),
    path("oversight/appraised/<int:pk>/propose/", appraised.propose, name="propose"),
    path("oversight/appraised/<int:pk>/ask/<slug:kind>/", appraised.appeal, name="appeal_new"),
    path("oversight/appeals/", appraised.desk, name="appeals"),
    path("oversight/appeals/<int:pk>/", appraised.one_appeal, name="appeal"),
    path("oversight/appeals/<int:pk>/<slug:name>/", appraised.answer, name="appeal_move"),
    path("oversight/rewards/<int:pk>/<slug:name>/", appraised.decide, name="reward_move"),
    path("legislation/", legislation.listed, name="legislation"),
    path("legislation/<int:pk>/", legislation.file, name="legislation_file"),
    path("oversight/legislation/", legislation.desk, name="legislation_desk"),
    path("oversight/legislation/new/", legislation.new, name="legislation_new"),
    path("oversight/legislation/<int:pk>/edit/", legislation.edit, name="legislation_edit"),
    path(
        "oversight/legislation/<int:pk>/consultation/",
        legislation.consultation,
        name="legislation_consultation",
    ),
    path(
        "oversight/legislation/<int:pk>/evidence/",
        legislation.evidence,
        name="legislation_evidence",
    ),
    re_path(
        rf"^oversight/legislation/(?P<pk>\d+)/(?P<name>{'|'.join(legislation.STEPS)})/$",
        legislation.move,
        name="legislation_move",
    ),
    path("oversight/indicators/", indicators.indicators, name="indicators"),
    path("oversight/indicators/cases/", indicators.cases_behind, name="cases"),
    path("oversight/indicators/<slug:kind>/", indicators.indicator_file, name="file"),
]
