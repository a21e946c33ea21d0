"""Addresses of wishes and neighbours' help."""

from django.urls import URLPattern, path, re_path

from volunteers.views import help as help_views
from volunteers.views import takes, wishes

urlpatterns: list[URLPattern] = [
    path("wishes/", wishes.listed, name="wishes"),
    path("wishes/ask/", wishes.ask, name="wish_ask"),
    path("wishes/desk/", wishes.desk, name="wishes_desk"),
    path("wishes/<int:pk>/", wishes.wish, name="wish"),
    path("wishes/<int:pk>/edit/", wishes.edit, name="wish_edit"),
    path("wishes/<int:pk>/publish/", wishes.publish, name="wish_publish"),
    path("wishes/<int:pk>/take/", takes.take, name="wish_take"),
    re_path(
        r"^wishes/(?P<pk>\d+)/(?P<name>resubmit|return|refuse|withdraw)/$",
        wishes.move,
        name="wish_move",
    ),
    path("takes/<int:pk>/deliver/", takes.deliver, name="wish_deliver"),
    path("takes/<int:pk>/money/", takes.money, name="wish_money"),
    re_path(
        r"^takes/(?P<pk>\d+)/(?P<name>confirm|vouch|dispute|give_back|thank|tell)/$",
        takes.move,
        name="take_move",
    ),
    path("help/", help_views.listed, name="help"),
    path("help/new/", help_views.new, name="help_new"),
    path("help/<int:pk>/", help_views.post, name="help_post"),
    path("help/<int:pk>/answer/", help_views.answer, name="help_answer"),
    re_path(r"^help/(?P<pk>\d+)/(?P<name>end|take_down)/$", help_views.end, name="help_end"),
    re_path(
        r"^help/deals/(?P<pk>\d+)/(?P<name>agree|decline|call_off|done)/$",
        help_views.deal,
        name="help_deal",
    ),
]
