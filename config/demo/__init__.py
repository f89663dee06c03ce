"""The demo: an invented ministry, its people, its LMS, and a door for each of them. Only where settings.DEMO is on."""
