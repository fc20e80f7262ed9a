"""The problem in time in py-pde: explicit Euler compiled by numba, with the largest step that is stable."""

import math

import numpy as np
import pde

from common import Problem, clocked, note, versions

versions("py-pde", "numba")
pde.config["backend.numba.multithreading"] = "never"
p = Problem("transport")
side = p.n * p.spacing
# Its first axis is depth here, so its memory is in the order of everybody else's.
grid = pde.CartesianGrid([[0, p.edges[-1]], [0, side], [0, side]], p.shape)
spread = lambda values: pde.ScalarField(grid, p.by_layer(values).reshape(p.shape))
# Fluxes through the lower face of each voxel with the mean of two half layers in series: second order, and what passes
# one voxel enters the next. The expressions in its manual cannot reach the error asked for where D jumps, however small
# the step: divergence(D * gradient(c)) ends at 1e-2, D * laplace(c) + d_dx(D) * d_dx(c) at 5e-3.
equation = pde.PDE(
    {"c": "D * (d2_dy2(c) + d2_dz2(c)) + d_dx_backward(F * d_dx_forward(c)) - k * c"},
    bc={"derivative": 0},
    bc_ops={"c:d_dx_backward": [{"virtual_point": 0}, {"derivative": 0}, {"derivative": 0}]},
    consts={"D": spread(p.diffusivity), "F": spread(np.r_[p.faces() * p.spacing, 0]), "k": spread(p.decay)},
)
# Where Euler's steps begin to grow. Accuracy asks for less: the error below is that of the voxels. Runge-Kutta of fourth
# order takes steps 1.4 times as long for four times the work; its implicit solvers iterate to a fixed point, which
# converges only at steps as small.
largest = 2 / (12 * p.diffusivity / p.spacing**2 + p.decay).max()
steps = math.ceil(p.time / largest)
dt = p.time / steps
field = pde.ScalarField(grid, p.load("initial").reshape(p.shape))


def compiled(equation):
    solver = pde.EulerSolver(equation, backend="numba")
    stepper = solver.make_stepper(field, dt=dt)
    stepper(field.copy(), 0, dt)
    return solver, stepper


compilation, (solver, stepper) = clocked(lambda: compiled(equation))
before = solver.info["steps"]
seconds, _ = clocked(lambda: stepper(field, 0, p.time))
if solver.info["steps"] - before != steps:
    raise SystemExit(f"py-pde made {solver.info['steps'] - before} steps instead of {steps}")
error = p.error(field.data.ravel())
p.row("py-pde", "explicit Euler, numba", seconds, error, steps)
p.row("py-pde", "the same, ten times one field", 10 * seconds, error, steps, fields=10)
note(f"py-pde: compilation took {compilation:.0f} s, which is in none of its times; fields are solved one after another")
# What a kernel of one's own for layers could at best come to: its Laplacian alone, written by hand and in one pass.
_, plain = compiled(pde.DiffusionPDE(p.diffusivity.max(), bc={"derivative": 0}))
seconds, _ = clocked(lambda: plain(field, 0, 20 * dt), 3)
note(f"py-pde: a step of its ready-made equation for one uniform D takes {1e3 * seconds / 20:.2f} ms, {steps * seconds / 20:.2f} s for all steps")
