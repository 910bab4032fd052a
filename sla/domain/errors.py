class BusinessTimeError(ValueError):
    """Opening hours or moments that cannot be worked with.

    The message names the place in the input, what is wrong there and how to mend it.
    ``code`` never changes once released, so that pages may put it into their words.
    """

    code = "business_time_invalid"

    def __init__(self, place: str, wrong: str, mend: str) -> None:
        super().__init__(f"{place}: {wrong}. {mend}.")
        self.place = place
        self.wrong = wrong
        self.mend = mend


class WrongInput(BusinessTimeError):
    """A value is not of the form that is asked for."""


class NeverOpens(BusinessTimeError):
    """No weekday has opening hours, so no target could ever fall due."""

    code = "calendar_never_opens"
