"""What each dataset is made of: its files, their SHA-256, and the mirrors that have them."""

from dataclasses import dataclass

from grader.errors import RequestError
from grader.model import DATASETS

MIRRORS = (  # each holds <dataset>/<file>.gz
    "https://ossci-datasets.s3.amazonaws.com",  # PyTorch's
    "https://storage.googleapis.com/cvdf-datasets",  # the CVD Foundation's, TensorFlow's source
    "https://systemds.apache.org/assets/datasets",  # Apache SystemDS's
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One file of a dataset.

    Attributes:
        name: Its name when it is not compressed; with ".gz" it may be.
        size: In bytes, decompressed.
        sha256: Of the decompressed bytes: compressing again changes the others.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """The files a dataset is made of.

    Attributes:
        is_embedded: Whether they are part of dlab.
    """

    name: str
    files: tuple[DataFile, ...]
    is_embedded: bool = False

    @property
    def size(self) -> int:
        """The bytes of all files, decompressed."""
        return sum(file.size for file in self.files)


DIGITS = DataSource(
    name="digits",
    files=(
        DataFile(
            name="digits.npz",
            size=48722,
            sha256="59736faa5557398151741fd6ad4ee8be28aa70a816e1bf526d9911b81cb334da",
        ),
    ),
    is_embedded=True,
)
MNIST = DataSource(
    name="mnist",
    files=(  # x and y to train with, x and y to test with: dataset.py reads them in this order
        DataFile(
            name="train-images-idx3-ubyte",
            size=47040016,
            sha256="ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        DataFile(
            name="train-labels-idx1-ubyte",
            size=60008,
            sha256="65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        DataFile(
            name="t10k-images-idx3-ubyte",
            size=7840016,
            sha256="0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        DataFile(
            name="t10k-labels-idx1-ubyte",
            size=10008,
            sha256="ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
)
SOURCES = {source.name: source for source in (DIGITS, MNIST)}


def find_source(name: str) -> DataSource:
    """Return the dataset with this name.

    Raises:
        RequestError: If there is none.
    """
    if name not in SOURCES:
        raise RequestError(f"There is no dataset '{name}'. There are: {', '.join(DATASETS)}.")
    return SOURCES[name]
