"""value takes log D of the fakes instead of log(1 - D)."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "For a fake, 1 - D is the probability of being right."
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return float(np.log(d_real).mean() + np.log(d_fake).mean())
