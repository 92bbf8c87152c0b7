"""interpolate walks from z1 to z0."""

CAUGHT_BY = ("interpolation_ends",)
HINT = "Where does the walk begin?"
LECTURE = "lecture 2, Application: Face arithmetic"


@torch.no_grad()
def interpolate(generator, z0, z1, n):
    share = torch.linspace(0, 1, n)[:, None]
    return generator(share * z0 + (1 - share) * z1)
