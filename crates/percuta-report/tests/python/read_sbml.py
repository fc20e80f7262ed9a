"""Integrates the healing equations that Percuta writes as SBML with libroadrunner and compares every state with Percuta's own.

usage: read_sbml.py FOLDER

`cargo xtask test` makes the folder (test `sbml::tests::write_sample_for_python`) and the environment.
The last line is counted by it, so it looks like that of a Rust test.
"""

import json
import sys
import unittest
from pathlib import Path

import libsbml
import roadrunner

SAMPLE = Path(sys.argv[1])
MODELS = sorted((SAMPLE / "sbml").glob("*.xml"))
WITHIN = 1e-5


class ThroughLibsbml(unittest.TestCase):
    def test_consistent_units_and_formulas(self):
        for model in MODELS:
            document = libsbml.readSBMLFromFile(str(model))
            document.checkConsistency()
            faults = [document.getError(i) for i in range(document.getNumErrors())]
            self.assertEqual([f"{f.getLine()}: {f.getMessage()}" for f in faults], [])


class ThroughRoadrunner(unittest.TestCase):
    def test_every_state(self):
        self.assertEqual(len(MODELS), 3)
        worst = 0.0
        for model in MODELS:
            expected = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
            simulator = roadrunner.RoadRunner(str(model))
            simulator.integrator.relative_tolerance = 1e-10
            simulator.integrator.absolute_tolerance = 1e-14
            names = list(expected["states"][0])
            simulator.timeCourseSelections = ["time"] + names
            found = simulator.simulate(times=[0.0] + expected["days"])[1:]
            for row, states in zip(found, expected["states"], strict=True):
                for name, value in zip(names, row[1:], strict=True):
                    size = max(abs(s[name]) for s in expected["states"])
                    error = abs(value - states[name]) / max(size, 1e-3)
                    worst = max(worst, error)
                    self.assertLess(error, WITHIN, f"{model.name}, day {row[0]}: {name} is {value}, Percuta has {states[name]}")
        print(f"largest difference, relative to the state's largest value: {worst:.1e}")


if __name__ == "__main__":
    outcome = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"test result: {'FAILED' if failed else 'ok'}. {outcome.testsRun - failed} passed; {failed} failed")
    sys.exit(1 if failed or outcome.testsRun == 0 else 0)
