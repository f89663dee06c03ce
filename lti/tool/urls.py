from django.urls import path

from lti.tool import views
from lti.tool.deeplinking import views as deeplinking

app_name = "lti"
urlpatterns = [
    path("login", views.login, name="login"),
    path("launch", views.launch, name="launch"),
    path("venster", views.enter_window, name="window"),
    path("jwks", views.jwks, name="jwks"),
    path("naar/<slug:module>/<slug:activity>/", views.activity, name="activity"),
    path("kiezen/<str:key>/", deeplinking.choose, name="choose"),
    path("kiezen/<str:key>/instellen/", deeplinking.settle, name="settle"),
    path("kiezen/<str:key>/terug/", deeplinking.cancel, name="cancel"),
]
