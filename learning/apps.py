from importlib import import_module

from django.apps import AppConfig

ROOMS = ("people", "notices", "files", "tracks", "journal", "runtime", "practice", "competences", "editing")


class LearningConfig(AppConfig):
    name = "learning"

    def ready(self) -> None:
        """Receivers and job handlers make themselves known by being imported."""
        for room in ROOMS:
            for furniture in ("receivers", "tasks"):
                module = f"learning.{room}.{furniture}"
                try:
                    import_module(module)
                except ModuleNotFoundError as error:
                    if error.name != module:
                        raise
