"""Small wishes of the demo in every state, one granted with a gift through the ledger, and help
that neighbours give each other, settled in the time bank.
"""

import datetime
from dataclasses import dataclass

from funding import services as funding
from funding.models import DONATION, Line, Source, SourcePurpose
from grids.locate import Place
from organizations.models import Post, User
from portal.demo.hours import Together, serve
from portal.demo.invention import Inventor
from portal.demo.residents import found_residents
from volunteers.models import HelpPost, Take, Wish
from volunteers.services import helping, taking, wish_money, wishes
from volunteers.services.taking import For, Good


@dataclass(frozen=True, slots=True)
class Story:
    """What the asker wrote, what everybody reads, what one is worth (fen), how far it has come."""

    title: str
    text: str
    shown: str
    fen: int
    end: str
    count: int = 1
    kind: str = Wish.Kind.GOODS
    is_private: bool = False


_WISHES = (
    Story(
        "想要一个电饭煲", "旧的坏了，我一个人住，煮不了饭。", "一位独居老人想要一个电饭煲", 199_00,
        "told",
    ),
    Story(
        "孩子想要一套书", "低保家庭，孩子读三年级，喜欢看科普书。", "一位小学生想要一套科普书",
        120_00, "told",
    ),
    Story(
        "想换防滑的浴室地垫", "去年在浴室摔过一次。", "几位老人想要防滑地垫", 45_00, "told", count=5
    ),
    Story(
        "想请人修一下水龙头", "漏水，自己够不着。", "一位老人家里的水龙头漏水", 60_00, "taken",
        kind=Wish.Kind.SERVICE,
    ),
    Story("想要一辆旧轮椅", "老伴出院后走不远。", "一户人家需要一辆轮椅", 380_00, "open"),
    Story(
        "想学用手机挂号", "子女不在身边，不会用。", "一位长者想学用手机挂号", 30_00, "open",
        kind=Wish.Kind.SERVICE,
    ),
    Story(
        "冬衣两件", "不想让别人知道。", "两件冬衣，尺码向社区了解", 200_00, "open", count=2,
        is_private=True,
    ),
    Story("想要一张折叠床", "陪护家人用。", "", 150_00, "asked"),
    Story("想要助听器电池", "常断货。", "", 40_00, "asked", count=4),
)  # fmt: skip
_MONEY = Story(
    "助学金一份", "孩子考上高职，学费差一点。", "一位学生的学费还差一些", 1_500_00, "paid",
    kind=Wish.Kind.MONEY,
)  # fmt: skip
_HELP = (
    ("offer", "skill", "会修小家电", "电饭煲、风扇、台灯都可以试试。", 60),
    ("offer", "company", "陪老人去医院", "我退休了，平日上午都有空。", 180),
    ("offer", "tool", "电钻、梯子可借", "用完擦干净就行。", 30),
    ("request", "company", "周四上午陪我去镇医院", "腿脚不方便，想有人搭把手。", 120),
    ("request", "skill", "帮忙设置老人手机", "字体调大，装好挂号的程序。", 60),
)


def help_each_other(inventor: Inventor, *, at: datetime.datetime) -> None:
    """Hours, then wishes and help in the same community; nothing where nobody organises any."""
    here = serve(inventor, at=at)
    if here is None:
        return
    told = _Teller(here, at)
    for number, story in enumerate(_WISHES):
        told.wish(number, story)
    told.with_money()
    told.help()


