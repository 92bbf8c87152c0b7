"""C3. Ends the process while it is imported. Holds: a missing answer is no answer."""

RECORDED = 'WorkerCrashError'
ACCIDENT = True

import os

os._exit(0)
