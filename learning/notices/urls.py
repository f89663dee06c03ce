"""/berichten/"""

from django.urls import path

from learning.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("gelezen/", views.see_all, name="see-all"),
    path("instellingen/", views.choices, name="choices"),
    path("mail/<str:wish>/", views.no_mail, name="no-mail"),
    path("<int:notice>/", views.notice, name="notice"),
]
