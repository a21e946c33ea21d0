"""A branch of Party members below the town's centre, whose secretary sees what waits there."""

NAMES = {
    "branch-secretary": ("林建国", "Lin Jianguo"),
    "branch-member": ("梁秀英", "Liang Xiuying"),
    "branch-clerk": ("何文静", "He Wenjing"),
    "branch-head": ("邓志明", "Deng Zhiming"),
    "branch-worker": ("谢小燕", "Xie Xiaoyan"),
    "branch-above": ("冯国平", "Feng Guoping"),
}


def make(town):
    from django.utils import timezone

    from committee.models import MeetingKind
    from lib.roles import Role
    from tests.factories import committee as made
    from tests.factories.organizations import PostFactory

    chain = made.make_chain(town=town.place, above=town.centre, at=timezone.now())
    body = chain.branch
    body.name, body.name_en, body.code = "梅塘第一网格党支部", "Meitang Branch 1", "branch-1"
    body.save(update_fields=["name", "name_en", "code"])
    chain.office.code, chain.office.name = "branch-office", "综合行政执法办"
    chain.office.save(update_fields=["code", "name"])
    MeetingKind.objects.update(name="支部党员大会", name_en="Assembly of Party members")
    PostFactory(role=Role.COMMITTEE_MEMBER, body=town.centre, person=chain.people[0])
    PostFactory(role=Role.HANDLER, body=chain.office, person=chain.clerk)
    people = {
        "branch-secretary": chain.people[0],
        "branch-member": chain.people[1],
        "branch-clerk": chain.clerk,
        "branch-head": chain.head,
        "branch-worker": chain.worker,
        "branch-above": chain.secretary,
    }
    for name, person in people.items():
        person.username, (person.full_name, person.full_name_en) = name, NAMES[name]
        person.save()
