"""Which rows may mean the same company, directly or by way of others."""

from collections.abc import Iterable


class Circles[Token]:
    """Groups of tokens that were named together, so that each is in exactly one."""

    def __init__(self) -> None:
        """Begin with every token alone."""
        self._above: dict[Token, Token] = {}

    def join(self, tokens: Iterable[Token]) -> None:
        """Bring the groups of all these tokens together."""
        tops = [self.of(token) for token in tokens]
        for top in tops[1:]:
            self._above[self.of(top)] = self.of(tops[0])

    def of(self, token: Token) -> Token:
        """Return what stands for the token's group; joining may change it."""
        top = token
        while (above := self._above.get(top, top)) != top:
            top = above
        while token != top:
            self._above[token], token = top, self._above[token]
        return top
