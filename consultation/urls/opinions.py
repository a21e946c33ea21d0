"""Opinions: what everybody reads and gives, what hosts do with them, draft regulations."""

from django.urls import path, re_path

from consultation.views import drafts, moderation, opinions

NUMBER = r"(?P<number>XS\d+)"
SAID = rf"^consultations/{NUMBER}/opinions"
ONE = rf"{SAID}/(?P<pk>\d+)"

urlpatterns = [
    # Workbench
    path("consultation/opinions/", moderation.waiting, name="opinions_waiting"),
    path("consultation/opinions/<int:pk>/release/", moderation.release, name="opinion_release"),
    path("consultation/opinions/<int:pk>/files/", moderation.release_files, name="opinion_files"),
    path("consultation/opinions/<int:pk>/hide/", moderation.hide, name="opinion_hide"),
    path("consultation/opinions/<int:pk>/group/", moderation.regroup, name="opinion_regroup"),
    path("consultation/opinions/appeals/<int:pk>/", moderation.decide, name="appeal_decide"),
    path("consultation/opinions/files/<int:pk>/<slug:size>/", moderation.file, name="host_file"),
    path("consultation/<str:number>/opinions/", moderation.opinions, name="opinions"),
    path("consultation/<str:number>/opinions/answer/", moderation.answer, name="opinions_answer"),
    path("consultation/<str:number>/opinions/group/", moderation.group, name="opinions_group"),
    path("consultation/<str:number>/opinions/level/", moderation.level, name="opinions_level"),
    path("consultation/<str:number>/opinions/write/", moderation.assisted, name="assisted"),
    path("consultation/<str:number>/draft/", drafts.bring_in, name="draft_new"),
    # Everybody
    re_path(rf"{SAID}/$", opinions.opinions, name="public_opinions"),
    re_path(rf"{SAID}/new/$", opinions.new, name="opinion_new"),
    re_path(rf"{SAID}/moderation/$", moderation.log, name="moderation_log"),
    re_path(rf"{SAID}/moderation\.csv$", moderation.log_file, name="moderation_file"),
    re_path(rf"{ONE}/$", opinions.opinion, name="public_opinion"),
    re_path(rf"{ONE}/reply/$", opinions.reply, name="opinion_reply"),
    re_path(rf"{ONE}/agree/$", opinions.agree, name="opinion_agree"),
    re_path(rf"{ONE}/edit/$", opinions.edit, name="opinion_edit"),
    re_path(rf"{ONE}/withdraw/$", opinions.withdraw, name="opinion_withdraw"),
    re_path(rf"{ONE}/appeal/$", opinions.appeal, name="opinion_appeal"),
    re_path(
        rf"{SAID}/files/(?P<pk>\d+)/(?P<size>small|large)/$", opinions.file, name="opinion_file"
    ),
    re_path(rf"^consultations/{NUMBER}/draft/$", drafts.draft, name="public_draft"),
    re_path(
        rf"^consultations/{NUMBER}/draft/(?P<version>\d+)/$", drafts.draft, name="draft_version"
    ),
    re_path(
        rf"^consultations/{NUMBER}/draft/(?P<old>\d+)-(?P<version>\d+)/$",
        drafts.comparison,
        name="draft_comparison",
    ),
]
