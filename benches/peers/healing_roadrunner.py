"""The healing equations with libroadrunner (CVODE on compiled code), one point after the other."""

import json

import numpy as np

from common import FOLDER, clocked, emit, note, versions
from healing import Healing

versions("libroadrunner")
healing = Healing()
exact = np.array(json.loads((FOLDER / "healing-exact.json").read_text()))
points = len(exact)
# The loosest tolerances that are within the error of a course, and within what is asked.
wanted = [1e-3, healing.within]
for relative in (1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 3e-8, 1e-8):
    if not wanted:
        break
    error = healing.error(healing.all_points(relative), exact)
    if error > wanted[0]:
        continue
    seconds, _ = clocked(lambda: healing.all_points(relative), 5)
    emit(
        problem="healing", code="libroadrunner", what=f"relative tolerance {relative:.0e}", threads=1, seconds=seconds / points,
        steps=1, fields=1, error=error,
    )
    wanted = [w for w in wanted if error > w]
if wanted:
    raise SystemExit(f"libroadrunner is never within {wanted}")
note("libroadrunner sets four sessions and starts anew for each point; its model is loaded and compiled once, which is not counted.")
