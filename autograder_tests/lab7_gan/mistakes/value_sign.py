"""value returns -V."""

CAUGHT_BY = ("value_worked",)
HINT = "V is the mean of logarithms of probabilities: can it be positive?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return -float(np.log(d_real).mean() + np.log(1 - d_fake).mean())
