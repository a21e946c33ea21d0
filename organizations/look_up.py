"""Django's admin as a place to look things up: read-only, for the system administrator alone.

Whatever has a service is written through it, in the catalogues; nothing is written here. Django's
flags (`is_staff`, `is_superuser`) and permissions are not used: the post decides.
"""

from typing import Any, ClassVar, NoReturn

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from lib.roles import Role
from organizations.http import roles_of


class LookUpSite(AdminSite):
    """The site behind /admin/: our own sign-in, one role."""

    site_header = _("Look-up")
    site_title = _("Look-up")
    index_title = _("Tables")
    site_url = "/workbench/"

    def has_permission(self, request: HttpRequest) -> bool:
        return Role.SYSTEM_ADMIN in roles_of(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django shows its own sign-in page here; ours has the lock-out and the second step."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        raise PermissionDenied

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> NoReturn:
        raise PermissionDenied


class LookUpAdmin(ModelAdmin):
    """Rows to read. The site has checked the role; nobody may change anything."""

    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = True
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return Role.SYSTEM_ADMIN in roles_of(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Role.SYSTEM_ADMIN in roles_of(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
