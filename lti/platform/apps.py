from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "lti.platform"
    label = "lti_platform"
