"""What many raise becomes a topic, keeps its number, is seen by scope and turned into work."""

import csv
import datetime
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import services
from cases.models import Case, ProactiveCase, Topic, TopicCase, TopicRun
from cases.services import topics
from cases.services.outside import read_posts
from cases.tasks import search_topics
from cases.topics.clustering import clusters_of
from cases.topics.heat import heat_of
from cases.topics.names import crowd_in, place_in
from cases.topics.posts import Cluster, Post
from lib.errors import NotYours, RuleViolation
from lib.worktime import CITY_ZONE
from tests.factories.cases import MONDAY, fresh, later, log

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).parents[3] / "shared" / "data"))
MESSAGES = DATA / "complaints" / "messages_2017_2020.csv"
MIXING = [
    "丽发新城小区旁边的搅拌站夜里噪音太大，业主睡不着",
    "投诉丽发新城附近搅拌站噪音扰民，灰尘也大",
    "丽发新城搅拌站噪音扰民，业主天天受罪",
    "丽发新城小区搅拌站粉尘和噪音谁来管",
]
PARKING = [
    "幸福花园捆绑销售车位，业主不同意",
    "幸福花园开发商强制捆绑销售车位",
    "幸福花园买房必须买车位，捆绑销售",
]
OTHERS = [
    "公园路路灯不亮三天了",
    "医保卡怎样异地报销",
    "孩子转学需要哪些材料",
    "公交九路等了一小时",
]


def posts(texts, *, begin=1, at=MONDAY, **said):
    return [
        Post(begin + number, at + datetime.timedelta(days=number), text, "", **said)
        for number, text in enumerate(texts)
    ]


def test_like_words_come_together_and_the_rest_stays_alone():
    found = clusters_of([*posts(MIXING), *posts(PARKING, begin=20), *posts(OTHERS, begin=40)])
    assert [{post.key for post in one.posts} for one in found] == [{1, 2, 3, 4}, {20, 21, 22}]
    assert "搅拌站" in found[0].words
    assert "捆绑" in found[1].words


def test_the_order_of_the_posts_changes_nothing():
    every = [*posts(MIXING), *posts(PARKING, begin=20), *posts(OTHERS, begin=40)]
    assert clusters_of(every) == clusters_of(every[::-1])


def test_what_lies_far_apart_in_time_is_not_one_topic():
    apart = [
        Post(number, MONDAY + datetime.timedelta(days=100 * number), text, "")
        for number, text in enumerate(MIXING)
    ]
    assert clusters_of(apart) == []


def test_one_person_who_writes_again_and_again_makes_no_topic():
    assert clusters_of(posts(MIXING, author="a")) == []
    assert clusters_of([]) == []
    assert clusters_of(posts(OTHERS)) == []


def test_heat_is_what_its_formula_says():
    days = [0, 1, 20, 26, 27, 28]
    cluster = Cluster(
        tuple(
            Post(
                n,
                MONDAY + datetime.timedelta(days=day),
                "t",
                "",
                votes=n,
                place=n % 2,
                author=n % 4,
            )
            for n, day in enumerate(days)
        ),
        ("a",),
    )
    heat = heat_of(cluster, until=MONDAY + datetime.timedelta(days=28))
    # 3 in the last week, 3 in the three weeks before; 4 people, 2 places, 0+1+2+3+4+5 votes.
    assert (heat.number, heat.people, heat.growth, heat.spread, heat.votes) == (6, 4, 2.0, 1, 15)
    assert heat.value == round(4 + 2 * 2 + 1 + 15**0.5, 1)


def test_place_and_crowd_are_found_in_the_words():
    (found,) = clusters_of([*posts([f"A市{text}" for text in MIXING]), *posts(OTHERS, begin=40)])
    assert place_in(found).startswith("A市丽发新城")
    assert crowd_in(found) == "业主"
    nothing = Cluster(tuple(posts(OTHERS)), ())
    assert (place_in(nothing), crowd_in(nothing)) == ("", "")


# -- Stored topics ---------------------------------------------------------------------------------


def raised(town, texts, *, at=MONDAY, **said):
    return [
        log(town, title=text, text=text, at=at + datetime.timedelta(hours=number), **said)
        for number, text in enumerate(texts)
    ]


def searched(town, *, at):
    return topics.search_topics(topics.open_run(by=town.system, at=at), at=at)


