from django.urls import path

from lti.tool.administration import views

app_name = "connections"
urlpatterns = [
    path("", views.home, name="home"),
    path("uitnodigen/", views.invite, name="invite"),
    path("zelf-invullen/", views.by_hand, name="by-hand"),
    path("onze-gegevens/", views.ours, name="ours"),
    path("<int:number>/", views.one, name="one"),
    path("<int:number>/wijzigen/", views.change, name="change"),
    path("<int:number>/test/", views.test, name="test"),
    path("<int:number>/schakelen/", views.switch, name="switch"),
    path("<int:number>/deployment/", views.add_deployment, name="add-deployment"),
    path("<int:number>/opnieuw/", views.retry, name="retry"),
    path("<int:number>/cijfers/", views.compare, name="compare"),
]
