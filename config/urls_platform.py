"""The addresses of the other host name: the LMS's pages, and the services of the platform."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("lti.platform.lms.urls")),
    path("lti/platform/", include("lti.platform.urls")),
]
handler404 = "lti.platform.lms.views.not_found"
