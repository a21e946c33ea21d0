"""A topic: proposed, held against the list, passed by the party, rated; followed by its code."""

import datetime

import pytest
from django.urls import reverse

from consultation.models import ListedMatter, Topic, TopicRating
from consultation.services import content, publishing, reopening, screening, stages
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import consultation as makers
from tests.factories.consultation import AT, LONG_AGO, fresh, later
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
PHONE, NAME = "13812345678", "梁秀英"


def entry(code="works", kind="positive", **more):
    values = {"name": "公共设施", "words": ["电梯", "车位"], "valid_from": LONG_AGO, **more}
    return ListedMatter.objects.create(code=code, kind=kind, **values)


def proposed(place, *, title="加装电梯", text="3 栋老人上楼难", **more):
    given = {"source": "resident", "town": place.place, "community": place.community, "at": AT}
    return content.propose(title=title, text=text, **{**given, **more})


def screened(place, topic, matter, **more):
    given = {
        "reason": "属于公共设施", "public_title": topic.title, "public_text": topic.text,
        "by": place.worker, "at": AT,
    }  # fmt: skip
    return screening.screen(topic, matter=matter, **{**given, **more})


def listed(place, topic=None, matter=None):
    topic = screened(place, topic or proposed(place), matter or entry())
    return screening.admit(topic, reason="列入清单", by=place.secretary, at=AT)


def test_screening_finds_entries_by_their_words_and_topics_that_look_alike(place):
    good, bad = entry(), entry("proceedings", "negative", words=["诉讼"], name="诉讼")
    earlier = screened(place, proposed(place), good)
    topic = proposed(place, title="加装电梯的诉讼", text="3 栋老人上楼难，已经诉讼")
    found = screening.findings(topic, on=AT.date())
    assert (found.positive, found.negative) == ([good], [bad])
    assert [row for row, _share in found.alike] == [earlier]


def test_a_topic_on_the_negative_list_is_not_passed_on_but_declined_with_its_reason(
    place, django_capture_on_commit_callbacks
):
    resident = ResidentFactory()
    bad = entry("proceedings", "negative")
    topic = proposed(place, by=resident)
    with pytest.raises(RuleViolation) as refused:
        screened(place, topic, bad)
    assert refused.value.code == "negative"
    with django_capture_on_commit_callbacks(execute=True):
        screening.decline(topic, reason="已在诉讼", matter=bad, by=place.worker, at=AT)
    topic.refresh_from_db()
    assert (topic.state, topic.matter, topic.screening_reason) == ("declined", bad, "已在诉讼")
    assert Message.objects.get(to=resident).kind == "topic-declined"
    assert not Topic.objects.published().exists()


@pytest.mark.parametrize("name", ["screen", "decline", "admit", "refuse", "send_back"])
def test_nothing_is_decided_without_a_reason(place, name):
    topic, matter = proposed(place), entry()
    if name in {"admit", "refuse", "send_back"}:
        topic = screened(place, topic, matter)
    before = topic.state
    more = {"matter": matter, "public_title": "x", "public_text": "x"} if name == "screen" else {}
    by = place.worker if name in {"screen", "decline"} else place.secretary
    with pytest.raises(RuleViolation) as refused:
        getattr(screening, name)(topic, reason="  ", by=by, at=AT, **more)
    assert refused.value.code == "reason_missing"
    topic.refresh_from_db()
    assert topic.state == before


def test_an_entry_of_another_community_or_of_yesterday_does_not_hold(place):
    other = makers.make_place()
    elsewhere = entry("other", community=other.community)
    past = entry("past", valid_to=AT.date())
    topic = proposed(place)
    for matter in (elsewhere, past):
        with pytest.raises(RuleViolation) as refused:
            screened(place, topic, matter)
        assert refused.value.code == "other_list"


def test_an_entry_that_is_itself_being_consulted_on_does_not_hold_yet(place):
    running = makers.make_running(place)
    matter = entry(standing="consulting", made_by=running)
    with pytest.raises(RuleViolation) as refused:
        screened(place, proposed(place), matter)
    assert refused.value.code == "not_agreed"


