"""C5. Writes result.json and the gradebook wherever it can, for itself and for others. Holds:
results are made and kept by the grader; nothing outside /tmp is there.
"""

RECORDED = 'no function scale'

import json
import os

RESULT = json.dumps({"schema_version": 1, "student": "c05_writes_result_files", "score": {"points": 10, "max_points": 10}})
places = [".", "/tmp", "/w", "/out", "/results", os.path.expanduser("~"), *os.environ.values()]
for place in places:
    for name in ("result.json", "results.json", "scores.csv", "lab9_small/zz_honest/result.json"):
        try:
            os.makedirs(os.path.dirname(os.path.join(place, name)), exist_ok=True)
            with open(os.path.join(place, name), "w") as file:
                file.write(RESULT)
        except (OSError, ValueError):
            pass
