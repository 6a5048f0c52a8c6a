"""Additions to lists in the text of a rules file, in the way that the list is written."""

from autotag.domain.rules_text.statements import Value


def add_item(text: str, found: Value, item: str) -> tuple[int, str]:
    """Return the offset at which ``item`` (TOML) joins the list ``found`` as its last one, and what to insert there."""
    if not found.items:
        return found.start + 1, item
    last = found.items[-1]
    line_start = text.rfind("\n", 0, last.start) + 1
    line_end = text.find("\n", last.end)
    indent = text[line_start : last.start]
    if indent.strip() or not last.end <= line_end < found.end or "\n" in text[last.start : last.end]:
        return last.end, f", {item}"
    line = "\r\n" if text[line_end - 1] == "\r" else "\n"
    if not text[last.end : line_end].lstrip().startswith(","):
        return last.end, f",{line}{indent}{item}"
    end = line_end - 1 if line == "\r\n" else line_end
    return end, f"{line}{indent}{item},"
