"""make_optimizer gives plain gradient steps whatever it is asked for: Adam is never used."""

CAUGHT_BY = ("optimizers",)
HINT = "Which optimiser comes back when no name is given? Print it."
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    return torch.optim.SGD(model.parameters(), lr=learning_rate)
