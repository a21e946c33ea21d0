"""Addresses below /funding/."""

from django.urls import path

from funding.views import applications, banking, budgets, instructions, lines, months, payments

app_name = "funding"

urlpatterns = [
    path("", lines.lines, name="lines"),
    path("<int:pk>/", lines.line_detail, name="line"),
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.new, name="application_new"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/edit/", applications.edit, name="application_edit"),
    path("applications/<int:pk>/print/", applications.application_print, name="application_print"),
    path("applications/<int:pk>/documents/", applications.attach, name="attach"),
    path("applications/<int:pk>/<slug:name>/", applications.move, name="application_move"),
    path("documents/<int:pk>/", applications.document, name="document"),
    path("documents/<int:pk>/remove/", applications.detach, name="detach"),
    path("payments/", payments.desk, name="payments"),
    path("payments/file/", payments.bank_file, name="payment_file"),
    path("payments/<int:pk>/confirm/", payments.confirm, name="payment_confirm"),
    path("payments/<int:pk>/fail/", payments.fail, name="payment_fail"),
    path("payments/<int:pk>/refund/", payments.correct, {"kind": "refund"}, name="payment_refund"),
    path(
        "payments/<int:pk>/reverse/", payments.correct, {"kind": "reverse"}, name="payment_reverse"
    ),
    path("vouchers/", payments.vouchers, name="vouchers"),
    path("vouchers/<int:pk>/", payments.voucher, name="voucher"),
    path("instructions/", instructions.instructions, name="instructions"),
    path("instructions/new/<slug:kind>/", instructions.new, name="instruction_new"),
    path("instructions/<int:pk>/carry-out/", instructions.carry_out, name="carry_out"),
    path("instructions/<int:pk>/turn-down/", instructions.turn_down, name="turn_down"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/new/", budgets.new, name="budget_new"),
    path("budgets/<int:pk>/", budgets.budget, name="budget"),
    path("budgets/<int:pk>/edit/", budgets.edit, name="budget_edit"),
    path("budgets/<int:pk>/submit/", budgets.submit, name="budget_submit"),
    path("budgets/<int:pk>/approve/", budgets.approve, name="budget_approve"),
    path("budgets/<int:pk>/refuse/", budgets.refuse, name="budget_refuse"),
    path("bank/", banking.accounts, name="accounts"),
    path("bank/<int:pk>/", banking.account, name="account"),
    path("bank/<int:pk>/statement/", banking.bring_in, name="statement"),
    path("bank/movements/<int:pk>/", banking.match, name="match"),
    path("bank/matches/<int:pk>/undo/", banking.undo_match, name="undo_match"),
    path("months/", months.months, name="months"),
    path("months/close/", months.close, name="close_month"),
    path("interests/", months.interests, name="interests"),
    path("interests/<int:pk>/end/", months.end_interest, name="end_interest"),
]
