"""From budget to payment in the demo town: applications in every state, vouchers, closed months."""

import datetime
import io
from collections.abc import Callable
from typing import Any

from fpdf import FPDF

from funding import services as funding
from funding.models import (
    Application,
    BankAccount,
    Instruction,
    Line,
    Payment,
    Rung,
)
from funding.workflow import State
from lib.roles import Role
from organizations.models import Post, User
from organizations.services import changes

_WAN = 1_000_000  # 1万元, in fen
_NAMES = ("maker", "checker", "payer", "head", "secretary", "committee", "supervisor")
# Title, payee, fen, days ago, how far it has come.
_STORIES = (
    ("板湖路沙井盖更换", "黄江市政工程有限公司", 38_600_00, 34, "paid"),
    ("公常路路灯维修", "东莞市明亮照明工程有限公司", 4_850_00, 27, "paid"),
    ("星光社区便民凳安装", "黄江镇利民五金店", 3_260_50, 21, "paid"),
    ("排水管网清淤", "东莞市清源疏浚有限公司", 68_000_00, 16, "paid_in_part"),
    ("人行道砖修补", "黄江市政工程有限公司", 12_400_00, 12, "paying"),
    ("破损护栏更换", "东莞市安路交通设施有限公司", 8_920_00, 9, "approved"),
    ("危险边坡应急支护", "东莞市固基岩土工程有限公司", 86_000_00, 6, "approving"),
    ("雨水篦子加装防坠网", "黄江镇利民五金店", 2_180_00, 4, "submitted"),
    ("道路标线复划", "东莞市安路交通设施有限公司", 15_300_00, 8, "returned"),
    ("购置办公桌椅", "黄江镇兴达家具店", 6_400_00, 18, "refused"),
    ("围挡租赁", "东莞市固安建材有限公司", 5_000_00, 3, "draft"),
)


