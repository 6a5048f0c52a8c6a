"""Symmetric positive definite matrices of a few rows, each as the list of its lower triangle, row by row."""

import math
from collections.abc import Sequence

Triangle = list[float]


def size_of(triangle: Sequence[float]) -> int:
    """Return the number of rows."""
    return (math.isqrt(8 * len(triangle) + 1) - 1) // 2


def place(row: int, column: int) -> int:
    """Return where an entry of the lower triangle is; ``column`` is at most ``row``."""
    return row * (row + 1) // 2 + column


def cholesky(triangle: Sequence[float]) -> Triangle:
    """Return the lower triangle whose product with its transpose is the matrix."""
    rows = size_of(triangle)
    lower: list[list[float]] = []
    for i in range(rows):
        row: list[float] = []
        for j in range(i + 1):
            value = triangle[place(i, j)]
            for a, b in zip(row, lower[j] if j < i else row, strict=False):
                value -= a * b
            row.append(math.sqrt(max(value, 1e-12)) if i == j else value / lower[j][j])
        lower.append(row)
    return [value for row in lower for value in row]


def solve(lower: Sequence[float], right: Sequence[float]) -> list[float]:
    """Return the solution for ``right`` of the matrix whose Cholesky factor is ``lower``."""
    return transposed_solve(lower, _forward(lower, right))


def _forward(lower: Sequence[float], right: Sequence[float]) -> list[float]:
    found: list[float] = []
    for i, value in enumerate(right):
        start = place(i, 0)
        for j, known in enumerate(found):
            value -= lower[start + j] * known
        found.append(value / lower[start + i])
    return found


def transposed_solve(lower: Sequence[float], right: Sequence[float]) -> list[float]:
    """Return the solution for ``right`` of the transpose of ``lower``.

    Of a standard normal vector, that is a draw from the normal distribution with the matrix as its precision.
    """
    found = list(right)
    for i in range(len(found) - 1, -1, -1):
        found[i] /= lower[place(i, i)]
        value = found[i]
        for j in range(i):
            found[j] -= lower[place(i, j)] * value
    return found


def inverse(triangle: Sequence[float]) -> Triangle:
    """Return the inverse."""
    rows, lower = size_of(triangle), cholesky(triangle)
    columns = [solve(lower, [float(i == column) for i in range(rows)]) for column in range(rows)]
    return [columns[j][i] for i in range(rows) for j in range(i + 1)]


def quadratic(triangle: Sequence[float], vector: Sequence[float]) -> float:
    """Return the product of the matrix with the vector on both sides."""
    rows = range(len(vector))
    both = math.sumprod(triangle, [vector[i] * vector[j] for i in rows for j in range(i + 1)])
    return 2 * both - sum(triangle[place(i, i)] * vector[i] ** 2 for i in rows)


def log_determinant(lower: Sequence[float]) -> float:
    """Return the logarithm of the determinant of the matrix whose Cholesky factor is ``lower``."""
    return 2 * sum(math.log(lower[place(i, i)]) for i in range(size_of(lower)))
