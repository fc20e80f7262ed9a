"""Initial state and exact answer of the problem in time, independent of every code compared.

Lateral cosines stay what they are, so each is a problem in depth alone. That one is solved on layers cut into sixteen
and exactly in time (by eigenvectors): what remains is 256 times below the error in depth of the codes compared.
"""

import numpy as np
import scipy.linalg

from common import Problem

CUT = 16
# Half waves in x and y, and the profile in depth (0 to 1) that they start with.
MODES = [
    (0, 0, lambda z: 1 + 0.5 * np.cos(np.pi * z)),
    (2, 1, lambda z: 0.25 * (1 + np.cos(np.pi * z))),
    (3, 4, lambda z: 0.125 * (1 - np.cos(2 * np.pi * z))),
]

p = Problem("transport")
h = p.thickness[0] / CUT
assert np.allclose(p.thickness, p.thickness[0])
diffusivity, decay = np.repeat(p.diffusivity, CUT), np.repeat(p.decay, CUT)
face = 2 / (1 / diffusivity[:-1] + 1 / diffusivity[1:]) / h**2
depth = (np.arange(len(diffusivity)) + 0.5) / len(diffusivity)
points = (np.arange(p.n) + 0.5) / p.n
initial, final = np.zeros(p.shape), np.zeros(p.shape)
for kx, ky, profile in MODES:
    loss = decay + diffusivity * np.pi**2 * (kx**2 + ky**2) / (p.n * p.spacing) ** 2
    loss[:-1] += face
    loss[1:] += face
    rates, vectors = scipy.linalg.eigh_tridiagonal(loss, -face)
    start = profile(depth)
    end = vectors @ (np.exp(-rates * p.time) * (vectors.T @ start))
    plane = np.outer(np.cos(np.pi * ky * points), np.cos(np.pi * kx * points))
    for field, fine in ((initial, start), (final, end)):
        field += fine.reshape(-1, CUT).mean(axis=1)[:, None, None] * plane
p.save("initial", initial)
p.save("exact", final)
