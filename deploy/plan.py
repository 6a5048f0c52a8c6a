"""What is passed to ``sam build`` and ``sam deploy``: a pure function of the profile, the stack and the options."""

from collections.abc import Mapping
from typing import NamedTuple

from deploy.parameters import Parameters
from deploy.profile import Profile

ARCHITECTURE = "Architecture"


class Plan(NamedTuple):
    """The parameter values to pass, with ``Architecture`` among them, and a sentence for each surprise."""

    values: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def architecture(self) -> str:
        """The one architecture that is built and deployed."""
        return self.values[ARCHITECTURE]

    def overrides(self) -> list[str]:
        """Return the values in the form that the SAM CLI reads, an empty one included."""
        return [f'{name}="{_escaped(value)}"' for name, value in self.values.items()]


def plan_deploy(
    parameters: Parameters, profile: Profile, running: Mapping[str, str] | None, given: Mapping[str, str]
) -> Plan:
    """Return the values to deploy: ``given`` ones come before the profile's, and these before the stack's.

    ``running`` are the values of the deployed stack, None if there is none; what is not passed keeps its value there.
    The architecture alone stays the running stack's unless it is given: nothing but a wish should change it.
    """
    wanted = profile.values.get(ARCHITECTURE, parameters[ARCHITECTURE].default)
    deployed = (running or {}).get(ARCHITECTURE)
    architecture = given.get(ARCHITECTURE) or deployed or wanted
    notes = []
    if deployed and deployed != wanted and ARCHITECTURE not in given:
        notes.append(
            f"the stack runs on {deployed} and samconfig.toml says {wanted}: it stays on {deployed}. Correct "
            f"samconfig.toml, or change the stack with SET={ARCHITECTURE}={wanted}"
        )
    return Plan({**profile.values, **given, ARCHITECTURE: architecture}, tuple(notes))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
