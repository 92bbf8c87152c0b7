"""C8. Imports scikit-learn at the top, as an honest student might. Holds: one line says that the lab
does not allow it.
"""

RECORDED = "does not allow the module 'sklearn'"
ACCIDENT = True

import sklearn


def scale(x):
    return 3.0 * x - 1.0
