"""/groepen/: for trainers, and to see who trains the groups one learns in."""

from django.urls import path

from learning.tracks.groups.views import importing, pages, people, settings

app_name = "groups"
urlpatterns = [
    path("", pages.mine, name="mine"),
    path("nieuw/", pages.new, name="new"),
    path("<int:number>/", pages.group, name="group"),
    path("<int:number>/instellingen/", settings.settings, name="settings"),
    path("<int:number>/instellingen/trainer/", settings.add_trainer, name="add-trainer"),
    path("<int:number>/sluiten/", settings.close, name="close"),
    path("<int:number>/mensen/", people.people, name="people"),
    path("<int:number>/mensen/uit-een-groep/", people.from_group, name="from-group"),
    path("<int:number>/mensen/<int:person>/weg/", people.take_out, name="take-out"),
    path("<int:number>/inlezen/", importing.read, name="import"),
    path("<int:number>/inlezen/bevestig/", importing.confirm, name="confirm"),
]
