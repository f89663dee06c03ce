"""The journal as an activity sees it keeps the promises of `JournalService`."""

from __future__ import annotations

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from learning.journal import queries, services
from learning.journal.envelope import Entry
from learning.journal.models import JournalShare
from learning.journal.services import Notebook
from learning.people.models import Person
from modules.blocks.journal.rules import day
from tests.factories import PersonFactory
from tests.learning.journal.conftest import SECRET


def test_an_activity_sees_its_own_texts_with_a_moment_it_can_show(person: Person, entry: Entry) -> None:
    services.write(person, text="Elders.", tags=[], token="vorm-0002", usage="proefmodule/anders")
    [seen] = Notebook(person, "proefmodule/stil").entries()
    assert (seen["id"], seen["text"], seen["tags"]) == (str(entry.id), SECRET, ["werk"])
    assert day(str(seen["written"])) == entry.written_at


def test_a_text_is_drawn_where_it_was_written(learner: Client, entry: Entry) -> None:
    assert SECRET in learner.get("/leren/proefmodule/u1/").text


def test_a_shared_text_is_not_called_only_yours_where_it_was_written(learner: Client, share: JournalShare) -> None:
    page = learner.get("/leren/proefmodule/u1/").text
    assert page.count("jij en Mehmet Aydın") == 2, "beside the text and beside the field to change it"
    assert page.count("alleen voor jou") == 1, "beside the field for a new text"


def test_a_token_counts_once_also_after_deleting(person: Person) -> None:
    notebook = Notebook(person, "proefmodule/stil")
    notebook.write("Eén keer.", [], "vorm-0001")
    notebook.delete(str(next(queries.entries(person)).id))
    notebook.write("Eén keer.", [], "vorm-0001")
    assert notebook.entries() == []


def test_ten_labels_of_forty_letters_are_kept_whole(person: Person) -> None:
    notebook = Notebook(person, "proefmodule/stil")
    labels = [f"{n}".ljust(40, "x") for n in range(10)]
    notebook.write("Met labels.", labels, "vorm-0001")
    assert notebook.entries()[0]["tags"] == labels


def test_an_unknown_id_or_somebody_elses_changes_nothing(person: Person, entry: Entry) -> None:
    notebook = Notebook(PersonFactory.create(organisation=person.organisation), "proefmodule/stil")
    for number in (str(entry.id), "geen-nummer", "999999"):
        notebook.replace(number, "Van mij.", [])
        notebook.delete(number)
    assert next(queries.entries(person)).text == SECRET


def test_it_leads_to_the_whole_journal(learner: Client, person: Person) -> None:
    assert learner.get(Notebook(person, "proefmodule/stil").href()).status_code == 200


def test_a_page_with_many_of_them_reads_them_together(
    person: Person, share: JournalShare, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    usages = [f"proefmodule/{key}" for key in ("stil", "anders", "leeg")]
    services.write(person, text="Elders.", tags=[], token="vorm-0002", usage="proefmodule/anders")
    services.write(person, text="Van een andere pagina.", tags=[], token="vorm-0003", usage="proefmodule/ver")
    notebook = services.notebooks(person, usages)
    with django_assert_num_queries(2):
        texts = {usage: notebook(usage).entries() for usage in usages}
    assert texts == {usage: Notebook(person, usage).entries() for usage in usages}
    assert [len(found) for found in texts.values()] == [1, 1, 0]
