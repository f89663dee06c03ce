from django.urls import include, path
from wagtail import urls as pages

urlpatterns = [path("lms/", include("wagtail_lms.urls")), path("", include(pages))]
