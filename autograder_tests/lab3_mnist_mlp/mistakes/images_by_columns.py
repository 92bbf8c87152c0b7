"""prepare_images lays out columns instead of pixel rows."""

CAUGHT_BY = ("images_worked", "images_random")
HINT = "Which pixel is the second number of a row?"
LECTURE = "lecture 1, Preparing the image data"


def prepare_images(images, max_value=255):
    return images.transpose(1, 2).flatten(start_dim=1).float() / max_value
