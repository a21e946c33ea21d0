"""Look-up of sources, purposes and lines. The ledger is read on its own pages."""

from django.contrib import admin

from funding.models import Line, Purpose, Source
from organizations.look_up import LookUpAdmin


@admin.register(Line)
class LineAdmin(LookUpAdmin):
    list_display = ("code", "name", "source", "body", "available", "reserved", "payable", "spent")
    list_filter = ("source",)
    search_fields = ("code", "name", "body__name")


@admin.register(Source)
class SourceAdmin(LookUpAdmin):
    list_display = ("code", "name", "rank")


@admin.register(Purpose)
class PurposeAdmin(LookUpAdmin):
    list_display = ("code", "name", "name_en")
    search_fields = ("code", "name", "name_en")
