"""count_parameters counts tensors instead of the numbers in them."""

CAUGHT_BY = ("parameters_counted",)
HINT = "How many numbers are in a tensor of 784 by 512?"
LECTURE = "lecture 5, Let's build our first NN"


def count_parameters(model):
    return len([weights for weights in model.parameters() if weights.requires_grad])
