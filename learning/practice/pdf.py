"""A whole case to read and keep. Loads WeasyPrint: import it only where the job is done, never in a web process."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone, translation

from design import paper
from learning.journal.pdf import STYLE
from learning.practice.models import Work
from learning.practice.queries import learner as queries
from learning.practice.views import learner_words as words
from learning.practice.views.learner_form import DraftForm, Sent

OWN_STYLE = Path(__file__).with_name("document.css").read_text()


def render(work: Work) -> bytes:
    """PDF/UA, in the language of the learner: what was asked, what they wrote, what others gave, round by round."""
    with translation.override(work.person.language):
        whole = queries.whole(work)
        html = render_to_string(
            "practice/learner/pdf.html",
            {
                "whole": whole,
                "work": work,
                "document": whole.document,
                "form": DraftForm(whole, Sent()),
                "turns": list(reversed(whole.turns)),
                "observed": queries.observed(whole),
                "asks": words.asks(work),
                "made_at": timezone.now(),
                "language": work.person.language,
            },
        )
    return paper.pdf(html, STYLE + OWN_STYLE)
