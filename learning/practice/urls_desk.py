"""/begeleiden/: the desk of a trainer."""

from django.urls import URLPattern, URLResolver, include, path

from learning.practice.views.desk import calibration, queue, steps, work

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", queue.queue, name="queue"),
    path("meer/", queue.several, name="several"),
    path("samen/", queue.together, name="together"),
    path("zinnen/", queue.own_phrases, name="phrases"),
    path("zinnen/<int:phrase_number>/weg/", queue.phrase, name="phrase"),
    path("<uuid:work_key>/", work.work, name="work"),
    path("<uuid:work_key>/voorbeelden/", calibration.calibrate, name="calibrate"),
    path("<uuid:work_key>/stap/<slug:step>/", steps.step, name="step"),
    path("<uuid:work_key>/verberg/<int:reading_number>/", steps.hide, name="hide"),
    path("", include("learning.practice.urls_library")),
]
