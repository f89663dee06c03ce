from importlib import import_module

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        """Receivers, job handlers and what is kept of people make themselves known by being imported."""
        import_module("certificates.queries")
        import_module("certificates.receivers")
        import_module("certificates.tasks")
        import_module("certificates.personal")
        import_module("certificates.terms")
