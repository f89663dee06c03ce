"""/begeleiden/cases/ and /begeleiden/uitzetten/: what can be given out, and giving it. Included by `urls_desk`."""

from django.urls import path

from learning.practice.views import giving
from learning.practice.views.cases import pages

urlpatterns = [
    path("cases/", pages.cases, name="cases"),
    path("cases/<int:case_number>/", pages.case, name="case"),
    path("cases/<int:case_number>/eigen/", pages.copy, name="case-copy"),
    path("cases/<int:case_number>/bewerk/", pages.edit, name="case-edit"),
    path("cases/<int:case_number>/terug/", pages.discard, name="case-discard"),
    path("cases/<int:case_number>/archief/", pages.archive, name="case-archive"),
    path("cases/<int:case_number>/voorbeeld/", pages.preview, name="case-preview"),
    path("cases/<int:case_number>/anders/", pages.changes, name="case-changes"),
    path("uitzetten/", giving.home, name="give"),
    path("uitzetten/case/<int:case_number>/", giving.give, name="give-case"),
    path("uitzetten/<uuid:assignment_key>/", giving.given, name="given"),
    path("uitzetten/<uuid:assignment_key>/ongedaan/", giving.undo, name="given-undo"),
    path("uitzetten/<uuid:assignment_key>/intrekken/", giving.withdraw, name="given-withdraw"),
]
