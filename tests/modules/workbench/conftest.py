from tests.journeys.conftest import browser, context, page  # noqa: F401 (fixtures)
