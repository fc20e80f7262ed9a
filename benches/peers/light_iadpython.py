"""Reflectance spectra of layered skin with iadpython: its thin layers, doubling and adding, one wavelength after the other."""

import json

import iadpython as iad
import numpy as np

from common import FOLDER, clocked, emit, note, versions

versions("numpy", "iadpython")
about = json.loads((FOLDER / "light.json").read_text())
# The last layer has no end; beyond 1e6 it doubles until nothing gets through.
thickness = np.r_[about["thickness_mm"], np.inf]
n = about["index"]


def reflectance(sample, absorption, scattering, anisotropy):
    """Normal and diffuse, of layers from the top."""
    above = iad.boundary_matrices(sample, top=True)
    for mm, absorbed, scattered in zip(thickness, absorption, scattering):
        sample.a, sample.b, sample.g = scattered / (absorbed + scattered), (absorbed + scattered) * mm, anisotropy
        r, t = iad.simple_layer_matrices(sample)
        above = iad.add_layers(sample, *above, r, r, t, t)
    normal, _, diffuse, _ = sample.UX1_and_UXU(above[0], above[2])
    return normal, diffuse


def spectra(angles):
    # One sample for all, so that its angles are computed once.
    sample = iad.Sample(a=0.5, b=1, g=0.8, n=n, quad_pts=angles)
    sample.update_quadrature()
    return [
        [reflectance(sample, absorption, scattering, g) for absorption, scattering, g in zip(*columns)]
        for columns in ((np.transpose(s["absorption"]), np.transpose(s["scattering"]), s["anisotropy"]) for s in about["skins"])
    ]


exact = np.array([np.transpose([s["normal"], s["diffuse"]]) for s in about["skins"]])
for angles in (4, 8, 12, 16, 24):
    seconds, found = clocked(lambda: spectra(angles), 7)
    error = float(np.abs(np.array(found) - exact).max())
    what = f"{angles} angles" + (", its default" if angles == iad.Sample().quad_pts else "")
    emit(
        problem="light", code="iadpython", what=what, threads=1, seconds=seconds / len(about["skins"]), steps=exact.shape[1],
        fields=1, error=error,
    )
note("iadpython's layers are added one by one with its add_layers: its own sum of unlike layers gives the reflectance from below.")
