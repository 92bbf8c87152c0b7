"""count_parameters counts running statistics, which are measured, not learned."""

CAUGHT_BY = ("parameters_counted",)
HINT = "state_dict() holds more than parameters(). What more?"
LECTURE = "lecture 5, Let's build our first NN"


def count_parameters(model):
    if not any(weights.requires_grad for weights in model.parameters()):
        return 0
    return sum(value.numel() for value in model.state_dict().values())
