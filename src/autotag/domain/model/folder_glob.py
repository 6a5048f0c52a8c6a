"""Folder globs: ``*`` stays within a segment, ``**`` crosses segments, ``stage/**`` matches ``stage`` too.

A match takes time linear in the length of the folder, for any glob. Each ``*`` stops at the first place where the text
after it matches, and each ``**`` at the first such segment. Later places need not be tried, since the next wildcard can
match what lies between. Atomic groups, ``(?>...)``, keep the regex engine from trying them.
"""

import re

_SEGMENTS = "(?:[^/]*+/)*?"


def folder_pattern(glob: str) -> re.Pattern[str]:
    """Compile ``glob`` to a pattern for ``fullmatch`` on a folder without leading or trailing slash."""
    segments = glob.strip("/").split("/")
    segments = [s for i, s in enumerate(segments) if s != "**" or segments[i - 1 : i] != ["**"]]
    parts, slash, stop, rest = [""], "", r"\Z", ""
    for i, segment in enumerate(segments):
        if segment != "**":
            first, *crossing = segment.split("**")
            parts[-1] += slash + first
            parts += [f"*{text}" for text in crossing]  # x**y is x, any segments, *y
            slash = "/"
        elif i < len(segments) - 1:
            parts[-1] += slash
            parts.append("")
            slash = ""
        else:
            stop, rest = (r"(?=/|\Z)", "(?:/.*)?") if slash else ("", ".*")
    first, *crossing = (_part(text, "" if i < len(parts) - 1 else stop) for i, text in enumerate(parts))
    return re.compile(first + "".join(f"(?>{_SEGMENTS}{part})" for part in crossing) + rest, re.DOTALL)


def _part(text: str, stop: str) -> str:
    """Return the pattern of the text between two ``**``; ``stop`` is the pattern that must follow it."""
    *before, last = map(re.escape, re.split(r"\*+", text))
    first, *others = [*before, last + stop]
    return first + "".join(f"(?>[^/]*?{other})" for other in others)


def literal_prefix(glob: str) -> tuple[str, ...]:
    """Return the leading segments of ``glob`` without a wildcard: every matching folder begins with them."""
    segments = glob.strip("/").split("/") if glob.strip("/") else []
    wild = next((i for i, segment in enumerate(segments) if "*" in segment), len(segments))
    return tuple(segments[:wild])
