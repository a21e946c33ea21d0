"""Forms of consultation: made and changed stage by stage."""

from django.urls import path

from consultation.views import blueprints

urlpatterns = [
    path("consultation/forms/new/", blueprints.new, name="form_new"),
    path("consultation/forms/<int:pk>/edit/", blueprints.edit, name="form_edit"),
    path("consultation/forms/<int:pk>/stages.yaml", blueprints.stages_file, name="form_stages"),
]
