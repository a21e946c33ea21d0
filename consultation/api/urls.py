"""Addresses below /api/v1/consultation/."""

from rest_framework.routers import SimpleRouter

from consultation.api.opinions import OpinionAnswerViewSet, OpinionViewSet
from consultation.api.views import CommitmentViewSet, ConsultationViewSet, ProjectCallViewSet

app_name = "consultation-api"
router = SimpleRouter()
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("commitments", CommitmentViewSet, basename="commitment")
router.register("calls", ProjectCallViewSet, basename="call")
OF_ONE = r"consultations/(?P<number>XS\d+)"
router.register(f"{OF_ONE}/opinions", OpinionViewSet, basename="opinion")
router.register(f"{OF_ONE}/answers", OpinionAnswerViewSet, basename="opinion-answer")
urlpatterns = router.urls
