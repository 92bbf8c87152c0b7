"""prepare_images divides by the largest pixel it is given, not by max_value.

Lecture 5's min-max scaler, fitted to each set on its own.
"""

CAUGHT_BY = ("images_random", "images_worked")
HINT = "Is the same image the same row in the training set and alone?"
LECTURE = "lecture 5, Let's build our first NN"


def prepare_images(images, max_value=255):
    rows = images.flatten(start_dim=1).float()
    return (rows - rows.min()) / (rows.max() - rows.min())
