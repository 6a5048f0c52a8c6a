"""``python -m deploy``: check the parameters, build, and deploy with the same architecture."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from deploy.errors import DeployError
from deploy.parameters import check_partition, check_values, parameters_of
from deploy.plan import Plan, plan_deploy
from deploy.profile import Profile, read_profile, values_in
from deploy.stack import open_session, partition_of, running_values

PROJECT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None, folder: Path = PROJECT) -> int:
    """Build and deploy; return the exit code of the SAM CLI, or 2 after one sentence about what is wrong."""
    options, more = _options(arguments)
    try:
        plan = _plan(options, more, folder)
    except DeployError as error:
        print(f"make deploy: {error}", file=sys.stderr)
        return 2
    for sentence in plan.notes:
        print(f"make deploy: {sentence}", file=sys.stderr)
    return _run(plan, options, more, folder)


def _options(arguments: Sequence[str] | None) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="make deploy", allow_abbrev=False, description=__doc__)
    parser.add_argument("--config-env", default="default", help="the profile of samconfig.toml")
    parser.add_argument("--set", default="", help="parameter values, NAME=VALUE ...")
    parser.add_argument("--stack-name")
    parser.add_argument("--region")
    parser.add_argument("--profile", help="the AWS profile")
    return parser.parse_known_args(arguments)


def _plan(options: argparse.Namespace, more: Sequence[str], folder: Path) -> Plan:
    if any(each.split("=")[0] == "--parameter-overrides" for each in more):
        raise DeployError('ARGS: --parameter-overrides is not taken there; expected make deploy SET="NAME=VALUE ..."')
    parameters = parameters_of(_template(folder))
    profile = read_profile(folder / "samconfig.toml", options.config_env)
    given = values_in(options.set, "SET")
    where = f"samconfig.toml, profile {options.config_env}"
    check_values(parameters, profile.values, where)
    check_values(parameters, given, "SET")
    session = open_session(options.profile, options.region or profile.region or None)
    for values, place in ((profile.values, where), (given, "SET")):
        check_partition(values, partition_of(session), place)
    running = running_values(session.client("cloudformation"), _stack(options, profile))
    return plan_deploy(parameters, profile, running, given)


def _template(folder: Path) -> dict[str, Any]:
    template: dict[str, Any] = yaml_parse((folder / "template.yaml").read_text("utf-8"))
    return template


def _stack(options: argparse.Namespace, profile: Profile) -> str:
    return options.stack_name or profile.stack


def _run(plan: Plan, options: argparse.Namespace, more: Sequence[str], folder: Path) -> int:
    sam = folder / ".tools" / "sam" / "bin" / "sam"
    environment = {**os.environ, "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    profile = ["--config-env", options.config_env]
    passed = {"--stack-name": options.stack_name, "--region": options.region, "--profile": options.profile}
    chosen = [part for option, value in passed.items() if value for part in (option, value)]
    build = [sam, "build", *profile, "--parameter-overrides", f"Architecture={plan.architecture}"]
    deploy = [sam, "deploy", *profile, *chosen, *more, "--parameter-overrides", *plan.overrides()]
    return _call(build, folder, environment) or _call(deploy, folder, environment)


def _call(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> int:
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
