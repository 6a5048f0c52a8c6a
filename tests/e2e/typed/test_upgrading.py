"""docs/operations.md, *Upgrading and going back*: a package is checked, unpacked and deployed as the page says."""

import shutil
from pathlib import Path

from local.commands.release import project_version
from local.core.paths import lambda_architecture
from tests.e2e.typed.conftest import NewUser
from tests.e2e.typed.documented import Step, section, steps
from tests.e2e.typed.fresh_clone import accounts, point_at
from tests.e2e.typed.terminal import Terminal

VERSION = project_version()
LINES = [step.text for step in steps(section("docs/operations.md", "Upgrading and going back"))]
TYPED = [line for line in LINES if line.startswith(("sha256sum ", "python3 -m zipfile ", "sam deploy "))]
SETUP = (
    "export CLOUDINARY_URL=cloudinary://API_KEY:API_SECRET@CLOUD_NAME",
    "export AUTOTAG_STACK=autotag",
    "autotag setup",
)


def test_the_page_names_the_files_of_this_version() -> None:
    assert f"git fetch --tags && git checkout v{VERSION}" in LINES
    assert f"python3 -m zipfile -e autotag-{VERSION}-arm64.zip . && cd autotag-{VERSION}-arm64" in TYPED
    assert f"pipx install ../autotag-{VERSION}-py3-none-any.whl" in LINES


def test_a_package_deploys_without_a_build_to_a_stack_that_works(dist: Path, fresh_clone: Path, tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    shutil.copytree(dist, downloads)
    with accounts() as found:
        point_at(fresh_clone, found)
        with Terminal(downloads, found.environment()) as terminal:
            user = NewUser(terminal, found)
            for tools in (".venv/bin", ".tools/sam/bin"):
                user.follow(Step(f'export PATH="{fresh_clone}/{tools}:$PATH"'))
            user.follow(Step("export AWS_DEFAULT_REGION=us-east-1"))
            for line in TYPED:
                here = line.replace("-arm64", f"-{lambda_architecture()}").partition(" #")
                if line.startswith("sam deploy"):  # as on a machine whose samconfig.toml has its own parameters
                    user.follow(Step(f'cp "{fresh_clone}/samconfig.toml" .'))
                user.follow(Step("".join(here)))
            for line in SETUP:
                user.follow(Step(line))
            doctor = terminal.type("autotag doctor")
            assert doctor.code == 0 and "\nfail" not in doctor.printed, doctor.printed
    assert not (downloads / ".aws-sam").exists()
