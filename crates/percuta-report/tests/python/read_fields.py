"""Reads a sample of field files with zarr, xarray and VTK and compares every value with what was written.

usage: read_fields.py FOLDER

`cargo xtask test` makes the folder (test `fields::tests::write_sample_for_python`) and the environment.
The last line is counted by it, so it looks like that of a Rust test.
"""

import json
import sys
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import xarray as xr
import zarr
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand, vtkDataArray
from vtkmodules.vtkIOXML import vtkXMLRectilinearGridReader

SAMPLE = Path(sys.argv[1])
ABOUT = json.loads((SAMPLE / "expected/about.json").read_text(encoding="utf-8"))
DAYS, N, DERMIS = ABOUT["days"], ABOUT["n"], ABOUT["first_dermal_layer"]
KEYS = [field[0] for field in ABOUT["fields"]]
EDGES = np.array(ABOUT["depth_edges_um"])
LAYERS = len(EDGES) - 1
ACROSS = (np.arange(N) + 0.5) * ABOUT["spacing_um"]


def expected(key, visit):
    """The values as Rust had them."""
    shape = (N, N) if key == "epidermis_factor" else (LAYERS, N, N)
    return np.fromfile(SAMPLE / f"expected/{key}-{visit}", dtype="<f4").reshape(shape)


def same(found, wanted):
    """Equal to the bit, NaN to NaN."""
    np.testing.assert_array_equal(found, wanted, strict=True)


class ThroughZarr(unittest.TestCase):
    def test_every_value(self):
        group = zarr.open_group(SAMPLE / "fields.zarr", mode="r")
        self.assertEqual(group.metadata.zarr_format, 3)
        for key in KEYS + ["epidermis_factor"]:
            array = group[key]
            self.assertTrue(np.isnan(array.fill_value))
            for visit in range(len(DAYS)):
                same(array[visit], expected(key, visit))

    def test_arrays_and_metadata_without_the_group(self):
        self.assertEqual(sorted(zarr.open_group(SAMPLE / "fields.zarr", mode="r", use_consolidated=False).array_keys()),
                         sorted(KEYS + ["time", "since_session", "epidermal_wound", "z", "z_edges", "y", "x", "epidermis_factor"]))
        alone = zarr.open_array(SAMPLE / "fields.zarr/elastin", mode="r")
        self.assertEqual(alone.shape, (len(DAYS), LAYERS, N, N))
        self.assertGreater(alone.cdata_shape[1], 1, "the sample has several chunks in depth")
        self.assertNotEqual(LAYERS % alone.chunks[1], 0, "the last one is padded")


