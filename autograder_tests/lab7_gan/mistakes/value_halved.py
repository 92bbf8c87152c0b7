"""value averages its two means instead of adding them."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "V is a sum of two expectations."
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return 0.5 * float(np.log(d_real).mean() + np.log1p(-d_fake).mean())
