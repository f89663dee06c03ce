from django.urls import path

from lti.tool import views

app_name = "lti"
urlpatterns = [
    path("login", views.login, name="login"),
    path("launch", views.launch, name="launch"),
    path("venster", views.enter_window, name="window"),
    path("jwks", views.jwks, name="jwks"),
]
