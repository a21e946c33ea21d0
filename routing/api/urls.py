"""Addresses below /api/v1/routing/."""

from rest_framework.routers import SimpleRouter

from routing.api.views import CategoryViewSet, DutyViewSet

app_name = "routing-api"
router = SimpleRouter()
router.register("categories", CategoryViewSet, basename="category")
router.register("duties", DutyViewSet, basename="duty")
urlpatterns = router.urls
