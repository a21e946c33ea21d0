"""Addresses of registering as a volunteer and of who reviews it."""

from django.urls import URLPattern, path, re_path

from volunteers.views import desk, people

urlpatterns: list[URLPattern] = [
    path("mine/", people.mine, name="mine"),
    path("register/", people.register, name="register"),
    path("register/child/", people.register_child, name="register_child"),
    path("mine/offer/", people.edit, name="offer"),
    path("mine/correct/", people.resubmit, name="resubmit"),
    path("mine/guardian/", people.guardian, name="guardian"),
    path("mine/rejoin/", people.rejoin, name="rejoin"),
    re_path(r"^mine/(?P<pk>\d+)/(?P<name>leave|erase)/$", people.move, name="own_move"),
    path("consent/<str:code>/", people.consent, name="consent"),
    path("people/", desk.people, name="people"),
    path("people/<int:pk>/", desk.person, name="person"),
    re_path(
        r"^people/(?P<pk>\d+)/(?P<name>confirm|return|refuse|suspend|resume|leave|erase)/$",
        desk.person_move,
        name="person_move",
    ),
    re_path(
        r"^people/(?P<pk>\d+)/add/(?P<name>insurance|training|consent)/$",
        desk.person_add,
        name="person_add",
    ),
    path("skills/<int:pk>/certify/", desk.certify, name="certify"),
    path("calls/", desk.calls, name="calls"),
    path("calls/<int:pk>/answer/", desk.answer_call, name="answer_call"),
    path("calls/<int:pk>/decline/", desk.decline_call, name="decline_call"),
]
