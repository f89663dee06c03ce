"""What is taught. Nothing in here imports Django, Celery or the rest of the house."""
