"""The one error of a deploy that cannot begin."""


class DeployError(Exception):
    """One sentence that names the place and what was expected there."""
