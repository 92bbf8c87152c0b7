"""prepare_images does not scale: digits stay 0 to 16, MNIST 0 to 255.

Test accuracy does not show it on digits.
"""

CAUGHT_BY = ("images_worked", "images_random")
HINT = "What is the largest number in your rows?"
LECTURE = "lecture 1, Preparing the image data"


def prepare_images(images, max_value=255):
    return images.flatten(start_dim=1).float()
