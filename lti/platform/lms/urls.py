from django.urls import path

from lti.platform.lms import views

app_name = "lms"
urlpatterns = [
    path("", views.home, name="home"),
    path("inloggen/", views.SignIn.as_view(), name="sign-in"),
    path("instappen/", views.step_in, name="step-in"),
    path("uitloggen/", views.SignOut.as_view(), name="sign-out"),
    path("leerlijn/<slug:slug>/", views.course, name="course"),
    path("leerlijn/<slug:slug>/open/<uuid:key>/", views.open_placement, name="open"),
    path("leerlijn/<slug:slug>/cijferboek/", views.gradebook, name="gradebook"),
    path("leerlijn/<slug:slug>/cijferboek/tabel/", views.gradebook_table, name="gradebook-table"),
]
