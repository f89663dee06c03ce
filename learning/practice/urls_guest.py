"""/observatie/: what a colleague without an account was asked to write down."""

from django.urls import path

from learning.practice.views import guest

app_name = "observation"
urlpatterns = [path("<str:link>/", guest.answer, name="answer")]
