from django.urls import path

from lti.tool import views

app_name = "lti"
urlpatterns = [
    path("login", views.login, name="login"),
    path("launch", views.launch, name="launch"),
    path("jwks", views.jwks, name="jwks"),
]
