"""The addresses of an installation with one host name."""

from django.urls import include, path

from config.urls import urlpatterns as tool

urlpatterns = [*tool, path("lti/platform/", include("lti.platform.urls"))]
