"""Addresses of accounts, inboxes and catalogues."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from organizations.views import account, calendar, catalogues, deliveries, inbox, sign_in

app_name = "organizations"

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/code/", sign_in.second_step, name="second_factor"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password_change, name="password_change"),
    path("account/code/", account.second_factor_enrol, name="second_factor_enrol"),
    path("account/code/remove/", account.second_factor_remove, name="second_factor_remove"),
    path("account/tokens/", account.token_make, name="token_make"),
    path("account/tokens/<int:pk>/revoke/", account.token_revoke, name="token_revoke"),
    path("account/messages/", account.preferences, name="preferences"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/again/", deliveries.deliveries_again, name="deliveries_again"),
    path("deliveries/<int:pk>/again/", deliveries.delivery_again, name="delivery_again"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.all_read, name="all_read"),
    path("inbox/<int:pk>/", inbox.message_open, name="message_open"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("catalogue/", catalogues.index, name="catalogues"),
    path("catalogue/<slug:key>/", catalogues.rows, name="catalogue"),
    path("catalogue/<slug:key>/new/", catalogues.new, name="catalogue_new"),
    path("catalogue/<slug:key>/suggest/", catalogues.suggest, name="catalogue_suggest"),
    path("catalogue/<slug:key>/<int:pk>/", catalogues.row, name="catalogue_row"),
    path("catalogue/<slug:key>/<int:pk>/edit/", catalogues.edit, name="catalogue_edit"),
    path("catalogue/<slug:key>/<int:pk>/end/", catalogues.end, name="catalogue_end"),
    path("catalogue/<slug:key>/<int:pk>/remove/", catalogues.remove, name="catalogue_remove"),
    path("catalogue/<slug:key>/<int:pk>/do/<slug:name>/", catalogues.act, name="catalogue_act"),
]
