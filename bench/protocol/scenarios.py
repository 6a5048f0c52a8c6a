"""The scenarios that ``make model`` goes through, the small ones first."""

from bench.protocol.search import Scenario

SMALL = (
    Scenario("one upload, twice at once, 1 death", (1,), deaths=1, doubles=1),
    Scenario("one upload, a person, a push", (1,), people=1, pushes=1),
    Scenario("newer labels, 1 outage", (1, 2), failures=1),
    Scenario("newer labels, a push", (1, 2), pushes=1),
)
"""Searched within two seconds, all together."""

SCENARIOS = (
    *SMALL,
    Scenario("newer labels, 1 death", (1, 2), deaths=1),
    Scenario("a person, 1 death", (1,), people=1, deaths=1),
    Scenario("one upload, twice at once, 2 deaths", (1,), deaths=2, doubles=1),
    Scenario("a push, twice at once, 1 death", (1,), deaths=1, doubles=1, pushes=1),
    Scenario("a person, 2 deaths", (1,), people=1, deaths=2),
    Scenario("two copies, a push, 1 death", (1, 1), deaths=1, pushes=1),
    Scenario("newer labels, twice at once, 1 death", (1, 2), deaths=1, doubles=1),
    Scenario("a person, 1 outage, 1 death", (1,), people=1, deaths=1, failures=1),
    Scenario("a person, twice at once, 1 death", (1,), people=1, deaths=1, doubles=1),
    Scenario("a person, a push, 1 death", (1,), people=1, deaths=1, pushes=1),
    Scenario("newer labels, a push, 1 death", (1, 2), deaths=1, pushes=1),
    Scenario("2 changes by people, 1 death", (1,), people=2, deaths=1),
)
