"""External effects that can be counted or cut off."""

from collections.abc import Callable


class Died(BaseException):
    """The process was killed: nothing in the code under test may catch it."""


class Effects:
    """Counts every external effect, and raises ``error`` before or after the chosen one: the process dies, or an
    answer does not come.

    ``meanwhile`` is what another process does just before the effect of that number, once. ``turn`` is called before
    every effect and around every read: there another process may be let in.
    """

    def __init__(self) -> None:
        self.done = 0
        self.die_at: tuple[int, str] | None = None
        self.error: BaseException = Died()
        self.meanwhile: dict[int, Callable[[], None]] = {}
        self.turn: Callable[[], None] = lambda: None

    def read[T](self, look: Callable[[], T]) -> T:
        """Return what ``look`` sees; others may act before it looks, and before its caller knows."""
        self.turn()
        seen = look()
        self.turn()
        return seen

    def __call__[T](self, effect: Callable[[], T]) -> T:
        self.turn()
        number, self.done = self.done, self.done + 1
        self.meanwhile.pop(number, lambda: None)()
        if self.die_at == (number, "before"):
            raise self.error
        result = effect()
        if self.die_at == (number, "after"):
            raise self.error
        return result
