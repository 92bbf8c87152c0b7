"""prepare_images gives float64, which the weights are not."""

CAUGHT_BY = ("images_worked",)
HINT = "What is the dtype of images / 255.0 in NumPy, and of a layer's weights?"
LECTURE = "lecture 1, Preparing the image data"


def prepare_images(images, max_value=255):
    return images.flatten(start_dim=1).double() / max_value
