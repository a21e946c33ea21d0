"""One of each thing between budget and payment, in the home town's office."""

import io

from django.utils import timezone

from funding import services
from tests.factories import money

HEADER = "交易日期,流水号,借方发生额,贷方发生额,余额"


def make_money(town):
    """Things by name, made by people of their own: those who ask have had no part in them."""
    at = timezone.now()
    office = money.make_office(town.line, at=at)
    day = timezone.localdate(at).isoformat()
    paid = money.paid(office, amount=20_00, at=at)
    rows = f"{HEADER}\n{day},S1,20.00,,100.00\n{day},S2,,5.00,105.00".encode()
    statement = services.read_statement(rows, name="x.csv")
    stored = services.bring_in(statement, office.account, by=office.payer, at=at)
    draft = money.draft(office, at=at)
    who = {"by": office.maker, "at": at}
    budget = services.draft_budget(
        office.line.body, office.line.source, at.year, amounts={office.purpose: 5}, **who
    )
    return {
        "application": draft,
        "document": services.attach(
            draft, io.BytesIO(b"%PDF-1.4 x"), name="x.pdf", kind="other", **who
        ),
        "payment": money.ordered(office, amount=10_00, at=at),
        "voucher": paid.voucher,
        "account": office.account,
        "match": services.match_payment(
            stored.rows.get(direction="out"), paid, by=office.payer, at=at
        ),
        "row": stored.rows.get(direction="in"),
        "instruction": services.instruct(
            "receive", office.line, amount=5_00, reason="x", key="x", **who
        ),
        "interest": services.declare(whose="own", party="某公司", by=office.head, at=at),
        "budget": services.submit_budget(budget, **who),
        "moves": {
            "submit": draft,
            "check": money.submitted(office, amount=1_00, at=at),
            "approve": money.checked(office, amount=1_00, at=at),
            "order": money.approved(office, amount=1_00, at=at),
        },
    }


# What stands in the addresses: the last part of each name, by the thing that it is about.
ABOUT = {
    "application": (
        "application", "application_edit", "application_print", "attach", "application-detail",
    ),
    "document": ("document", "detach"),
    "payment": ("payment_confirm", "payment_fail", "payment_refund", "payment_reverse"),
    "voucher": ("voucher",),
    "instruction": ("carry_out", "turn_down"),
    "budget": ("budget", "budget_edit", "budget_submit", "budget_approve", "budget_refuse"),
    "account": ("account", "statement"),
    "row": ("match",),
    "match": ("undo_match",),
    "interest": ("end_interest",),
}  # fmt: skip


def examples_of(name, things):
    """(label, values) for an address about money; none where it is about something else."""
    space, _colon, last = name.rpartition(":")
    if not space.startswith("funding"):
        return []
    if last in {"application_move", "application-move"}:
        return [(move, {"pk": row.pk, "name": move}) for move, row in things["moves"].items()]
    if last == "instruction_new":
        return [("", {"kind": "receive"})]
    return [("", {"pk": things[thing].pk}) for thing, names in ABOUT.items() if last in names]
