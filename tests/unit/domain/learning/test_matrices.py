"""The arithmetic of small matrices, against its definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.learning.calibration.matrices import (
    cholesky,
    inverse,
    log_determinant,
    place,
    quadratic,
    solve,
    transposed_solve,
)

NUMBERS = st.floats(-3, 3)


@st.composite
def definite(draw: st.DrawFn) -> list[list[float]]:
    """A symmetric positive definite matrix: a product with its transpose, and something on the diagonal."""
    size = draw(st.integers(1, 7))
    rows = [[draw(NUMBERS) for _ in range(size)] for _ in range(size)]
    return [[sum(a * b for a, b in zip(x, y, strict=True)) + (x is y) for y in rows] for x in rows]


def triangle(matrix: list[list[float]]) -> list[float]:
    return [matrix[i][j] for i in range(len(matrix)) for j in range(i + 1)]


def times(matrix: list[list[float]], vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


@given(definite(), st.data())
def test_a_solution_solves(matrix: list[list[float]], data: st.DataObject) -> None:
    right = [data.draw(NUMBERS) for _ in matrix]
    lower = cholesky(triangle(matrix))
    assert times(matrix, solve(lower, right)) == pytest.approx(right, abs=1e-6)
    full = [[lower[place(i, j)] if j <= i else 0.0 for j in range(len(matrix))] for i in range(len(matrix))]
    transposed = [list(column) for column in zip(*full, strict=True)]
    assert times(transposed, transposed_solve(lower, right)) == pytest.approx(right, abs=1e-6)


@given(definite())
def test_an_inverse_inverts(matrix: list[list[float]]) -> None:
    found = inverse(triangle(matrix))
    for i in range(len(matrix)):
        column = [found[place(max(i, j), min(i, j))] for j in range(len(matrix))]
        assert times(matrix, column) == pytest.approx([float(i == j) for j in range(len(matrix))], abs=1e-6)


@given(definite(), st.data())
def test_the_product_with_a_vector_on_both_sides(matrix: list[list[float]], data: st.DataObject) -> None:
    vector = [data.draw(NUMBERS) for _ in matrix]
    wanted = sum(a * b for a, b in zip(vector, times(matrix, vector), strict=True))
    assert quadratic(triangle(matrix), vector) == pytest.approx(wanted, abs=1e-6)


def test_the_determinant_of_a_known_matrix() -> None:
    assert log_determinant(cholesky([4.0, 2.0, 3.0])) == pytest.approx(2.0794415416798357)  # log 8
