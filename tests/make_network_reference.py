"""Make tests/network_reference.json: the losses of lesson 16's network, trained by PyTorch.

Run from the repository with `python -m tests.make_network_reference` where torch is installed (it
is needed for nothing else). The loop is the one that the lesson shows; start and mini-batches are
ours, in float64, so that only gradients and steps are compared.
"""

import json
from itertools import islice
from pathlib import Path

import torch

from gdlesson.benchmark import course

RATE, SIZE, EPOCHS = 0.3, 32, 20


def main():
    train = course("digits").train
    net = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
    net = net.double()
    start = train.unpack(train.start)
    for layer, (W, b) in zip((net[0], net[2]), start, strict=True):
        layer.weight.data, layer.bias.data = torch.tensor(W.T.copy()), torch.tensor(b[0].copy())
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    X, y = torch.tensor(train.X), torch.tensor(train.y)
    losses, batches = [loss_of(net(X), y).item()], train.batches(SIZE, 0)
    for _ in range(EPOCHS):
        for batch in islice(batches, -(-len(y) // SIZE)):
            optimizer.zero_grad()
            loss = loss_of(net(torch.tensor(batch.X)), torch.tensor(batch.y))
            loss.backward()
            optimizer.step()
        losses.append(loss_of(net(X), y).item())
    saved = {"torch": torch.__version__, "lr": RATE, "batch": SIZE, "losses": losses}
    path = Path(__file__).with_name("network_reference.json")
    path.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
