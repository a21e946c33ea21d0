from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmergencyConfig(AppConfig):
    name = "emergency"
    verbose_name = _("Emergency")

    def ready(self) -> None:
        from emergency import registration  # noqa: PLC0415 -- tables must be loaded first

        registration.register()
