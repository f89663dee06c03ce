from importlib import import_module

from django.apps import AppConfig


class ToolConfig(AppConfig):
    name = "lti.tool"
    label = "lti_tool"

    def ready(self) -> None:
        """Receivers, job handlers and what we add to others' pages make themselves known by being imported."""
        for furniture in ("receivers", "tasks", "classlists", "personal", "terms"):
            import_module(f"lti.tool.{furniture}")
