from django.urls import path

from learning.journal.views import entries, export, sharing

app_name = "journal"
urlpatterns = [
    path("", entries.entries, name="entries"),
    path("zoeken/", entries.search, name="search"),
    path("nieuw/", entries.new, name="new"),
    path("<int:entry>/", entries.edit, name="edit"),
    path("<int:entry>/opname/", entries.recording, name="recording"),
    path("<int:entry>/wissen/", entries.delete, name="delete"),
    path("<int:entry>/delen/", sharing.sharing, name="sharing"),
    path("<int:entry>/delen/met/", sharing.share, name="share"),
    path("<int:entry>/delen/<int:share>/intrekken/", sharing.withdraw, name="withdraw"),
    path("bewaren/", export.export, name="export"),
    path("bewaren/journaal.json", export.json_file, name="json"),
    path("bewaren/journaal.pdf", export.pdf_file, name="pdf"),
    path("gedeeld/", sharing.shared_with_me, name="shared"),
    path("gedeeld/<int:share>/", sharing.shared_entry, name="shared-entry"),
    path("gedeeld/<int:share>/opname/", sharing.shared_recording, name="shared-recording"),
]
