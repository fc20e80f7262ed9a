"""Exact answer of the healing equations: the SBML that Percuta writes, integrated far more finely than anybody who is measured."""

import json

from common import FOLDER
from healing import Healing

healing = Healing()
exact = healing.all_points(1e-12)
# Another order of tolerance must not change it.
assert healing.error(healing.all_points(1e-11), exact) < 1e-8
(FOLDER / "healing-exact.json").write_text(json.dumps(exact.tolist()))
