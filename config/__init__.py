"""The Django project. It alone knows every app."""
