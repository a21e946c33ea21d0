"""Every address of the site, grouped by the app that answers it."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("", include("portal.urls")),
    path("admin/", admin.site.urls),
    path("", include("organizations.urls")),
    path("grids/", include("grids.urls")),
    path("", include("routing.urls")),
    path("committee/", include("committee.urls")),
    path("emergency/", include("emergency.urls")),
    path("talent/", include("talent.urls")),
    path("cases/", include("cases.urls")),
    path("", include("consultation.urls")),
    path("volunteers/", include("volunteers.urls")),
    path("", include("oversight.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("funding/", include("funding.urls")),
    # /api/v1/<app>/
    path("api/v1/", include("cases.api.urls")),
    path("api/v1/visits/", include("grids.api.urls")),
    path("api/v1/committee/", include("committee.api.urls")),
    path("api/v1/consultation/", include("consultation.api.urls")),
    path("api/v1/funding/", include("funding.api.urls")),
    path("api/v1/oversight/", include("oversight.api.urls")),
    path("api/v1/routing/", include("routing.api.urls")),
    path("api/v1/talent/", include("talent.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
