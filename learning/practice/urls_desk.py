"""/begeleiden/: the desk of a trainer."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("learning.practice.urls_library")),
]
