"""Versions of the model are looked at by those who keep rules, and put into use by one of them."""

import pytest
from django.urls import reverse

from lib.roles import Role
from routing import services
from routing.models import ClassifierVersion
from tests.factories.cases import MONDAY, filed
from tests.factories.organizations import PostFactory
from tests.factories.routing import CategoryFactory
from tests.routing.corpus import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def version(town):
    CategoryFactory(code="lamp", name="路灯不亮", parent=town.large)
    rows = samples(120, kinds=("cover", "lamp"))
    return services.train_classifier(rows, origin="file", by=town.system, at=MONDAY)


@pytest.fixture
def administrator():
    return PostFactory(role=Role.SYSTEM_ADMIN).person


def test_versions_and_their_figures_are_shown(town, version, client):
    client.force_login(town.dispatcher)
    page = client.get(reverse("cases:classifier"))
    assert list(page.context["versions"]) == [version]
    assert (page.context["active"], page.context["may_edit"]) == (version, False)
    page = client.get(reverse("cases:classifier_version", args=[version.pk]))
    assert [row["name"] for row in page.context["labels"]] == ["井盖缺失", "路灯不亮"]
    assert (page.context["sorted_now"], page.context["changed"]) == (0, 0)


def test_without_a_version_the_page_says_when_one_comes(town, client):
    filed(town)
    client.force_login(town.committee)
    shown = client.get(reverse("cases:classifier")).context
    assert (list(shown["versions"]), shown["active"], shown["new"]) == ([], None, 1)


def test_an_administrator_stops_and_uses_a_version(town, version, administrator, client):
    client.force_login(administrator)
    client.post(reverse("cases:classifier_stop"))
    assert ClassifierVersion.objects.active() is None
    client.post(reverse("cases:classifier_activate", args=[version.pk]))
    assert ClassifierVersion.objects.active() == version


def test_a_damaged_version_is_refused_in_words(town, version, administrator, client):
    from django.core.files.storage import default_storage

    services.stop_classifier(by=town.system, at=MONDAY)
    default_storage.delete(version.file)
    client.force_login(administrator)
    page = client.post(reverse("cases:classifier_activate", args=[version.pk]), follow=True)
    assert [str(message.level_tag) for message in page.context["messages"]] == ["error"]
    assert ClassifierVersion.objects.active() is None


def test_others_change_nothing(town, version, client):
    client.force_login(town.dispatcher)
    for name in ("classifier_stop", "classifier_learn"):
        assert client.post(reverse(f"cases:{name}")).status_code == 403
    assert ClassifierVersion.objects.active() == version


def test_a_suggestion_names_the_words_that_mattered(town, version, client):
    client.force_login(town.worker)
    answer = client.post(reverse("cases:categories"), {"text": "村口的路灯不亮"})
    (category, suggestion), *_rest = answer.context["category"].offered
    assert (category.code, suggestion.is_certain) == ("lamp", True)
    assert "路灯" in suggestion.words
    assert "路灯" in answer.content.decode()
