"""/groepen/: for trainers."""

from django.urls import path

from learning.tracks.groups import views

app_name = "groups"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<int:number>/", views.group, name="group"),
]
