"""The problem in time in FiPy: Crank-Nicolson, as its manual writes it, each step solved by conjugate gradients."""

import fipy
import numpy as np

from common import Problem, clocked, note, versions

versions("fipy")
p = Problem("transport")
# One spacing for each axis makes FiPy's quicker kind of mesh.
mesh = fipy.Grid3D(nx=p.n, ny=p.n, nz=p.shape[0], dx=p.spacing, dy=p.spacing, dz=p.spacing)
# Halves are worked out once, not in every step.
faces = fipy.CellVariable(mesh=mesh, value=p.by_layer(p.diffusivity)).harmonicFaceValue
half = fipy.FaceVariable(mesh=mesh, value=0.5 * faces.value)
half_decay = fipy.CellVariable(mesh=mesh, value=0.5 * p.by_layer(p.decay))
field = fipy.CellVariable(mesh=mesh, value=p.load("initial"))
# Backward Euler needs ten times as many steps and more for the same error.
implicit = fipy.DiffusionTerm(coeff=half) - fipy.ImplicitSourceTerm(coeff=half_decay)
equation = fipy.TransientTerm() == implicit + fipy.ExplicitDiffusionTerm(coeff=half) - half_decay * field
# 1e-4 of the right side is the loosest that leaves the error what the step makes it. No preconditioner, as for the
# steady problem.
solver = fipy.LinearCGSolver(tolerance=1e-4, criterion="RHS", precon=None)


def advance(steps):
    for _ in range(steps):
        equation.solve(var=field, dt=p.time / steps, solver=solver)


advance(1)  # the mesh is worked out in the first step
for steps in p.steps:
    field.value = p.load("initial")
    seconds, _ = clocked(lambda: advance(steps))
    if p.error(field.value) <= p.allowed:
        break
p.row("FiPy", "Crank-Nicolson, CG of its SciPy suite", seconds, p.error(field.value), steps)
p.row("FiPy", "the same, ten times one field", 10 * seconds, p.error(field.value), steps, fields=10)
note("FiPy: mesh and first step are in none of its times; fields are solved one after another")
