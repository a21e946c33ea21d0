"""From an application to the voucher, with a return, a reversal, the bank and a closed month."""

import datetime
import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def invoice(tmp_path):
    path = tmp_path / "invoice.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%%EOF")
    return path


def become(person, name):
    """Another person at the same browser."""
    person.context.clear_cookies()
    cookie = {"name": "django_language", "value": person.language, "url": person.site}
    person.context.add_cookies([cookie])
    return person.sign_in(name)


def write(person, invoice, *, title, amount):
    """A draft with a document, handed in; its address."""
    page = become(person, "maker").go("/funding/applications/new/").page
    for name, value in {
        "title": title, "amount": amount, "reason": "清扫路破损两处", "payee_name": "某工程公司",
        "payee_account": "6222020200112233445",
    }.items():  # fmt: skip
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=line]").select_option(index=1)
    page.locator("[name=purpose]").select_option(index=1)
    person.look("1-form")
    page.locator("form.sheet [type=submit]").click()
    page.wait_for_url(re.compile(r"/applications/\d+/$"))
    page.locator("[name=file]").set_input_files(invoice)
    page.locator("form[action$='/documents/'] [type=submit]").click()
    expect(page.locator("main")).to_contain_text("invoice.pdf")
    press(person, "submit")
    return page.url.removeprefix(person.site)


def press(person, move):
    person.page.locator(f".page-actions form[action$='/{move}/'] button").click()
    expect(person.page.locator(".messages .tone-done")).to_be_visible()


def decide(person, name, path, move):
    become(person, name).go(path)
    press(person, move)


def give_reason(person, move, reason):
    page = person.page
    page.locator(f".page-actions a[href$='/{move}/']").click()
    page.locator("[name=note]").first.fill(reason)
    page.locator(".move [type=submit]").click()
    expect(page.locator(".messages .tone-done")).to_be_visible()


def statement(reference):
    today = datetime.date.today()  # noqa: DTZ011 -- the bank writes its own day
    return (
        "交易日期,流水号,借方发生额,贷方发生额,余额,对方户名,附言\n"
        f"{today},S1,900.00,,4100.00,某工程公司,{reference}\n"
    ).encode()


def test_an_application_over_three_approvals_to_the_bank_and_back(visitor, invoice):
    person = visitor(1440, "en")
    path = write(person, invoice, title="沙井盖更换", amount="900")
    come_back_and_climb(person, path)
    reference = order(person, path)
    match_with_the_bank(person, reference)
    person.go(path).look("7-paid")
    person.page.locator("main a[href*='/vouchers/']").click()
    expect(person.page.locator("main")).to_contain_text("玖佰元整")
    person.look("8-voucher")
    reverse(person, path)
    close_the_month(person)
    assert person.faults == []


def test_a_clerk_writes_and_a_reviewer_checks_on_a_phone(visitor, invoice):
    person = visitor(390, "zh-hans")
    path = write(person, invoice, title="路灯维修", amount="50")
    decide(person, "checker", path, "check")
    person.look("2-checked")


def come_back_and_climb(person, path):
    decide(person, "checker", path, "check")
    become(person, "chief").go(path)
    give_reason(person, "return", "请补验收单")
    become(person, "maker").go(path).look("2-returned")
    press(person, "submit")
    decide(person, "checker", path, "check")
    for name in ("chief", "secretary", "member"):
        decide(person, name, path, "approve")


def order(person, path):
    """The reference of the payment that the cashier orders."""
    page = become(person, "payer").go("/funding/payments/").look("3-to-pay").page
    person.go(path)
    page.locator(".page-actions a[href$='/order/']").click()
    person.look("4-order")
    page.locator(".move [type=submit]").click()
    expect(page.locator("#payments-heading")).to_be_visible()
    return page.locator("section:has(#payments-heading) .number").first.inner_text()


def match_with_the_bank(person, reference):
    page = person.go("/funding/bank/").page
    page.locator(".row-link").first.click()
    page.locator(".page-actions a").click()
    page.locator("[name=file]").set_input_files(
        {"name": "bank.csv", "mimeType": "text/csv", "buffer": statement(reference)}
    )
    page.locator("form.form-width [type=submit]").click()
    person.look("5-dry-run")
    page.locator("form:has([name=content]) button").click()
    page.locator("main a[href*='/movements/']").click()
    person.look("6-match")
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator(".messages .tone-done")).to_be_visible()


def close_the_month(person):
    page = become(person, "checker").go("/funding/months/").page
    page.locator("form[action$='/close/'] button").first.click()
    expect(page.locator(".messages .tone-done")).to_be_visible()
    person.look("9-months")


def reverse(person, path):
    """The match is undone first; then a clerk asks and the reviewer carries it out."""
    page = person.page
    become(person, "maker").go(path)
    page.locator("main a[href$='/reverse/']").click()
    page.locator("[name=reason]").fill("重复支付")
    page.locator("form.sheet [type=submit]").click()
    become(person, "checker").go("/funding/bank/")
    page.locator(".row-link").first.click()
    page.locator(".chips a").last.click()
    page.locator("form[action$='/undo/'] [name=note]").fill("付款重复")
    page.locator("form[action$='/undo/'] button").click()
    person.go("/funding/instructions/").look("10-instructions")
    page.locator("form[action$='/carry-out/'] button").first.click()
    expect(page.locator(".messages .tone-done")).to_be_visible()
    person.go(path)
    expect(page.locator(".way")).to_contain_text(person.say("Payment reversed"))