class Spending:
    """Tells `_STORIES` on the line of the office whose head has an account, by services only."""

    def __init__(self, *, at: datetime.datetime) -> None:
        self.at = at
        found = User.objects.in_bulk(_NAMES, field_name="username")
        self.people = {name: found[name] for name in _NAMES}
        self.head_post = Post.objects.select_related("body").get(
            person=self.people["head"], role=Role.DEPARTMENT_HEAD
        )
        body = self.head_post.body
        self.line = Line.objects.select_related("source", "body").get(code=f"{body.code}-public")
        self.purpose = self.line.purposes.order_by("purpose__code")[0].purpose

    def tell(self) -> None:
        self._give_rungs_to_the_committee()
        self._open_account()
        self._provide()
        for number, story in enumerate(_STORIES):
            self._application(number, *story)
        self._budgets()
        self._instructions()
        self._bank()
        funding.declare(
            whose="relative", party="东莞市固安建材有限公司", note="配偶的弟弟任职",
            by=self.people["supervisor"], at=self.at,
        )  # fmt: skip

    def close_month(self) -> None:
        month = funding.month_to_close(self.line.body, at=self.at)
        if month is not None:
            funding.close_month(self.line.body, month, by=self.people["checker"], at=self.at)

    def _give_rungs_to_the_committee(self) -> None:
        """The town's committee stands beside the offices, not above them: name it."""
        post = Post.objects.filter(person=self.people["committee"]).select_related("body").get()
        system = User.objects.system()
        for rung in Rung.objects.filter(role=Role.COMMITTEE_MEMBER):
            changes.revise(rung, {"body": post.body}, by=system, at=self.at)

    def _open_account(self) -> None:
        party = Post.objects.select_related("body").get(person=self.people["payer"]).body
        self.account = changes.create(
            BankAccount(
                body=party,
                name="黄江镇财政专户",
                bank="东莞农村商业银行黄江支行",
                number="9558800000120260118",
            ),
            by=User.objects.system(),
            at=self.at,
        )

    def _provide(self) -> None:
        """The cases have taken of the line what they needed; what is told here comes on top."""
        amount = sum(fen for _title, _payee, fen, _days, _end in _STORIES)
        then = self.at - datetime.timedelta(days=40)
        funding.receive(
            self.line, amount=amount, key="demo:provided", note="年中追加预算",
            by=self.people["maker"], at=then,
        )  # fmt: skip

    # -- Applications ----------------------------------------------------------------------------

    def _application(
        self, number: int, title: str, payee: str, fen: int, days: int, end: str
    ) -> None:
        at = self.at - datetime.timedelta(days=days)
        maker = self.people["maker"]
        application = funding.draft(
            key=f"demo:{number}", line=self.line, purpose=self.purpose, title=title,
            reason=f"{title}，按询价结果申请支付。", amount=fen, payee_name=payee,
            payee_bank="中国建设银行东莞黄江支行", payee_account=f"62270033{number:011d}",
            by=maker, at=at,
        )  # fmt: skip
        if end == "draft":
            return
        funding.attach(
            application, io.BytesIO(_invoice(number, fen)), name=f"发票{number + 1:03d}.pdf",
            kind="invoice", by=maker, at=at,
        )  # fmt: skip
        application = funding.submit(application, by=maker, at=at)
        self._onwards(application, end, at)

    def _onwards(self, application: Application, end: str, at: datetime.datetime) -> None:
        ends: dict[str, Callable[[Application, datetime.datetime], Any]] = {
            "submitted": lambda _application, _at: None,
            "refused": self._refuse,
            "approving": self._approve_once,
            "returned": self._return,
            "approved": self._approve,
            "paying": self._order,
            "paid": self._pay,
            "paid_in_part": self._pay_in_part,
        }
        ends[end](application, at)

    def _refuse(self, application: Application, at: datetime.datetime) -> None:
        note = "办公家具不在本经费线用途之内"
        funding.refuse(application, by=self.people["checker"], at=_later(at, 5), note=note)

    def _check(self, application: Application, at: datetime.datetime) -> Application:
        return funding.check(
            application, by=self.people["checker"], at=_later(at, 4), note="附件齐全"
        )

    def _approve_once(self, application: Application, at: datetime.datetime) -> None:
        funding.approve(self._check(application, at), by=self.people["head"], at=_later(at, 20))

    def _return(self, application: Application, at: datetime.datetime) -> None:
        checked = self._check(application, at)
        note = "请补充三家询价记录"
        funding.send_back(checked, by=self.people["head"], at=_later(at, 22), note=note)

    def _approve(self, application: Application, at: datetime.datetime) -> Application:
        application = self._check(application, at)
        for step, name in enumerate(("head", "secretary", "committee"), start=1):
            if application.state == State.APPROVING:
                person = self.people[name]
                application = funding.approve(application, by=person, at=_later(at, 8 * step))
        return application

    def _order(self, application: Application, at: datetime.datetime, part: int = 0) -> Payment:
        application = self._approve(application, at)
        return funding.order(
            application, amount=part or application.unpaid, account=self.account,
            by=self.people["payer"], at=_later(at, 30),
        )  # fmt: skip

    def _pay(self, application: Application, at: datetime.datetime, part: int = 0) -> None:
        payment = self._order(application, at, part)
        funding.confirm(payment, by=self.people["payer"], at=_later(at, 48))

    def _pay_in_part(self, application: Application, at: datetime.datetime) -> None:
        self._pay(application, at, part=application.amount * 6 // 10)

    # -- Budgets, instructions, the bank -----------------------------------------------------------

    def _budgets(self) -> None:
        maker, year = self.people["maker"], self.at.year
        body, source = self.line.body, self.line.source
        purposes = [row.purpose for row in self.line.purposes.order_by("purpose__code")[:3]]
        then = self.at - datetime.timedelta(days=30)
        now: dict[str, Any] = {"by": maker, "at": then}
        first = funding.draft_budget(
            body, source, year, amounts=dict.fromkeys(purposes, 20 * _WAN),
            note="年中追加预算", **now,
        )  # fmt: skip
        funding.submit_budget(first, **now)
        secretary = self.people["secretary"]
        funding.approve_budget(first, by=secretary, at=then, answer="同意")
        line = Line.objects.filter(pk__in=first.items.values("line")).order_by("pk")[0]
        self._instruct("quota", line, 8 * _WAN, "下达第三季度指标", done=True)
        following = funding.draft_budget(
            body, source, year + 1, amounts=dict.fromkeys(purposes, 24 * _WAN),
            note="下年度预算草案", **now,
        )  # fmt: skip
        funding.submit_budget(following, **now)

    def _instructions(self) -> None:
        self._instruct("receive", self.line, 5 * _WAN, "上级补助到账", done=True,
                       account=self.account)  # fmt: skip
        self._instruct("receive", self.line, 2 * _WAN, "项目结余退回", account=self.account)
        others = Line.objects.filter(source=self.line.source).exclude(pk=self.line.pk)
        other = others.order_by("pk").first()
        if other is not None:
            self._instruct("transfer", self.line, 3 * _WAN, "防汛应急调剂", to_line=other)

    def _instruct(
        self, kind: str, line: Line, fen: int, reason: str, *, done: bool = False, **more: Any
    ) -> Instruction:
        at = self.at - datetime.timedelta(days=2)
        asked = funding.instruct(
            kind, line, amount=fen, reason=reason, key=f"demo:{kind}:{reason}",
            by=self.people["maker"], at=at, **more,
        )  # fmt: skip
        if done:
            funding.carry_out(asked, by=self.people["checker"], at=_later(at, 3))
        return asked

    def _bank(self) -> None:
        """A statement with what was paid, what is under way, and money nobody has explained."""
        payments = list(Payment.objects.order_by("pk"))
        balance, rows = 300 * _WAN, ["交易日期,流水号,借方发生额,贷方发生额,余额,对方户名,附言"]
        for number, payment in enumerate(payments, start=1):
            balance -= payment.amount
            day = (payment.confirmed_at or self.at).date()
            rows.append(_row(day, number, payment.amount, 0, balance,
                             payment.application.payee_name, payment.reference))  # fmt: skip
        balance += 2 * _WAN
        rows.append(
            _row(self.at.date(), len(rows), 0, 2 * _WAN, balance, "黄江镇财政分局", "结余退回")
        )
        statement = funding.read_statement("\n".join(rows).encode(), name="对账单.csv")
        payer = self.people["payer"]
        stored = funding.bring_in(statement, self.account, by=payer, at=self.at)
        paid = [payment for payment in payments if payment.state == Payment.State.PAID][:2]
        for payment in paid:
            row = stored.rows.get(reference=payment.reference)
            funding.match_payment(row, payment, by=payer, at=self.at)


def _later(at: datetime.datetime, hours: int) -> datetime.datetime:
    return at + datetime.timedelta(hours=hours)


def _row(day: datetime.date, number: int, out: int, into: int, balance: int, *words: str) -> str:
    amounts = (f"{fen / 100:.2f}" if fen else "" for fen in (out, into))
    return ",".join([f"{day}", f"DRC{number:08d}", *amounts, f"{balance / 100:.2f}", *words])


def _invoice(number: int, fen: int) -> bytes:
    """A page that stands for an invoice."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica", size=14)
    paper.cell(text=f"INVOICE {number + 1:03d}   CNY {fen / 100:.2f}   (demo)")
    return bytes(paper.output())
