"""The API keys that this service calls Cloudinary with, while a rotation reaches its processes one by one."""

from autotag.domain.model.messages import TagsEdited
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.echo import without_echo
from autotag.service.context import Dependencies


def own_keys(deps: Dependencies, state: AssetState, change: TagsEdited) -> frozenset[str]:
    """Return the keys of this service, read anew if ``change`` looks like its own call with a key that it lacks.

    After a rotation a process keeps its credentials for minutes, and another one calls with the new key already: the
    notification of that call must not count as a person's. Raises ``Retryable`` if they cannot be read.
    """
    known = deps.cloudinary.own_keys()
    if not change.by or change.by in known or without_echo(state, change, {change.by}) == change:
        return known
    return deps.cloudinary.own_keys(newest=True)
