"""/groepen/<group>/<module>/: what practice adds to the pages of a group."""

from django.urls import path

from learning.practice.views import handed_in

app_name = "handed-in"
urlpatterns = [path("<int:number>/<slug:module>/ingeleverd/", handed_in.handed_in, name="list")]