class ThroughXarray(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = xr.open_zarr(SAMPLE / "fields.zarr", chunks=None)

    def test_every_value(self):
        for key in KEYS:
            self.assertEqual(self.data[key].dims, ("time", "z", "y", "x"))
            for visit, day in enumerate(DAYS):
                same(self.data[key].sel(time=day).values, expected(key, visit))
        self.assertEqual(self.data["epidermis_factor"].dims, ("time", "y", "x"))

    def test_coordinates(self):
        same(self.data["time"].values, np.array(DAYS))
        same(self.data["z"].values, 0.5 * (EDGES[:-1] + EDGES[1:]))
        same(self.data["z_edges"].values, EDGES)
        same(self.data["y"].values, ACROSS)
        same(self.data["x"].values, ACROSS)
        same(self.data["since_session"].values, np.array(ABOUT["since_session"], dtype=float))
        same(self.data["epidermal_wound"].values, np.full(len(DAYS), 0.25))

    def test_units_and_names(self):
        for key, name, unit, meaning in ABOUT["fields"]:
            attributes = self.data[key].attrs
            self.assertEqual((attributes["long_name"], attributes["units"], attributes["description"]), (name, unit, meaning))
        for axis in ["z", "z_edges", "y", "x"]:
            self.assertEqual(self.data[axis].attrs["units"], "um")
        self.assertEqual(self.data["time"].attrs["units"], "d")
        version, course, seed = ABOUT["meta"]
        attributes = self.data.attrs
        self.assertEqual((attributes["percuta_version"], attributes["course"], str(attributes["seed"])), (version, course, seed))
        self.assertEqual(attributes["first_dermal_layer"], DERMIS)

    def test_above_the_dermis_only_tgf_beta_is_defined(self):
        for key in KEYS:
            above = self.data[key].isel(z=slice(0, DERMIS)).isnull()
            self.assertEqual(bool(above.any()), key != "tgf_beta", key)
            self.assertFalse(bool(self.data[key].isel(z=slice(DERMIS, None)).isnull().any()), key)


class AfterAKill(unittest.TestCase):
    """The process was killed while it wrote the third visit."""

    def test_the_visits_before_are_there(self):
        data = xr.open_zarr(SAMPLE / "killed/fields.zarr", chunks=None)
        same(data["time"].values, np.array(DAYS[:2]))
        for key in KEYS:
            for visit in range(2):
                same(data[key].isel(time=visit).values, expected(key, visit))


class ThroughVtk(unittest.TestCase):
    def read(self, name):
        faults = []
        reader = vtkXMLRectilinearGridReader()
        reader.AddObserver(vtkCommand.ErrorEvent, lambda *_: faults.append(name))
        reader.SetFileName(str(SAMPLE / name))
        reader.Update()
        self.assertEqual(faults, [])
        return reader.GetOutput()

    def visits(self):
        series = ET.parse(SAMPLE / "fields.pvd").getroot().findall("./Collection/DataSet")
        self.assertEqual([float(s.get("timestep")) for s in series], DAYS)
        return [self.read(s.get("file")) for s in series]

    def test_every_value(self):
        for visit, grid in enumerate(self.visits()):
            cells = grid.GetCellData()
            names = [cells.GetArrayName(i) for i in range(cells.GetNumberOfArrays())]
            self.assertEqual(names, KEYS + ["epidermis_factor"])
            for key in KEYS:
                values = vtk_to_numpy(cells.GetArray(key)).reshape(LAYERS, N, N)
                # The deepest layer comes first.
                same(values[::-1], expected(key, visit))
            epidermis = vtk_to_numpy(cells.GetArray("epidermis_factor")).reshape(LAYERS, N, N)[::-1]
            for layer in range(LAYERS):
                same(epidermis[layer], expected("epidermis_factor", visit) if layer < DERMIS else np.full((N, N), np.nan, "f4"))

    def test_coordinates_units_and_origin(self):
        for visit, grid in enumerate(self.visits()):
            edges = np.arange(N + 1) * ABOUT["spacing_um"]
            same(vtk_to_numpy(grid.GetXCoordinates()), edges)
            same(vtk_to_numpy(grid.GetYCoordinates()), edges)
            up = vtk_to_numpy(grid.GetZCoordinates())
            same(up, -EDGES[::-1])
            self.assertTrue((np.diff(up) > 0).all() and up[-1] == 0 and not np.signbit(up[-1]))
            units = {key: unit for key, _, unit, _ in ABOUT["fields"]}
            for key, unit in units.items():
                information = grid.GetCellData().GetArray(key).GetInformation()
                self.assertEqual(information.Get(vtkDataArray.UNITS_LABEL()), unit)
            self.assertEqual(grid.GetZCoordinates().GetInformation().Get(vtkDataArray.UNITS_LABEL()), "um")
            about = grid.GetFieldData()
            text = [about.GetAbstractArray(name).GetValue(0) for name in ["percuta_version", "course", "seed"]]
            self.assertEqual(text, ABOUT["meta"])
            self.assertEqual(about.GetArray("TimeValue").GetValue(0), DAYS[visit])
            self.assertEqual(about.GetArray("first_dermal_layer").GetValue(0), DERMIS)


if __name__ == "__main__":
    outcome = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"test result: {'FAILED' if failed else 'ok'}. {outcome.testsRun - failed} passed; {failed} failed")
    sys.exit(1 if failed or outcome.testsRun == 0 else 0)
