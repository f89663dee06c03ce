"""What still has to happen: recorded in the transaction that caused it, done at least once, visible.

Record with `jobs.services.record`; register what does the work with `jobs.registry.job`. Never change this app's
tables directly.
"""
