"""Sessions, minutes and votes: at the desk, and for residents."""

from django.urls import path, re_path

from consultation.views import minutes, session_desk, sessions, spoilt, votes, voting

urlpatterns = [
    path("consultation/sessions/", session_desk.desk, name="desk"),
    path("consultation/<str:number>/sessions/", sessions.of_consultation, name="sessions"),
    path("consultation/<str:number>/sessions/new/", sessions.new, name="session_new"),
    path("consultation/<str:number>/votes/new/", votes.new, name="vote_new"),
    path("consultation/sessions/<int:pk>/", sessions.session, name="session"),
    path("consultation/sessions/<int:pk>/screen/", sessions.screen, name="session_screen"),
    re_path(
        r"^consultation/sessions/(?P<pk>\d+)/(?P<name>open|close|invite-roll)/$",
        sessions.act,
        name="session_act",
    ),
    re_path(
        r"^consultation/sessions/(?P<pk>\d+)/(?P<name>edit|point|invite|call-off)/$",
        sessions.change,
        name="session_change",
    ),
    path("consultation/invitations/<int:pk>/check-in/", sessions.check_in, name="person_check_in"),
    re_path(
        r"^consultation/invitations/(?P<pk>\d+)/(?P<name>cancel|recuse|position)/$",
        sessions.person,
        name="person",
    ),
    path("consultation/invitations/<int:pk>/withdraw/", sessions.withdraw, name="person_withdraw"),
    path("consultation/agenda/<int:pk>/remove/", sessions.remove_point, name="point_remove"),
    path("consultation/sessions/<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("consultation/sessions/<int:pk>/minutes/finish/", minutes.finish, name="minutes_finish"),
    re_path(
        r"^consultation/sessions/(?P<pk>\d+)/minutes/(?P<name>write|lay-out)/$",
        minutes.change,
        name="minutes_change",
    ),
    re_path(
        r"^consultation/amendments/(?P<pk>\d+)/(?P<name>accept|refuse)/$",
        minutes.decide,
        name="amendment",
    ),
    path("consultation/votes/<int:pk>/", votes.vote, name="vote"),
    path("consultation/votes/<int:pk>/change/", votes.change, name="vote_change"),
    path("consultation/votes/<int:pk>/papers/", votes.print_papers, name="papers"),
    path("consultation/votes/<int:pk>/spoilt/", spoilt.spoilt, name="spoilt"),
    path("consultation/spoilt/<int:pk>/replace/", spoilt.replace, name="spoilt_replace"),
    path("consultation/votes/<int:pk>/count/", votes.begin_count, name="count_begin"),
    re_path(
        r"^consultation/votes/(?P<pk>\d+)/(?P<name>open|close|judge)/$",
        votes.act,
        name="vote_act",
    ),
    re_path(
        r"^consultation/votes/(?P<pk>\d+)/(?P<name>annul|recount)/$",
        votes.explained,
        name="vote_explained",
    ),
    path("consultation/rights/<int:pk>/paper/", votes.hand_paper, name="hand_paper"),
    path("consultation/rights/<int:pk>/assist/", votes.assist, name="assist"),
    path("consultation/rights/<int:pk>/proxy/", votes.proxy, name="proxy"),
    path("consultation/proxies/<int:pk>/take-back/", votes.proxy_back, name="proxy_back"),
    path("consultation/counts/<int:pk>/", votes.count, name="count"),
    path("consultation/counts/<int:pk>/close/", votes.close_count, name="count_close"),
    path("consultations/mine/", voting.mine, name="mine"),
    path("consultations/calendar/", voting.calendar, name="calendar"),
    re_path(
        r"^consultations/invitations/(?P<pk>\d+)/(?P<name>read|accept|decline)/$",
        voting.invitation,
        name="invitation",
    ),
    path("consultations/sessions/<int:pk>/check-in/<str:code>/", voting.check_in, name="check_in"),
    path("consultations/sessions/<int:pk>/minutes/", minutes.amend, name="amend"),
    path("consultations/votes/<int:pk>/", voting.published_vote, name="published_vote"),
    path("consultations/votes/<int:pk>/receipts.txt", voting.receipts, name="receipts"),
    path("consultations/votes/<int:pk>/vote/", voting.ballot, name="ballot"),
]
