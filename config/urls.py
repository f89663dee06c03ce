"""The addresses of Tussenruimte, the tool. What operators and LMSes may rely on stands in docs/surface.md."""

from django.conf import settings
from django.urls import include, path

from config import health, views

urlpatterns = [
    path("", views.start, name="start"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("learning.people.urls")),
    path("leren/", include("learning.urls")),
    path("berichten/", include("learning.notices.urls")),
    path("groepen/", include("learning.tracks.groups.urls")),
    path("groepen/", include("learning.practice.urls_groups")),
    path("groepen/", include("learning.competences.urls_groups")),
    path("praktijk/", include("learning.practice.urls")),
    path("observatie/", include("learning.practice.urls_guest")),
    path("begeleiden/", include("learning.practice.urls_desk")),
    path("journaal/", include("learning.journal.urls")),
    path("bestanden/", include("learning.files.urls")),
    path("groei/", include("learning.competences.urls")),
    path("mijn-gegevens/", include("learning.owndata.urls")),
    path("", include("learning.competences.urls_hr")),
    path("", include("learning.runtime.urls")),
    path("", include("learning.editing.urls")),
    path("lti/", include("lti.tool.urls")),
    path("beheer/leeromgevingen/", include("lti.tool.administration.urls")),
    path("", include("lti.platform.pages.urls")),
    path("certificates/", include("certificates.urls")),
    path("", include("design.urls")),
]

if settings.PLATFORM_URL == settings.BASE_URL:
    urlpatterns.append(path("lti/platform/", include("lti.platform.urls")))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls")))
