"""Tables of measurements."""

from typing import Literal

from rich.box import SIMPLE
from rich.table import Table


def measurement_table(title: str, *columns: str, first_column: Literal["left", "right"] = "right") -> Table:
    """Return an empty table with ``title`` above it. All columns are aligned right, except perhaps the first one."""
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=0)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else first_column)
    return table
