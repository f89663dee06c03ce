from django.urls import path

from lti.tool import classlists, views
from lti.tool.deeplinking import views as deeplinking
from lti.tool.registration import views as registration

app_name = "lti"
urlpatterns = [
    path("login", views.login, name="login"),
    path("launch", views.launch, name="launch"),
    path("venster", views.enter_window, name="window"),
    path("jwks", views.jwks, name="jwks"),
    path("register", registration.register, name="register"),
    path("configuration.json", registration.by_hand, name="by-hand"),
    path("naar/<slug:module>/<slug:activity>/", views.activity, name="activity"),
    path("deelnemers/<int:context>/", classlists.update, name="class-list"),
    path("kiezen/<str:key>/", deeplinking.choose, name="choose"),
    path("kiezen/<str:key>/instellen/", deeplinking.settle, name="settle"),
    path("kiezen/<str:key>/terug/", deeplinking.cancel, name="cancel"),
]
