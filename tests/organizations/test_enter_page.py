"""The page on which residents sign in: two forms that both ask for the number."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_no_field_has_the_id_of_another(client):
    words = client.get(reverse("organizations:enter")).content.decode()
    found = re.findall(r'<input[^>]* id="([^"]+)"', words)
    assert len(found) == len(set(found)) == 3
