"""The library of legal bases: loaded once, edited as dated rows, and what hangs on an article."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lib.errors import NotYours, RuleViolation
from lib.numerals import articles_in
from lib.roles import Role
from organizations.catalogues.legal import count_to_look_at
from organizations.citing import Library
from organizations.models import Citation, Law, LawArticle, User
from organizations.services import changes, citations
from organizations.services.legal import load_laws
from tests.factories.organizations import PostFactory
from tests.factories.routing import CategoryFactory, CommunityDutyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def laws():
    by = User.objects.system()
    return load_laws(by=by, at=timezone.now())


def shown(client, key, row, language="zh-hans", role=Role.COMMITTEE_MEMBER):
    client.force_login(PostFactory(role=role).person)
    client.cookies["django_language"] = language
    answer = client.get(reverse("organizations:catalogue_row", args=[key, row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_laws_are_loaded_once(laws):
    assert laws == Law.objects.count() + LawArticle.objects.count()
    assert load_laws(by=User.objects.system(), at=timezone.now()) == 0


def test_a_law_that_was_replaced_names_the_one_that_follows(laws):
    old = Law.objects.get(code="residents-committees-2018")
    assert old.followed_by.code == "residents-committees-2025"
    assert old.valid_to == old.followed_by.valid_from
    assert not old.articles.filter(valid_to=None).exists()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("人民调解法第八条", {8}),
        ("第一百二十三条和第二十条", {123, 20}),
        ("农村集体经济组织法 art. 29, 31", {29, 31}),
        ("arts. 34–36", {34, 35, 36}),
        ("民法典 art. 278 (6)–(8)", {278}),
        ("社区依法履职清单", set()),
        ("part 12", set()),
    ],
)
def test_articles_are_read_from_words(text, numbers):
    assert articles_in(text) == numbers


# -- Links ----------------------------------------------------------------------------------------


def cited(words, *, on=None):
    found = Library(on=on or timezone.localdate()).cited_in(words)
    return {(law.code, number) for law, number in found}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("民法典第二百七十八条；突发事件应对法第七十三条；传染病防治法第五条",
         {("civil-code", 278), ("emergency-response-2024", 73)}),
        ("中华人民共和国慈善法第四十条、志愿服务条例第七条和第十二条",
         {("charity-2023", 40), ("volunteer-service-2017", 7), ("volunteer-service-2017", 12)}),
        ("人民调解法", {("mediation", 0)}),
        ("广东省志愿服务条例第八条", set()),
        ("社区依法履职清单", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_words_name_laws_with_the_articles_behind_them(laws, words, found):
    assert cited(words) == found


def test_an_article_is_of_the_law_of_that_title_that_has_it(laws):
    title = "村民委员会组织法"
    assert cited(f"{title}第二十二条") == {("villagers-committees-2018", 22)}
    assert cited(title) == {("villagers-committees-2025", 0)}
    assert cited(title, on=datetime.date(2020, 1, 1)) == {("villagers-committees-2018", 0)}


def test_without_a_library_nothing_is_cited(db):
    assert cited("人民调解法第八条") == set()


def links(row):
    return {(one.law.code, one.number) for one in Citation.objects.of([row])}


def duty(words):
    """Saved by the service, as every page and loader does."""
    made = CommunityDutyFactory.build(category=CategoryFactory(), legal_basis=words)
    return changes.create(made, by=User.objects.system(), at=timezone.now())


def test_a_basis_is_linked_when_it_is_saved_and_again_when_it_changes(laws):
    who = {"by": User.objects.system(), "at": timezone.now()}
    row = duty("人民调解法第八条")
    assert links(row) == {("mediation", 8)}
    kept = Citation.objects.get()
    changes.revise(row, {"legal_basis": "人民调解法第八条；民法典第二百七十八条"}, **who)
    assert links(row) == {("mediation", 8), ("civil-code", 278)}
    assert Citation.objects.filter(pk=kept.pk).exists()
    changes.revise(row, {"legal_basis": ""}, **who)
    assert links(row) == set()


def test_a_law_that_is_entered_is_linked_with_what_cited_it_before(client):
    row = duty("某法第三条")
    assert links(row) == set()
    enter(client, "laws", code="x", title="某法", short_title="某法")
    assert links(row) == {("x", 3)}


def test_what_was_written_past_the_services_is_linked_by_loading(laws):
    row = CommunityDutyFactory(legal_basis="人民调解法第八条")
    assert links(row) == set()
    assert citations.keep_all(at=timezone.now()) == 1
    assert citations.keep_all(at=timezone.now()) == 0
    assert links(row) == {("mediation", 8)}


def test_linking_many_rows_costs_the_same_as_one(laws, django_assert_num_queries):
    rows = [CommunityDutyFactory(legal_basis="人民调解法第八条") for _each in range(4)]
    for some in (rows[:1], rows):
        Citation.objects.all().delete()
        with django_assert_num_queries(4):
            citations.keep(some, at=timezone.now())
    assert Citation.objects.count() == 4


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_hangs_on_a_law_and_on_an_article(client, laws, language):
    one, other = duty("人民调解法第八条"), duty("人民调解法第三十三条")
    law = Law.objects.get(code="mediation")
    page = shown(client, "laws", law, language)
    assert one.legal_basis in page
    assert other.legal_basis in page
    page = shown(client, "law-articles", law.articles.get(number=8), language)
    assert reverse("organizations:catalogue_row", args=["community-lists", one.pk]) in page
    assert other.legal_basis not in page


def test_a_row_shows_the_articles_it_rests_on(client, laws):
    article = Law.objects.get(code="mediation").articles.get(number=8)
    page = shown(client, "community-lists", duty("人民调解法第八条"))
    assert reverse("organizations:catalogue_row", args=["law-articles", article.pk]) in page
    assert article.gist in page


def test_who_may_not_read_a_catalogue_reads_nothing_of_it(client, laws):
    duty("人民调解法第八条")
    article = Law.objects.get(code="mediation").articles.get(number=8)
    page = shown(client, "law-articles", article, role=Role.CONSULTATION_HOST)
    assert "人民调解法第八条" not in page


def test_a_day_that_no_source_shows_is_said_to_be_unverified(client, laws):
    said = "没有来源"
    assert said in shown(client, "laws", Law.objects.get(code="grid-service-2017"))
    assert said not in shown(client, "laws", Law.objects.get(code="mediation"))
    page = client.get(reverse("organizations:catalogue", args=["laws"])).content.decode()
    assert page.count("未核实") == Law.objects.filter(day_verified=False).count() == 5


# -- A law changes --------------------------------------------------------------------------------


@pytest.fixture
def secretary():
    return PostFactory(role=Role.PARTY_SECRETARY).person


def amend(client, article, **values):
    given = {
        "law": article.law.code, "number": article.number, "gist": "改了", "gist_en": "changed",
        "valid_from": timezone.localdate(), **values,
    }  # fmt: skip
    url = reverse("organizations:catalogue_edit", args=["law-articles", article.pk])
    answer = client.post(url, given)
    assert answer.status_code == 302, answer.context["form"].errors


def waiting():
    return set(Citation.objects.to_look_at().values_list("law__code", "number"))


def test_an_amended_article_opens_a_look_at_each_row_and_closes_it(client, laws, secretary):
    row, other = duty("人民调解法第八条"), duty("人民调解法第三十三条")
    client.force_login(secretary)
    assert count_to_look_at(secretary) == 0
    amend(client, Law.objects.get(code="mediation").articles.get(number=8))
    assert waiting() == {("mediation", 8)}
    assert count_to_look_at(secretary) == 1
    page = client.get(reverse("organizations:citations")).content.decode()
    assert reverse("organizations:catalogue_row", args=["community-lists", row.pk]) in page
    assert other.legal_basis not in page
    one = Citation.objects.to_look_at().get()
    url = reverse("organizations:citation_look", args=[one.pk])
    assert client.post(url, {"finding": "条文未变实质"}).status_code == 302
    assert waiting() == set()
    newest = LawArticle.objects.get(law__code="mediation", number=8, valid_to=None)
    page = shown(client, "law-articles", newest)
    assert "条文未变实质" in page
    assert str(timezone.localdate()) in page
    assert client.post(url).status_code == 404


def test_a_corrected_word_opens_nothing(client, laws, secretary):
    duty("人民调解法第八条")
    client.force_login(secretary)
    article = Law.objects.get(code="mediation").articles.get(number=8)
    amend(client, article, valid_from=article.valid_from)
    assert waiting() == set()


def test_a_law_that_ends_opens_all_that_cites_it(client, laws, secretary):
    duty("人民调解法第八条")
    duty("人民调解法")
    client.force_login(secretary)
    url = reverse(
        "organizations:catalogue_end", args=["laws", Law.objects.get(code="mediation").pk]
    )
    client.post(url, {"on": timezone.localdate() + datetime.timedelta(days=30)})
    assert waiting() == {("mediation", 8), ("mediation", 0)}


def test_what_cites_an_ended_law_waits_from_the_beginning(laws):
    duty("村民委员会组织法第二十二条")
    assert waiting() == {("villagers-committees-2018", 22)}


def test_the_row_that_follows_a_changed_one_waits_no_longer(client, laws, secretary):
    row = duty("村民委员会组织法第二十二条")
    assert count_to_look_at(secretary) == 1
    today = timezone.localdate()
    changes.succeed(
        row, {"legal_basis": "村民委员会组织法", "valid_from": today},
        by=secretary, at=timezone.now(),
    )  # fmt: skip
    assert count_to_look_at(secretary) == 0


def test_only_who_keeps_the_library_looks(client, laws):
    duty("村民委员会组织法第二十二条")
    one = Citation.objects.to_look_at().get()
    url = reverse("organizations:citation_look", args=[one.pk])
    for role in (Role.HANDLER, Role.DISPATCHER, Role.AUDIT_ADMIN):
        person = PostFactory(role=role).person
        client.force_login(person)
        assert client.get(reverse("organizations:citations")).status_code == 403
        assert client.post(url).status_code == 403
        with pytest.raises(NotYours):
            citations.look(one, finding="", by=person, at=timezone.now())
    assert waiting()


def test_nobody_looks_twice(laws, secretary):
    duty("村民委员会组织法第二十二条")
    one = Citation.objects.to_look_at().get()
    citations.look(one, finding="", by=secretary, at=timezone.now())
    with pytest.raises(RuleViolation):
        citations.look(one, finding="", by=secretary, at=timezone.now())


def test_the_list_costs_the_same_for_one_row_and_for_many(client, laws, secretary):
    client.force_login(secretary)

    def cost():
        client.get(reverse("organizations:citations"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("organizations:citations"))
        return len(seen)

    duty("村民委员会组织法第二十二条")
    one = cost()
    for _each in range(5):
        duty("村民委员会组织法第二十六条")
    assert cost() == one


def test_an_article_that_changed_says_so(client, laws):
    today = timezone.localdate()
    article = Law.objects.get(code="mediation").articles.get(number=8)
    assert "alert-triangle" not in shown(client, "law-articles", article)
    LawArticle.objects.filter(pk=article.pk).update(valid_to=today)
    newer = LawArticle.objects.create(
        law=article.law, number=8, gist="x", gist_en="x", valid_from=today
    )
    for row in (article, newer):
        assert str(today) in shown(client, "law-articles", row)
        assert "tone-asked" in shown(client, "law-articles", row)


def enter(client, key, **said):
    given = {
        "kind": "law", "title_en": "Some law", "issued_by": "x", "read_at": "x",
        "valid_from": "2026-01-01", **said,
    }  # fmt: skip
    client.force_login(PostFactory(role=Role.PARTY_SECRETARY).person)
    answer = client.post(reverse("organizations:catalogue_new", args=[key]), given)
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_committee_enters_a_law_and_a_handler_does_not(client):
    client.force_login(PostFactory(role=Role.HANDLER).person)
    assert client.post(reverse("organizations:catalogue_new", args=["laws"])).status_code == 403
    enter(client, "laws", code="x", title="某法", short_title="某法")
    assert Law.objects.get().title == "某法"
    assert not Law.objects.get().day_verified


def test_the_database_itself_refuses(laws):
    law = Law.objects.get(code="mediation")
    other = Law.objects.get(code="civil-code")
    for values in (
        {"followed_by": other},
        {"valid_to": law.valid_from},
        {"short_title": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Law.objects.filter(pk=law.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        LawArticle.objects.create(
            law=law, number=8, gist="x", gist_en="x", valid_from=law.valid_from
        )


def test_the_database_refuses_citations_that_cannot_be(laws, secretary):
    one = duty("村民委员会组织法第二十二条")
    row = Citation.objects.of([one])
    for values in (
        {"looked_by": secretary},
        {"finding": "x"},
        {"looked_by": secretary, "looked_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**values)
    again = {"law": row.get().law, "number": 22, "kind": row.get().kind, "key": str(one.pk)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(**again)
