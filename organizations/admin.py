"""Look-up of bodies and people. Messages belong to their readers and are not shown."""

from django.contrib import admin

from organizations.look_up import LookUpAdmin
from organizations.models import AccessToken, Body, BodyKind, DutyHours, Post, Skill, User


@admin.register(Body)
class BodyAdmin(LookUpAdmin):
    list_display = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    search_fields = ("code", "name", "name_en")


@admin.register(User)
class UserAdmin(LookUpAdmin):
    list_display = ("username", "full_name", "is_active", "last_login")
    fields = ("username", "full_name", "full_name_en", "phone", "is_active", "last_login")
    search_fields = ("username", "full_name", "full_name_en")


@admin.register(Post)
class PostAdmin(LookUpAdmin):
    list_display = ("person", "role", "body", "capacity", "valid_from", "valid_to")
    list_filter = ("role",)
    search_fields = ("person__username", "person__full_name", "body__name")


@admin.register(DutyHours)
class DutyHoursAdmin(LookUpAdmin):
    list_display = ("post", "weekday", "starts", "ends")
    list_select_related = ("post__person", "post__body")


@admin.register(AccessToken)
class AccessTokenAdmin(LookUpAdmin):
    """Never the digest."""

    list_display = ("person", "name", "created_at", "expires_at", "revoked_at", "last_used_at")
    fields = list_display


admin.site.register([BodyKind, Skill], LookUpAdmin)
