"""Files from outside: taken in over a bad connection, checked, made playable, sealed, and wiped on their day.

What a room above needs of this one:

- `purposes.register("praktijk.gesproken", most_seconds=…, most_bytes=…, days=…, may_hear=…)`, in its `receivers`: what
  may be sent for what, how long it stays, and who but its maker may hear it.
- `{% include "files/field.html" with field=… %}` in a form, where `field` is `fields.field(person, purpose=…)`: record,
  choose, send with a bad connection. `@fields.takes_file(purpose)` on the view of that form, for who has no script, and
  `fields.chosen(request, purpose)` in it: the StoredFile that came along, or None; raises `services.Refused`.
- `queries.of(person, key)`: somebody's own file. `file.state`, `file.seconds`.
- `services.due_to_wipe_on(file, date)`, and `services.erase(file)`: at once.
- `{% include "files/player.html" with sound=… %}`, where `sound` is `hearing.sound(file, listener)`; its addresses are
  for this listener, for a short while, and only as long as they may.
- `making`: a file that a job of the room makes for somebody, and that is downloaded instead of heard.
- By hand: `services.begin(person, purpose=…, size=…)`, `services.append(file, offset=…, data=…)` (the last piece ends
  it), `services.keep(file)` (else it goes in two days), or all of that: `services.receive(person, purpose=…, chunks=…,
  most=…)`.
"""
