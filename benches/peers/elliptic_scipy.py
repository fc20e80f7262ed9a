"""The steady problem with the matrix of Percuta's discretisation: pyamg, and what SciPy offers."""

import numpy as np
import pyamg
import scipy.fft
import scipy.sparse as sp
import scipy.sparse.linalg as sl

from common import Problem, clocked, emit, note, versions

versions("numpy", "scipy", "pyamg")
p = Problem("steady")


def matrix():
    """Finite volumes, divided by the area of a column; symmetric. 32-bit indices, which are the faster ones."""
    second = sp.diags_array([-np.ones(p.n - 1), np.r_[1, np.full(p.n - 2, 2), 1], -np.ones(p.n - 1)], offsets=[-1, 0, 1])
    one, plane = sp.eye_array(p.n), sp.eye_array(p.n**2)
    own = p.decay * p.thickness
    own[:-1] += p.faces()
    own[1:] += p.faces()
    depth = sp.diags_array([-p.faces(), own, -p.faces()], offsets=[-1, 0, 1])
    lateral = sp.diags_array(p.diffusivity * p.thickness / p.spacing**2)
    a = sp.csr_array(sp.kron(lateral, sp.kron(second, one) + sp.kron(one, second)) + sp.kron(depth, plane))
    a.indices, a.indptr = a.indices.astype(np.int32), a.indptr.astype(np.int32)
    return a


assembly, a = clocked(matrix)
note(f"SciPy and pyamg: the matrix took {assembly:.2f} s to build, which is in none of their times")
percuta = p.load("percuta")
b = p.by_layer(p.thickness) * p.load("source")
residual = lambda x: np.linalg.norm(b - a @ x) / np.linalg.norm(b)
emit(problem=p.name, residual_of_percuta=float(residual(percuta)))
if residual(percuta) > p.allowed:
    raise SystemExit("Percuta's answer does not solve this matrix")


def row(code, what, run, repeats):
    seconds, x = clocked(run, repeats)
    # No eigenvalue is below the least decay, so a residual bounds the difference between answers.
    bound = p.allowed * np.linalg.norm(b) / (p.decay * p.thickness).min()
    if np.linalg.norm(x - percuta) > bound:
        raise SystemExit(f"{code}, {what}: differs from Percuta by more than the residual allows")
    note(f"{code}, {what}: largest difference from Percuta {np.abs(x - percuta).max() / np.abs(percuta).max():.1e} of the largest value")
    p.row(code, what, seconds, residual(x))
    return seconds


# The solver classes pyamg is known for, as preconditioners of conjugate gradients; iteration without it was as fast.
# Aggregation: theta = 0 and no improved candidates set up in half the time here and converge no worse.
aggregation = {"strength": ("symmetric", {"theta": 0.0}), "improve_candidates": None}
for what, build in (
    ("Ruge-Stuben + CG", lambda: pyamg.ruge_stuben_solver(a)),
    ("smoothed aggregation + CG", lambda: pyamg.smoothed_aggregation_solver(a, **aggregation)),
):
    setup, levels = clocked(build)
    solve = row("pyamg", f"{what}, solve (setup reused)", lambda: levels.solve(b, tol=p.allowed, accel="cg"), 3)
    emit(problem=p.name, code="pyamg", what=f"{what}, setup and solve", threads=1, seconds=setup + solve, steps=1, fields=1, error=None)
    del levels
# Without preconditioner: the diagonal is nearly constant, and dividing by it gained nothing.
row("SciPy", "conjugate gradients", lambda: sl.cg(a, b, rtol=p.allowed, atol=0)[0], 2)


def modes():
    """Percuta's own method in array operations: cosine transforms of planes and elimination in depth."""
    s = scipy.fft.dctn(b.reshape(p.shape), axes=(1, 2), norm="ortho")
    line = (2 * np.sin(np.pi * np.arange(p.n) / (2 * p.n)) / p.spacing) ** 2
    square = line[:, None] + line[None, :]
    faces, upper, carry = np.r_[0, p.faces(), 0], [], 0
    for i, (diffusivity, decay, h) in enumerate(zip(p.diffusivity, p.decay, p.thickness)):
        excess = h * (diffusivity * square + decay) + carry
        pivot = 1 / (excess + faces[i + 1])
        upper.append(faces[i + 1] * pivot)
        carry = upper[i] * excess
        if i > 0:
            s[i] += faces[i] * s[i - 1]
        s[i] *= pivot
    for i in range(len(s) - 2, -1, -1):
        s[i] += upper[i] * s[i + 1]
    return scipy.fft.idctn(s, axes=(1, 2), norm="ortho", overwrite_x=True).ravel()


row("SciPy", "Percuta's method in array operations", modes, 3)
