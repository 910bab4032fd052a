"""Pages of the leadership panel: Django's admin, reading by default.

A page lists and shows the records of one model. What can be done to them is declared
as `Act`s, each of which calls an action of its app; nothing is saved behind its back.
See docs/panel.md.
"""

from foundation.accounts.panel.acts import Act
from foundation.accounts.panel.filters import Choice, Day, Typed
from foundation.accounts.panel.pages import ReadOnlyPage

__all__ = ["Act", "Choice", "Day", "ReadOnlyPage", "Typed"]
