from importlib import import_module

from django.apps import AppConfig


class LtiConfig(AppConfig):
    name = "lti"

    def ready(self) -> None:
        """Job handlers make themselves known by being imported."""
        import_module("lti.tasks")
