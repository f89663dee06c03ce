"""/hr/: figures about groups, who looked at them, and the dossier for the works council."""

from django.urls import path

from learning.competences.views.hr import assigning, basis, dossier, figures, log, register

app_name = "hr"
urlpatterns = [
    path("hr/", figures.tracks, name="tracks"),
    path("hr/leerlijn.csv", figures.tracks_csv, name="tracks-csv"),
    path("hr/competenties/", figures.competences, name="competences"),
    path("hr/competenties.csv", figures.competences_csv, name="competences-csv"),
    path("hr/vast/", figures.stuck, name="stuck"),
    path("hr/vast.csv", figures.stuck_csv, name="stuck-csv"),
    path("hr/certificaten/", register.register, name="register"),
    path("hr/toewijzen/", assigning.assigning, name="assigning"),
    path("hr/toewijzen/<int:assignment>/weg/", assigning.take_away, name="take-away"),
    path("hr/logboek/", log.log, name="log"),
    path("hr/dossier/", dossier.dossier, name="dossier"),
    path("beheer/hr/", basis.basis, name="basis"),
    path("beheer/hr/intrekken/", basis.withdraw, name="withdraw"),
]
