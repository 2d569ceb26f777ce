"""A constructor call as it was written: a name and its arguments, nothing evaluated."""

from dataclasses import dataclass, field


class CallError(ValueError):
    """A text is not the call of an optimiser that is known here.

    Attributes
    ----------
    text : str
        The whole text.
    position : int
        Where it goes wrong, counted from 0.
    """

    def __init__(self, text, position, problem):
        self.text, self.position = text, position
        shown = text.replace("\n", " ").replace("\t", " ")
        super().__init__(f"{problem}, at position {position + 1}:\n    {shown}\n    {' ' * position}^")


@dataclass(frozen=True)
class Argument:
    """One argument.

    Attributes
    ----------
    name : str
        Empty for one by position.
    value : float, int, bool, None, tuple, Call or Other
    position : int
        Where its value stands in the text.
    """

    name: str
    value: object
    position: int


@dataclass(frozen=True)
class Other:
    """A value that is no number: its text."""

    text: str


@dataclass(frozen=True)
class Call:
    """A call.

    Attributes
    ----------
    name : str
        With dots.
    arguments : tuple of Argument
    text : str
        All that was given.
    position : int
        Where the name stands in it.
    syntax : {'python', 'julia'}
    """

    name: str
    arguments: tuple
    text: str = field(repr=False)
    position: int = 0
    syntax: str = "python"


def wrong(call, at, problem):
    """The error for `call` that `problem` stands at an argument, or at the call itself."""
    return CallError(call.text, at.position, f"{call.name}: {problem}")


@dataclass(frozen=True)
class Note:
    """A remark, in both languages."""

    en: str
    zh: str

    def __str__(self):
        return self.en