def test_cases_become_a_topic_with_its_facts(town):
    mixing, _others = raised(town, MIXING), raised(town, OTHERS)
    run = searched(town, at=later(days=1))
    assert (run.step, run.is_open, run.read, run.found) == ("done", False, 8, 1)
    topic = Topic.objects.get()
    assert set(topic.cases.all()) == set(mixing)
    assert (topic.number, topic.people, topic.town, topic.community, topic.category) == (
        4, 4, town.place, town.community, town.small,
    )  # fmt: skip
    assert topic.title in MIXING
    assert (topic.first_at, topic.last_at) == (MONDAY, later(hours=3))
    assert topic.crowd == "业主"


def test_a_topic_keeps_its_number_while_most_of_its_cases_stay(town):
    raised(town, MIXING)
    searched(town, at=later(days=1))
    before = Topic.objects.get()
    raised(town, [text + "，请尽快" for text in MIXING[:2]], at=later(days=2))
    raised(town, OTHERS, at=later(days=2))
    searched(town, at=later(days=3))
    after = Topic.objects.get()
    assert (after.pk, after.number, after.made_at) == (before.pk, 6, before.made_at)
    assert TopicCase.objects.count() == 6


def test_a_topic_that_is_not_found_again_has_ended_and_stays(town):
    raised(town, MIXING)
    searched(town, at=later(days=1))
    raised(town, [*PARKING, *OTHERS], at=later(days=80))
    searched(town, at=later(days=81))
    old, new = Topic.objects.order_by("pk")
    assert (old.ended_at, new.ended_at) == (later(days=81), None)
    assert old.rows.count() == 4
    assert list(Topic.objects.current()) == [new]


def test_void_cases_and_proactive_ones_are_not_counted(town):
    cases = raised(town, MIXING[:3])
    services.void(cases[0], by=town.dispatcher, at=later(hours=9), note="重复")
    raised(town, OTHERS)
    assert searched(town, at=later(days=1)).found == 0


def test_one_search_runs_at_a_time_and_a_dead_one_makes_room(town):
    first = topics.open_run(by=town.system, at=MONDAY)
    assert topics.open_run(by=town.dispatcher, at=later(minutes=1)) == first
    second = topics.open_run(by=town.dispatcher, at=later(minutes=20))
    assert second != first
    first.refresh_from_db()
    assert (first.step, first.is_open) == ("failed", False)
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicRun.objects.create(asked_by=town.system, asked_at=MONDAY)


def test_a_search_that_fails_says_so_and_can_be_asked_for_again(town, monkeypatch):
    run = topics.open_run(by=town.system, at=MONDAY)
    monkeypatch.setattr(topics, "clusters_of", lambda posts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        topics.search_topics(run, at=later(minutes=1))
    assert (run.step, run.is_open) == ("failed", False)
    assert topics.open_run(by=town.system, at=later(minutes=2)) != run


def test_the_task_may_run_twice(town):
    raised(town, MIXING)
    raised(town, OTHERS)
    run = topics.open_run(by=town.system, at=MONDAY)
    search_topics(run.pk)
    again = search_topics(run.pk)
    assert again == TopicRun.objects.get().found
    assert search_topics() == again
    assert TopicRun.objects.count() == 2


# -- Work ------------------------------------------------------------------------------------------


@pytest.fixture
def topic(town):
    raised(town, MIXING)
    raised(town, OTHERS)
    searched(town, at=later(days=1))
    return Topic.objects.get()


def matter(town, **said):
    return {
        "title": "治理搅拌站噪音", "text": "与企业约定停工时间并加装隔声", "category": town.small,
        "territory": town.community, "client_key": "k1", **said,
    }  # fmt: skip


def test_a_proactive_case_is_routed_like_others_and_knows_its_topic(town, topic):
    type(town.posts.handler).objects.filter(pk=town.posts.handler.pk).update(capacity=200)
    case = topics.start_proactive(topic, by=town.dispatcher, at=later(days=1), **matter(town))
    again = topics.start_proactive(topic, by=town.dispatcher, at=later(days=1), **matter(town))
    assert again == case
    services.route_waiting(at=later(days=1))
    assert (fresh(case).channel, fresh(case).state) == ("proactive", "dispatched")
    assert ProactiveCase.objects.get().topic == topic


def test_only_dispatchers_and_the_committee_open_one_and_say_what_for(town, topic):
    with pytest.raises(NotYours):
        topics.start_proactive(topic, by=town.handler, at=MONDAY, **matter(town))
    with pytest.raises(RuleViolation):
        topics.start_proactive(topic, by=town.committee, at=MONDAY, **matter(town, text=" "))
    assert not Case.objects.filter(channel="proactive").exists()


# -- Pages -----------------------------------------------------------------------------------------


def test_the_list_costs_the_same_with_one_and_with_two_topics(town, topic, client):
    client.force_login(town.dispatcher)
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("cases:topics"))
        costs.append((len(page.context["topics"]), len(queries)))
        raised(town, PARKING)
        searched(town, at=later(days=1))
    assert costs[0][0] + 1 == costs[1][0]
    assert costs[0][1] == costs[1][1]


