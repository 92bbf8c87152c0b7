"""The optimiser is RMSprop: Adam without its correction of the first steps."""

CAUGHT_BY = ("optimizers",)
HINT = "How large is the first step?"
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    return torch.optim.RMSprop(model.parameters(), lr=learning_rate, alpha=0.99, eps=1e-8)
