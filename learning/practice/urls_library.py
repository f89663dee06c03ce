"""/begeleiden/cases/ and /begeleiden/uitzetten/: what can be given out, and giving it. Included by `urls_desk`."""

from django.urls import path

from learning.practice.views import giving
from learning.practice.views.cases import pages

urlpatterns = [
    path("cases/", pages.cases, name="cases"),
    path("cases/<int:number>/", pages.case, name="case"),
    path("cases/<int:number>/eigen/", pages.copy, name="case-copy"),
    path("cases/<int:number>/bewerk/", pages.edit, name="case-edit"),
    path("cases/<int:number>/terug/", pages.discard, name="case-discard"),
    path("cases/<int:number>/archief/", pages.archive, name="case-archive"),
    path("cases/<int:number>/voorbeeld/", pages.preview, name="case-preview"),
    path("cases/<int:number>/anders/", pages.changes, name="case-changes"),
    path("uitzetten/", giving.home, name="give"),
    path("uitzetten/case/<int:number>/", giving.give, name="give-case"),
    path("uitzetten/<uuid:key>/", giving.given, name="given"),
    path("uitzetten/<uuid:key>/ongedaan/", giving.undo, name="given-undo"),
    path("uitzetten/<uuid:key>/intrekken/", giving.withdraw, name="given-withdraw"),
]
