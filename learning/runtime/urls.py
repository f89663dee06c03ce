from django.urls import path

from learning.runtime import trainers, views

app_name = "runtime"
urlpatterns = [
    path("antwoord/<str:token>/<slug:handler>/", views.answer, name="answer"),
    path("opname/<int:recording>/", views.recording, name="recording"),
    path("groepen/<int:number>/<slug:module>/oefeningen/", trainers.exercises, name="exercises"),
    path("materiaal/<str:name>", views.asset, name="asset"),
]
