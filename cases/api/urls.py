"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from cases.api.views import CaseViewSet
from cases.api.whistles import WhistleViewSet

app_name = "cases-api"
router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("whistles", WhistleViewSet, basename="whistle")
urlpatterns = router.urls
