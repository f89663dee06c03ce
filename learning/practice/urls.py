"""/praktijk/: the learner's own practice cases, and what they read along."""

from django.urls import URLPattern, URLResolver

app_name = "practice"
urlpatterns: list[URLPattern | URLResolver] = []