def test_the_page_of_a_topic_shows_cases_trend_and_place(town, topic, client):
    client.force_login(town.dispatcher)
    shown = client.get(reverse("cases:topic", args=[topic.pk])).context
    assert shown["cases"][0].title == topic.title
    assert shown["hidden"] == 0
    assert shown["days"] == [(MONDAY.date(), 4)]
    assert shown["figures"]["series"][0]["data"] == [4]
    assert len(shown["points"]) == 4


def test_a_topic_leads_to_a_proactive_case_which_lists_the_cases(town, topic, client):
    client.force_login(town.dispatcher)
    page = client.get(reverse("cases:topic", args=[topic.pk]))
    form = page.context["form"]
    sent = {"title": form["title"].value(), "text": "约定停工时间", "category": town.small.pk,
            "territory": town.community.pk, "client_key": form["client_key"].value()}  # fmt: skip
    answer = client.post(reverse("cases:topic", args=[topic.pk]), sent)
    case = Case.objects.get(channel="proactive")
    assert answer.url == reverse("cases:detail", args=[case.number])
    page = client.get(answer.url).content.decode()
    for one in topic.cases.all():
        assert one.number in page
    member = client.get(reverse("cases:detail", args=[topic.cases.first().number]))
    assert reverse("cases:topic", args=[topic.pk]) in member.content.decode()


def test_an_empty_form_says_what_is_missing(town, topic, client):
    client.force_login(town.committee)
    answer = client.post(reverse("cases:topic", args=[topic.pk]), {"title": "x"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text", "category", "client_key"}


def test_topics_of_cases_that_one_may_not_see_are_not_there(town, topic, client):
    from tests.factories.organizations import PostFactory

    stranger = PostFactory(role="community_worker").person
    client.force_login(stranger)
    assert list(client.get(reverse("cases:topics")).context["topics"]) == []
    assert client.get(reverse("cases:topic", args=[topic.pk])).status_code == 404


def test_a_search_is_asked_for_and_watched(town, client):
    client.force_login(town.dispatcher)
    assert client.post(reverse("cases:topics_search")).status_code == 302
    run = TopicRun.objects.get()
    answer = client.get(reverse("cases:topics_progress"))
    assert "HX-Refresh" not in answer.headers
    topics.search_topics(run, at=run.asked_at)
    assert client.get(reverse("cases:topics_progress")).headers["HX-Refresh"] == "true"


# -- Files of others -------------------------------------------------------------------------------


def test_messages_of_another_system_are_read_and_ranked(tmp_path, capsys):
    path = tmp_path / "messages.csv"
    with path.open("w", newline="", encoding="gb18030") as file:
        lines = csv.writer(file)
        lines.writerow(["时间", "标题", "内容", "点赞数", "反对数", "用户"])
        for number, text in enumerate([*MIXING, *PARKING, *OTHERS]):
            lines.writerow([f"2019/7/{number + 1} 10:20:30", text, text, number, 1, f"u{number}"])
        lines.writerow(["not a time", "x", "y", 1, 1, "u"])
    found = read_posts(path)
    assert len(found) == 11
    assert (found[0].at, found[1].votes) == (
        datetime.datetime(2019, 7, 1, 10, 20, 30, tzinfo=CITY_ZONE), 2,
    )  # fmt: skip
    call_command("hot_topics", str(path), "--top", "1")
    told = capsys.readouterr().out
    assert "搅拌站" in told
    assert "2019-07-01" in told
    assert "2." not in told.replace("2.0", "")


def test_a_file_without_times_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("标题,内容\nx,y\n", encoding="utf-8")
    with pytest.raises(CommandError, match="标题"):
        call_command("hot_topics", str(path))


@pytest.mark.skipif(not MESSAGES.exists(), reason=f"{MESSAGES} is not there")
def test_what_a_city_talked_about_is_found_in_its_messages():
    begun = time.process_time()
    ranked = sorted(
        clusters_of(read_posts(MESSAGES)), key=lambda one: -heat_of(one, until=one.last_at).value
    )
    assert time.process_time() - begun < 60
    top = ["".join(post.title for post in one.posts) for one in ranked[:5]]
    assert [name in title for name, title in zip(
        ["捆绑", "58车贷", "搅拌站", "海外滩", "魅力之城"], top, strict=True
    )] == [True] * 5  # fmt: skip
    assert place_in(ranked[0]) == "A市伊景园滨河苑"
