"""prepare_images standardises each set by its own mean and standard deviation.

A test set standardised by itself: accuracy does not show it.
"""

CAUGHT_BY = ("images_worked", "images_random")
HINT = "What happens to a test set of one image?"
LECTURE = "lecture 5, Feature Normalization"


def prepare_images(images, max_value=255):
    rows = images.flatten(start_dim=1).float()
    return (rows - rows.mean()) / (rows.std() + 1e-7)
