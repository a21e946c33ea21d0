"""Addresses of check-in, hours, stars and certificates."""

from django.urls import URLPattern, path, re_path

from volunteers.views import certificates, hours, overview, presence

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("figures/", overview.figures, name="figures"),
    path("here/<int:pk>/", presence.here, name="here"),
    path("shifts/<int:pk>/board/", presence.board, name="board"),
    path("shifts/<int:pk>/code/", presence.code, name="board_code"),
    path("shifts/<int:pk>/confirm/", presence.confirm_all, name="board_confirm"),
    re_path(
        r"^shifts/(?P<pk>\d+)/(?P<signup>\d+)/(?P<name>arrive|leave|missed)/$",
        presence.note,
        name="board_note",
    ),
    path("hours/", hours.my_hours, name="my_hours"),
    path("hours/waiting/", hours.waiting, name="hours_waiting"),
    path("hours/<int:pk>/", hours.stay, name="stay"),
    path("hours/<int:pk>/correct/", hours.correct, name="stay_correct"),
    path("hours/<int:pk>/object/", hours.object_to, name="stay_object"),
    path("hours/<int:pk>/save/", hours.save, name="stay_save"),
    re_path(
        r"^hours/(?P<pk>\d+)/(?P<name>confirm|refuse|revoke)/$", hours.decide, name="stay_decide"
    ),
    re_path(
        r"^hours/objections/(?P<pk>\d+)/(?P<name>grant|decline|withdraw)/$",
        hours.answer,
        name="objection_answer",
    ),
    path("people/<int:pk>/certificate/", certificates.new, name="certificate_new"),
    path("certificates/", certificates.ask, name="verify_ask"),
    path("certificates/<str:number>/paper/", certificates.paper, name="certificate_paper"),
    path("certificates/<str:number>/mine/", certificates.certificate, name="certificate"),
    path("certificates/<slug:code>/", certificates.verify, name="verify"),
]
