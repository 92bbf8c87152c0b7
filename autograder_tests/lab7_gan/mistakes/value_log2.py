"""value uses logarithms to base 2."""

CAUGHT_BY = ("value_worked",)
HINT = "At D = 1/2 everywhere V is -log 4, with the natural logarithm."
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return float(np.log2(d_real).mean() + np.log2(1 - d_fake).mean())
