from importlib import import_module

from django.apps import AppConfig


class XapiConfig(AppConfig):
    name = "xapi"

    def ready(self) -> None:
        """Receivers and job handlers make themselves known by being imported."""
        import_module("xapi.receivers")
        import_module("xapi.tasks")
