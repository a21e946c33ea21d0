"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from cases.api.views import CaseViewSet

app_name = "cases-api"
router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
urlpatterns = router.urls
