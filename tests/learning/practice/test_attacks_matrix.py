"""Everybody who has nothing to do with somebody's work, at every door of it; and what people type, as others see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.files import hearing
from learning.files.models import StoredFile
from learning.people.models import Group, GroupMember, Person, Role, RoleGrant
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Comment, Evidence, Form, Objection, Part, Stage, Verdict, Work
from learning.practice.services import (
    commenting,
    doing,
    evidence,
    hiding,
    objecting,
    observing,
    phrasing,
    reading,
)
from learning.practice.services.commenting import Passage
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    CRITERIA,
    REPORT,
    assignment_in,
    case_of,
    group_of,
    handed_in,
    held_talk,
    trainer_in,
    work_of,
)
from tests.learning.practice.desk import filled_in, signed_in
from tests.learning.practice.test_learner_sound import said_by

pytestmark = pytest.mark.django_db
EVIL = "<b data-evil>'\"><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def no_misses() -> None:
    cache.clear()


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name=f"{EVIL} Bos")


@pytest.fixture
def group(trainer: Person) -> Group:
    learners = PersonFactory.create_batch(3, organisation=trainer.organisation, name=f"{EVIL} Wit")
    return group_of(*learners, trainer=trainer, name=f"Groep {EVIL}")


@pytest.fixture
def work(group: Group, trainer: Person) -> Work:
    """Handed in with sound, in text and with an observation; read by a peer, returned, being written on again."""
    learners = [member.person for member in group.members.filter(is_trainer=False).order_by("pk")]
    version = case_of(trainer.organisation, titel=f"Zaak {EVIL}", opdracht=f"Doe {EVIL}")
    assignment = assignment_in(group, version, peers=1, message=f"Lees {EVIL}")
    made = [work_of(learner, assignment) for learner in learners]
    work = held_talk(made[0])
    parts = {"opus": {"blob": "x", "size": 3, "media_type": "audio/webm"}}
    spoken = evidence.attach(work.pk, file=said_by(work.person, parts=parts), form=Form.SPOKEN)
    evidence.caption(work.pk, spoken.pk, words=f"Ondertitel {EVIL}")
    seen, _ = observing.ask(work.pk, words=f"Kijk {EVIL}")
    observing.answer(seen.pk, {"zag": f"Zag {EVIL}", "moment": EVIL, "vraag": EVIL})
    version_of = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    words = {
        name: text if name.startswith(("niveau", "leerniveau")) else f"{text} {EVIL}" for name, text in REPORT.items()
    }
    chosen = {"vorm-tekst": "ja", "vorm-gesproken": "ja", "vorm-observatie": "ja"}
    doing.save(work.pk, {**words, **chosen}, based_on=version_of)
    work = doing.hand_in(work.pk, by=work.person).work
    peer = Assessment.objects.select_related("person").get(part=Part.PEER)
    assert peer.person
    commenting.add(peer.pk, by=peer.person, at=Passage("verslag-0", 0, 12), words=f"Hier {EVIL}")
    said = Words(f"Peer {EVIL}", f"Waarom {EVIL}?", {CRITERIA[0]: (EVIL, EVIL)})
    reading.give(peer.pk, by=peer.person, levels=dict.fromkeys(CRITERIA, 2), words=said, based_on=0, verdict=None)
    answer = Words(f"Trainer {EVIL}", f"En {EVIL}?", {CRITERIA[0]: (EVIL, EVIL)})
    mine = reading.take_up(work.pk, by=trainer)
    commenting.add(mine.pk, by=trainer, at=Passage("verslag-1", 0, 12), words=f"Daar {EVIL}")
    reading.give(
        mine.pk, by=trainer, levels=dict.fromkeys(CRITERIA, 1), words=answer, based_on=0, verdict=Verdict.RETURN,
        learning_level="individueel",
    )  # fmt: skip
    reading.keep_note(work, by=trainer, text=f"Notitie {EVIL}", based_on=0)
    phrasing.add(trainer, text=f"Zin {EVIL}")
    work.refresh_from_db()
    doing.save(work.pk, {"verslag-0": f"GEHEIM {EVIL}"}, based_on=work.draft_version)
    draft = evidence.attach(work.pk, file=said_by(work.person, parts=parts), form=Form.SPOKEN)
    evidence.caption(work.pk, draft.pk, words="GEHEIM ondertitel")
    later, _ = observing.ask(work.pk, words="")
    observing.answer(later.pk, {"zag": "GEHEIM gezien", "moment": "", "vraag": ""})
    work.refresh_from_db()
    return work


def role(name: str) -> Callable[[Work], Person]:
    def made(work: Work) -> Person:
        person = PersonFactory.create(organisation=work.group.organisation)
        RoleGrant.objects.create(person=person, organisation=person.organisation, role=name)
        return person

    return made


def of_another_group(work: Work) -> Person:
    person = trainer_in(work.group.organisation)
    group_of(PersonFactory.create(organisation=person.organisation), trainer=person)
    return person


def stood_in_until_yesterday(work: Work) -> Person:
    person = trainer_in(work.group.organisation)
    until = timezone.localdate() - timedelta(days=1)
    GroupMember.objects.create(group=work.group, person=person, is_trainer=True, until=until)
    return person


def lost_their_role(work: Work) -> Person:
    person = PersonFactory.create(organisation=work.group.organisation)
    GroupMember.objects.create(group=work.group, person=person, is_trainer=True)
    return person


def trainer_elsewhere(work: Work) -> Person:
    person = trainer_in(OrganisationFactory.create())
    GroupMember.objects.create(group=work.group, person=person, is_trainer=True)
    return person


def learner_beside(work: Work) -> Person:
    asked = Assessment.objects.filter(part=Part.PEER).values("person")
    members = GroupMember.objects.filter(group=work.group, is_trainer=False).exclude(person__in=asked)
    return members.exclude(person=work.person_id).get().person


def peer_who_left(work: Work) -> Person:
    person = Assessment.objects.get(part=Part.PEER).person
    assert person
    GroupMember.objects.filter(group=work.group, person=person).delete()
    return person


OUTSIDERS = {
    "hr": role(Role.HR), "redacteur": role(Role.REDACTEUR), "beheer": role(Role.BEHEER),
    "another group": of_another_group, "stood in": stood_in_until_yesterday, "lost role": lost_their_role,
    "elsewhere": trainer_elsewhere, "learner beside": learner_beside, "peer who left": peer_who_left,
}  # fmt: skip


def counted() -> list[int]:
    tables = (Work, Assessment, Comment, Objection, Evidence, StoredFile, GroupMember)
    return [table.objects.count() for table in tables]


def as_it_is(work: Work) -> list[object]:
    rows = [list(table.objects.order_by("pk").values_list()) for table in (Work, Assessment, Evidence)]
    return [*counted(), *rows, list(StoredFile.objects.order_by("pk").values_list("person", "wipe_on"))]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_has_nothing_to_do_with_a_work_gets_nowhere_with_it(work: Work, who: str) -> None:
    person = OUTSIDERS[who](work)
    client = signed_in(person)
    given = Assessment.objects.get(part=Part.TRAINER)
    said = Evidence.objects.get(round__isnull=False)
    assert said.file
    before = as_it_is(work)
    own = {"work_key": work.key}
    read = [
        reverse("practice:work", kwargs=own), reverse("practice:hand-in", kwargs=own),
        reverse("practice:observations", kwargs=own), reverse("practice:spoken", kwargs=own),
        reverse("practice:recorded", kwargs=own), reverse("practice:file", kwargs=own),
        reverse("practice:pdf", kwargs=own), reverse("practice:peer", kwargs=own), reverse("desk:work", kwargs=own),
        f"{reverse('desk:work', kwargs=own)}?als=trainer", reverse("desk:calibrate", kwargs=own),
        reverse("desk:given", args=[work.assignment.key]), reverse("groups:group", args=[work.group_id]),
        reverse("groups:people", args=[work.group_id]), reverse("groups:settings", args=[work.group_id]),
        reverse("groups:import", args=[work.group_id]), reverse("files:file", args=[said.file.key]),
        hearing.address(said.file, person, "opus"),
    ]  # fmt: skip
    for path in read:
        assert client.get(path).status_code == 404, path
    observation = work.observations.first()
    assert observation
    sent = [
        *read,
        reverse("practice:save", kwargs=own), reverse("practice:take-back", kwargs=own),
        reverse("practice:extend", kwargs=own), reverse("practice:withdraw", args=[work.key, observation.pk]),
        reverse("practice:object", args=[work.key, given.pk]), reverse("desk:hide", args=[work.key, given.pk]),
        *(reverse("desk:step", args=[work.key, step]) for step in ("oppakken", "overdragen", "intrekken", "verzetten")),
        reverse("desk:given-undo", args=[work.assignment.key]),
        reverse("desk:given-withdraw", args=[work.assignment.key]),
        reverse("groups:add-trainer", args=[work.group_id]), reverse("groups:close", args=[work.group_id]),
        reverse("groups:take-out", args=[work.group_id, work.person_id]),
        reverse("groups:from-group", args=[work.group_id]), reverse("groups:confirm", args=[work.group_id]),
    ]  # fmt: skip
    fields = {**{name.replace("__", "-"): text for name, text in filled_in().items()}, "zeker": "ja", "aan": person.pk,
              "weken": "1", "bezwaar": "Nee, zo was het niet.", "email": person.email, "reden": "Nee."}  # fmt: skip
    for path in sent:
        assert client.post(path, fields).status_code in (403, 404, 405), path
    several = client.post(reverse("desk:several"), {"werk": str(work.key), "doe": "week-2"})
    assert several.status_code in (302, 404)
    assert client.delete(reverse("files:file", args=[said.file.key])).status_code == 404
    assert (
        client.patch(
            reverse("files:file", args=[said.file.key]), b"x", content_type="application/offset+octet-stream"
        ).status_code
        == 404
    )
    assert as_it_is(work) == before


def test_what_is_not_handed_in_is_on_no_page_of_a_trainer_a_colleague_or_who_answers(
    work: Work, trainer: Person
) -> None:
    colleague = trainer_in(work.group.organisation)
    GroupMember.objects.create(group=work.group, person=colleague, is_trainer=True)
    given = Assessment.objects.get(part=Part.TRAINER)
    objecting.object_to(given, words="Zo was het niet.", by=work.person)
    peer = Assessment.objects.get(part=Part.PEER).person
    assert peer
    for person, path in (
        (trainer, f"/begeleiden/{work.key}/"), (trainer, "/begeleiden/"), (colleague, f"/begeleiden/{work.key}/"),
        (colleague, f"/begeleiden/{work.key}/?als=trainer"), (peer, reverse("practice:peer", args=[work.key])),
        (trainer, reverse("groups:group", args=[work.group_id])),
    ):  # fmt: skip
        response = signed_in(person).get(path)
        assert response.status_code == 200
        assert "GEHEIM" not in response.content.decode(), path
    page = signed_in(colleague).get(f"/begeleiden/{work.key}/?als=trainer").content.decode()
    assert "Notitie &lt;b" not in page
    draft = Evidence.objects.select_related("file").get(round=None)
    assert draft.file
    for person in (trainer, colleague, peer):
        assert signed_in(person).get(hearing.address(draft.file, person, "opus")).status_code == 404


def test_what_people_type_is_text_on_every_page(work: Work, trainer: Person) -> None:
    colleague = trainer_in(work.group.organisation, name=f"{EVIL} Kok")
    GroupMember.objects.create(group=work.group, person=colleague, is_trainer=True)
    given, peers = Assessment.objects.get(part=Part.TRAINER), Assessment.objects.get(part=Part.PEER)
    assert peers.person
    work_page = reverse("practice:work", args=[work.key])
    consent = signed_in(work.person)
    consent.post(
        reverse("practice:recorded", args=[work.key]), {"doe": "ja", "wie": EVIL, "hoe": EVIL, "op": "2026-11-01"}
    )
    _, link = observing.ask(work.pk, words=f"Kijk {EVIL}")
    objecting.object_to(given, words=f"Nee {EVIL}.", by=work.person)
    pages: list[tuple[Person, str]] = [
        *((work.person, path) for path in (
            "/praktijk/", work_page, reverse("practice:observations", args=[work.key]),
            reverse("practice:spoken", args=[work.key]), reverse("practice:recorded", args=[work.key]), "/berichten/",
            reverse("practice:hand-in", args=[work.key]), reverse("practice:file", args=[work.key]), "/groepen/",
        )),
        *((trainer, path) for path in (
            "/begeleiden/", "/begeleiden/?staat=terug", f"/begeleiden/{work.key}/", "/begeleiden/samen/",
            "/begeleiden/zinnen/",
            "/begeleiden/cases/", f"/begeleiden/cases/{work.assignment.version.case_id}/", "/begeleiden/uitzetten/",
            f"/begeleiden/cases/{work.assignment.version.case_id}/bewerk/",
            f"/begeleiden/cases/{work.assignment.version.case_id}/voorbeeld/",
            f"/begeleiden/uitzetten/case/{work.assignment.version.case_id}/",
            f"/begeleiden/uitzetten/{work.assignment.key}/", "/groepen/", f"/groepen/{work.group_id}/", "/berichten/",
            f"/groepen/{work.group_id}/mensen/", f"/groepen/{work.group_id}/instellingen/",
        )),
        (colleague, f"/begeleiden/{work.key}/"), (peers.person, reverse("practice:peer", args=[work.key])),
    ]  # fmt: skip
    for hidden in (False, True):
        if hidden:
            hiding.hide(peers.pk, by=trainer, reason=f"Want {EVIL}")
        for person, path in pages:
            response = signed_in(person).get(path)
            assert response.status_code in (200, 422), path
            text = response.content.decode()
            assert "<b data-evil" not in text, path
            assert "<script>alert" not in text, path
    guest = Client().get(f"/observatie/{link}/")
    assert "data-evil" in guest.content.decode()
    assert "<b data-evil" not in guest.content.decode()


def test_a_peers_hidden_words_are_nowhere_for_the_learner(work: Work, trainer: Person) -> None:
    peer = Assessment.objects.get(part=Part.PEER)
    client, page = signed_in(work.person), reverse("practice:work", args=[work.key])
    assert "Peer &lt;b" in client.get(page).content.decode()
    hiding.hide(peer.pk, by=trainer, reason="Kwetsend.")
    text = client.get(page).content.decode()
    assert "Peer &lt;b" not in text
    assert "Hier &lt;b" not in text
    assert "Kwetsend" not in text


def test_who_reads_a_second_time_sees_nothing_of_the_first(group: Group, trainer: Person) -> None:
    learner = group.members.filter(is_trainer=False).first()
    assert learner
    colleague = trainer_in(group.organisation, name="Karel Kok")
    GroupMember.objects.create(group=group, person=colleague, is_trainer=True)
    work = doing_round(learner.person, group)
    first = reading.take_up(work.pk, by=trainer)
    said = Words("GEHEIM zag", "GEHEIM vraag?", {})
    commenting.add(first.pk, by=trainer, at=Passage("verslag-1", 0, 12), words="GEHEIM opmerking")
    reading.give(
        first.pk, by=trainer, levels=dict.fromkeys(CRITERIA, 4), words=said, based_on=0, verdict=Verdict.ENOUGH,
        learning_level="individueel",
    )  # fmt: skip
    kept = first.round
    Assessment.objects.filter(part=Part.SECOND).delete()
    Assessment.objects.create(
        round=kept, work=work, person=colleague, part=Part.SECOND, stage=Stage.ASKED, asked_at=timezone.now()
    )
    client = signed_in(colleague)
    for path in (f"/begeleiden/{work.key}/", f"/begeleiden/{work.key}/?als=trainer", "/begeleiden/"):
        page = client.get(path).content.decode()
        assert "GEHEIM" not in page
        assert 'value="4" checked' not in page
    for step in ("heropenen", "overdragen", "verzetten", "intrekken", "oppakken"):
        assert client.post(f"/begeleiden/{work.key}/stap/{step}/", {"zeker": "ja"}).status_code == 404


def doing_round(person: Person, group: Group) -> Work:
    return handed_in(work_of(person, assignment_in(group)))


def test_files_are_only_sent_from_our_own_pages(work: Work) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(work.person)
    heads = {"Upload-Length": "10", "Tus-Resumable": "1.0.0", "Upload-Metadata": "purpose cHJha3RpamsuZ2VzcHJva2Vu"}
    assert client.post("/bestanden/", headers=heads).status_code == 403
    said = Evidence.objects.select_related("file").get(round__isnull=False)
    assert said.file
    path = reverse("files:file", args=[said.file.key])
    assert client.delete(path).status_code == 403
    assert client.patch(path, b"x", content_type="application/offset+octet-stream").status_code == 403
