"""Adds to the equations of a day of absorption what SciPy makes of them when asked for all digits.

Used by `cargo xtask bench peers`, and to make `crates/percuta/tests/oracles/absorption_day.json`:
`percuta-benches absorption --export FILE`, then `absorption_reference.py FILE`.
"""

import json
import pathlib
import sys

import numpy as np
import scipy.integrate

from day import Day

file = sys.argv[1]
if pathlib.Path(file).is_dir():
    file = pathlib.Path(file) / "absorption.json"
day = Day(file)


def solve(method, tolerance):
    answer = scipy.integrate.solve_ivp(
        day.rates, (0, day.times[-1]), day.initial, method, day.times, rtol=tolerance, atol=1e-3 * tolerance * day.scale,
        jac=lambda t, y: day.jacobian(t),
    )
    if not answer.success:
        sys.exit(answer.message)
    return answer.y


best, other = solve("Radau", 1e-11), solve("BDF", 1e-11)
difference = np.abs(best[-1] - other[-1]).max() / best[-1, -1]
if difference > 1e-8:
    sys.exit(f"Radau and BDF differ by {difference:.1e}")
day.about |= {"absorbed": best[-1].tolist(), "vehicle": best[0].tolist(), "last": best[1:-1, -1].tolist()}
pathlib.Path(file).write_text(json.dumps(day.about))
print(json.dumps({"note": f"a day of absorption: Radau and BDF at a tolerance of 1e-11 differ by {difference:.0e} of the amount absorbed"}))
