"""Addresses below /emergency/."""

from django.urls import URLPattern, path, re_path

from emergency.views import calling, desk, ground, phone, public, supplies

app_name = "emergency"
urlpatterns: list[URLPattern] = [
    path("", public.listed, name="listed"),
    path("<int:pk>/", public.notice, name="notice"),
    path("feed.xml", public.feed, name="feed"),
    path("orders.json", public.as_json, name="as_json"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", desk.new, name="new"),
    path("<int:pk>/lead/", desk.lead, name="lead"),
    re_path(
        r"^(?P<pk>\d+)/(?P<name>confirm|withdraw|extend|level|stand_down)/$",
        desk.move,
        name="move",
    ),
    path("<int:pk>/points/new/", calling.point_new, name="point_new"),
    path("<int:pk>/call/", calling.callout_new, name="callout_new"),
    path("callouts/<int:pk>/", calling.callout, name="callout"),
    path("callouts/<int:pk>/close/", calling.callout_close, name="callout_close"),
    path("points/<int:pk>/", calling.board, name="board"),
    re_path(
        r"^points/(?P<pk>\d+)/(?P<called>\d+)/(?P<name>arrive|leave)/$",
        calling.note,
        name="note",
    ),
    path("mine/<int:pk>/", phone.mine, name="mine"),
    path("mine/<int:pk>/here/", phone.here, name="here"),
    re_path(r"^mine/(?P<pk>\d+)/(?P<name>accept|decline|leave)/$", phone.answer, name="answer"),
    path("tasks/<int:pk>/", phone.task, name="task"),
    re_path(r"^tasks/(?P<pk>\d+)/(?P<name>begin|progress)/$", phone.task_act, name="task_act"),
    re_path(r"^tasks/(?P<pk>\d+)/(?P<name>finish|reopen|drop)/$", phone.task_end, name="task_end"),
    re_path(
        r"^tasks/photos/(?P<pk>\d+)/(?P<size>small|full)/$", phone.task_photo, name="task_photo"
    ),
    path("<int:pk>/tasks/", ground.tasks, name="tasks"),
    path("<int:pk>/tasks.geojson", ground.tasks_map, name="tasks_map"),
    path("<int:pk>/tasks/new/", ground.task_new, name="task_new"),
    path("<int:pk>/checks/", ground.checks, name="checks"),
    path("<int:pk>/checks/<slug:code>/", ground.check_new, name="check_new"),
    path("checks/<int:pk>/", ground.check, name="check"),
    path("reports/<int:pk>/", ground.report, name="report"),
    path("<int:pk>/review/", ground.review, name="review"),
    path("depots/", supplies.depots, name="depots"),
    path("depots/new/", supplies.depot_new, name="depot_new"),
    path("depots/<int:pk>/", supplies.depot, name="depot"),
    re_path(
        r"^depots/(?P<pk>\d+)/(?P<name>receive|hand_out|take_back|use_up|transfer|lose)/$",
        supplies.move,
        name="supplies_move",
    ),
]
