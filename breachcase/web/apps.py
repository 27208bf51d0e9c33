from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "breachcase.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks."""
        import_module("breachcase.web.checks")
