"""The healing equations of every point of a member's dermis in libroadrunner."""

import json

import numpy as np
import roadrunner

from common import FOLDER


class Healing:
    """One model, whose sessions are set for each point."""

    def __init__(self):
        about = json.loads((FOLDER / "healing.json").read_text())
        self.met, self.states, self.within = about["met"], about["states"], about["within"]
        self.times = [0.0] + about["days"]
        self.simulator = roadrunner.RoadRunner(str(FOLDER / "healing.xml"))
        self.simulator.timeCourseSelections = self.states

    def tolerance(self, relative):
        self.simulator.integrator.relative_tolerance = relative
        self.simulator.integrator.absolute_tolerance = 1e-3 * relative

    def point(self, met):
        """States by day of a point."""
        for session, (lysed, signal) in enumerate(met, 1):
            self.simulator[f"session_{session}_lysed"] = lysed
            self.simulator[f"session_{session}_signal"] = signal
        # After the sessions are set: the first happens at time 0, in here.
        self.simulator.reset()
        return np.array(self.simulator.simulate(times=self.times))[1:]

    def all_points(self, relative):
        """`[point][day][state]`."""
        self.tolerance(relative)
        return np.array([self.point(met) for met in self.met])

    @staticmethod
    def error(found, exact):
        """Largest difference, relative to the largest value of each state at any point and day."""
        return float((np.abs(found - exact) / np.abs(exact).max(axis=(0, 1))).max())
