from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("again/<slug:subject>", views.again, name="again"),
    path("verify/", views.verify, name="check"),
    path("verify/<str:code>", views.verify, name="verify"),
    path("<str:code>/pdf", views.pdf, name="pdf"),
]
