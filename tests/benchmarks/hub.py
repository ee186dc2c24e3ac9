"""Does the recipe for a class on JupyterHub work, and how many learners does this machine carry?

Carries out the recipe of notebooks/for-teachers.md as it is written, in a temporary folder and on
the loopback address, with dummy accounts. First it checks that the lessons arrive by both ways and
that a changed notebook survives an update. Then so many learners run all cells of a lesson and move
its first slider, twice and ten times a second. It prints how long the picture takes after a move,
what was lost, and memory and processors for each learner.

    python tests/benchmarks/hub.py [--learners 30] [--seconds 60] [--lesson 03-step-size.ipynb]
"""

import argparse
import asyncio
import json
import pathlib
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
from hub_learner import Learner
from hub_recipe import Place

LESSON, OTHER = "notebooks/03-step-size.ipynb", "notebooks/04-gradient.ipynb"
DELETED = "notebooks/05-batch.ipynb"
GB = 1e9


def check(what, holds):
    """Print what was checked. Raises RuntimeError if it does not hold."""
    if not holds:
        raise RuntimeError(f"expected that {what}")
    print(f"checked: {what}", flush=True)


def reworded(cell, word):
    """A change of a notebook's text that puts a word at the end of a Markdown cell."""

    def change(text):
        notebook = json.loads(text)
        cells = [each for each in notebook["cells"] if each["cell_type"] == "markdown"]
        cells[cell]["source"] = ["".join(cells[cell]["source"]) + f" {word}"]
        run(notebook, word)
        return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    return change


def run(notebook, word):
    """Give every output new contents, as a run does."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind in output.get("data", {}):
                output["data"][kind] = [f"{kind} of the {word}"]


def save(learner, path, *words):
    """Save a learner's notebook as JupyterLab does, with a word at the end of each of its cells."""
    text = json.dumps(learner.ask(f"api/contents/{path}?content=1")["content"])
    for cell, word in words:
        text = reworded(cell, word)(text)
    saved = {"type": "notebook", "content": json.loads(text)}
    learner.ask(f"api/contents/{path}", saved, "PUT")


def text(learner, path):
    """A learner's notebook as text. Raises ValueError where the server finds it damaged."""
    model = learner.ask(f"api/contents/{path}?content=1")
    if model.get("message"):
        raise ValueError(f"{path}: {model['message']}")
    return "\n".join("".join(cell["source"]) for cell in model["content"]["cells"])


def pull(learner, link):
    """Follow the link of nbgitpuller, as a browser does."""
    page = learner.opener.open(link, timeout=120)
    query = page.geturl().partition("?")[2]
    lines = learner.ask(f"git-pull/api?{query}").splitlines()
    last = json.loads([line for line in lines if line.startswith("data:")][-1][5:])
    if last["phase"] != "finished":
        raise RuntimeError(f"nbgitpuller: {last}")


def check_lessons(place):
    """The lessons arrive, and a changed notebook survives an update, both ways."""
    laid, pulled = Learner(place.address, "laid"), Learner(place.address, "pulled")
    for learner in (laid, pulled):
        learner.log_in()
    names = [each["name"] for each in laid.ask("api/contents/notebooks")["content"]]
    check("gdlesson lay copies the lessons when the server starts", "03-step-size.ipynb" in names)
    pull(pulled, place.recipe.link)
    check("nbgitpuller copies the repository", "step size" in text(pulled, f"gdlesson/{LESSON}"))
    laid.ask(f"api/contents/{DELETED}", method="DELETE")
    pulled.ask(f"api/contents/gdlesson/{DELETED}", method="DELETE")
    save(laid, LESSON, (1, "learner's"))
    save(pulled, f"gdlesson/{LESSON}", (1, "learner's"), (2, "learner's too"))
    for cell, word in ((2, "teacher's"), (4, "teacher's second")):
        place.publish(LESSON, reworded(cell, word))
    place.publish(OTHER, reworded(1, "teacher's"))
    place.run(place.recipe.update)
    laid.stop()
    laid.log_in()
    check(
        "after an update, gdlesson lay leaves a changed lesson as it is",
        "learner's" in text(laid, LESSON) and "teacher's" not in text(laid, LESSON),
    )
    new = text(laid, LESSON.replace(".ipynb", "-new.ipynb"))
    check("its new version is next to it", "teacher's second" in new and "learner's" not in new)
    check("a lesson that was not changed is replaced", "teacher's" in text(laid, OTHER))
    check("a lesson that was deleted is copied again", text(laid, DELETED))
    pull(pulled, place.recipe.link)
    merged = text(pulled, f"gdlesson/{LESSON}")
    check(
        "nbgitpuller merges what both changed in different cells",
        "learner's" in merged and "teacher's second" in merged,
    )
    check(
        "where both changed one cell, the learner's remains",
        "learner's too" in merged and "teacher's\n" not in merged,
    )
    check(
        "a lesson that was not changed is pulled", "teacher's" in text(pulled, f"gdlesson/{OTHER}")
    )
    check("a lesson that was deleted is pulled again", text(pulled, f"gdlesson/{DELETED}"))
    laid.stop()
    pulled.stop()


