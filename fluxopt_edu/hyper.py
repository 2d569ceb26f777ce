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
    expected = "a pair of numbers in [0, 1), such as (0.9, 0.999)"
    try:
        first, second = value
    except (TypeError, ValueError):
        raise TypeError(f"{what} = {value!r}: expected {expected}") from None
    return decay_rate(f"{what}[0]", first), decay_rate(f"{what}[1]", second)


def real(what, value, expected):
    # float() alone would accept text and truth values
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return float(value)
    if getattr(value, "shape", None) == () and getattr(value.dtype, "kind", "") in "fiu":
        return float(value)  # a 0-d array, as np.load gives back
    raise TypeError(f"{what} = {value!r}: expected {expected}")


CHECKS = {
    "eta": non_negative,
    "rho": decay_rate,
    "beta": decay_rates,
    "epsilon": non_negative,
    "decay": non_negative,
}
