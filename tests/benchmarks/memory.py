"""How much memory a learner's kernel takes, and how long it imports, against bare matplotlib.

Real kernels, one after the other, each measured at the same stages: started, NumPy and matplotlib
loaded, an explorer imported, shown, and moved 50 times in the thread in which JupyterLab moves it.
Prints medians of the proportional set size in MB (memory shared by n processes counts 1/n; goal:
95 when shown) and of the CPU seconds the imports took (goal: 0.5 in all), with the ratios to a
kernel that shows a figure by pyplot and a slider. Bytecode is compiled beforehand, as after an
installation.

    python tests/benchmarks/memory.py [rounds] [explorer …]
"""

import os
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from test_memory import Kernel

from gdlesson.explorers import catalogue

USUAL = ("step_size", "gradient", "network", "adam")
TIMED = "import time\nbegin = time.process_time()\n{}\nprint(time.process_time() - begin)"
PYPLOT = """
from ipywidgets import FloatSlider
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
left.plot([1, 2, 3])
right.semilogy([1, 2, 3])
display(FloatSlider())
plt.show()
"""
PLACES = """
control = explorer.controls[explorer.primary]
if hasattr(control, "options"):
    places = [i % len(control.options) for i in range(50)]
else:
    places = [control.min + (control.max - control.min) * i / 51 for i in range(1, 51)]
    if hasattr(control, "base"):
        places = [control.base**place for place in places]
    places = [type(control.value)(place) for place in places]
print(control.model_id, "index" if hasattr(control, "options") else "value", *places)
"""


def measured(name):
    """The stages of one kernel: {stage: megabytes} and {stage: seconds of its import}."""
    memory, seconds = {}, {}
    kernel = Kernel()

    def stage(what, source=None):
        if source:
            seconds[what] = float(kernel.run(TIMED.format(source)))
        memory[what] = kernel.megabytes()

    try:
        stage("started")
        stage("NumPy", "import numpy")
        if name == "pyplot":
            stage("matplotlib", "import matplotlib.pyplot as plt")
            stage("imported", "import ipywidgets")
            kernel.run(PYPLOT)
            stage("shown")
        else:
            stage("matplotlib", "import matplotlib.figure")
            stage("imported", f"from gdlesson.explorers import {name}")
            kernel.run(f"explorer = {name}.explore()\nexplorer", "cell")
            stage("shown")
            model, trait, *places = kernel.run(PLACES).split()
            for place in places:
                kernel.move(model, {trait: float(place) if "." in place else int(place)})
            stage("50 moves")
    finally:
        kernel.close()
    return memory, seconds


def medians(runs):
    return {stage: statistics.median(run[stage] for run in runs) for stage in runs[0]}


def main(rounds=3, names=USUAL):
    with tempfile.TemporaryDirectory() as cache:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        measured("pyplot"), measured(names[0])  # these compile
        scenes = ("pyplot", *names)
        runs = {name: [] for name in scenes}
        for _ in range(rounds):
            for name in scenes:
                runs[name].append(measured(name))
    memory = {name: medians([run[0] for run in runs[name]]) for name in scenes}
    seconds = {name: medians([run[1] for run in runs[name]]) for name in scenes}
    stages = list(memory[names[0]])
    bare, import_bare = memory["pyplot"]["shown"], sum(seconds["pyplot"].values())
    print(f"{'MB':18}" + "".join(f"{stage:>12}" for stage in stages) + f"{'× pyplot':>12}")
    for name in scenes:
        row = "".join(f"{memory[name].get(stage, float('nan')):12.1f}" for stage in stages)
        print(f"{name:18}{row}{memory[name]['shown'] / bare:12.2f}")
    print(f"\n{'imports, seconds':18}" + "".join(f"{stage:>12}" for stage in stages[1:4]), end="")
    print(f"{'in all':>12}{'× pyplot':>12}")
    for name in scenes:
        row = "".join(f"{took:12.3f}" for took in seconds[name].values())
        total = sum(seconds[name].values())
        print(f"{name:18}{row}{total:12.3f}{total / import_bare:12.2f}")


if __name__ == "__main__":
    rounds, *names = sys.argv[1:] or ["3"]
    main(int(rounds), list(catalogue()) if names == ["all"] else names or USUAL)
