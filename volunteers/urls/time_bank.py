"""Addresses of the time bank."""

from django.urls import URLPattern, path

from volunteers.views import time_bank as views

urlpatterns: list[URLPattern] = [
    path("time-bank/", views.account, name="time_account"),
    path("time-bank/send/", views.send, name="time_send"),
    path("time-bank/pools/", views.pools, name="time_pools"),
    path("time-bank/pools/<slug:code>/open/", views.open_pool, name="time_pool_open"),
    path("time-bank/pools/<int:pk>/", views.pool, name="time_pool"),
    path("time-bank/pools/<int:pk>/care/", views.care, name="time_care"),
    path("time-bank/transfers/<int:pk>/back/", views.take_back, name="time_back"),
]
