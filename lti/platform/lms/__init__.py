"""The demo LMS around the platform: sign-in, course pages, gradebook. Plain on purpose: it isn't Tussenruimte."""
