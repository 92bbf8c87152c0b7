"""The plain optimiser has momentum."""

CAUGHT_BY = ("optimizers", "alternating_steps")
HINT = "A plain step is the learning rate times the gradient, and remembers nothing."
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)
    return torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.0, 0.99))
