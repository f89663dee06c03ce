from django.urls import path

from learning.people import views

app_name = "people"
urlpatterns = [
    path("inloggen/", views.SignIn.as_view(), name="sign-in"),
    path("uitloggen/", views.SignOut.as_view(), name="sign-out"),
]
