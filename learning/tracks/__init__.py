"""Leerlijn, module, edition, unit and activity; who follows what and how far they are."""
