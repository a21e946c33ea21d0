"""Addresses below /api/v1/funding/."""

from rest_framework.routers import SimpleRouter

from funding.api.views import HoldViewSet, LineViewSet

app_name = "funding-api"
router = SimpleRouter()
router.register("lines", LineViewSet, basename="line")
router.register("holds", HoldViewSet, basename="hold")
urlpatterns = router.urls
