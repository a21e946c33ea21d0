"""What becomes of results, project calls, and the pages of consultation that everybody reads."""

from django.urls import path, re_path

from consultation.views import commitments, mobilising, participation, projects, published, reports

NUMBER = r"(?P<number>XS\d+)"

urlpatterns = [
    # Workbench
    path("consultation/board/", published.board, name="board"),
    path("consultation/commitments/", commitments.commitments, name="commitments"),
    path("consultation/commitments/<int:pk>/", commitments.commitment, name="commitment"),
    path(
        "consultation/commitments/<int:pk>/volunteers/",
        mobilising.call_volunteers,
        name="call_volunteers",
    ),
    path(
        "consultation/commitments/<int:pk>/<slug:name>/", commitments.move, name="commitment_move"
    ),
    path("consultation/milestones/<int:pk>/", commitments.reach, name="milestone"),
    path("consultation/wishes/<int:pk>/", commitments.decide, name="reopening_decide"),
    path("consultation/projects/", projects.calls, name="project_calls"),
    path("consultation/projects/new/", projects.new, name="project_new"),
    path("consultation/projects/<int:pk>/", projects.call, name="project_call"),
    path("consultation/projects/<int:pk>/edit/", projects.edit, name="project_edit"),
    path("consultation/projects/<int:pk>/idea/", projects.write_down, name="write_down"),
    path("consultation/projects/<int:pk>/<slug:name>/", projects.call_move, name="call_move"),
    path("consultation/ideas/<int:pk>/", projects.idea, name="idea"),
    path("consultation/ideas/<int:pk>/<slug:name>/", projects.idea_move, name="idea_move"),
    path("consultation/<str:number>/carrying-out/", commitments.carrying_out, name="carrying_out"),
    path("consultation/<str:number>/adopt/", commitments.adopt, name="adopt"),
    path("consultation/<str:number>/promise/", commitments.promise, name="promise"),
    # Everybody
    path("consultations/", published.consultations, name="published"),
    re_path(rf"^consultations/{NUMBER}/$", published.consultation, name="published_consultation"),
    re_path(rf"^consultations/{NUMBER}/embed/$", published.embed, name="embed"),
    re_path(rf"^consultations/{NUMBER}/qr\.svg$", published.code, name="qr"),
    re_path(rf"^consultations/{NUMBER}/report\.(?P<kind>pdf|xlsx)$", reports.report, name="report"),
    re_path(rf"^consultations/{NUMBER}/new-facts/$", participation.new_facts, name="new_facts"),
    path("commitments/", published.commitments, name="published_commitments"),
    path("commitments/<int:pk>/", published.commitment, name="published_commitment"),
    path("commitments/<int:pk>/rate/", participation.rate, name="rate"),
    re_path(
        r"^commitments/photos/(?P<pk>\d+)/(?P<size>small|large)/$",
        published.photo,
        name="commitment_photo",
    ),
    path("projects/", published.calls, name="published_calls"),
    path("projects/<int:pk>/", published.call, name="published_call"),
    path("projects/<int:pk>/idea/", participation.idea, name="bring_idea"),
    path("projects/<int:pk>/vote/", participation.vote, name="choose"),
]
