import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.urls import reverse

from lib.roles import Role
from organizations.look_up import LookUpAdmin, LookUpSite
from organizations.models import Body, User
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


def shown():
    """Models that /admin/ offers (others are registered by packages and open to nobody)."""
    return {
        model: one for model, one in admin.site._registry.items() if isinstance(one, LookUpAdmin)
    }


def test_the_admin_is_ours():
    assert (
        type(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site) is LookUpSite
    )
    assert issubclass(LookUpSite, AdminSite)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.PARTY_SECRETARY])
def test_only_the_system_administrator_looks_things_up(client, role):
    client.force_login(PostFactory(role=role).person)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/organizations/body/", follow=True).status_code == 403


def test_flags_of_django_open_nothing(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/", follow=True).status_code == 403


def test_who_has_not_signed_in_comes_to_our_page(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=")


def test_every_table_can_be_listed_and_none_written(client):
    PostFactory(body=BodyFactory())
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    for model in shown():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        assert client.get(reverse(f"{name}_add")).status_code == 403


def test_a_row_is_shown_without_a_way_to_save_it(client):
    body = BodyFactory()
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    address = reverse("admin:organizations_body_change", args=[body.pk])
    assert client.get(address).context["has_change_permission"] is False
    client.post(address, {"name": "x"})
    assert Body.objects.get(pk=body.pk).name == body.name
    delete = reverse("admin:organizations_body_delete", args=[body.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_no_password_or_secret_is_shown():
    fields = set(shown()[User].fields)
    assert {"password", "session_ticket"} & fields == set()
    labels = {model._meta.label for model in shown()}
    assert {label for label in labels if label.startswith(("cases.", "otp_"))} == set()
