"""External effects that can be counted or cut off."""

from collections.abc import Callable


class Died(BaseException):
    """The process was killed: nothing in the code under test may catch it."""


class Effects:
    """Counts every external effect, and raises ``error`` before or after the chosen one: the process dies, or an
    answer does not come.

    ``meanwhile`` is what another process does just before the effect of that number, once.
    """

    def __init__(self) -> None:
        self.done = 0
        self.die_at: tuple[int, str] | None = None
        self.error: BaseException = Died()
        self.meanwhile: dict[int, Callable[[], None]] = {}

    def __call__[T](self, effect: Callable[[], T]) -> T:
        number, self.done = self.done, self.done + 1
        self.meanwhile.pop(number, lambda: None)()
        if self.die_at == (number, "before"):
            raise self.error
        result = effect()
        if self.die_at == (number, "after"):
            raise self.error
        return result
