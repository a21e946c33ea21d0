"""A community beside the town's own, with a strip without a grid and a grid without anybody; in
another town one whose borders were drawn without care."""

import datetime

NAMES = {
    "teamhead": ("何静", "He Jing"),
    "walker": ("罗勇", "Luo Yong"),
    "walker2": ("谢兰", "Xie Lan"),
}
COMMUNITY = "441900114009"
UNTIDY = "441900115001"
LONG_AGO = datetime.date(2020, 1, 1)


def make(town):
    """田美: two grids with a strip between them, the eastern one too large and without a worker."""
    from grids.models import CoverageRule, Level
    from tests.factories.grids import BodyTerritoryFactory, BoundaryFactory, TerritoryFactory
    from tests.factories.organizations import BodyFactory

    community = TerritoryFactory(
        level=Level.COMMUNITY, parent=town.place, code=COMMUNITY, name="田美社区",
        name_en="Tianmei Community",
    )  # fmt: skip
    BoundaryFactory(territory=community, square=(114.2, 22.8, 114.23, 22.82))
    squares = {"001": (114.2, 22.8, 114.214, 22.82), "002": (114.216, 22.8, 114.23, 22.82)}
    grids = [
        TerritoryFactory(
            parent=community, code=COMMUNITY + number, name=f"田美社区第{int(number)}网格",
            name_en=f"Tianmei Grid {int(number)}", households=households,
        )
        for number, households in (("001", 300), ("002", 640))
    ]  # fmt: skip
    for grid, square in zip(grids, squares.values(), strict=True):
        BoundaryFactory(territory=grid, square=square)
    CoverageRule.objects.create(
        setting="urban", most_households=500, visit_days=10_000, valid_from=LONG_AGO
    )
    body = BodyFactory(name="田美社区居委会", name_en="Tianmei committee", parent=town.centre)
    BodyTerritoryFactory(body=body, territory=community)
    _staff(body, grids[0])
    make_untidy(town)


def make_untidy(town):
    """长盛: a sliver between two of its three grids, two of them overlap, one leaves the border.

    `surveyor` draws there and nowhere else.
    """
    from grids.models import Level
    from lib.roles import Role
    from tests.factories.grids import BodyTerritoryFactory, BoundaryFactory, TerritoryFactory
    from tests.factories.organizations import BodyFactory, PostFactory

    place = TerritoryFactory(
        town=True, parent=town.city, code=UNTIDY[:9], name="大朗镇", name_en="Dalang"
    )
    community = TerritoryFactory(
        level=Level.COMMUNITY, parent=place, code=UNTIDY, name="长盛社区",
        name_en="Changsheng Community",
    )  # fmt: skip
    BoundaryFactory(territory=community, square=(114.4, 22.8, 114.43, 22.82))
    for number, (west, east) in enumerate(
        ((114.4, 114.41), (114.4095, 114.42), (114.42003, 114.4302)), start=1
    ):
        grid = TerritoryFactory(
            parent=community, code=f"{UNTIDY}{number:03}", name=f"长盛社区第{number}网格",
            name_en=f"Changsheng Grid {number}",
        )  # fmt: skip
        BoundaryFactory(territory=grid, square=(west, 22.8, east, 22.82))
    centre = BodyFactory(name="大朗镇综治中心", name_en="Dalang Centre")
    BodyTerritoryFactory(body=centre, territory=place)
    person = PostFactory(body=centre, role=Role.DISPATCHER).person
    person.username, person.full_name, person.full_name_en = "surveyor", "梁启", "Liang Qi"
    person.save()


def _staff(body, grid):
    from grids.models import ShiftKind
    from lib.roles import Role
    from tests.factories.grids import PostTerritoryFactory
    from tests.factories.organizations import PostFactory

    roles = (Role.DEPARTMENT_HEAD, Role.GRID_WORKER, Role.GRID_WORKER)
    for (name, (chinese, english)), role in zip(NAMES.items(), roles, strict=True):
        post = PostFactory(body=body, role=role)
        person = post.person
        person.username, person.full_name, person.full_name_en = name, chinese, english
        person.save()
        if role == Role.GRID_WORKER:
            PostTerritoryFactory(post=post, territory=grid)
    for code, mark, chinese, english, hours in (
        ("early", "早", "早班", "Early shift", (8, 16)),
        ("late", "晚", "晚班", "Late shift", (15, 23)),
    ):
        ShiftKind.objects.create(
            code=code, mark=mark, name=chinese, name_en=english, valid_from=LONG_AGO,
            starts=datetime.time(hours[0]), ends=datetime.time(hours[1]),
        )  # fmt: skip
