"""Many rows of a catalogue out of a table: tried first, refused row by row, kept as a whole."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lib.roles import Role
from organizations.catalogues import named, tables
from organizations.models import Body, ChangeRecord, Post, User
from tests.factories.organizations import BodyFactory, BodyKindFactory, PostFactory, SkillFactory

pytestmark = pytest.mark.django_db
BODIES = reverse("organizations:catalogue_table", args=["bodies"])
HEAD = "code\tname\tname_en\tKind\tparent\n"


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def admin(client, system_admin):
    client.force_login(system_admin)
    return client


@pytest.fixture
def kind():
    return BodyKindFactory(name="居委会", name_en="Committee")


def two_bodies(kind):
    return f"{HEAD}a-1\t甲居委会\tA\t{kind}\t\na-2\t乙居委会\tB\t{kind}\ta-1\n"


def test_a_table_is_tried_first_and_brought_in_by_the_second_click(admin, kind):
    tried = admin.post(BODIES, {"text": two_bodies(kind)})
    assert [len(tried.context[name]) for name in ("lines", "wrong")] == [2, 0]
    assert not Body.objects.filter(code__startswith="a-").exists()
    kept = admin.post(BODIES, {"text": tried.context["form"]["text"].value(), "keep": "1"})
    assert kept.url == reverse("organizations:catalogue", args=["bodies"])
    second = Body.objects.get(code="a-2")
    assert (second.parent.code, second.kind) == ("a-1", kind)
    assert ChangeRecord.objects.of(second).count() == 1


def test_one_wrong_row_keeps_all_of_them_out_and_says_why(admin, kind):
    answer = admin.post(BODIES, {"text": two_bodies(kind) + "\tno code\tX\t—\t\n", "keep": "1"})
    [wrong] = answer.context["wrong"]
    assert (wrong.number, wrong.name) == (4, "no code")
    assert any(problem.startswith("Code:") for problem in wrong.problems)
    assert "1 row cannot be brought in" in answer.content.decode()
    assert not Body.objects.filter(code__startswith="a-").exists()


def test_a_file_in_the_national_encoding_is_read(admin, kind):
    text = two_bodies(kind).replace("\t", ",").encode("gb18030")
    answer = admin.post(BODIES, {"file": SimpleUploadedFile("bodies.csv", text)})
    assert "甲居委会" in answer.context["form"]["text"].value()
    assert not answer.context["wrong"]


def test_of_a_file_that_is_too_large_nothing_is_cut_off(admin, kind):
    text = two_bodies(kind).encode() + b"\n" * 2_000_000
    answer = admin.post(BODIES, {"file": SimpleUploadedFile("bodies.csv", text)})
    assert "larger than 2 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour\nred", "colour"),
        (HEAD, "between one and 2,000"),
        ("", "Paste rows"),
    ],
)
def test_what_is_no_table_of_this_kind_is_refused(admin, text, words):
    assert words in admin.post(BODIES, {"text": text}).content.decode()


def test_the_headings_come_as_a_file(admin):
    file = admin.get(BODIES, {"headings": "1"}).content.decode("utf-8-sig")
    assert file.startswith("Kind,")
    assert file.strip().split(",") == list(tables.headings(named("bodies")))


def test_choices_several_values_and_todays_date_are_understood(admin):
    body, one, two = BodyFactory(), SkillFactory(), SkillFactory()
    person = User.objects.create(username="new-one", full_name="新人")
    label = Role.HANDLER.label
    text = (
        f"person,body,role,title,capacity,skills\nnew-one,{body.code},{label},经办,20,{one}|{two}"
    )
    admin.post(reverse("organizations:catalogue_table", args=["posts"]), {"text": text, "keep": 1})
    post = Post.objects.get(person=person)
    assert (post.role, set(post.skills.all())) == (Role.HANDLER, {one, two})


def test_who_only_reads_brings_nothing_in(client):
    client.force_login(PostFactory(role=Role.AUDIT_ADMIN).person)
    assert client.get(BODIES).status_code == 403
