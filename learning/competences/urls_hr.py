"""/hr/: figures about groups, who looked at them, and the dossier for the works council."""

from django.urls import path

from learning.competences.views.hr import assigning, basis, dossier, effect, figures, files, log, register

_FILES = (
    ("leerlijn", "tracks", figures.tracks_file),
    ("competenties", "competences", figures.competences_file),
    ("vast", "stuck", figures.stuck_file),
    ("effect", "effect", effect.effect_file),
    ("certificaten", "register", register.register_file),
)

app_name = "hr"
urlpatterns = [
    path("hr/", figures.tracks, name="tracks"),
    path("hr/competenties/", figures.competences, name="competences"),
    path("hr/vast/", figures.stuck, name="stuck"),
    path("hr/effect/", effect.effect, name="effect"),
    *(
        path(f"hr/{name}.{form}", view, {"form": form}, name=f"{page}-{form}")
        for name, page, view in _FILES
        for form in files.FORMS
    ),
    path("hr/certificaten/", register.register, name="register"),
    path("hr/toewijzen/", assigning.assigning, name="assigning"),
    path("hr/toewijzen/<int:assignment>/weg/", assigning.take_away, name="take-away"),
    path("hr/logboek/", log.log, name="log"),
    path("hr/dossier/", dossier.dossier, name="dossier"),
    path("beheer/hr/", basis.basis, name="basis"),
    path("beheer/hr/intrekken/", basis.withdraw, name="withdraw"),
]
