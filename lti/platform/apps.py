from importlib import import_module

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "lti.platform"
    label = "lti_platform"

    def ready(self) -> None:
        """Job handlers and what is kept of people make themselves known by being imported."""
        import_module("lti.platform.tasks")
        import_module("lti.platform.personal")
        import_module("lti.platform.terms")
