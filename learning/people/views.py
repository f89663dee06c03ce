"""Signing in and out. Most people never see this: they come in through their LMS."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponseBase

from learning.people.forms import SignInForm


class SignIn(LoginView):
    """With a name and password: only where the demo is, until sign-in for trainers and HR comes."""

    form_class = SignInForm
    template_name = "people/sign_in.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class SignOut(LogoutView):
    next_page = "/"
