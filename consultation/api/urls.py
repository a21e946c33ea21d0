"""Addresses below /api/v1/consultation/."""

from rest_framework.routers import SimpleRouter

from consultation.api.views import CommitmentViewSet, ConsultationViewSet, ProjectCallViewSet

app_name = "consultation-api"
router = SimpleRouter()
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("commitments", CommitmentViewSet, basename="commitment")
router.register("calls", ProjectCallViewSet, basename="call")
urlpatterns = router.urls
