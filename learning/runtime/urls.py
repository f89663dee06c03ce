from django.urls import path

from learning.runtime import views

app_name = "runtime"
urlpatterns = [
    path("antwoord/<str:token>/<slug:handler>/", views.answer, name="answer"),
    path("opname/<int:recording>/", views.recording, name="recording"),
    path("materiaal/<str:name>", views.asset, name="asset"),
]
