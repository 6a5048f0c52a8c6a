"""How many examples properties try: a few in ``make test``, many with ``pytest --hypothesis-profile=long``.

Read before the command line's profile is loaded, which therefore wins over the one that is loaded here. Also the
release that several folders test, built once.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("unit", max_examples=12, deadline=None)
settings.register_profile(
    "long", max_examples=5000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("machine", settings.get_profile("long"), max_examples=10_000, print_blob=True)
settings.register_profile(  # the same examples for every mutant, and few
    "mutate",
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("unit")


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``make release`` fills."""
    from local.commands.release import build_release, project_version  # slow to import, and few tests need it

    folder = tmp_path_factory.mktemp("release") / "dist"
    build_release(folder, f"v{project_version()}", print)
    return folder
