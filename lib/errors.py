"""The one way in which a rule says no."""


class RuleViolation(Exception):
    """A rule refuses what was asked; nothing was changed.

    The message is a translated sentence that the person who asked may read: it says what is
    wrong and what to do. Pages show it, the API answers it with status 409.
    """

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class WrongState(RuleViolation):
    """The object is not in a state that allows this move, for anybody."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="wrong_state")


class NotYours(RuleViolation):
    """The move exists, but belongs to somebody else."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_yours")
