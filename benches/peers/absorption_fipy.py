"""A day of absorption in FiPy: tissue and the channels' fluid as two rows of cells in depth, one variable.

Cells are of unit size, and coefficients of faces are the conductances between cells, so that FiPy solves Percuta's equations. In the
vehicle (the first cell) and where there is no channel both rows are tied to each other. (As two coupled variables the exchange would
be explicit: FiPy puts a source of that sign on the right side.)
"""

import sys

import fipy
import numpy as np

from common import FOLDER, clocked, note, versions
from day import Day

versions("fipy")
day = Day(FOLDER / "absorption.json")
tissue, opened = day.about["tissue"], day.about["open_cells"]
cells = len(tissue) + 1
mesh = fipy.Grid2D(nx=cells, ny=2, dx=1.0, dy=1.0)
# Conductance of the tie: its error is the conductances' share of it.
TIE = 1e7
# Of Alexander's two-stage method, of second order as Percuta's; each stage is a step of backward Euler.
GAMMA = 1 - np.sqrt(0.5)
FIRST_H = 1e-5


def parts(of):
    """Conductance through each face and loss of each cell; shut, or by open share."""
    between, loss = {}, np.zeros(2 * cells)
    between[0, 1] = day.next[0][of]
    between[cells, cells + 1] = day.second[0][of]
    for i, t in enumerate(tissue):
        here = i + 1
        loss[here] = day.loss[t][of]
        if i < opened:
            between[here, cells + here] = day.next[t][of]
            between[here, here + 1] = day.second[t][of]
            between[cells + here, cells + here + 1] = (day.second if i + 1 < opened else day.next)[t + 1][of]
        else:
            between[here, here + 1] = day.next[t][of]
    for here in [0, *range(opened + 1, cells)]:
        between[here, cells + here] = TIE * (1 - of)
    return np.array([between.get((a, b), 0.0) for a, b in np.sort(np.ma.filled(mesh.faceCellIDs, -1), axis=0).T]), loss


if opened == len(tissue):
    sys.exit("channels go right through: their loss would be lacking")
shut, by_open = parts(0), parts(1)
conductance = fipy.FaceVariable(mesh=mesh, value=0.0)
loss = fipy.CellVariable(mesh=mesh, value=0.0)
fluid = np.array(tissue[:opened]) + 1
constant = np.r_[0, day.capacity[tissue], 0, day.capacity[fluid], np.zeros(cells - 1 - opened)]
capacity = fipy.CellVariable(mesh=mesh, value=constant)
u = fipy.CellVariable(mesh=mesh, hasOld=True)
equation = fipy.TransientTerm(capacity) == fipy.DiffusionTerm(conductance) - fipy.ImplicitSourceTerm(loss)
solver = fipy.LinearLUSolver()


def grid(steps):
    """Times of steps: each is longer than the one before by a factor of 1 + 40 / steps, none longer than 60 h / steps, and those
    before a report are shortened alike to end there."""
    longest = day.times[-1] / steps * 2.5
    edges, h = [0.0], FIRST_H
    factor = 1 + 40 / steps
    for report in day.times[1:]:
        while edges[-1] < report - 1e-12:
            count = max(1, int(np.ceil((report - edges[-1]) / min(h, longest) - 1e-9)))
            edges.append(report if count == 1 else edges[-1] + (report - edges[-1]) / count)
            h *= factor
    return np.array(edges)


def march(edges):
    amount = day.dose
    u.value = np.zeros(2 * cells)
    absorbed = [0.0]
    for start, end in zip(edges, edges[1:]):
        dt, mid = end - start, 0.5 * (start + end)
        volume, open_ = day.volume(mid), day.open(mid)
        conductance.value = shut[0] + open_ * by_open[0]
        loss.value = shut[1] + open_ * by_open[1]
        capacity[0] = volume
        before = np.array(u.value)
        before[0] = before[cells] = amount / volume
        u.value = before
        u.updateOld()
        equation.solve(var=u, dt=GAMMA * dt, solver=solver)
        u.value = before + (1 - GAMMA) / GAMMA * (u.value - before)
        u.updateOld()
        equation.solve(var=u, dt=GAMMA * dt, solver=solver)
        amount = volume * u.value[0]
        if np.isclose(end, day.times).any():
            absorbed.append(day.dose - amount - constant @ u.value)
    return absorbed


march(grid(10))  # the mesh is worked out in the first steps
for steps in (100, 141, 200, 283, 400, 566, 800):
    edges = grid(steps)
    seconds, absorbed = clocked(lambda: march(edges), 3)
    if day.error(absorbed) <= day.allowed:
        break
day.row("FiPy", "SDIRK2 on a graded grid in time, LU", seconds, absorbed, len(edges) - 1)
note("FiPy: mesh and first steps are not in its time of a day of absorption")
