from django.urls import path

from learning.journal import views

app_name = "journal"
urlpatterns = [path("", views.entries, name="entries")]
