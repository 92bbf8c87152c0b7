"""Adam has weight decay, which is not asked for."""

CAUGHT_BY = ("optimizers",)
HINT = "What does each step do to a weight whose gradient is 0?"
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    return torch.optim.AdamW(
        model.parameters(), lr=learning_rate, betas=(0.0, 0.99), weight_decay=0.5
    )
