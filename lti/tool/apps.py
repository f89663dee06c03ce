from importlib import import_module

from django.apps import AppConfig


class ToolConfig(AppConfig):
    name = "lti.tool"
    label = "lti_tool"

    def ready(self) -> None:
        """Receivers and job handlers make themselves known by being imported."""
        for furniture in ("receivers", "tasks"):
            import_module(f"lti.tool.{furniture}")
