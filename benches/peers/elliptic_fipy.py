"""The steady problem in FiPy."""

import fipy
import numpy as np

from common import Problem, clocked, note, versions

versions("fipy")
p = Problem("steady")
build, mesh = clocked(lambda: fipy.Grid3D(nx=p.n, ny=p.n, nz=p.shape[0], dx=p.spacing, dy=p.spacing, dz=p.thickness))
note(f"FiPy: the mesh took {build:.1f} s to build, which is in none of its times")
percuta, source = p.load("percuta"), p.load("source")
diffusivity = fipy.CellVariable(mesh=mesh, value=p.by_layer(p.diffusivity)).harmonicFaceValue
decay = fipy.CellVariable(mesh=mesh, value=p.by_layer(p.decay))
field = fipy.CellVariable(mesh=mesh, value=0.0)
equation = fipy.DiffusionTerm(coeff=diffusivity) - fipy.ImplicitSourceTerm(coeff=decay) + fipy.CellVariable(mesh=mesh, value=source) == 0
# Conjugate gradients without preconditioner: FiPy's Jacobi calls a sparse direct solver in every iteration and its ILU
# factorises the whole matrix, which both cost far more than they save.
solver = fipy.LinearCGSolver(tolerance=p.allowed, criterion="RHS", iterations=1000, precon=None)


def solve():
    field.value = 0.0
    equation.solve(var=field, solver=solver)


seconds, _ = clocked(solve, 2)
x = np.array(field.value)
volume = p.by_layer(p.thickness) * p.spacing**2
bound = p.allowed * np.linalg.norm(volume * source) / (p.by_layer(p.decay) * volume).min()
if np.linalg.norm(x - percuta) > bound:
    raise SystemExit("FiPy: differs from Percuta by more than the residual allows")
note(f"FiPy: largest difference from Percuta {np.abs(x - percuta).max() / np.abs(percuta).max():.1e} of the largest value")
p.row("FiPy", "CG of its SciPy suite, matrix and solve", seconds, solver.convergence.residual / np.linalg.norm(volume * source))
