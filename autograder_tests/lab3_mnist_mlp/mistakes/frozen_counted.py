"""count_parameters counts frozen parameters too."""

CAUGHT_BY = ("parameters_frozen",)
HINT = "What does requires_grad say?"
LECTURE = "lecture 5, Let's build our first NN"


def count_parameters(model):
    return sum(weights.numel() for weights in model.parameters())
