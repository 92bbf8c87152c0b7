"""Adam runs at the library's learning rate: the one that is asked for does not reach it."""

CAUGHT_BY = ("optimizers",)
HINT = "Print the optimiser: is its learning rate the one you asked for?"
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    return torch.optim.Adam(model.parameters(), betas=(0.0, 0.99))
