"""Runs an XBlock for a person: its state against one table, its events against progress."""