def usage(hub):
    """Kind of process → (how many, bytes, seconds of a processor) for the hub and all it started.

    The bytes are the proportional set size: a page that n processes share counts as 1/n in each.
    """
    kinds = {"singleuser": "servers", "ipykernel": "kernels", "http-proxy": "proxy"}
    total = {kind: [0, 0, 0.0] for kind in ("hub", "proxy", "servers", "kernels")}
    top = psutil.Process(hub.pid)
    for process in [top, *top.children(recursive=True)]:
        try:
            command = " ".join(process.cmdline())
            size, times = process.memory_full_info().pss, process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        kind = next((kind for word, kind in kinds.items() if word in command), "hub")
        total[kind][0] += 1
        total[kind][1] += size
        total[kind][2] += times.user + times.system
    return total


async def started(place, n):
    """Learners whose servers run: they log in all at the same time."""
    learners = [Learner(place.address, f"learner{i:03}") for i in range(n)]
    took = await asyncio.gather(*(asyncio.to_thread(each.log_in) for each in learners))
    half = statistics.median(took)
    print(f"\n{n} servers started within {max(took):.0f} s, half of them within {half:.0f} s")
    return learners


async def moved(learners, hub, per_second, seconds):
    """All learners move their sliders; prints how it went and returns how many moves were lost."""
    for learner in learners:
        learner.forget()
    before, start = usage(hub), time.perf_counter()

    async def drag(learner, i):  # no two hands move at the same instant
        await asyncio.sleep(i / len(learners) / per_second)
        await learner.drag(per_second, seconds)

    await asyncio.gather(*(drag(learner, i) for i, learner in enumerate(learners)))
    took, after = time.perf_counter() - start, usage(hub)
    pictures = [picture for learner in learners for picture in learner.pictures]
    delays = [1000 * delay for _, delay in pictures]
    moves, overtaken = (sum(getattr(x, name) for x in learners) for name in ("moves", "overtaken"))
    quarter = per_second * seconds / 4
    first = statistics.median(1000 * delay for move, delay in pictures if move < quarter)
    last = statistics.median(1000 * delay for move, delay in pictures if move >= 3 * quarter)
    lost = moves - overtaken - len(pictures)
    newest = sum(learner.shown == learner.moves - 1 for learner in learners)
    print(
        f"\n{per_second} moves a second each, for {seconds} s: from move to picture "
        f"{statistics.median(delays):.0f} ms (median), "
        f"{statistics.quantiles(delays, n=20)[18]:.0f} ms (95 %), {max(delays):.0f} ms (longest)\n"
        f"{moves} moves, {overtaken} overtaken by a newer one, {len(pictures)} pictures, {lost} "
        f"lost; the last picture is that of the last move for {newest} of {len(learners)}\n"
        f"median in the first quarter {first:.0f} ms, in the last quarter {last:.0f} ms"
    )
    used = {kind: 100 * (after[kind][2] - before[kind][2]) / took for kind in after}
    parts = ", ".join(f"{kind} {share:.0f} %" for kind, share in used.items())
    print(f"processors: {sum(used.values()):.0f} % of {100 * psutil.cpu_count()} % ({parts})")
    return lost + len(learners) - newest


async def load(place, hub, options):
    """So many learners with a kernel each; returns how many moves were lost."""
    executor = ThreadPoolExecutor(options.learners)
    asyncio.get_running_loop().set_default_executor(executor)
    learners = await started(place, options.learners)
    start = time.perf_counter()
    await asyncio.gather(*(each.open(f"notebooks/{options.lesson}") for each in learners))
    took = time.perf_counter() - start
    print(f"all cells of {options.lesson} have run in every kernel after {took:.0f} s")
    spent = usage(hub)
    server, kernel = (spent[kind][2] / options.learners for kind in ("servers", "kernels"))
    print(f"seconds of a processor: {server:.1f} for a server, {kernel:.1f} for a kernel")
    await asyncio.sleep(5)  # until the machine has come to rest
    lost = 0
    for per_second in (2, 10):
        lost += await moved(learners, hub, per_second, options.seconds)
    sizes = usage(hub)
    each = ", ".join(
        f"{size / n / 1e6:.0f} MB each of {n} {kind}" if n > 1 else f"{kind} {size / 1e6:.0f} MB"
        for kind, (n, size, _) in sizes.items()
        if n
    )
    print(f"\nmemory: {sum(size for _, size, _ in sizes.values()) / GB:.2f} GB in all ({each})")
    return lost


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--lesson", default="03-step-size.ipynb")
    parser.add_argument("--folder", help="keep what is installed here, and use it again")
    parser.add_argument("--no-checks", action="store_true", help="the load only")
    options = parser.parse_args()
    folder = pathlib.Path(options.folder or tempfile.mkdtemp(prefix="hub-"))
    try:
        place = Place(folder)
        place.prepare()
        print(f"installed in {folder}", flush=True)
        with place.hub() as hub:
            if not options.no_checks:
                check_lessons(place)
            lost = asyncio.run(load(place, hub, options))
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(f"{lost} moves were lost" if lost else 0)


if __name__ == "__main__":
    main()
