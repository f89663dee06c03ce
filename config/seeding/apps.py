from django.apps import AppConfig


class SeedingConfig(AppConfig):
    name = "config.seeding"
    label = "seeding"
