"""/bestanden/"""

from django.urls import path

from learning.files import views

app_name = "files"
urlpatterns = [
    path("", views.files, name="files"),
    path("<uuid:key>/", views.file, name="file"),
    path("<uuid:key>/geluid/<slug:part>/<str:signature>/", views.hear, name="hear"),
]
