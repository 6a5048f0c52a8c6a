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
from deploy.parameters import check_place, check_values, parameters_of
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
    # SAM's own check of its options, before anything is built
    if more and (
        refused := _call([*_deploy(options, more, folder), "--help"], folder, _environment(folder), quiet=True)
    ):
        return refused
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
        check_place(values, partition_of(session), str(session.region_name), place)
    running = running_values(session.client("cloudformation"), _stack(options, profile))
    return plan_deploy(parameters, profile, running, given)


def _template(folder: Path) -> dict[str, Any]:
    template: dict[str, Any] = yaml_parse((folder / "template.yaml").read_text("utf-8"))
    return template


def _stack(options: argparse.Namespace, profile: Profile) -> str:
    return options.stack_name or profile.stack


def _run(plan: Plan, options: argparse.Namespace, more: Sequence[str], folder: Path) -> int:
    environment = _environment(folder)
    build = [
        _sam(folder), "build", "--config-env", options.config_env,
        "--parameter-overrides", f"Architecture={plan.architecture}",
    ]  # fmt: skip
    deploy = [*_deploy(options, more, folder), "--parameter-overrides", *plan.overrides()]
    return _call(build, folder, environment) or _call(deploy, folder, environment)


def _deploy(options: argparse.Namespace, more: Sequence[str], folder: Path) -> list[str | Path]:
    passed = {"--stack-name": options.stack_name, "--region": options.region, "--profile": options.profile}
    chosen = [part for option, value in passed.items() if value for part in (option, value)]
    return [_sam(folder), "deploy", "--config-env", options.config_env, *chosen, *more]


def _sam(folder: Path) -> Path:
    return folder / ".tools" / "sam" / "bin" / "sam"


def _environment(folder: Path) -> dict[str, str]:
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path}


def _call(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], *, quiet: bool = False) -> int:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=folder, env=environment, stdout=output, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
