from django.urls import path

from lti.platform.lms import tools, views

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
    path("leerlijn/<slug:slug>/toevoegen/", tools.add, name="add"),
    path("leerlijn/<slug:slug>/toevoegen/<int:pk>/", tools.choose, name="choose"),
    path("leerlijn/<slug:slug>/toevoegen/<int:pk>/start", tools.start, name="choose-start"),
    path("gekozen/<uuid:key>/", tools.chosen, name="chosen"),
    path("keuze/<uuid:key>/", tools.choice, name="choice"),
    path("gereedschap/", tools.overview, name="tools"),
    path("gereedschap/aanmelding/<uuid:key>/", tools.registered, name="registered"),
    path("gereedschap/<int:pk>/", tools.tool, name="tool"),
    path("gereedschap/<int:pk>/schakelen/", tools.switch, name="switch"),
]
