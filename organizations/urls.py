"""Addresses of accounts, inboxes and catalogues."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from organizations.views import (
    account,
    calendar,
    catalogues,
    deliveries,
    enter,
    inbox,
    me,
    residents,
    sign_in,
)

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
    path("account/enter/", enter.enter, name="enter"),
    path("account/enter/code/", enter.code, name="enter_code"),
    path("account/enter/password/", enter.password, name="enter_password"),
    path("account/enter/welcome/", enter.welcome, name="welcome"),
    path("me/", me.me, name="me"),
    path("me/profile/", me.profile, name="me_profile"),
    path("me/number/", me.number, name="me_number"),
    path("me/number/code/", me.number_code, name="me_number_code"),
    path("me/password/", me.password, name="me_password"),
    path("me/data/", me.data, name="me_data"),
    path("me/data/file/", me.data_file, name="me_data_file"),
    path("me/erase/", me.erase, name="me_erase"),
    path("me/messages/<int:pk>/", me.message_open, name="me_message"),
    path("residents/", residents.find, name="residents"),
    path("residents/<int:pk>/", residents.resident, name="resident"),
    path("residents/<int:pk>/confirm/", residents.confirm, name="resident_confirm"),
    path(
        "residents/confirmations/<int:pk>/revoke/",
        residents.revoke,
        name="confirmation_revoke",
    ),
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
