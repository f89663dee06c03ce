from importlib import import_module

from django.apps import AppConfig

ROOMS = (
    "people", "notices", "files", "tracks", "recordings", "journal", "runtime", "practice", "competences", "owndata",
    "editing",
)  # fmt: skip


class LearningConfig(AppConfig):
    name = "learning"

    def ready(self) -> None:
        """Receivers, jobs, what is kept of people and what is sealed make themselves known by being imported."""
        for room in ROOMS:
            for furniture in ("receivers", "tasks", "personal", "sealed", "terms"):
                module = f"learning.{room}.{furniture}"
                try:
                    import_module(module)
                except ModuleNotFoundError as error:
                    if error.name != module:
                        raise