def test_an_entry_is_agreed_only_by_a_consultation_with_a_published_result(place):
    values = {
        "code": "own", "kind": "positive", "name": "榕树养护", "valid_from": AT.date(),
        "community": place.community, "standing": "agreed", "made_by": None,
    }  # fmt: skip
    running = makers.make_running(place)
    for by in (None, running):
        with pytest.raises(RuleViolation) as refused:
            content.write_entry(None, {**values, "made_by": by}, place.host, AT)
        assert refused.value.code == "not_agreed"
    paper = publishing.prepare(running, "result", title="结果", text="同意。", by=place.host, at=AT)
    publishing.release(paper, public_text="同意。", confirmed=True, by=place.host, at=AT)
    made = content.write_entry(None, {**values, "made_by": running}, place.host, AT)
    later_on = AT.date() + datetime.timedelta(days=30)
    followed = content.write_entry(
        made, {**values, "made_by": running, "name": "古树养护", "valid_from": later_on},
        place.host, AT,
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.name, made.valid_to) == ("榕树养护", later_on)
    assert content.list_of(place.community, on=AT.date())["positive"] == [made]
    assert content.list_of(place.community, on=later_on)["positive"] == [followed]


def test_nobody_passes_what_he_screened(place):
    topic = screened(place, proposed(place), entry(), by=place.host)
    with pytest.raises(NotYours):
        screening.admit(topic, reason="x", by=place.host, at=AT)
    with pytest.raises(NotYours):
        screening.admit(topic, reason="x", by=place.worker, at=AT)
    assert screening.admit(topic, reason="列入", by=place.secretary, at=AT).state == "listed"


def test_sent_back_it_is_screened_again(place):
    topic = screened(place, proposed(place), entry())
    screening.send_back(topic, reason="请补充范围", by=place.secretary, at=AT)
    topic.refresh_from_db()
    assert (topic.state, topic.party_reason) == ("proposed", "请补充范围")
    assert first_break(list(topic.events.order_by("number"))) is None


def test_what_was_dealt_with_comes_again_only_with_new_facts(place):
    matter = entry()
    first = listed(place, matter=matter)
    again = proposed(place)
    with pytest.raises(RuleViolation) as refused:
        screened(place, again, matter)
    assert refused.value.code == "repeated"
    with pytest.raises(RuleViolation) as refused:
        screened(place, again, matter, repeats=first)
    assert refused.value.code == "repeated"
    passed = screened(place, again, matter, repeats=first, new_facts="住户增加了两家")
    assert (passed.repeats, passed.new_facts) == (first, "住户增加了两家")


def test_published_are_only_the_released_words(place):
    topic = proposed(place, text=f"{NAME} 电话 {PHONE}", contact_name=NAME, contact_phone=PHONE)
    topic = screened(place, topic, entry(), public_text=f"{NAME} 电话 {PHONE} 说上楼难")
    assert NAME not in topic.public_text
    assert PHONE not in topic.public_text


def test_a_resident_says_once_how_much_he_wants_it_and_may_change_it(place):
    topic, one, other = listed(place), ResidentFactory(), ResidentFactory()
    content.rate(topic, importance=2, by=one, at=AT)
    content.rate(topic, importance=5, by=one, at=AT)
    content.rate(topic, importance=4, by=other, at=AT)
    found = Topic.objects.rated().get()
    assert (found.votes, found.wanted) == (2, 4.5)
    assert TopicRating.objects.count() == 2
    for wrong in (0, 6):
        with pytest.raises(RuleViolation):
            content.rate(topic, importance=wrong, by=one, at=AT)


def test_only_listed_topics_are_rated(place):
    with pytest.raises(WrongState):
        content.rate(proposed(place), importance=3, by=ResidentFactory(), at=AT)


def concluded(place, topic):
    """Done, from a topic."""
    blueprint = makers.make_blueprint((("result", "result", {}),))
    found = makers.make_running(place, blueprint, topic=topic)
    stages.advance(fresh(found), by=place.host, at=AT)
    return fresh(found)


def test_new_facts_that_are_granted_become_a_topic_that_names_what_it_repeats(place):
    first, resident = listed(place), ResidentFactory()
    found = concluded(place, first)
    facts = "新搬来两家有轮椅的住户，原来的方案没有坡道，请重新商量。"
    wish = reopening.ask_to_reopen(found, facts=facts, by=resident, at=later(days=1))
    said = {"granted": True, "reason": "情况属实", "by": place.secretary, "at": later(days=2)}
    made = reopening.decide_reopening(wish, **said).topic
    assert (made.state, made.repeats, made.new_facts) == ("proposed", first, facts)
    assert made.proposer == resident
    assert fresh(found).state == "done"
    event = found.events.order_by("number").last()
    assert (event.move, event.facts["topic"]) == ("new_facts", made.number)


