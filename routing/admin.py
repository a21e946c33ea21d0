"""Look-up of the catalogue of matters, the duty list and the loads of posts."""

from django.contrib import admin

from organizations.look_up import LookUpAdmin
from routing.models import Admission, Category, CommunityDuty, DutyEntry, FilingStandard, Load


@admin.register(Category)
class CategoryAdmin(LookUpAdmin):
    list_display = ("code", "name", "parent", "publicity", "valid_from", "valid_to")
    search_fields = ("code", "name", "name_en", "initials")


@admin.register(FilingStandard)
class FilingStandardAdmin(LookUpAdmin):
    list_display = ("category", "rank", "condition", "cost", "valid_from", "valid_to")
    search_fields = ("category__code", "condition", "condition_en")


@admin.register(DutyEntry)
class DutyEntryAdmin(LookUpAdmin):
    list_display = ("category", "territory", "lead", "payer", "origin", "valid_from", "valid_to")
    list_filter = ("origin",)
    search_fields = ("category__code", "territory__code", "lead__code")


@admin.register(CommunityDuty)
class CommunityDutyAdmin(LookUpAdmin):
    list_display = ("category", "body", "list", "valid_from", "valid_to")
    list_filter = ("list",)


@admin.register(Admission)
class AdmissionAdmin(LookUpAdmin):
    list_display = ("category", "department", "community", "line", "headcount", "points")


@admin.register(Load)
class LoadAdmin(LookUpAdmin):
    list_display = ("post", "points", "tasks", "last_given_at")
    list_select_related = ("post__person", "post__body")
