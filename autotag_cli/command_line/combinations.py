"""Options that mean nothing beside another one: they are refused, since they would be ignored."""

from collections.abc import Mapping

from autotag.domain.errors import Invalid


def refuse_beside(option: str, why: str, given: Mapping[str, bool]) -> None:
    """Raise ``Invalid`` for the first of the ``given`` options, where ``option`` is given; ``why`` is a clause."""
    for name, is_given in given.items():
        if is_given:
            raise Invalid(name, f"has no meaning with {option}, {why}")
