"""What somebody did, for a learning record store: xAPI 1.0.3 statements (curriculum 3.0; docs/decisions/19-xapi.md)."""
