from django.urls import path

from config.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.doors, name="doors"),
    path("instappen/", views.step_in, name="step-in"),
]
