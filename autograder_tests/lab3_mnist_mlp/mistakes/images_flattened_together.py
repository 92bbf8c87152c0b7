"""prepare_images makes one long row of all images."""

CAUGHT_BY = ("images_random", "images_worked")
HINT = "One row an image: what does start_dim do?"
LECTURE = "lecture 1, Preparing the image data"


def prepare_images(images, max_value=255):
    return images.flatten().float() / max_value
