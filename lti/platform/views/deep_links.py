"""Where a tool brings back what somebody chose (LTI Deep Linking 2.0, 4.5).

It comes in the tool's frame or window, where a session of ours may not be seen. So nobody has to be signed in here:
the answer says by `data` whose it is, and what comes next is a page that only they can open.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lti.claims import DEEP_LINKING_FIELD
from lti.platform import deeplinks
from lti.platform.endpoints import lms_page, page
from lti.platform.views.authorization import refusal

LARGEST = 256 * 1024  # characters of an answer


@csrf_exempt  # the tool's page posts it; what counts is its signature and the data we signed
@never_cache
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    answer = request.POST.get(DEEP_LINKING_FIELD, "")
    if len(answer) > LARGEST:
        return refusal(request, "wrong_answer")
    try:
        choice, face = deeplinks.receive(answer)
    except deeplinks.Refused as no:
        return refusal(request, no.code)
    address = lms_page("chosen", choice.key) if face == "lms" else settings.BASE_URL + page("chosen", choice.key)
    return HttpResponseRedirect(address, status=303)
