from django.urls import path

from learning.people import views, views_keeping

app_name = "people"
urlpatterns = [
    path("inloggen/", views.SignIn.as_view(), name="sign-in"),
    path("uitloggen/", views.SignOut.as_view(), name="sign-out"),
    path("beheer/bewaren/", views_keeping.keeping, name="keeping"),
    path("beheer/bewaren/<int:destruction>/", views_keeping.destroyed, name="destroyed"),
]
