"""A list from a file is shown row by row first, with what is wrong; then all of it comes in at once, or nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.notices.models import Notice
from learning.people import groups, services
from learning.people.models import Group, GroupMember, Person, Role
from learning.tracks.groups import importing, sheets
from tests.factories import OrganisationFactory, PersonFactory
from tests.learning.groups.conftest import colleague, signed_in
from tests.learning.groups.files import xlsx


def sent(desk: Client, group: Group, data: bytes, name: str = "lijst.csv") -> Any:
    return desk.post(f"/groepen/{group.pk}/inlezen/", {"file": SimpleUploadedFile(name, data)})


def token(page: Any) -> str | None:
    found = re.search(r'name="lijst" value="([^"]+)"', page.content.decode())
    return found[1] if found else None


def confirmed(desk: Client, group: Group, page: Any) -> Any:
    return desk.post(f"/groepen/{group.pk}/inlezen/bevestig/", {"lijst": token(page)})


def in_it(group: Group) -> dict[str, bool]:
    return dict(GroupMember.objects.filter(group=group).values_list("person__name", "is_trainer"))


@pytest.mark.parametrize("heads", ["naam;e-mail;rol", "Name;E-mail address;Role", "NAAM;Mailadres;in de rol"])
def test_a_list_is_shown_and_comes_in_when_it_is_confirmed(heads: str, handmade: Group, desk: Client) -> None:
    bo, trainer = colleague(handmade.organisation, "Bo"), colleague(handmade.organisation, "Ander", trains=True)
    page = sent(desk, handmade, f"{heads}\nBo;BO@waterschap.example;\nA.;{trainer.email};Trainer\n".encode())
    assert "2 mensen komen erbij." in page.content.decode()
    assert in_it(handmade) == {"Tineke": True}
    assert not Notice.objects.exists()
    assert confirmed(desk, handmade, page)["Location"] == f"/groepen/{handmade.pk}/mensen/"
    assert in_it(handmade) == {"Tineke": True, "Bo": False, "Ander": True}
    assert dict(Notice.objects.values_list("person", "kind")) == {bo.pk: "groep.leert", trainer.pk: "groep.traint"}


def test_a_workbook_too(handmade: Group, desk: Client) -> None:
    colleague(handmade.organisation, "Bo")
    page = sent(desk, handmade, xlsx([["naam", "e-mail"], ["Bo", "bo@waterschap.example"]]), "lijst.xlsx")
    confirmed(desk, handmade, page)
    assert "Bo" in in_it(handmade)


def test_every_row_that_is_wrong_is_shown_with_its_number_and_the_remedy(handmade: Group, desk: Client) -> None:
    bo, an = colleague(handmade.organisation, "Bo"), colleague(handmade.organisation, "An")
    groups.add_people(handmade, [an])
    for _ in range(2):
        colleague(handmade.organisation, "Dubbel")
    PersonFactory.create(email="elders@waterschap.example")
    rows = [
        "e-mail;rol", f"{bo.email};deelnemer", f"{bo.email};trainer", "onbekend@waterschap.example;", ";trainer",
        "geen-adres;", '"=1+1";', f"{an.email};trainer", "dubbel@waterschap.example;", "elders@waterschap.example;",
        "tineke@waterschap.example;deelnemer", "x@waterschap.example;baas", f"{an.email} ;deelnemer",
    ]  # fmt: skip
    page = sent(desk, handmade, "\n".join(rows).encode()).content.decode()
    wrong = page.split('id="fout"')[1].split("</section>")[0]
    found = dict(re.findall(r"<li><strong>Regel (\d+)</strong> <span[^>]*>[^<]*</span> <span>([^<]+)</span>", wrong))
    assert {int(number): words.split(".")[0] for number, words in found.items()} == {
        3: "Dit adres staat al hoger in je lijst",
        4: "Dit adres kennen we niet",
        5: "Hier staat geen mailadres",
        6: "Dit is geen mailadres",
        7: "In deze regel staat een formule",
        8: "Deze collega leert in deze groep",
        9: "Bij dit adres horen meer mensen",
        10: "Dit adres kennen we niet",
        11: "Deze collega traint deze groep al",
        12: "Deze rol kennen we niet",
        13: "Dit adres staat al hoger in je lijst",
    }
    assert "1 mens komt erbij." in page
    assert "Zet alleen die 1 mens erbij" in page


def test_a_trainer_is_made_of_nobody_who_doesnt_hold_the_role(handmade: Group, desk: Client) -> None:
    bo = colleague(handmade.organisation, "Bo")
    page = sent(desk, handmade, f"email,rol\n{bo.email},trainer".encode())
    assert "niet de rol van trainer" in page.content.decode()
    assert token(page) is None
    assert not bo.roles.exists()


def test_nobody_is_made_from_a_file(handmade: Group, desk: Client) -> None:
    before = Person.objects.count()
    page = sent(desk, handmade, b"naam,email\nNieuw,nieuw@waterschap.example")
    assert token(page) is None
    assert Person.objects.count() == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "In dit bestand staat niets."),
        (b"\n \n", "staan geen mensen"),
        (b"naam,rol\nBo,trainer", "geen kolom met mailadressen"),
        (b"e-mail\n", "staan geen mensen"),
        (b"\x89PNG\0", "geen lijst die we kunnen lezen"),
        (b"PK\x03\x04 en dan niets", "geen Excelbestand"),
        (b"\xd0\xcf\x11\xe0\0\0", "ouder Excelbestand"),
        (b"e-mail\n" + b"a@b.nl\n" * 5_001, "meer dan 5.000 regels"),
        (b"x" * (sheets.MOST_BYTES + 1), "te groot"),
    ],
)
def test_a_file_we_cant_use_is_refused_in_words(data: bytes, words: str, handmade: Group, desk: Client) -> None:
    response = sent(desk, handmade, data)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_without_a_file_it_asks_for_one(handmade: Group, desk: Client) -> None:
    response = desk.post(f"/groepen/{handmade.pk}/inlezen/", {})
    assert response.status_code == 422
    assert "Kies een bestand." in response.content.decode()


def test_a_file_that_is_far_too_large_isnt_read_at_all(handmade: Group, desk: Client) -> None:
    assert sent(desk, handmade, b"x" * 3_000_000).status_code == 413


def test_what_is_in_a_cell_is_shown_as_it_stands_there(handmade: Group, desk: Client) -> None:
    page = sent(desk, handmade, b"naam,email\n<script>alert(1)</script>,a@b.example").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


# --- between what was shown and its confirmation


def test_when_something_changed_meanwhile_nobody_comes_in_and_it_is_shown_anew(handmade: Group, desk: Client) -> None:
    bo, an = colleague(handmade.organisation, "Bo"), colleague(handmade.organisation, "An")
    page = sent(desk, handmade, f"e-mail\n{bo.email}\n{an.email}".encode())
    services.suspend(an)
    response = confirmed(desk, handmade, page)
    assert response.status_code == 409
    assert "Er is intussen iets veranderd" in response.content.decode()
    assert in_it(handmade) == {"Tineke": True}
    confirmed(desk, handmade, response)
    assert in_it(handmade) == {"Tineke": True, "Bo": False}


def test_confirming_twice_is_harmless(handmade: Group, desk: Client) -> None:
    bo = colleague(handmade.organisation, "Bo")
    page = sent(desk, handmade, f"e-mail\n{bo.email}".encode())
    confirmed(desk, handmade, page)
    assert confirmed(desk, handmade, page).status_code == 409
    assert in_it(handmade) == {"Tineke": True, "Bo": False}


def test_what_was_shown_to_another_or_for_another_group_or_too_long_ago_counts_for_nothing(
    handmade: Group, maker: Person, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = colleague(handmade.organisation, "Bo")
    other = groups.make_group(maker, name="Andere", ends_on=None)
    colleague_too = colleague(handmade.organisation, "Ander", trains=True)
    groups.add_trainer(handmade, colleague_too, until=None)
    page = sent(desk, handmade, f"e-mail\n{bo.email}".encode())
    assert confirmed(desk, other, page)["Location"] == f"/groepen/{other.pk}/inlezen/"
    assert confirmed(signed_in(colleague_too), handmade, page)["Location"] == f"/groepen/{handmade.pk}/inlezen/"
    monkeypatch.setattr(importing, "SHOWN_FOR", timedelta(seconds=-1))
    assert confirmed(desk, handmade, page)["Location"] == f"/groepen/{handmade.pk}/inlezen/"
    assert not GroupMember.objects.filter(person=bo).exists()


@pytest.mark.parametrize("made_up", ["", "x", "W10:1vAbCd:aaaa"])
def test_a_made_up_list_counts_for_nothing(made_up: str, handmade: Group, desk: Client) -> None:
    assert desk.post(f"/groepen/{handmade.pk}/inlezen/bevestig/", {"lijst": made_up}).status_code == 302
    assert in_it(handmade) == {"Tineke": True}


def test_five_thousand_colleagues_come_in_with_few_queries_and_in_a_form_that_fits(
    handmade: Group, desk: Client, django_assert_max_num_queries: Any, settings: Any
) -> None:
    Person.objects.bulk_create(
        [Person(organisation=handmade.organisation, name=f"Naam {n}", email=f"p{n}@w.example") for n in range(5_000)]
    )
    rows = "naam,e-mail\n" + "\n".join(f"Naam {n},p{n}@w.example" for n in range(5_000))
    page = sent(desk, handmade, rows.encode())
    assert len(token(page) or "") < settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2
    with django_assert_max_num_queries(100):
        confirmed(desk, handmade, page)
    assert GroupMember.objects.filter(group=handmade).count() == 5_001


class AnyList(TestCase):
    KNOWN = ("bo@w.example", "an@w.example", "tr@w.example")

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([*KNOWN, "wie@w.example", "geen", "=1"]),
                st.sampled_from(["", "deelnemer", "trainer", "baas"]),
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_each_row_comes_in_is_there_or_is_wrong_and_who_comes_in_was_shown(
        self, rows: list[tuple[str, str]]
    ) -> None:
        organisation = OrganisationFactory.create()
        people = [PersonFactory.create(organisation=organisation, email=email) for email in self.KNOWN]
        services.set_roles_from(people[2], organisation=organisation, source="local", roles=[Role.TRAINER])
        maker = PersonFactory.create(organisation=organisation)
        group = groups.make_group(maker, name="Groep", ends_on=None)
        asked = importing.asked_in(("e-mail;rol\n" + "\n".join(";".join(row) for row in rows)).encode())
        plan = importing.plan(group, asked)
        assert len(plan.outcomes) == len(rows) == len(plan.coming) + len(plan.there) + len(plan.wrong)
        coming = [each.person.pk for each in plan.coming if each.person]
        assert len(coming) == len(set(coming))
        assert importing.bring_in(maker, group, asked, coming=coming) == len(coming)
        now = importing.plan(group, asked)
        assert not now.coming
        assert len(now.there) == len(coming)
        assert all(each.person != people[0] for each in now.there if each.asked.trainer)
