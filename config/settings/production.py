"""A real installation: https, secrets from outside, nothing of the demo."""

from config.environment import read_or_stop
from config.settings.base import *

globals().update(settings_for(read_or_stop(production=True)))

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True

# Nobody signs in here by themselves: whose session ended hears at the front door to come in by their LMS.
LOGIN_URL = "start"

MIDDLEWARE = ["config.proxies.ProxyMiddleware", *MIDDLEWARE]

# A browser takes such a cookie from this very host only: no other site of the same domain can put in a session, or the
# start of a launch, of its own choice.
COOKIE_PREFIX = "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}tussenruimte"
