from django.urls import path

from lti.platform.pages import choosing, learner, places, tools

app_name = "tools"
urlpatterns = [
    path("gereedschap/verder", learner.onward, name="onward"),
    path("gereedschap/<uuid:key>/", learner.open_place, name="open"),
    path("gereedschap/<uuid:key>/start", learner.launch, name="launch"),
    path("redactie/gereedschap/", tools.overview, name="overview"),
    path("redactie/gereedschap/nieuw/", tools.add, name="add"),
    path("redactie/gereedschap/nieuw/zelf/", tools.add_by_hand, name="add-by-hand"),
    path("redactie/gereedschap/aanmelding/<uuid:key>/", tools.registered, name="registered"),
    path("redactie/gereedschap/<int:pk>/", tools.tool, name="tool"),
    path("redactie/gereedschap/<int:pk>/afwijzen/", tools.reject, name="reject"),
    path("redactie/gereedschap/<int:pk>/schakelen/", tools.switch, name="switch"),
    path("redactie/gereedschap/<int:pk>/naam/", tools.rename, name="rename"),
    path("redactie/gereedschap/<int:pk>/plek/<slug:track>/", places.add, name="place"),
    path("redactie/gereedschap/<int:pk>/kies/<slug:track>/", choosing.choose, name="choose"),
    path("redactie/gereedschap/<int:pk>/kies/<slug:track>/start", choosing.start, name="choose-start"),
    path("redactie/gereedschap/gekozen/<uuid:key>/", choosing.chosen, name="chosen"),
    path("redactie/gereedschap/keuze/<uuid:key>/", choosing.choice, name="choice"),
    path("redactie/gereedschap/plek/<uuid:key>/", places.change, name="change-place"),
    path("redactie/gereedschap/plek/<uuid:key>/weg/", places.take_out, name="take-out"),
]