def test_refused_facts_make_no_topic(place):
    found = concluded(place, listed(place))
    facts = "还是原来的事情，只是想再说一遍，没有别的情况。"
    wish = reopening.ask_to_reopen(found, facts=facts, by=ResidentFactory(), at=AT)
    reopening.decide_reopening(wish, granted=False, reason="没有新情况", by=place.host, at=AT)
    wish.refresh_from_db()
    assert (wish.state, wish.topic) == ("refused", None)
    with pytest.raises(RuleViolation) as refused:
        reopening.ask_to_reopen(found, facts=facts, by=ResidentFactory(), at=AT)
    assert refused.value.code == "not_new"


# -- Pages -------------------------------------------------------------------------------------


def test_a_stranger_proposes_follows_and_reads_the_reason(client, place):
    given = {
        "community": place.community.code, "title": "加装电梯", "text": f"{NAME} 上楼难",
        "contact_name": NAME, "contact_phone": PHONE,
    }  # fmt: skip
    answer = client.post(reverse("consultation:propose"), given)
    topic = Topic.objects.get()
    assert topic.code in answer.content.decode()
    screening.decline(topic, reason="不属于协商范围", by=place.worker, at=AT)
    follow = reverse("consultation:follow")
    assert client.post(follow, {"number": topic.number, "code": "WRONGONE"}).status_code == 422
    page = client.post(follow, {"number": topic.number, "code": topic.code.lower()})
    assert "不属于协商范围" in page.content.decode()
    assert client.get(reverse("consultation:public_topic", args=[topic.number])).status_code == 404


def test_wrong_codes_are_counted_by_address(client, place, monkeypatch):
    monkeypatch.setattr("consultation.views.listed.MOST_WRONG", 2)
    topic, follow = proposed(place), reverse("consultation:follow")
    for _wrong in range(2):
        client.post(follow, {"number": topic.number, "code": "AAAAAAAA"})
    page = client.post(follow, {"number": topic.number, "code": topic.code})
    assert (page.status_code, topic.title in page.content.decode()) == (422, False)


def test_the_list_of_a_community_says_what_is_and_what_is_not_consulted_on(client, place):
    other = makers.make_place()
    entry()
    entry("proceedings", "negative", name="诉讼中的事项")
    entry("theirs", community=other.community, name="别处的榕树")
    topic = listed(place, matter=ListedMatter.objects.get(code="works"))
    page = client.get(reverse("consultation:content_list", args=[place.community.code]))
    words = page.content.decode()
    assert all(word in words for word in ("公共设施", "诉讼中的事项", topic.public_title))
    assert "别处的榕树" not in words


def test_a_resident_rates_on_the_page_and_who_works_here_does_not(client, place):
    topic = listed(place)
    rate = reverse("consultation:topic_rate", args=[topic.number])
    assert client.post(rate, {"importance": 5}).status_code == 302
    assert not TopicRating.objects.exists()
    client.force_login(ResidentFactory())
    assert client.post(rate, {"importance": 9}).status_code == 422
    assert client.post(rate, {"importance": 5}, follow=True).status_code == 200
    assert TopicRating.objects.get().importance == 5
    assert client.get(reverse("consultation:public_topics")).status_code == 200
    client.force_login(place.worker)
    client.post(rate, {"importance": 1})
    assert TopicRating.objects.get().importance == 5


def test_the_desk_screens_passes_and_takes_up(client, place):
    matter, topic = entry(), proposed(place)
    client.force_login(place.worker)
    page = client.get(reverse("consultation:topic", args=[topic.number]))
    assert [name for name, _label in page.context["moves"]] == ["screen", "decline"]
    move = reverse("consultation:topic_move", args=[topic.number, "screen"])
    given = {"matter": matter.pk, "public_title": "电梯", "public_text": "上楼难", "reason": ""}
    assert client.post(move, given).status_code == 422
    client.post(move, {**given, "reason": "属于公共设施"})
    client.force_login(place.secretary)
    admit = reverse("consultation:topic_move", args=[topic.number, "admit"])
    assert client.post(admit, {"reason": "列入"}).status_code == 302
    client.force_login(place.host)
    page = client.get(reverse("consultation:topic", args=[topic.number]))
    assert page.context["may_take_up"]
    form = makers.make_blueprint()
    new = reverse("consultation:new") + f"?topic={topic.number}"
    assert client.get(new).status_code == 200
    words = {"blueprint": form.pk, "topic": topic.pk, "title": "电梯", "text": "上楼难"}
    client.post(new, {**words, "publicity": "public"})
    topic.refresh_from_db()
    assert topic.state == "taken_up"
