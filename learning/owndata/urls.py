"""/mijn-gegevens/"""

from django.urls import path

from learning.owndata import views

app_name = "owndata"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("download/", views.ask, name="ask"),
    path("download/<uuid:export>/<str:seal>/", views.file, name="file"),
    path("wissen/", views.erase, name="erase"),
    path("wissen/zeker/", views.confirm, name="confirm"),
    path("tot-ziens/<str:mark>/", views.goodbye, name="goodbye"),
]
