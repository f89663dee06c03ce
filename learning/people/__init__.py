"""Person, organisation, team and role."""
