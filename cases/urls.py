"""Pages of cases, below /cases/."""

from django.urls import path

from cases.views import (
    deadlines,
    detail,
    emergency,
    feeds,
    intake,
    lists,
    photos,
    replay,
    reporter,
    requests,
    whistles,
)
from cases.views import bulk, detail, feeds, intake, kept, lists, photos, replay, reporter, whistles

app_name = "cases"
urlpatterns = [
    path("", lists.case_list, name="list"),
    path("new/", intake.log, name="log"),
    path("new/categories/", intake.categories, name="categories"),
    path("new/place/", intake.place, name="place"),
    path("new/duplicates/", intake.duplicates, name="duplicates"),
    path("tasks/", lists.tasks, name="tasks"),
    path("department/", lists.department, name="department"),
    path("queue/<slug:desk>/", lists.queue, name="queue"),
    path("new/danger/", emergency.danger, name="danger"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("feed/", feeds.feed_make, name="feed_make"),
    path("feed/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("feed/<str:secret>.ics", feeds.feed, name="feed"),
    path("requests/", requests.to_review, name="requests"),
    path("replay/", replay.replay, name="replay"),
    path("whistles/", whistles.whistle_list, name="whistles"),
    path("whistles/new/", whistles.blow, name="whistle_new"),
    path("whistles/<int:pk>/", whistles.whistle, name="whistle"),
    path("whistles/<int:pk>/board/", whistles.board, name="whistle_board"),
    path("whistles/<int:pk>/more/", whistles.call_more, name="whistle_more"),
    path("whistles/<int:pk>/<int:call>/<slug:name>/", whistles.call_move, name="whistle_call"),
    path("count/", lists.count, name="count"),
    path("views/save/", kept.save_view, name="save_view"),
    path("views/<int:pk>/remove/", kept.remove_view, name="remove_view"),
    path("exports/", kept.exports, name="exports"),
    path("exports/new/", kept.export, name="export"),
    path("exports/<int:pk>/file/", kept.export_file, name="export_file"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<int:pk>/", bulk.report, name="bulk_report"),
    path("photos/<int:pk>/", photos.photo, name="photo"),
    path("photos/<int:pk>/small/", photos.thumbnail, name="thumbnail"),
    path("<str:number>/", detail.detail, name="detail"),
    path("<str:number>/receipt/", intake.receipt, name="receipt"),
    path("<str:number>/routed/", intake.routed, name="routed"),
    path("<str:number>/reporter/", reporter.reveal, name="reporter"),
    path("<str:number>/<slug:name>/", detail.move, name="move"),
]
