"""Look-up of territory, outlines and coverage."""

from django.contrib import admin

from grids.models import AreaMembership, BodyTerritory, Boundary, PostTerritory, Territory
from organizations.look_up import LookUpAdmin


@admin.register(Territory)
class TerritoryAdmin(LookUpAdmin):
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level",)
    search_fields = ("code", "name", "name_en")


@admin.register(Boundary)
class BoundaryAdmin(LookUpAdmin):
    list_display = ("territory", "area_m2", "is_schematic", "source", "valid_from", "valid_to")
    search_fields = ("territory__code", "territory__name")


@admin.register(AreaMembership)
class AreaMembershipAdmin(LookUpAdmin):
    list_display = ("area", "town", "valid_from", "valid_to")


@admin.register(BodyTerritory)
class BodyTerritoryAdmin(LookUpAdmin):
    list_display = ("body", "territory", "valid_from", "valid_to")
    search_fields = ("body__code", "body__name", "territory__code", "territory__name")


@admin.register(PostTerritory)
class PostTerritoryAdmin(LookUpAdmin):
    list_display = ("post", "territory", "valid_from", "valid_to")
    list_select_related = ("post__person", "post__body", "territory")
    search_fields = ("post__person__username", "territory__code", "territory__name")
