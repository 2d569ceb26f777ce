"""What kernels are made of: numba where it is installed, and how compiled code is kept.

Imported only when there is something to compile. Without numba nothing here runs, and `update`
takes the plain path.
"""

import importlib.util
import warnings
from math import sqrt

import numpy as np

from .memory import ALIGNED, C_ORDER, FORTRAN_ORDER, HEADER, WORD, WRITEABLE

try:
    import numba
except ImportError as error:
    numba = None
    if importlib.util.find_spec("numba") is not None:
        warnings.warn(f"numba is installed but cannot be imported ({error}): updates run without it", stacklevel=2)

__all__ = ["USABLE", "at", "find", "loop", "maximum", "sqrt"]

# NUMBA_DISABLE_JIT=1 would run the loops in Python, number by number
USABLE = numba is not None and not numba.config.DISABLE_JIT


class Loop:
    """A function over a table of addresses, compiled for each precision on its own.

    The compiled code is kept in a folder beside the function's file, in ``NUMBA_CACHE_DIR`` or in
    the user's cache folder; where none can be written, each process compiles anew.
    """

    def __init__(self, function):
        self.function = function
        self.ready = {}

    def compiled(self, dtype, scalar, count):
        """The machine code for arrays of `dtype` and `count` numbers of the dtype `scalar`. No array is touched."""
        if (dtype, scalar) not in self.ready:
            numbers = [numba.from_dtype(np.dtype(scalar))] * count
            signature = numba.void(_words(2), _words(1), numba.types.DType(numba.from_dtype(dtype)), *numbers)
            self.ready[dtype, scalar] = _compiled(self.function, signature, nogil=True)
        return self.ready[dtype, scalar]


def loop(function):
    """Decorate a function of a kernel."""
    return Loop(function)


def _words(dimensions):
    return numba.types.Array(numba.from_dtype(np.dtype(WORD)), dimensions, "C")


def _compiled(function, signature, **options):
    # error_model: x / 0 is an infinity or NaN as in NumPy, not an exception. There is no fastmath:
    # no sum is reordered, and no product and sum are rounded as one.
    for cache in True, False:
        try:
            compiled = numba.njit(error_model="numpy", cache=cache, **options)(function)
            compiled.compile(signature)
            return compiled
        except Exception:  # no folder to write to, a full one, or broken files in it
            if not cache:
                raise


class Find:
    """Addresses of many arrays at once: asking each from Python takes longer than to update it.

    Called with

    - the identities of the parameters and of their gradients, which in CPython are the addresses of
      the array objects; the objects must be alive;
    - the number of elements of each parameter, and the identity of its dtype;
    - the dtype that NumPy itself gives to a gradient;
    - the spans that no gradient may touch;
    - an array with n rows, whose first two columns the addresses of the elements are put into;

    it says whether all parameters are plain, dense, writable arrays of this size and dtype, and
    each gradient lies as its parameter does and touches no span.
    """

    def __init__(self):
        self.compiled = None

    def __call__(self, parameters, gradients, sizes, dtypes, dtype, spans, found):
        if self.compiled is None:
            number = numba.from_dtype(np.dtype(WORD))
            signature = numba.boolean(*[_words(1)] * 4, number, number, number, *[_words(1)] * 2, _words(2))
            self.compiled = _compiled(_find, signature)
        kind, itemsize, starts, ends = id(np.ndarray), dtype.itemsize, spans.starts, spans.ends
        return self.compiled(parameters, gradients, sizes, dtypes, kind, id(dtype), itemsize, starts, ends, found)


find = Find()


def _find(parameters, gradients, sizes, dtypes, kind, dtype, itemsize, starts, ends, found):
    for row in range(sizes.size):
        p_kind, p_data, p_dimensions, p_shape, p_dtype, p_flags = fields(parameters[row])
        g_kind, g_data, g_dimensions, g_shape, g_dtype, g_flags = fields(gradients[row])
        if p_kind != kind or g_kind != kind or p_dimensions != g_dimensions:
            return False
        if p_dtype != dtypes[row] or g_dtype != dtype and g_dtype != p_dtype:
            return False
        both = p_flags & g_flags
        if not both & (C_ORDER | FORTRAN_ORDER) or not both & ALIGNED or not p_flags & WRITEABLE:
            return False
        size = 1
        for k in range(p_dimensions):
            length = words(p_shape, p_dimensions)[k]
            if length != words(g_shape, g_dimensions)[k]:
                return False
            size *= length
        if size != sizes[row]:
            return False
        following = np.searchsorted(ends, g_data, "right")
        if size and following < ends.size and starts[following] < g_data + size * itemsize:
            return False
        found[row, 0], found[row, 1] = p_data, g_data
    return True


if numba is not None:

    @numba.extending.intrinsic
    def _pointer(typing, address):
        def generate(context, builder, signature, arguments):
            return builder.inttoptr(arguments[0], context.get_value_type(numba.types.voidptr))

        return numba.types.voidptr(address), generate

    @numba.njit
    def at(address, size, dtype):
        """The array of `size` numbers that begins at `address`."""
        return numba.carray(_pointer(address), (size,), dtype)

    @numba.njit
    def maximum(a, b):
        """NumPy's: NaN if either is."""
        return a if a >= b or a != a else b

    @numba.njit
    def words(address, count):
        return numba.carray(_pointer(address), (count,), np.intp)

    @numba.njit
    def fields(array):
        """Type, data, number of dimensions, shape, dtype and flags of an array object; see `memory.layout_is_known`."""
        all_fields = words(array, HEADER + 7)
        head, data, dimensions, shape = all_fields[HEADER - 1], all_fields[HEADER], all_fields[HEADER + 1], all_fields[HEADER + 2]
        dtype, flags = all_fields[HEADER + 5], all_fields[HEADER + 6]
        return head, data, dimensions & 0xFFFFFFFF, shape, dtype, flags & 0xFFFFFFFF

else:
    at = maximum = None
