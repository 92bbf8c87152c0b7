"""Write grader/data/digits.npz: the digits that ship inside scikit-learn, with a fixed split.

Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
Repository (1998), CC BY 4.0; the 1797 test images, as `sklearn.datasets.load_digits` gives them.
The split differs more from seed to seed (sd 0.005 of accuracy) than a network does, so it is fixed.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

TARGET = Path(__file__).resolve().parents[1] / "grader" / "data" / "digits.npz"


def main() -> None:
    """Write the file."""
    digits = load_digits()
    indices = np.arange(len(digits.target))
    train, test = train_test_split(indices, test_size=360, stratify=digits.target, random_state=0)
    np.savez_compressed(
        TARGET,
        images=digits.images.astype(np.uint8),  # (1797, 8, 8), 0..16
        labels=digits.target.astype(np.uint8),
        train=train.astype(np.uint16),
        test=test.astype(np.uint16),
    )


if __name__ == "__main__":
    main()
