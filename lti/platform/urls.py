from django.urls import path

from lti.platform.views import authorization, deep_links, discovery, grades, members, registration, token

app_name = "platform"
urlpatterns = [
    path(".well-known/openid-configuration", discovery.configuration, name="configuration"),
    path("jwks", discovery.keys, name="jwks"),
    path("launch/<uuid:key>", authorization.launch, name="launch"),
    path("auth", authorization.authorise, name="auth"),
    path("token", token.token, name="token"),
    path("register", registration.register, name="register"),
    path("deep-links/return", deep_links.receive, name="deep-links"),
    path("members/<uuid:course>", members.members, name="members"),
    path("lineitems/<uuid:course>", grades.line_items, name="line-items"),
    path("lineitems/<uuid:course>/<uuid:item>", grades.line_item, name="line-item"),
    path("lineitems/<uuid:course>/<uuid:item>/scores", grades.scores, name="scores"),
    path("lineitems/<uuid:course>/<uuid:item>/results", grades.results, name="results"),
]
