from django.urls import path

from lti.platform.views import authorization, discovery, grades, token

app_name = "platform"
urlpatterns = [
    path(".well-known/openid-configuration", discovery.configuration, name="configuration"),
    path("jwks", discovery.keys, name="jwks"),
    path("launch/<uuid:key>", authorization.launch, name="launch"),
    path("auth", authorization.authorise, name="auth"),
    path("token", token.token, name="token"),
    path("lineitems/<uuid:course>", grades.line_items, name="line-items"),
    path("lineitems/<uuid:course>/<uuid:item>", grades.line_item, name="line-item"),
    path("lineitems/<uuid:course>/<uuid:item>/scores", grades.scores, name="scores"),
    path("lineitems/<uuid:course>/<uuid:item>/results", grades.results, name="results"),
]
