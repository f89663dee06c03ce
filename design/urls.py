from django.urls import path

from design import onderdelen, views

app_name = "design"
urlpatterns = [
    path("weergave/thema", views.set_theme, name="theme"),
    path("weergave/taal", views.set_language, name="language"),
    path("onderdelen/", onderdelen.show, name="onderdelen"),
]
