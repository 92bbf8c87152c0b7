"""prepare_images divides by max_value + 1."""

CAUGHT_BY = ("images_worked", "images_random")
HINT = "What becomes of a white pixel?"
LECTURE = "lecture 1, Preparing the image data"


def prepare_images(images, max_value=255):
    return images.flatten(start_dim=1).float() / (max_value + 1)
