from importlib import import_module

from django.apps import AppConfig


class XapiConfig(AppConfig):
    name = "xapi"

    def ready(self) -> None:
        """What we hear, do, and say on the page of a module makes itself known by being imported."""
        for furniture in ("receivers", "tasks", "notes", "personal"):
            import_module(f"xapi.{furniture}")
