"""/bestanden/"""

from django.urls import path

from learning.files import views

app_name = "files"
urlpatterns = [
    path("", views.files, name="files"),
    path("<uuid:file>/", views.one, name="file"),
    path("<uuid:file>/geluid/<slug:part>/<str:signature>/", views.hear, name="hear"),
]
