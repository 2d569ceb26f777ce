"""Every rule of every dialect against the numbers that the library itself gave."""

import pytest
from dialect_golden import FILES, cases, check_case


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", cases(*FILES), ids=repr)
def test_x_after_each_step(case, dtype):
    check_case(case, dtype)
