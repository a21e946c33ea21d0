"""Addresses below /api/v1/talent/."""

from rest_framework.routers import SimpleRouter

from talent.api.views import BaseViewSet, CertificateViewSet, CourseViewSet

app_name = "talent-api"
router = SimpleRouter()
router.register("courses", CourseViewSet, basename="course")
router.register("bases", BaseViewSet, basename="base")
router.register("certificates", CertificateViewSet, basename="certificate")
urlpatterns = router.urls
