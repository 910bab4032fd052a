"""Refusals of a request as such, before any business rule is asked."""

from django.utils.functional import Promise

from foundation.kernel.errors import DomainError


class BadParameter(DomainError):
    """Something in the address after the question mark is wrong."""

    code = "bad_parameter"
    status = 400

    def __init__(self, message: str | Promise, *, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class UnknownParameter(BadParameter):
    """The address names a parameter that this endpoint does not know."""

    code = "unknown_parameter"


class RepeatedParameter(BadParameter):
    """A parameter is given twice, so that nobody can say which one counts."""

    code = "repeated_parameter"


class BadCursor(BadParameter):
    """The cursor was not made by this list, or not in this order."""

    code = "bad_cursor"
