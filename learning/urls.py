"""/leren/: the addresses of the learner's pages, whichever room they live in."""

from django.urls import path

from learning.runtime import views as runtime
from learning.tracks import views as tracks
from learning.tracks.content import Kind

app_name = "tracks"
urlpatterns = [
    path("", tracks.home, name="home"),
    path("herinneringen/", tracks.reminding, name="reminders"),
    path("herinneringen/uit/<str:wish>/", tracks.no_reminders, name="no-reminders"),
    path("<slug:module>/", tracks.module, name="module"),
    path("<slug:module>/herhaalmoment.ics", tracks.calendar_note, {"kind": Kind.RETURN}, name="calendar"),
    path("<slug:module>/terugblik.ics", tracks.calendar_note, {"kind": Kind.LOOK_BACK}, name="look-back-calendar"),
    path("<slug:module>/begin/", tracks.begin, name="begin"),
    path("<slug:module>/verder/", tracks.go_on, name="go-on"),
    path("<slug:module>/<slug:unit>/", runtime.unit, name="unit"),
    path("<slug:module>/<slug:unit>/<slug:activity>/", runtime.activity, name="activity"),
]
