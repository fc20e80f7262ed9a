"""A day of absorption with SciPy's solvers of stiff systems, each with the exact Jacobian and the loosest tolerance that will do."""

import scipy.integrate

from common import FOLDER, clocked, versions
from day import REACH, Day, packed

versions("numpy", "scipy")
day = Day(FOLDER / "absorption.json")
fixed, opening = packed(day.fixed), packed(day.opening)


def banded(t, _):
    j = fixed + day.open(t) * opening
    j[:, 0] /= day.volume(t)
    return j


def solve(method, tolerance, **options):
    # A hundredth of the tolerance for what is small beside the dose; 1 and 0.1 were no faster for the same error.
    return scipy.integrate.solve_ivp(
        day.rates, (0, day.times[-1]), day.initial, method, day.times, rtol=tolerance, atol=1e-2 * tolerance * day.scale, **options
    )


# Sparse matrices were slower than dense ones of this size.
dense = lambda t, _: day.jacobian(t)
for method, what, options in (
    ("LSODA", "LSODA, banded", {"jac": banded, "lband": REACH, "uband": REACH}),
    ("BDF", "BDF, dense", {"jac": dense}),
    ("Radau", "Radau, dense", {"jac": dense}),
):
    for tolerance in (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5):
        answer = solve(method, tolerance, **options)
        if answer.success and day.error(answer.y[-1]) <= day.allowed:
            break
    seconds, answer = clocked(lambda: solve(method, tolerance, **options), 10)
    # The number of steps is not told; each asks for the rates once or more.
    day.row("SciPy", f"{what}, evaluations as steps", seconds, answer.y[-1], answer.nfev)
