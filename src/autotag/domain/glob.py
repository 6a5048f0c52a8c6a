"""Folder globs: ``*`` stays within a segment, ``**`` crosses segments, ``stage/**`` matches ``stage`` too."""

import re


def folder_pattern(glob: str) -> re.Pattern[str]:
    """Compile ``glob`` to a pattern for ``fullmatch`` on a folder without leading or trailing slash."""
    segments = glob.strip("/").split("/")
    segments = [s for i, s in enumerate(segments) if s != "**" or segments[i - 1 : i] != ["**"]]
    pattern, slash = "", ""
    for i, segment in enumerate(segments):
        if segment != "**":
            pattern += slash + re.escape(segment).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
            slash = "/"
        elif i == len(segments) - 1:
            pattern += "(?:/.*)?" if slash else ".*"
        else:
            pattern += f"{slash}(?:.*/)?"
            slash = ""
    return re.compile(pattern, re.DOTALL)


def literal_prefix(glob: str) -> tuple[str, ...]:
    """Return the leading segments of ``glob`` that hold no wildcard: every matching folder begins with them."""
    segments = glob.strip("/").split("/") if glob.strip("/") else []
    wild = next((i for i, segment in enumerate(segments) if "*" in segment), len(segments))
    return tuple(segments[:wild])
