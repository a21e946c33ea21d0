"""Opinions by the API: read by everybody, said once for each key, by residents and by clerks."""

import pytest
from django.test import Client

from consultation.models import Opinion
from consultation.services import answering, drafts, moderating
from organizations.services import make_token
from tests.factories.opinions import NOW, again, make_open, say
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/consultation/consultations/"


@pytest.fixture
def found():
    return make_open()


def listed(found, what="opinions", **query):
    answer = Client().get(f"{ROOT}{found.number}/{what}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def as_resident(person):
    client = Client()
    client.force_login(person)
    return client


def post(client, found, *, key="", **said):
    headers = {"Idempotency-Key": key} if key else {}
    address = f"{ROOT}{found.number}/opinions/"
    return client.post(address, said, content_type="application/json", headers=headers)


def test_everybody_reads_what_was_said_masked_and_what_became_of_it(found):
    host, author = found.place_of_test.host, ResidentFactory(full_name="梁秀英")
    said = say(found, "我是梁秀英，电话13812345678，路太暗", by=author)
    say(found, "也是", parent=said)
    say(found, "只给主持人看", is_confidential=True)
    answering.answer(found, [said.pk], outcome="adopted", reason="已列入计划", by=host, at=NOW)
    [row] = listed(found)
    assert (row["id"], row["stand"], row["shown_as"]) == (said.pk, "for", author.nickname)
    assert (row["replies"], row["level"], row["is_assisted"]) == (1, 2, False)
    assert (row["answer"]["outcome"], row["answer"]["reason"]) == ("adopted", "已列入计划")
    assert "梁秀英" not in row["text"]
    assert "13812345678" not in row["text"]


def test_of_what_is_hidden_the_reason_stands_in_place_of_the_text(found):
    said = say(found, "一句骂人的话")
    moderating.hide(said, reason="insult", by=found.place_of_test.host, at=NOW)
    [row] = listed(found)
    assert (row["state"], row["text"], row["hidden_for"]) == ("hidden", None, "insult")


def test_it_is_narrowed_by_stand_answer_article_and_thread(found):
    host = found.place_of_test.host
    drafts.bring_in(found, title="办法", text="第一条 一。\n第二条 二。", by=host, at=NOW)
    second = found.drafts.get().articles.get(label="第二条")
    one = say(found, article=second)
    other = say(found, stand="against")
    reply = say(found, "同意", parent=one)
    answering.answer(found, [other.pk], outcome="not", reason="理由", by=host, at=NOW)
    for query, expected in (
        ({"stand": "against"}, [other]), ({"answered": "true"}, [other]),
        ({"answered": "false"}, [one]), ({"article": "第二条"}, [one]),
        ({"thread": one.pk}, [reply]),
    ):  # fmt: skip
        assert [row["id"] for row in listed(found, **query)] == [row.pk for row in expected], query


def test_a_resident_speaks_once_for_each_key(found):
    client = as_resident(ResidentFactory())
    answers = [post(client, found, key="k-1", text="先装路灯", stand="for") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert post(client, found, key="k-2", text="先装路灯").status_code == 201
    other = as_resident(ResidentFactory())
    assert post(other, found, key="k-1", text="我也这么想").status_code == 201
    assert Opinion.objects.count() == 3


def test_without_an_account_nobody_speaks_here_and_rules_answer_409(found):
    assert post(Client(), found, text="不留名").status_code == 401
    client = as_resident(ResidentFactory())
    assert post(client, found, text="").status_code == 400
    assert post(client, found, text="说得好", reply_to=999_999).status_code == 404
    assert post(client, found, text="说得好", article="第九条").status_code == 404
    assert post(client, found, key="k" * 61, text="说得好").status_code == 400
    answering.set_level(found.stage, level=3, by=found.place_of_test.host, at=NOW)
    refused = post(client, found, text="说得好")
    assert (refused.status_code, refused.json()["code"]) == (409, "level")
    assert Opinion.objects.count() == 0


def test_a_clerk_of_the_place_writes_down_for_somebody_others_may_not(found):
    place = found.place_of_test
    said = {"text": "楼道灯坏了三个月", "stand": "for", "shown_as": "三巷阿伯"}
    answer = post(with_token(place.worker), found, **said)
    assert answer.status_code == 201, answer.content
    made = again(Opinion.objects.get())
    assert (made.assisted_by, made.shown_as, made.author) == (place.worker, "三巷阿伯", None)
    assert post(with_token(place.supervisor), found, **said).status_code == 403
    assert Opinion.objects.count() == 1


def with_token(person):
    _token, secret = make_token(person, name="x", at=NOW)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_answers_are_listed_with_how_many_they_answer_but_not_those_in_confidence(found):
    host = found.place_of_test.host
    many = [say(found).pk for _ in range(3)]
    secret = say(found, is_confidential=True)
    answering.answer(found, many, outcome="partly", reason="先装一盏", by=host, at=NOW)
    answering.answer(found, [secret.pk], outcome="not", reason="只对您说", by=host, at=NOW)
    [row] = listed(found, "answers")
    assert (row["outcome"], row["opinions"], row["reason"]) == ("partly", 3, "先装一盏")


def test_a_list_costs_the_same_with_one_and_with_three(found, django_assert_max_num_queries):
    say(found)
    with django_assert_max_num_queries(3) as one:
        listed(found)
    for _ in range(2):
        said = say(found)
        host = found.place_of_test.host
        answering.answer(found, [said.pk], outcome="not", reason="理由", by=host, at=NOW)
    with django_assert_max_num_queries(3) as three:
        assert len(listed(found)) == 3
    assert len(one) == len(three)


def test_what_has_not_begun_and_what_does_not_exist_are_the_same_404(found):
    from consultation.models import Blueprint
    from tests.factories.consultation import make_draft

    draft = make_draft(found.place_of_test, Blueprint.objects.get())
    for number in (draft.number, "XS0"):
        for what in ("opinions", "answers"):
            assert Client().get(f"{ROOT}{number}/{what}/").status_code == 404
