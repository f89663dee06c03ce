"""/praktijk/: the learner's own practice cases, and what they read along."""

from django.urls import path

from learning.practice.views import learner, learner_beside, learner_file, learner_peer

app_name = "practice"
urlpatterns = [
    path("", learner.mine, name="mine"),
    path("<uuid:work_key>/", learner.work, name="work"),
    path("<uuid:work_key>/bewaar/", learner.save, name="save"),
    path("<uuid:work_key>/inleveren/", learner.hand_in, name="hand-in"),
    path("<uuid:work_key>/terughalen/", learner.take_back, name="take-back"),
    path("<uuid:work_key>/verzetten/", learner.extend, name="extend"),
    path("<uuid:work_key>/observaties/", learner_beside.observations, name="observations"),
    path("<uuid:work_key>/observaties/<int:observation>/intrekken/", learner_beside.withdraw, name="withdraw"),
    path("<uuid:work_key>/inspreken/", learner_beside.spoken, name="spoken"),
    path("<uuid:work_key>/opname/", learner_beside.recorded, name="recorded"),
    path("<uuid:work_key>/bezwaar/<int:assessment>/", learner_beside.object_to, name="object"),
    path("<uuid:work_key>/bestand/", learner_file.file, name="file"),
    path("<uuid:work_key>/bestand/case.pdf", learner_file.pdf, name="pdf"),
    path("<uuid:work_key>/meelezen/", learner_peer.peer, name="peer"),
]
