"""Checks of the worker, which the console makes as well."""

from autotag.domain.sentences.operations import worker_health
from autotag_cli.doctor.readings import of_service

queue = of_service(worker_health.queue)
last_audit = of_service(worker_health.last_audit)
