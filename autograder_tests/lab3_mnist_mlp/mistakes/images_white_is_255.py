"""prepare_images divides by 255, whatever max_value is."""

CAUGHT_BY = ("images_worked", "images_random")
HINT = "White is 16 in the digits. What do they become?"
LECTURE = "lecture 1, Preparing the image data"


def prepare_images(images, max_value=255):
    return images.flatten(start_dim=1).float() / 255.0
