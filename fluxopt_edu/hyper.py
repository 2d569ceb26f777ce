"""What a hyper-parameter may be: one check per name, used by constructors and by assignment."""

import math
import numbers


def checked(owner, name, value):
    """`value` as a Python float, or a pair of them, if hyper-parameter `name` may take it.

    >>> checked("Adam", "beta", [0.9, 0.999])
    (0.9, 0.999)
    >>> checked("Adam", "eta", -1)
    Traceback (most recent call last):
    ...
    ValueError: Adam: eta = -1: expected a finite number, at least 0

    Raises
    ------
    TypeError
        The value is not a real number, or not a pair of them.
    ValueError
        It is one, outside the range.
    """
    return CHECKS[name](f"{owner}: {name}", value)


def non_negative(what, value):
    number = real(what, value, "a finite number, at least 0")
    if not 0 <= number < math.inf:
        raise ValueError(f"{what} = {value!r}: expected a finite number, at least 0")
    return number


def decay_rate(what, value):
    number = real(what, value, "a number in [0, 1)")
    if not 0 <= number < 1:
        raise ValueError(f"{what} = {value!r}: expected a number in [0, 1)")
    return number


def decay_rates(what, value):
    return pair(what, value, decay_rate, decay_rate, "a pair of numbers in [0, 1), such as (0.9, 0.999)")


def pair(what, value, first, second, expected="a pair of numbers"):
    """`value` as a pair, each part checked by its own function."""
    # no set, which has no order, and no text
    if not isinstance(value, (tuple, list)) and getattr(value, "shape", None) != (2,) or len(value) != 2:
        raise TypeError(f"{what} = {value!r}: expected {expected}")
    return first(f"{what}[0]", value[0]), second(f"{what}[1]", value[1])


def real(what, value, expected):
    # float() alone would accept text and truth values
    plain = isinstance(value, numbers.Real) and not isinstance(value, bool)
    zero_d = getattr(value, "shape", None) == () and getattr(value.dtype, "kind", " ") in "fiu"  # as np.load gives back
    if not plain and not zero_d:
        raise TypeError(f"{what} = {value!r}: expected {expected}")
    try:
        return float(value)
    except OverflowError:  # an integer that no float holds
        return math.inf


CHECKS = {
    "eta": non_negative,
    "rho": decay_rate,
    "beta": decay_rates,
    "epsilon": non_negative,
    "decay": non_negative,
}
