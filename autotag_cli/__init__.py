"""The ``autotag`` command, for operators' machines; it is not deployed."""
