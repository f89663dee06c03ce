"""/groepen/<group>/competenties/: what a trainer sees of the levels in their group."""

from django.urls import path

from learning.competences.views import group

app_name = "group-levels"
urlpatterns = [
    path("<int:number>/competenties/", group.levels, name="list"),
    path("<int:number>/competenties/competenties.csv", group.as_csv, name="csv"),
    path("<int:number>/competenties/<int:person>/", group.learner, name="learner"),
]
