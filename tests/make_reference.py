"""Make tests/reference.json: iterates of PyTorch and optax that test_optimizers.py compares with.

Run from the repository with `python -m tests.make_reference` where torch and optax are installed
(they are needed for nothing else). Everything is float64; gradients come from gdlesson's
surfaces, so that rules are compared and not derivatives.

Each entry: library, rule (ours), hyper (ours), surface, and the iterates at STEPS. Where a
library's default differs from ours its setting that means the same is used; where no setting
does, the pair is absent: optax's AMSGrad (maximum of the corrected v), PyTorch's NAdam (Dozat's
schedule), and whatever has ε inside the root unless ε is 0.
"""

import json
from pathlib import Path

import jax
import numpy as np
import optax
import torch

from gdlesson.surfaces import catalogue

jax.config.update("jax_enable_x64", True)

STEPS = (1, 2, 5, 20, 60, 100, 150, 200)
SURFACES = {  # a start with no partial derivative at 0, and a factor on lr that suits the surface
    "elongated quadratic": ((1.3, 0.9), 1.0),
    "Rosenbrock": ((-1.2, 1.0), 0.02),
    "Beale": ((0.7, -0.6), 0.1),
    "Himmelblau": ((-1.0, 0.5), 0.1),
}
NO_EPS = {"eps": 0.0}


def torch_rules(lr):
    """(our rule, our hyper-parameters, their optimizer of a list of parameters)."""
    o = torch.optim
    yield "GradientDescent", {"lr": lr}, lambda p: o.SGD(p, lr=lr)
    yield "Momentum", {"lr": lr / 4, "beta": 0.9}, lambda p: o.SGD(p, lr=lr / 4, momentum=0.9)
    yield (
        "Nesterov",  # their iterates are our look-ahead points
        {"lr": lr / 4, "beta": 0.9},
        lambda p: o.SGD(p, lr=lr / 4, momentum=0.9, nesterov=True),
    )
    yield "AdaGrad", {"lr": 0.1, "eps": 1e-10}, lambda p: o.Adagrad(p, lr=0.1, eps=1e-10)
    yield (
        "RMSProp",
        {"lr": 0.003, "rho": 0.9, "eps": 1e-8},
        lambda p: o.RMSprop(p, lr=0.003, alpha=0.9, eps=1e-8),
    )
    yield "AdaDelta", {"lr": 1.0}, lambda p: o.Adadelta(p, lr=1.0, rho=0.9, eps=1e-6)
    yield "Adam", {"lr": 0.02}, lambda p: o.Adam(p, lr=0.02)
    yield "AMSGrad", {"lr": 0.02}, lambda p: o.Adam(p, lr=0.02, amsgrad=True)
    yield (
        "AdamW",
        {"lr": 0.02, "weight_decay": 0.05},
        lambda p: o.AdamW(p, lr=0.02, weight_decay=0.05),
    )
    yield "AdaMax", {"lr": 0.02}, lambda p: o.Adamax(p, lr=0.02)


def optax_rules(lr):
    """(our rule, our hyper-parameters, their transformation)."""
    yield "GradientDescent", {"lr": lr}, optax.sgd(lr)
    yield "Momentum", {"lr": lr / 4, "beta": 0.9}, optax.sgd(lr / 4, momentum=0.9)
    yield "Nesterov", {"lr": lr / 4, "beta": 0.9}, optax.sgd(lr / 4, momentum=0.9, nesterov=True)
    yield (
        "AdaGrad",
        {"lr": 0.1} | NO_EPS,
        optax.adagrad(0.1, initial_accumulator_value=0.0, eps=0.0),
    )
    yield (
        "RMSProp",
        {"lr": 0.003, "rho": 0.9} | NO_EPS,
        optax.rmsprop(0.003, decay=0.9, eps=0.0),
    )
    yield "AdaDelta", {"lr": 1.0}, optax.adadelta(1.0, rho=0.9, eps=1e-6)
    yield "Adam", {"lr": 0.02}, optax.adam(0.02)
    yield "AdamW", {"lr": 0.02, "weight_decay": 0.05}, optax.adamw(0.02, weight_decay=0.05)
    yield "NAdam", {"lr": 0.02}, optax.nadam(0.02)
    yield "AdaMax", {"lr": 0.02}, optax.adamax(0.02)
    yield "Lion", {"lr": 0.003}, optax.lion(0.003, weight_decay=0.0)


def torch_path(make, surface, start):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, path = make([w]), [np.array(start)]
    for _ in range(max(STEPS)):
        w.grad = torch.from_numpy(surface.grad(w.detach().numpy().copy()))
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return path


def optax_path(transformation, surface, start):
    w = jax.numpy.array(start)
    state, path = transformation.init(w), [np.array(start)]
    for _ in range(max(STEPS)):
        g = jax.numpy.array(surface.grad(np.asarray(w)))
        update, state = transformation.update(g, state, w)
        w = optax.apply_updates(w, update)
        path.append(np.asarray(w))
    return path


def main():
    entries = []
    for name, (start, factor) in SURFACES.items():
        surface, lr = catalogue[name], 0.02 * factor
        for library, rules, run in [
            (f"torch {torch.__version__.split('+')[0]}", torch_rules(lr), torch_path),
            (f"optax {optax.__version__}", optax_rules(lr), optax_path),
        ]:
            for rule, hyper, theirs in rules:
                path = run(theirs, surface, start)
                entry = {"library": library, "rule": rule, "hyper": hyper, "surface": name}
                iterates = [path[t].tolist() for t in STEPS]
                entries.append(entry | {"start": start, "iterates": iterates})
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    text = f'{{"steps": {json.dumps(STEPS)}, "entries": [\n{lines}\n]}}\n'
    Path(__file__).with_name("reference.json").write_text(text)


if __name__ == "__main__":
    main()
