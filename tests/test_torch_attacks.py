"""Hostile submissions to a lab of PyTorch: what its objects say of themselves is not believed."""

from pathlib import Path

import pytest

from grader.course import find_course
from grader.handin import Handin
from grader.labs import read_lab
from grader.model import Outcome, Report
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend

pytest.importorskip("torch", reason="torch is not installed: pip install 'dlab[labs]'")

ROOT = Path(__file__).resolve().parents[1]
COURSE = find_course(ROOT, str(ROOT))
LAB = read_lab(COURSE, "lab3_mnist_mlp")
SOLUTION = (COURSE.solutions / LAB.lab_id / LAB.file).read_text(encoding="utf-8")
WEIGHTS = {"network_structure", "network_start", "network_dropout", "network_batch_norm"}
FIT = {"fit_worked", "steps_sgd", "steps_momentum", "steps_rmsprop", "steps_adam"}
MEASURED = {"evaluate_worked", "evaluate_exact"}

ATTACKS: dict[str, tuple[str, set[str]]] = {
    "its weights are not those it computes with": (
        """
_build = build_mlp

class Liar(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
    def forward(self, x):
        return self.inner(x)
    def state_dict(self, *args, **kwargs):
        return {k: torch.randn_like(v) for k, v in self.inner.state_dict().items()}

def build_mlp(*args, **kwargs):
    return Liar(_build(*args, **kwargs))
""",
        {"network_structure", "network_batch_norm"},
    ),
    "the model is no module": (
        """
class Model:
    training = False
    def __call__(self, x): return torch.zeros(len(x), 10)
    def state_dict(self): return {"weight": torch.zeros(3)}
    def load_state_dict(self, state): return None
    def train(self, mode=True): return self
    def eval(self): return self
    def parameters(self): return iter(())

def build_mlp(*args, **kwargs): return Model()
""",
        WEIGHTS | {"parameters_counted"},
    ),
    "fit gives what it was told to give, and trains nothing": (
        """
def fit(model, x, y, *, epochs, x_val=None, **_):
    full = [0.0] * epochs
    val = full if x_val is not None else []
    return {"loss": full, "accuracy": [1.0] * epochs, "val_loss": val, "val_accuracy": val}
""",
        FIT | {"train_512", "train_softmax_regression", "history_exact"},
    ),
    "evaluate always says perfect": (
        "\ndef evaluate(model, x, y): return 0.0, 1.0\n",
        MEASURED,
    ),
    "predict returns a tensor that is not there": (
        "\ndef predict(model, x): return torch.empty(len(x), dtype=torch.int64, device='meta')\n",
        {"evaluate_exact", "train_softmax_regression"},
    ),
    "predict returns a sparse tensor": (
        "\ndef predict(model, x): return torch.zeros(len(x), dtype=torch.int64).to_sparse()\n",
        {"evaluate_exact", "train_softmax_regression"},
    ),
    "backward is replaced, and floods": (
        """
def _backward(self, *args, **kwargs):
    print("x" * 100_000)
torch.Tensor.backward = _backward
""",
        FIT | {"train_512"},
    ),
    "fit takes all memory": (
        "\ndef fit(model, x, y, **_): return [torch.zeros(1 << 30) for _ in range(100)]\n",
        FIT,
    ),
}


def grade(text: str, lost: set[str]) -> Report:
    """Grade the attack on what it must lose, and on two checks that it must not spoil."""
    backend = find_backend("auto")
    grader = Grader(course=COURSE, lab=LAB, backend=backend, options=Options(seed=41))
    checks = [c for c in LAB.checks if c.check_id in lost | {"images_random", "one_hot_worked"}]
    try:
        files = {LAB.file: (SOLUTION + "\n" + text).encode()}
        return grader.grade(Handin(student="mallory", files=files), checks=checks)
    finally:
        grader.close()


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_earns_nothing_and_spoils_nothing(name: str) -> None:
    text, lost = ATTACKS[name]

    report = grade(text, lost)

    outcomes = {check.check_id: check.outcome for check in report.checks}
    assert report.score is not None
    assert report.problem == ""
    assert Outcome.BROKEN not in outcomes.values()
    passed = {check_id for check_id, outcome in outcomes.items() if outcome is Outcome.PASSED}
    assert passed == {"images_random", "one_hot_worked"}
