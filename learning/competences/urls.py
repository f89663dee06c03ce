"""/groei/: what grows, why, and what somebody shows of it to others."""

from django.urls import path

from learning.competences.views import cards, framework, growth, objections, why

app_name = "growth"
urlpatterns = [
    path("", growth.growth, name="growth"),
    path("tijdlijn/", growth.timeline, name="timeline"),
    path("deelkaarten/", cards.cards, name="cards"),
    path("deelkaarten/nieuw/", cards.new, name="card-new"),
    path("deelkaarten/<uuid:card>/", cards.card, name="card"),
    path("deelkaarten/<uuid:card>/intrekken/", cards.take_back, name="card-take-back"),
    path("bezwaren/", objections.waiting, name="objections"),
    path("bezwaren/<int:objection>/", objections.objection, name="objection"),
    path("kader/", framework.versions, name="framework"),
    path("kader/kader.csv", framework.as_csv, name="framework-csv"),
    path("kader/kader.json", framework.as_case, name="framework-case"),
    path("kader/inlezen/", framework.bring_in, name="framework-in"),
    path("kader/inlezen/bevestig/", framework.confirm, name="framework-confirm"),
    path("kader/ernaast/", framework.mappings, name="mappings"),
    path("kader/ernaast/tabel.csv", framework.mappings_csv, name="mappings-csv"),
    path("kader/ernaast/inlezen/", framework.mappings_in, name="mappings-in"),
    path("kader/ernaast/inlezen/bevestig/", framework.mappings_confirm, name="mappings-confirm"),
    path("kader/ernaast/<int:mapping>/weg/", framework.take_away, name="mapping-away"),
    path("<str:competence>/", why.why, name="why"),
    path("<str:competence>/<int:evidence_item>/klopt-niet/", objections.object_to, name="object"),
]
