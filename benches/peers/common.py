"""What the scripts share: the two problems as `percuta-benches peers prepare` wrote them, clocks, and rows of the table."""

import importlib.metadata
import json
import os
import pathlib
import sys
import time

import numpy as np

FOLDER = pathlib.Path(sys.argv[1])
# The rows alone go to standard output: what libraries print there goes to standard error.
ROWS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


class Problem:
    """A block of n x n columns with coefficients by layer; fields are [layer][y][x]."""

    def __init__(self, name):
        self.name = name
        about = json.loads((FOLDER / f"{name}.json").read_text())
        self.n, self.spacing = about["n"], about["spacing"]
        self.time, self.steps, self.allowed = about["time"], about["steps"], about["allowed"]
        self.edges, self.diffusivity, self.decay = (np.array(about[k]) for k in ("edges", "diffusivity", "decay"))
        self.thickness = np.diff(self.edges)
        self.shape = (len(self.thickness), self.n, self.n)

    def load(self, what):
        return np.fromfile(FOLDER / f"{self.name}-{what}.f64")

    def save(self, what, values):
        np.asarray(values, dtype=float).tofile(FOLDER / f"{self.name}-{what}.f64")

    def by_layer(self, values):
        """One value per layer, spread over the voxels."""
        return np.repeat(np.asarray(values, dtype=float), self.n * self.n)

    def faces(self):
        """Conductances between layers: two half layers in series."""
        half = self.thickness / (2 * self.diffusivity)
        return 1 / (half[:-1] + half[1:])

    def error(self, field):
        """Relative difference from the exact answer in the sum of squares."""
        exact = self.load("exact")
        return np.linalg.norm(np.asarray(field) - exact) / np.linalg.norm(exact)

    def row(self, code, what, seconds, error, steps=1, fields=1):
        """Reports one time; a wrong answer ends the benchmark."""
        if not error <= self.allowed:
            sys.exit(f"{code}, {what}: error {error:.2e} instead of {self.allowed:.0e}")
        emit(problem=self.name, code=code, what=what, threads=1, seconds=seconds, steps=steps, fields=fields, error=float(error))


def emit(**row):
    print(json.dumps(row), file=ROWS, flush=True)


def versions(*packages):
    emit(versions=[f"{p} {importlib.metadata.version(p)}" for p in packages])


def note(text):
    emit(note=text)


def clocked(run, repeats=1):
    """Shortest time of several runs, s, and the last answer."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        answer = run()
        best = min(best, time.perf_counter() - start)
    return best, answer
