"""Where arrays lie in memory."""

import ctypes
from bisect import bisect_right

import numpy as np

WORD = np.intp  # an address or a size


class Spans:
    """The bytes of some arrays, as intervals that do not touch; gaps inside an array count as its own."""

    def __init__(self, arrays):
        merged = []
        for start, end in sorted(np.lib.array_utils.byte_bounds(a) for a in arrays if a.size):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(end, merged[-1][1])
            else:
                merged.append([start, end])
        self.starts, self.ends = np.array(merged, WORD).reshape(-1, 2).T.copy()

    def touch(self, array):
        """Whether one of these arrays may share memory with `array`.

        >>> a = np.zeros((2, 3))
        >>> Spans([a[0]]).touch(a[1]), Spans([a[0]]).touch(a[:, 2])
        (False, True)
        """
        start, end = np.lib.array_utils.byte_bounds(array)
        following = bisect_right(self.ends, start)
        return bool(array.size and following < len(self.ends) and self.starts[following] < end)


def address(array):
    """Where the first element of a contiguous array lies."""
    return array.__array_interface__["data"][0]


def is_dense(array):
    """Whether the elements follow one another without a gap, in C's order or in Fortran's."""
    return type(array) is np.ndarray and array.flags.forc and array.flags.aligned


def side_by_side(a, b):
    """Whether the elements of two dense arrays correspond one by one, as they lie in memory."""
    same_order = a.flags.c_contiguous and b.flags.c_contiguous or a.flags.f_contiguous and b.flags.f_contiguous
    return is_dense(b) and a.shape == b.shape and a.dtype == b.dtype and same_order


def beside(a, b):
    """`b`, or a copy of it that lies as `a` does; its dtype is the very object that `a` has."""
    if side_by_side(a, b):
        return b if b.dtype is a.dtype else b.view(a.dtype)
    copy = np.empty_like(a)
    copy[...] = b
    return copy


def layout_is_known():
    """Whether array objects have their fields where NumPy's binary interface says.

    These are ``PyArrayObject_fields`` of NumPy's C headers, after the header that every object has:
    data, number of dimensions, dimensions, strides, base, descr, flags. Each extension module reads
    them so; compiled code may, too, where this finds them.
    """
    whole = np.zeros((3, 4))
    fixed = whole[1:]
    fixed.flags.writeable = False
    turned = np.zeros((2, 3, 4), "float32").T
    return all(_fields(a) == _expected(a) for a in (whole, fixed, turned, whole[:, 1], np.zeros(())))


HEADER = object.__basicsize__ // np.dtype(WORD).itemsize  # in words; its last one is the type
C_ORDER, FORTRAN_ORDER, ALIGNED, WRITEABLE = 0x1, 0x2, 0x100, 0x400  # NPY_ARRAY_… of the C headers


def _fields(array):
    words = (ctypes.c_ssize_t * (HEADER + 7)).from_address(id(array))
    kind, (data, dimensions, sizes, strides, base, dtype, flags) = words[HEADER - 1], words[HEADER:]
    dimensions, flags = dimensions & 0xFFFFFFFF, flags & 0xFFFFFFFF  # an int each, with padding
    bits = tuple(bool(flags & bit) for bit in (C_ORDER, FORTRAN_ORDER, ALIGNED, WRITEABLE))
    # NumPy keeps the strides right behind the sizes
    return kind, data, dimensions, strides - sizes, base, dtype, bits


def _expected(array):
    flags = array.flags
    bits = flags.c_contiguous, flags.f_contiguous, flags.aligned, flags.writeable
    base = 0 if array.base is None else id(array.base)
    return id(np.ndarray), address(array), array.ndim, array.ndim * ctypes.sizeof(ctypes.c_ssize_t), base, id(array.dtype), bits
