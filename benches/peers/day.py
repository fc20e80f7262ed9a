"""The problem of a day of absorption, as `percuta-benches absorption --export` writes it, in forms that other solvers take.

The state is [amount in the vehicle, potentials of all other unknowns, amount absorbed]. Rates are `(fixed + open * opening) y`, where
the vehicle's potential is its amount by its volume, and `open`, the open share of the channels' section, falls exponentially.
"""

import json
import pathlib
import sys

import numpy as np

# How many unknowns to either side each is coupled to.
REACH = 2


class Day:
    def __init__(self, file):
        self.about = json.loads(pathlib.Path(file).read_text())
        a = self.about
        self.capacity, self.loss, self.next, self.second = (np.array(a[k]) for k in ("capacity", "loss", "next", "second"))
        self.times, self.dose, self.closing = np.array(a["times_h"]), a["dose"], a["closing_per_h"]
        self.residue, self.volatile, self.half_life = a["residue_cm"], a["volatile_cm"], a["drying_half_life_h"]
        self.n = len(self.capacity)
        self.size = self.n + 1
        self.fixed, self.opening = self.matrix(0), self.matrix(1)
        self.initial = np.zeros(self.size)
        self.initial[0] = self.dose
        self.allowed = a.get("allowed")
        # What tolerances are relative to: the dose, and the potential it comes to when the vehicle has dried.
        self.scale = np.full(self.size, self.dose / self.residue)
        self.scale[[0, -1]] = self.dose

    def volume(self, t):
        return self.residue + self.volatile * 2.0 ** (-t / self.half_life)

    def open(self, t):
        return np.exp(-self.closing * t)

    def matrix(self, part):
        """Rates of the state by potentials, dense."""
        m = np.zeros((self.size, self.size))
        for reach, conductances in ((1, self.next[:, part]), (2, self.second[:, part])):
            for i, k in enumerate(conductances):
                if k != 0:
                    j = i + reach
                    m[[i, j], [i, j]] -= k
                    m[i, j] += k
                    m[j, i] += k
        m[np.arange(self.n), np.arange(self.n)] -= self.loss[:, part]
        m[1:-1] /= self.capacity[1:, None]
        m[-1, :-1] += self.loss[:, part]
        return m

    def rates(self, t, y):
        u = y.copy()
        u[0] /= self.volume(t)
        return self.fixed @ u + self.open(t) * (self.opening @ u)

    def jacobian(self, t):
        j = self.fixed + self.open(t) * self.opening
        j[:, 0] /= self.volume(t)
        return j

    def error(self, absorbed):
        """Largest difference of the amount absorbed at any report, by the last of them."""
        exact = np.array(self.about["absorbed"])
        return float(np.abs(np.asarray(absorbed) - exact).max() / exact[-1])

    def row(self, code, what, seconds, absorbed, steps):
        """Reports one time; a wrong answer ends the benchmark."""
        error = self.error(absorbed)
        if not error <= self.allowed:
            sys.exit(f"{code}, {what}: error {error:.2e} instead of {self.allowed:.0e}")
        about = {"problem": "absorption", "code": code, "what": what, "threads": 1, "fields": 1}
        print(json.dumps(about | {"seconds": seconds, "steps": steps, "error": error}), flush=True)


def packed(matrix):
    """Diagonals of a matrix as SciPy's solvers of banded systems take them; whatever lies outside the band ends the run."""
    size = len(matrix)
    out = np.zeros((2 * REACH + 1, size))
    for i, j in zip(*np.nonzero(matrix)):
        if abs(i - j) > REACH:
            sys.exit(f"the matrix of a day of absorption is not banded: {i}, {j}")
        out[i - j + REACH, j] = matrix[i, j]
    return out
