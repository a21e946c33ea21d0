"""Addresses below /api/v1/visits/."""

from rest_framework.routers import SimpleRouter

from grids.api.visits import VisitViewSet

app_name = "grids-api"
router = SimpleRouter()
router.register("", VisitViewSet, basename="visit")
urlpatterns = router.urls
