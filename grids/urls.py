"""Addresses of the territory."""

from django.urls import path

from grids.api import views
from grids.views import borders, coverage, duty, rolls, teams, visit_standing, visits

app_name = "grids"

urlpatterns = [
    path("locate", views.locate, name="locate"),
    path("outlines.geojson", views.outlines, name="outlines"),
    path("rolls/", rolls.rolls, name="rolls"),
    path("rolls/new/", rolls.bring_in, name="roll_new"),
    path("rolls/sample.csv", rolls.sample, name="roll_sample"),
    path("rolls/<int:pk>/", rolls.roll, name="roll"),
    path("rolls/<int:pk>/codes/", rolls.codes, name="roll_codes"),
    path("places/<int:pk>/", rolls.confirm, name="place"),
    path("claim/", rolls.claim, name="claim"),
    path("visits/", visits.due, name="visits"),
    path("visits/made/", visits.made, name="visits_made"),
    path("visits/standing/", visit_standing.board, name="visits_standing"),
    path("visits/kinds/<slug:code>/form/", visit_standing.form_editor, name="visit_kind_form"),
    path("visits/findings/<int:pk>/<slug:name>/", visits.decide, name="finding_decide"),
    path("visits/photos/<int:pk>/<slug:size>/", visits.photo, name="visit_photo"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/correct/", visits.correct, name="visit_correct"),
    path("visits/<int:pk>/void/", visits.void, name="visit_void"),
    path("outlines/<slug:code>.geojson", views.exact_outlines, name="exact_outlines"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/check/", coverage.check, name="coverage_check"),
    path("coverage/progress/", coverage.progress, name="coverage_progress"),
    path("coverage/findings.geojson", coverage.findings, name="coverage_findings"),
    path("coverage/<int:pk>/mend/", coverage.mend, name="coverage_mend"),
    path("coverage/<int:pk>/split/", coverage.ask_split, name="coverage_split"),
    path("borders/", borders.units, name="borders"),
    path("borders/<slug:code>/", borders.editor, name="editor"),
    path("borders/<slug:code>/outlines.geojson", borders.outlines, name="editor_outlines"),
    path("borders/changes/<int:pk>/undo/", borders.undo, name="border_undo"),
    path("premises/import/", borders.premises_import, name="premises_import"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<slug:code>/", teams.team, name="team"),
    path("teams/<slug:code>/join/", teams.join, name="team_join"),
    path("teams/<slug:code>/roster/", teams.roster, name="team_roster"),
    path("teams/<slug:code>/shifts/<int:post>/", teams.shift, name="team_shift"),
    path("teams/members/<int:pk>/end/", teams.leave_team, name="member_end"),
    path("duty/", duty.my_duty, name="duty"),
    path("duty/leave/", duty.ask_leave, name="leave_ask"),
    path("duty/leave/<int:pk>/<slug:name>/", duty.move_leave, name="leave_move"),
    path("duty/swaps/", duty.ask_swap, name="swap_ask"),
    path("duty/swaps/<int:pk>/<slug:name>/", duty.move_swap, name="swap_move"),
    path("duty/card/", duty.card, name="public_card"),
]
