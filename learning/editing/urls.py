from django.urls import path

from learning.editing import views

app_name = "editing"
urlpatterns = [
    path("redactie/", views.home, name="home"),
    path("redactie/antwoord/<str:token>/<slug:handler>/", views.answer, name="answer"),
    path("redactie/voorbeeld/<slug:module>/", views.module, name="module"),
    path("redactie/voorbeeld/<slug:module>/stand/", views.stamp, name="stamp"),
    path("redactie/voorbeeld/<slug:module>/bestand/<path:path>", views.file, name="file"),
    path("redactie/voorbeeld/<slug:module>/<slug:activity>/", views.activity, name="activity"),
    path("redactie/voorbeeld/<slug:module>/<slug:activity>/opnieuw/", views.again, name="again"),
    path("redactie/voorbeeld/<slug:module>/<slug:activity>/tekening/<int:number>.svg", views.drawing, name="drawing"),
    path("redactie/uitgaven/<slug:module>/", views.editions, name="editions"),
    path("redactie/uitgaven/<slug:module>/iedereen/", views.move_everyone, name="move-everyone"),
    path("uitgaven/<slug:module>/", views.newer, name="newer"),
]
