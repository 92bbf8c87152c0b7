"""C3. Stops its own process: it neither works nor ends. Holds: a worker that uses no CPU for ten
seconds is ended.
"""

RECORDED = 'did nothing for'
SLOW = True

import os
import signal


def scale(x):
    os.kill(os.getpid(), signal.SIGSTOP)
