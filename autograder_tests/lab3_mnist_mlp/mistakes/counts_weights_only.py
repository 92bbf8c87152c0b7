"""count_parameters leaves out the biases."""

CAUGHT_BY = ("parameters_counted",)
HINT = "How many biases does a layer of 512 units have?"
LECTURE = "lecture 5, Let's build our first NN"


def count_parameters(model):
    return sum(w.numel() for w in model.parameters() if w.requires_grad and w.ndim > 1)
