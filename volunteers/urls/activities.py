"""Addresses of activities, shifts and sign-ups."""

from django.urls import URLPattern, path, re_path

from volunteers.views import activities, feeds, manage, signing

urlpatterns: list[URLPattern] = [
    path("", activities.activities, name="activities"),
    path("calendar.ics", activities.calendar, name="calendar"),
    path("feed.xml", feeds.feed, name="feed"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path(
        "activities/<int:pk>/calendar.ics", activities.activity_calendar, name="activity_calendar"
    ),
    path("shifts/<int:pk>/sign-up/", signing.sign_up, name="sign_up"),
    path("sign-ups/", manage.signups, name="signups"),
    path("sign-ups/<int:pk>/cancel/", signing.cancel, name="cancel"),
    path("waiting/<int:pk>/take/", signing.take_offer, name="take_offer"),
    path("waiting/<int:pk>/leave/", signing.leave_list, name="leave_list"),
    path("led/", manage.led, name="led"),
    path("led/new/", manage.new, name="activity_new"),
    path("led/<int:pk>/", manage.manage, name="manage"),
    path("led/<int:pk>/edit/", manage.edit, name="activity_edit"),
    path("led/<int:pk>/rule/", manage.rule, name="rule"),
    path("led/<int:pk>/shifts/new/", manage.shift_new, name="shift_new"),
    re_path(
        r"^led/(?P<pk>\d+)/(?P<name>submit|take_back|publish|return|cancel)/$",
        manage.move,
        name="activity_move",
    ),
    path("shifts/<int:pk>/", manage.shift, name="shift"),
    path("shifts/<int:pk>/change/", manage.shift_change, name="shift_change"),
    path("shifts/<int:pk>/call-off/", manage.shift_call_off, name="shift_call_off"),
    path("shifts/<int:pk>/message/", manage.shift_message, name="shift_message"),
    path("shifts/<int:pk>/invite/", manage.invite, name="invite"),
    re_path(
        r"^sign-ups/(?P<pk>\d+)/(?P<name>accept|refuse|call_off|attend|miss)/$",
        manage.signup_move,
        name="signup_move",
    ),
]
