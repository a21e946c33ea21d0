"""Papers and objections of a consultation, topics; and what the public verifies and reads."""

from django.urls import path, re_path

from consultation.views import (
    boards,
    content,
    listed,
    matters,
    objections,
    publications,
    published_papers,
)

ONE = "consultation/<str:number>/"
urlpatterns = [
    path("consultations/verify/", published_papers.verify, name="verify"),
    path("consultations/follow/", listed.follow, name="follow"),
    path("consultations/board/<str:code>/", boards.board, name="board"),
    path("consultations/board/<str:code>/feed.xml", boards.feed, name="board_feed"),
    path("consultations/board/<str:code>/calendar.ics", boards.calendar, name="board_calendar"),
    path("consultations/board/<str:code>/list/", listed.content_list, name="content_list"),
    path("consultations/papers/<int:pk>/", published_papers.paper, name="paper"),
    path("consultations/papers/<int:pk>/print/", published_papers.print_sheet, name="paper_print"),
    path(
        "consultations/papers/<int:pk>/<int:version>.txt",
        published_papers.download,
        name="paper_text",
    ),
    path(
        "consultations/papers/<int:pk>/files/<int:file>/",
        published_papers.file,
        name="paper_file",
    ),
    path("consultations/topics/", listed.public_topics, name="public_topics"),
    path("consultations/topics/new/", boards.propose, name="propose"),
    path("consultations/topics/<str:number>/", listed.public_topic, name="public_topic"),
    path("consultations/topics/<str:number>/rate/", listed.rate, name="topic_rate"),
    path("consultations/<str:number>/object/", boards.object_to, name="object"),
    path("consultation/new/", matters.new, name="new"),
    path("consultation/topics/", content.topics, name="topics"),
    path("consultation/topics/new/", content.bring, name="topic_new"),
    path("consultation/topics/<str:number>/", content.topic, name="topic"),
    path("consultation/topics/<str:number>/<slug:name>/", content.move, name="topic_move"),
    path(f"{ONE}publications/", publications.publications, name="publications"),
    path(f"{ONE}publications/new/", publications.write, name="paper_new"),
    path(f"{ONE}publications/<int:pk>/write/", publications.write, name="paper_write"),
    path(f"{ONE}publications/<int:pk>/release/", publications.release, name="paper_release"),
    path(f"{ONE}publications/<int:pk>/files/", publications.attach, name="paper_attach"),
    path(f"{ONE}publications/<int:pk>/drop/", publications.drop, name="paper_drop"),
    path(f"{ONE}publications/files/<int:pk>/", publications.file, name="desk_file"),
    path(f"{ONE}objections/", objections.objections, name="objections"),
    path(f"{ONE}objections/new/", objections.raise_objection, name="objection_new"),
    re_path(
        r"^consultation/(?P<number>[^/]+)/objections/(?P<objection>[^/]+)/(?P<name>answer|uphold)/$",
        objections.answer,
        name="objection_answer",
    ),
    re_path(r"^consultation/(?P<number>[^/]+)/do/(?P<name>start|advance)/$", matters.do, name="do"),
    re_path(
        r"^consultation/(?P<number>[^/]+)/ask/(?P<name>review|reopen|stop)/$",
        matters.ask,
        name="ask",
    ),
]