class _Teller:
    def __init__(self, here: Together, at: datetime.datetime) -> None:
        self.here, self.at = here, at
        self.people = [row.person for row in here.volunteers]
        self.askers = found_residents() or self.people
        self.where = Place(here.community.parent_id, here.community.pk, None)

    def ago(self, **delta: float) -> datetime.datetime:
        return self.at - datetime.timedelta(**delta)

    def _asked(self, number: int, story: Story, at: datetime.datetime) -> Wish:
        asked = wishes.Asked(
            kind=story.kind,
            title=story.title,
            text=story.text,
            amount=story.fen,
            needed_by=(self.at + datetime.timedelta(days=10 + number)).date(),
            quantity=story.count,
            is_private=story.is_private,
            tell=Wish.Tell.STORY if number % 2 else Wish.Tell.THANKS,
        )
        asker = self.askers[number % len(self.askers)]
        return wishes.ask(asked, self.where, by=asker, at=at)

    def _taken(self, number: int, story: Story, at: datetime.datetime) -> Take:
        """Put on the list a day after it was asked, taken up some hours later."""
        made = self._listed(number, story, at)
        taker = next(person for person in self.people if person.pk != made.asker_id)
        return taking.take_up(made, For(), quantity=1, by=taker, at=at + _hours(33))

    def _listed(self, number: int, story: Story, at: datetime.datetime) -> Wish:
        made, by = self._asked(number, story, at), self.here.worker
        return wishes.publish(made, title=story.shown, text="", by=by, at=at + _hours(24))

    def wish(self, number: int, story: Story) -> None:
        """As far as its `end` says."""
        at = self.ago(days=20 - number)
        if story.end == "asked":
            self._asked(number, story, at)
        elif story.end == "open":
            self._listed(number, story, at)
        else:
            take = self._taken(number, story, at)
            if story.end == "told":
                goods = [Good(story.title.removeprefix("想要"), 1, story.fen)]
                self._granted(take, goods, at + _hours(54))

    def _granted(self, take: Take, goods: list[Good], at: datetime.datetime) -> None:
        wish, by = take.wish, take.taker
        done = taking.deliver(take, note="已送到社区，由社区转交。", goods=goods, by=by, at=at)
        done = taking.confirm_receipt(done, by=wish.asker, at=at + _hours(20))
        taking.thank(done, words="东西很好用，谢谢好心人。", by=wish.asker, at=at + _hours(21))
        taking.tell(done, words="已经送到，老人家很高兴。", by=self.here.worker, at=at + _hours(26))

    # -- Money -----------------------------------------------------------------------------------

    def with_money(self) -> None:
        """A gift of money: recorded by the clerk, found by the reviewer, kept, owed, paid."""
        clerk, reviewer = (self._finance(name) for name in ("maker", "checker"))
        if clerk is None or reviewer is None:
            return
        line = self._line(clerk)
        purpose = line.purposes.select_related("purpose").order_by("purpose__code")[0].purpose
        take = self._taken(len(_WISHES), _MONEY, self.ago(days=6))
        taker = take.taker
        worth = wish_money.worth(take)
        by, at = clerk.person, self.ago(hours=8)
        gift = wish_money.record_gift(take, line, by=by, at=at)
        funding.confirm_donation(gift, by=reviewer.person, at=self.ago(hours=7))
        take.refresh_from_db()
        hold = wish_money.keep_money(take, purpose, by=by, at=self.ago(hours=6))
        wish_money.owe_money(take, by=by, at=self.ago(hours=5))
        hold.refresh_from_db()
        funding.pay(hold, amount=worth, key="demo:wish", by=reviewer.person, at=self.ago(hours=4))
        take.refresh_from_db()
        taking.deliver(take, note="学费已转到学校账户。", by=taker, at=self.ago(hours=3))

    def _finance(self, username: str) -> Post | None:
        return Post.objects.filter(person__username=username).with_names().first()

    def _line(self, clerk: Post) -> Line:
        """The town's donations; made here where nobody has made them."""
        known = Line.objects.filter(source__code=DONATION, body=clerk.body).first()
        if known is not None:
            return known
        source, at = Source.objects.get(code=DONATION), self.ago(days=30)
        allowed = SourcePurpose.objects.filter(source=source).select_related("purpose")
        return funding.make_line(
            code=f"{clerk.body.code}-{DONATION}",
            name=f"{clerk.body.name}爱心捐赠",
            name_en=f"{clerk.body.name_en}, donations",
            source=source,
            body=clerk.body,
            territory=None,
            valid_from=at.date(),
            valid_to=None,
            purposes=[row.purpose for row in allowed.order_by("purpose__code")],
            by=User.objects.system(),
            at=at,
        )

    # -- Neighbours ------------------------------------------------------------------------------

    def help(self) -> None:
        posts = [self._post(number, *story) for number, story in enumerate(_HELP)]
        first, second = self.people[0], self.people[1]
        self._deal(posts[0], second, settles=True, done=True)
        self._deal(posts[3], first, settles=True, done=False)
        helping.answer_help(
            posts[1], minutes=120, settles=False, words="下周三可以吗？", by=self.people[4],
            at=self.ago(hours=20),
        )  # fmt: skip

    def _post(
        self, number: int, kind: str, field: str, title: str, text: str, minutes: int
    ) -> HelpPost:
        person = self.people[(0, 2, 3, 1, 5)[number]]
        day = (self.at + datetime.timedelta(days=25)).date()
        return helping.post_help(
            self.where, kind=kind, field=field, title=title, text=text, minutes=minutes,
            settles=person.pk in self.here.accounts, until=day, by=person, at=self.ago(days=9),
        )  # fmt: skip

    def _deal(self, post: HelpPost, other: User, *, settles: bool, done: bool) -> None:
        deal = helping.answer_help(
            post, minutes=60, settles=settles, words="我来。", by=other, at=self.ago(days=7)
        )
        deal = helping.agree(deal, by=post.person, at=self.ago(days=6))
        if done:
            helping.finish_help(deal, by=deal.helped, at=self.ago(days=3))


def _hours(count: int) -> datetime.timedelta:
    return datetime.timedelta(hours=count)
