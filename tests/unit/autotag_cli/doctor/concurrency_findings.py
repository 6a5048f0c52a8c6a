"""The doctor's line about the account's limit: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag_cli.doctor.checks.concurrency import concurrency
from autotag_cli.doctor.concurrency import Concurrency
from autotag_cli.doctor.facts import Facts
from tests.unit.autotag_cli.doctor.doctor_facts import NOBODY, WELL, well


def limits(account: int, unreserved: int | None = None, live: int | None = 5, bulk: int | None = 2) -> Facts:
    """Return facts with an account's limit and the most workers of each queue."""
    found = Concurrency(account, account if unreserved is None else unreserved, live, bulk)
    return well(concurrency=found, stack="autotag")


CONCURRENCY: list[tuple[Any, Facts, str, str, str]] = [
    (concurrency, WELL, "ok", "runs 1,000 functions at once, at most 7 of them workers; 993 are left", ""),
    (concurrency, limits(10), "ok", "3 are left to webhook, poller and commands, for 30 requests a second", ""),
    (concurrency, limits(10, live=10), "warn", "at most 12 of them workers: while they", "SET=WorkerConcurrency=5, or"),
    (concurrency, limits(10, live=10), "warn", "turns notifications away (429)", "ask AWS for 15 (Service Quotas"),
    (
        concurrency,
        limits(10, live=6),
        "warn",
        "at most 8 of them workers",
        "SET=WorkerConcurrency=5, or ask AWS for 11",
    ),
    (concurrency, limits(10, live=2, bulk=8), "warn", "at most 10 of them workers", "ask AWS for 13"),
    (concurrency, limits(1000, 100, 98), "warn", "(100 of them not reserved)", "SET=WorkerConcurrency=95, or ask AWS"),
    (concurrency, limits(10, live=None, bulk=None), "ok", "at most 0 of them workers", ""),
    (concurrency, well(concurrency=NOBODY), "warn", "not known: somebody is down", ""),
]
