"""Addresses below /api/v1/committee/."""

from rest_framework.routers import SimpleRouter

from committee.api.directives import DirectiveViewSet
from committee.api.meetings import DecisionViewSet, MeetingViewSet
from committee.api.two_new import CoverageViewSet, NewOrganisationViewSet

app_name = "committee-api"
router = SimpleRouter()
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("directives", DirectiveViewSet, basename="directive")
router.register("organisations", NewOrganisationViewSet, basename="organisation")
router.register("coverage", CoverageViewSet, basename="coverage")
urlpatterns = router.urls
