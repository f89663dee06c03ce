"""Only the addresses of design, so that its tests need none of what is built on it."""

from django.urls import include, path

urlpatterns = [path("", include("design.urls"))]
