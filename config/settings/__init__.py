"""Settings: `local` (a demo on one machine), `test`, `production`; what they share is in `base`."""
