"""The Celery tasks: the same ones run in the web process's thread and in workers. Both may run twice."""

from celery import shared_task

from jobs import runner

run_job = shared_task(name="jobs.run_job", ignore_result=True)(runner.run)


def _drain() -> int:
    return runner.drain(run_job)


drain = shared_task(name="jobs.drain", ignore_result=True)(_drain)
